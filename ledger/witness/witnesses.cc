// See witnesses.h.
#include "ledger/witness/witnesses.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/base/guard.h"
#include "ledger/base/text.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/folder.h"
#include "ledger/model/row_keys.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::witness {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kAskAgain{1};

StatusOr<tree::Policy> PolicyNow(const std::string& dir, const tree::Policy& policy) {
  FT_ASSIGN_OR_RETURN(const std::string vkey, folder::ReadVkey(dir));
  FT_ASSIGN_OR_RETURN(const auto key, tree::ParseVkey(vkey));
  return tree::ForLog(policy, key);
}

bool SameKey(const tree::NoteSignature& one, const tree::NoteSignature& other) {
  return one.name == other.name && one.key_id == other.key_id;
}

}  // namespace

StatusOr<tree::Policy> ReadWitnessPolicy(const std::string& file) {
  const auto text = ReadFileFront(file, tree::kMaxPolicyBytes + 1);
  if (!text.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot read the policy ", file, ": is it there, and a file? (", text.status().message(), ")"));
  }
  auto policy = tree::ParsePolicy(*text);
  if (!policy.ok()) return Annotate(policy.status(), file);
  std::vector<std::size_t> with_url;
  for (std::size_t i = 0; i < policy->members.size(); ++i) {
    const auto& witness = policy->members[i].witness;
    if (witness.has_value() && !witness->url.empty()) with_url.push_back(i);
  }
  if (tree::QuorumHolds(*policy, with_url)) return policy;
  return absl::InvalidArgumentError(absl::StrCat(
      file, ": its quorum can never be reached: too few of its witnesses have a URL to be asked at"));
}

Status NotCosigned(const std::string& why) {
  Status late = absl::UnavailableError(
      absl::StrCat("the quorum of witnesses has not cosigned the newest checkpoint (", why,
                   "). What was recorded under it has no receipt yet, and nothing more is recorded. Send the "
                   "same again in a moment"));
  late.SetPayload(pipeline::kRetryInfo, *pipeline::AgainIn(kAskAgain, "").GetPayload(pipeline::kRetryInfo));
  return late;
}

class Witnesses::Rounds {
 public:
  Rounds(std::string dir, const store::Store& rows, tree::Policy policy, PublishedCheckpoint* published,
         const WitnessTimes& times, LogSink sink)
      : dir_(std::move(dir)),
        rows_(rows),
        policy_(std::move(policy)),
        published_(*published),
        times_(times),
        sink_(std::move(sink)) {}

  Status Start() {
    FT_RETURN_IF_ERROR(PolicyNow(dir_, policy_).status());
    for (const tree::PolicyMember& member : policy_.members) {
      if (!member.witness.has_value() || member.witness->url.empty()) continue;
      FT_ASSIGN_OR_RETURN(workers_.emplace_back(),
                          WitnessWorker::Start(member, KnownSize(member.witness->key), rows_, times_, sink_,
                                               [this] { Wake(); }));
    }
    thread_ = std::thread([this] { Lead(); });
    return absl::OkStatus();
  }

