// Asking again while a server is away for a moment, restarts or is full. Only for what may be asked twice: questions,
// and entries, which are taken once however often they come.
#pragma once

#include <chrono>

#include "cli/connection.h"

namespace fundtrail::cli {

class Patience {
 public:
  // With --ledger there is nobody to wait for.
  explicit Patience(Connection* connection)
      : connection_(*connection), until_(Clock::now() + connection->timeout()) {}

  // After an attempt failed: true when it is worth another one, and has then waited for as long as is decent. False when
  // it will not pass, or the time of --timeout has gone since the beginning or the last progress.
  bool Again(const Status& failed);
  // Something was had before it failed.
  void Progress();

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFirst{100}, kLongest{5'000};

  Connection& connection_;
  bool told_ = false;
  Clock::time_point until_;
  std::chrono::milliseconds wait_ = kFirst;
};

// `ask` gets what it may take, and is asked again with patience.
template <typename Ask>
auto Patiently(Connection* connection, const Ask& ask) -> decltype(ask(kNoLimit)) {
  Patience patience(connection);
  while (true) {
    auto reply = ask(connection->attempt());
    if (reply.ok() || !patience.Again(reply.status())) return reply;
  }
}

// As Call, with patience.
template <typename Stub, typename Request, typename Reply>
StatusOr<Reply> CallPatiently(Connection* connection, Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                              const Request& request) {
  return Patiently(connection, [&](std::chrono::seconds most) { return Call(stub, method, request, most); });
}

// As Whole, with patience, for what is short.
inline constexpr std::size_t kMostShort = std::size_t{64} << 20;
template <typename Stub, typename Request, typename Page>
StatusOr<Page> WholePatiently(Connection* connection, Stub& stub,
                              std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*,
                                                                                        const Request&),
                              const Request& request) {
  return Patiently(connection,
                   [&](std::chrono::seconds most) { return Whole(stub, method, request, most, kMostShort); });
}

}  // namespace fundtrail::cli
