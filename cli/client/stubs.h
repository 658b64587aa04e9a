// What gRPC has of a connection. It takes long to compile, so only those include it who make calls (calls.h).
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "fundtrail/v1/service.grpc.pb.h"

namespace fundtrail::cli {

struct Stubs {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::Ledger::Stub> ledger;
  std::unique_ptr<v1::Submission::Stub> submission;
};

}  // namespace fundtrail::cli