  ~Rounds() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    workers_.clear();
  }

  std::vector<WitnessFigures> figures() const {
    std::vector<WitnessFigures> figures;
    for (const auto& worker : workers_) figures.push_back(worker->figures());
    return figures;
  }

  StatusOr<std::string> Cosign(const std::string& checkpoint, std::chrono::milliseconds within) {
    FT_ASSIGN_OR_RETURN(const auto wanted, tree::ParseNote(checkpoint));
    FT_ASSIGN_OR_RETURN(const auto parsed, tree::ParseCheckpoint(wanted.text));
    std::optional<tree::Note> cosigned;
    const auto is_there = [&] {
      cosigned = PublishedNote();
      return cosigned.has_value() && cosigned->text == wanted.text;
    };
    std::unique_lock lock(mutex_);
    awaited_ = std::max(awaited_, parsed.size);
    woken_ = true;
    wake_.notify_all();
    if (published_now_.wait_for(lock, within, is_there)) return FormatNote(*cosigned);
    return NotCosigned(absl::StrCat("none in ", std::chrono::round<std::chrono::seconds>(within).count(),
                                    " seconds: ", no_quorum_.ok() ? "no answer" : no_quorum_.message()));
  }

 private:
  void Wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    wake_.notify_all();
  }

  // What was published, by whom.
  std::optional<tree::Note> PublishedNote() const {
    const auto newest = published_.newest();
    auto note = newest != nullptr ? tree::ParseNote(newest->note()) : absl::NotFoundError("none yet");
    return note.ok() ? std::optional(*std::move(note)) : std::nullopt;
  }
  std::uint64_t KnownSize(const tree::Verifier& witness) const {
    const auto note = PublishedNote();
    if (!note.has_value() || !tree::VerifyNote(*note, {&witness, 1}).ok()) return 0;
    return published_.newest()->size();
  }

  // The one thread that uses what stands below.
  void Lead() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      Faultless([this] {
        Choose();
        if (candidate_ == nullptr) return;
        for (const auto& worker : workers_) worker->AskFor(candidate_);
        Publish();
      });
      lock.lock();
      wake_.wait_for(lock, times_.look, [this] { return stopping_ || woken_; });
      woken_ = false;
    }
  }

  // Goes on at the next look; says once why it could not.
  void Faultless(const std::function<void()>& work) {
    const Status done = Guarded([&] {
      work();
      return absl::OkStatus();
    });
    if (done.ok() || fault_ == done) return;
    fault_ = done;
    sink_(Severity::kError, std::string(done.message()));
  }

  bool Settled() const {
    return std::none_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->asked(); });
  }

  // Goes on to the newest checkpoint when all have answered for this one, or enough have and the others are late.
  void Choose() {
    const auto now = SteadyClock::now();
    const bool over = Settled() || (published_lines_ > 0 && now >= begun_ + times_.linger);
    if (candidate_ != nullptr && !IsAwaited() && (!over || now < begun_ + times_.between)) return;
    const auto newest = rows_.Get(model::keys::Checkpoint());
    if (!newest.ok() || !newest->has_value()) return;
    auto note = tree::ParseNote(**newest);
    if (!note.ok() || (candidate_ != nullptr && note->text == candidate_->note.text)) return;
    auto checkpoint = tree::ParseCheckpoint(note->text);
    if (!checkpoint.ok()) return;
    const std::uint64_t number = candidate_ != nullptr ? candidate_->number + 1 : 1;
    candidate_ =
        std::make_shared<const Candidate>(Candidate{number, *std::move(note), *std::move(checkpoint)});
    begun_ = now;
    published_lines_ = 0;
  }

  // Whether somebody waits for a later one.
  bool IsAwaited() {
    const std::lock_guard lock(mutex_);
    return awaited_ > candidate_->checkpoint.size;
  }

  // The candidate with all cosignatures of it that are there.
  tree::Note Cosigned() const {
    tree::Note note = candidate_->note;
    for (const auto& worker : workers_) {
      auto cosignature = worker->Cosignature(candidate_->number);
      if (cosignature.has_value()) note.signatures.push_back(*std::move(cosignature));
    }
    // Those that were published before a restart are as good.
    const auto had = PublishedNote();
    if (!had.has_value() || had->text != note.text) return note;
    for (const auto& signature : had->signatures) {
      const auto same = [&](const tree::NoteSignature& one) { return SameKey(one, signature); };
      if (std::none_of(note.signatures.begin(), note.signatures.end(), same))
        note.signatures.push_back(signature);
    }
    return note;
  }

  void Publish() {
    if (SteadyClock::now() < publish_not_before_) return;
    const bool settled = Settled();  // before the answers are taken: there are no more of them
    const tree::Note note = Cosigned();
    if (note.signatures.size() <= published_lines_) return;
    const auto policy = PolicyNow(dir_, policy_);
    const std::string text = FormatNote(note);
    const auto accepted = policy.ok() ? tree::OpenUnderPolicy(*policy, text) : policy.status();
    {
      const std::lock_guard lock(mutex_);
      no_quorum_ = accepted.status();
    }
    if (!accepted.ok()) {
      if (settled) TellQuorum(accepted.status());
      return;
    }
    Status kept = folder::WriteCosigned(dir_, text);
    if (kept.ok()) kept = published_.Set(text);
    if (!kept.ok()) {
      publish_not_before_ = SteadyClock::now() + 10 * times_.pause;
      sink_(Severity::kError,
            absl::StrCat("what witnesses cosigned cannot be published: ", std::string(kept.message())));
      return;
    }
    published_lines_ = note.signatures.size();
    {
      const std::lock_guard lock(mutex_);  // whoever waits looks at it under this
      published_now_.notify_all();
    }
    TellQuorum(absl::OkStatus());
  }

  // Says when it changes.
  void TellQuorum(const Status& reached) {
    if (quorum_ == reached.ok()) return;
    quorum_ = reached.ok();
    const auto newest = published_.newest();
    const std::string size = newest == nullptr ? "none" : absl::StrCat(newest->size(), " records");
    if (reached.ok()) {
      sink_(Severity::kInfo, absl::StrCat("cosigned by the quorum; published: ", size));
    } else {
      sink_(Severity::kWarning, absl::StrCat("no quorum of witnesses; what is published stays at ", size,
                                             ": ", std::string(reached.message())));
    }
  }

  const std::string dir_;
  const store::Store& rows_;
  const tree::Policy policy_;
  PublishedCheckpoint& published_;
  const WitnessTimes times_;
  const LogSink sink_;
  std::vector<std::unique_ptr<WitnessWorker>> workers_;

  std::mutex mutex_;
  std::condition_variable wake_, published_now_;
  bool stopping_ = false, woken_ = false;
  std::uint64_t awaited_ = 0;  // the size of the checkpoint that somebody waits for
  Status no_quorum_;           // of the last answers

  // Of the thread that leads.
  std::shared_ptr<const Candidate> candidate_;
  SteadyClock::time_point begun_, publish_not_before_;
  std::size_t published_lines_ = 0;  // of the candidate; 0: it is not published
  std::optional<bool> quorum_;
  Status fault_;  // that was said
  std::thread thread_;
};

Witnesses::Witnesses(std::unique_ptr<Rounds> rounds) : rounds_(std::move(rounds)) {}
Witnesses::~Witnesses() = default;

StatusOr<std::unique_ptr<Witnesses>> Witnesses::Start(const std::string& dir, const store::Store& rows,
                                                      const tree::Policy& policy,
                                                      PublishedCheckpoint* published,
                                                      const WitnessTimes& times, LogSink sink) {
  auto rounds = std::make_unique<Rounds>(dir, rows, policy, published, times, std::move(sink));
  FT_RETURN_IF_ERROR(rounds->Start());
  return std::unique_ptr<Witnesses>(new Witnesses(std::move(rounds)));
}

std::vector<WitnessFigures> Witnesses::figures() const { return rounds_->figures(); }

StatusOr<std::string> Witnesses::Cosign(const std::string& checkpoint, std::chrono::milliseconds within) {
  return rounds_->Cosign(checkpoint, within);
}

}  // namespace fundtrail::witness
