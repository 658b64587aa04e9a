// See witness_worker.h.
#include "ledger/witness/witness_worker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/guard.h"
#include "ledger/base/text.h"
#include "ledger/net/url.h"

namespace fundtrail::witness {

StatusOr<std::unique_ptr<WitnessWorker>> WitnessWorker::Start(const tree::PolicyMember& witness,
                                                              std::uint64_t known, const store::Reader& rows,
                                                              const WitnessTimes& times, LogSink sink,
                                                              std::function<void()> changed) {
  const auto url = net::ParseHttpUrl(witness.witness->url);
  if (!url.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(Escaped(witness.witness->url), " is not the URL of a witness, as https://w.example is"));
  }
  std::unique_ptr<WitnessWorker> worker(
      new WitnessWorker(witness, absl::StrCat(url->host, url->prefix, "/add-checkpoint"), known, rows, times,
                        std::move(sink), std::move(changed)));
  worker->thread_ = std::thread([own = worker.get()] { own->Work(); });
  return worker;
}

WitnessWorker::WitnessWorker(const tree::PolicyMember& witness, std::string url, std::uint64_t known,
                             const store::Reader& rows, const WitnessTimes& times, LogSink sink,
                             std::function<void()> changed)
    : name_(Escaped(witness.name)),
      key_(witness.witness->key),
      rows_(rows),
      times_(times),
      sink_(std::move(sink)),
      changed_(std::move(changed)),
      url_(std::move(url)),
      client_({.ca_file = {}, .within = times.request, .to_connect = times.request}) {
  figures_.name = name_;
  figures_.size = known;
}

WitnessWorker::~WitnessWorker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  client_.Stop();
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WitnessWorker::AskFor(const std::shared_ptr<const Candidate>& candidate) {
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  if (asked_ != nullptr || candidate->number <= answered_ || now < not_before_) return;
  asked_ = candidate;
  wake_.notify_all();
}

bool WitnessWorker::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_ != nullptr;
}

std::optional<tree::NoteSignature> WitnessWorker::Cosignature(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  return answered_ == number ? cosignature_ : std::nullopt;
}

WitnessFigures WitnessWorker::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

StatusOr<net::HttpReply> WitnessWorker::Post(const std::string& body) {
  auto reply = client_.Post(url_, body, "text/plain; charset=utf-8", tree::kMaxAddCheckpointBytes);
  if (!reply.ok())
    return absl::UnavailableError(absl::StrCat("it does not answer (", reply.status().message(), ")"));
  if (reply->too_long) return absl::UnavailableError("its answer is too long");
  return reply;
}

void WitnessWorker::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping_ || asked_ != nullptr; });
    if (stopping_) return;
    const auto candidate = asked_;
    const std::uint64_t known = figures_.size;
    lock.unlock();
    const auto answer = Guarded([&] {
      return AskWitness(rows_, *candidate, key_, known,
                        [this](const std::string& body) { return Post(body); });
    });
    lock.lock();
    if (stopping_) return;
    if (answer.ok()) {
      Answered(*answer, candidate->number);
    } else {
      Failed(answer.status());
    }
    asked_ = nullptr;
    lock.unlock();
    changed_();
    lock.lock();
  }
}

void WitnessWorker::Answered(const WitnessReply& answer, std::uint64_t number) {
  if (failures_ > 0) sink_(Severity::kInfo, absl::StrCat("witness ", name_, ": it answers again"));
  failures_ = 0;
  answered_ = number;
  cosignature_ = answer.cosignature;
  figures_.size = answer.known;
  figures_.last_success_seconds =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void WitnessWorker::Failed(const Status& why) {
  auto pause = times_.pause;
  for (unsigned i = 0; i < failures_ && pause < times_.longest; ++i) pause *= 2;
  ++failures_;
  ++figures_.failures;
  // Give or take a half, so that those who failed together do not come back together.
  std::uniform_real_distribution<double> jitter(0.5, 1.5);
  not_before_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::min(pause, times_.longest) *
                                                                           jitter(random_));
  const bool disagrees = absl::IsFailedPrecondition(why);
  sink_(disagrees ? Severity::kError : Severity::kWarning,
        absl::StrCat("witness ", name_, disagrees ? " DOES NOT AGREE: " : ": ", std::string(why.message())));
}

}  // namespace fundtrail::witness
