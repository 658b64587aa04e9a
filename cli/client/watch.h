// Watching a ledger: a stream that goes on until the caller, or the server, ends it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "cli/client/connection.h"
#include "fundtrail/v1/watch.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

class WatchCall {
 public:
  WatchCall();
  ~WatchCall();
  // Gives each answer to `take`, in order, until it fails, the stream ends, or Cancel. The server's records are
  // checked: they come in their order, from the first that was asked for on, and each once (DATA_LOSS). OK when the
  // stream ended by itself, or by Cancel. Of several servers another is asked when one ends or goes away, from the next record on.
  Status Run(Connection* connection, const v1::WatchRequest& request,
             const std::function<Status(const v1::WatchAnswer&)>& take);
  // From any thread, before Run or during it.
  void Cancel();

 private:
  struct Call;
  Status RunOnce(Connection* connection, const v1::WatchRequest& request,
                 const std::function<Status(const v1::WatchAnswer&)>& take, std::uint64_t* next,
                 bool* refused);
  const std::unique_ptr<Call> call_;
};

}  // namespace fundtrail::cli
