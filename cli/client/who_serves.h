// Which of several servers is there and takes what is to be sent: all are asked at the same time, so that one that hangs keeps
// nobody waiting.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace fundtrail::cli {

// The place of the first server that says that it serves `service` now (grpc.health.v1); else, of the first that answered in
// that time; else 0.
std::size_t WhoServes(const std::vector<std::shared_ptr<grpc::Channel>>& servers, const std::string& service,
                      std::chrono::milliseconds most);

}  // namespace fundtrail::cli
