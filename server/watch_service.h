// Watcher: the stream of records as they are sealed. A reader that has all waits at the hub and holds no thread, no
// snapshot and no answer. One that is slow is served from the store, and nothing is queued for it.
#pragma once

#include <grpcpp/grpcpp.h>

#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/pipeline/question_admission.h"
#include "ledger/pipeline/slots.h"
#include "ledger/store/store.h"
#include "server/limits.h"
#include "server/watch_hub.h"

namespace fundtrail::server {

class WatchService final : public v1::Watcher::CallbackService {
 public:
  // All must outlive it.
  WatchService(const store::Store& store, pipeline::QuestionAdmission* admission, const Limits& limits)
      : store_(store),
        admission_(*admission),
        limits_(limits),
        slots_(limits.watch_streams, limits.watch_streams_per_address) {}

  grpc::ServerWriteReactor<v1::WatchAnswer>* Watch(grpc::CallbackServerContext* context,
                                                   const v1::WatchRequest* request) override;
  WatchHub& hub() { return hub_; }

 private:
  const store::Store& store_;
  pipeline::QuestionAdmission& admission_;
  const Limits limits_;
  pipeline::Slots slots_;
  WatchHub hub_;
};

}  // namespace fundtrail::server
