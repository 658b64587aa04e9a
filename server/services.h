// The two services of service.proto over one ledger. The same code answers the network and, inside the command line's
// own process, `--ledger DIR`.
#pragma once

#include <grpcpp/grpcpp.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/pipeline/pipeline.h"
#include "ledger/pipeline/question_admission.h"
#include "ledger/pipeline/slots.h"
#include "ledger/pipeline/workers.h"
#include "ledger/store/store.h"
#include "ledger/witness/published_checkpoint.h"
#include "server/arena_messages.h"
#include "server/delivery_timeout.h"
#include "server/limits.h"
#include "server/not_taken.h"
#include "server/question_desk.h"

namespace fundtrail::server {

// What writes takes bytes and not messages, so that whoever is turned away is so before anything is made of them.
using SubmissionMethods = v1::Submission::WithRawCallbackMethod_Submit<
    v1::Submission::WithRawCallbackMethod_SubmitBatch<v1::Submission::WithRawCallbackMethod_SubmitStream<
        v1::Submission::WithCallbackMethod_Try<v1::Submission::Service>>>>;

class SubmissionService final : public SubmissionMethods {
 public:
  // A null pipeline: no entries are taken here, or not yet (TakeInto), and every call but Try answers `why_none`. `store` is
  // the ledger's, and `ring` says to Try which keys are prepared for it.
  SubmissionService(pipeline::Pipeline* pipeline, const store::Store& store,
                    pipeline::QuestionAdmission* admission, log::Clock clock, log::KeyRing ring,
                    const Limits& limits, std::function<Status()> why_none)
      : pipeline_(pipeline),
        store_(store),
        admission_(*admission),
        clock_(std::move(clock)),
        ring_(std::move(ring)),
        limits_(limits),
        why_none_(std::move(why_none)),
        streams_(limits.entry_streams, limits.entry_streams_per_address) {}

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* SubmitBatch(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* answer) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* SubmitStream(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* Try(grpc::CallbackServerContext* context, const v1::SubmitRequest* request,
                                v1::Record* record) override;

  // From now on entries are taken, into this pipeline. From any thread.
  void TakeInto(pipeline::Pipeline* pipeline) { pipeline_ = pipeline; }
  // For a stream that waits while there is no room: into the pipeline, if there is one.
  Status Take(const std::string& address, std::vector<pipeline::Job>* jobs);
  // Whether this address may send now; and so many bytes, that nobody has looked into.
  Status Admit(const std::string& address);
  Status MayTake(const std::string& address, std::size_t bytes);
  // What came of an entry: a refusal is charged.
  void Charge(const std::string& address, const Status& end);
  // Ends a call of which nothing was taken: it is counted, and charged `cost` entries. Whoever is told to come again is told
  // so for when nothing is owed.
  Status NotTakenFor(WhyNotTaken why, const std::string& address, double cost, const Status& status);
  NotTaken not_taken() const;
  std::size_t stream_window() const { return limits_.stream_window; }
  const Limits& limits() const { return limits_; }

 private:
  Status TakeAtOnce(const std::string& address, std::vector<pipeline::Job>* jobs);
  void End(WatchedCall* call, const std::string& address, const Status& status);

  std::atomic<pipeline::Pipeline*> pipeline_;
  const store::Store& store_;
  pipeline::QuestionAdmission& admission_;
  const log::Clock clock_;
  const log::KeyRing ring_;
  const Limits limits_;
  const std::function<Status()> why_none_;
  pipeline::Slots streams_;
  pipeline::Slots held_{1'024, 128};  // calls that wait for their refusal
  std::array<std::atomic<std::uint64_t>, kWhyNotTaken.size()> not_taken_{};
};

v1::Receipt ToMessage(const log::Receipt& receipt);

class LedgerService final : public v1::Ledger::CallbackService {
 public:
  LedgerService(const store::Store& store, const witness::PublishedCheckpoint& published,
                pipeline::QuestionAdmission* admission, const Limits& limits)
      : desk_(store, published, admission, limits) {
    SetMessageAllocatorFor_Trace(&traces_);
  }

  // For the same questions over another protocol: they share its bounds.
  QuestionDesk& desk() { return desk_; }

  // An override for each question.
#define UNARY(NAME, REQUEST, ANSWER)                                                               \
  grpc::ServerUnaryReactor* NAME(grpc::CallbackServerContext* context, const v1::REQUEST* request, \
                                 v1::ANSWER* answer) override;
#define PAGES(NAME, REQUEST, ANSWER)                                               \
  grpc::ServerWriteReactor<v1::ANSWER>* NAME(grpc::CallbackServerContext* context, \
                                             const v1::REQUEST* request) override;
#include "server/questions.def"
#undef UNARY
#undef PAGES

 private:
  // `ask` is a FUNDTRAIL_ASK for the first, and for the second the function of query/ that answers.
  template <typename Request, typename Reply, typename Question>
  grpc::ServerUnaryReactor* Ask(grpc::CallbackServerContext* context, const Request* request, Reply* answer,
                                Question ask);
  template <typename Page, typename Request, typename Question>
  grpc::ServerWriteReactor<Page>* Stream(grpc::CallbackServerContext* context, const Request* request,
                                         Question ask);

  QuestionDesk desk_;
  ArenaMessages<v1::TraceRequest, v1::TraceAnswer> traces_;
};

}  // namespace fundtrail::server
