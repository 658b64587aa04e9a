// See witnesses.h.
#include "server/witnesses.h"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/text.h"
#include "ledger/log/cosigned.h"
#include "ledger/log/ledger.h"
#include "ledger/model/keys.h"
#include "server/asking.h"

namespace fundtrail::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

StatusOr<tree::Policy> PolicyNow(const std::string& dir, const tree::Policy& policy) {
  FT_ASSIGN_OR_RETURN(const std::string vkey, log::ReadVkey(dir));
  FT_ASSIGN_OR_RETURN(const auto key, tree::ParseVkey(vkey));
  return tree::ForLog(policy, key);
}

bool SameKey(const tree::NoteSignature& one, const tree::NoteSignature& other) {
  return one.name == other.name && one.key_id == other.key_id;
}

}  // namespace

StatusOr<tree::Policy> ReadWitnessPolicy(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(tree::kMaxPolicyBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.eof())
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read the policy ", file, ": is it there, and a file?"));
  text.resize(static_cast<std::size_t>(in.gcount()));
  auto policy = tree::ParsePolicy(text);
  if (!policy.ok()) return Annotate(policy.status(), file);
  std::vector<std::size_t> with_url;
  for (std::size_t i = 0; i < policy->members.size(); ++i) {
    const auto& witness = policy->members[i].witness;
    if (witness.has_value() && !witness->url.empty()) with_url.push_back(i);
  }
  if (tree::QuorumHolds(*policy, with_url)) return policy;
  return absl::InvalidArgumentError(absl::StrCat(
      file, ": its quorum can never be had: too few of its witnesses have a URL to be asked at"));
}

class Witnesses::Rounds {
 public:
  Rounds(std::string dir, const store::Store& rows, tree::Policy policy, Published* published,
         const WitnessTimes& times, Say say)
      : dir_(std::move(dir)),
        rows_(rows),
        policy_(std::move(policy)),
        published_(*published),
        times_(times),
        say_(std::move(say)) {}

  Status Prepare() {
    FT_RETURN_IF_ERROR(PolicyNow(dir_, policy_).status());
    for (const tree::PolicyMember& member : policy_.members) {
      if (!member.witness.has_value() || member.witness->url.empty()) continue;
      auto& worker = *workers_.emplace_back(std::make_unique<Worker>());
      worker.key = member.witness->key;
      worker.figures.name = member.name;
      FT_ASSIGN_OR_RETURN(worker.client, WitnessClient::Make(member.witness->url, times_.request));
    }
    const auto newest = published_.newest();
    const auto note = newest != nullptr ? tree::ParseNote(newest->note()) : absl::NotFoundError("none yet");
    for (auto& worker : workers_) {
      if (!note.ok() || !tree::VerifyNote(*note, {&worker->key, 1}).ok()) continue;
      worker->figures.size = newest->size();
    }
    return absl::OkStatus();
  }

  void Run() {
    for (auto& worker : workers_) {
      Worker* const own = worker.get();
      own->thread = std::thread([this, own] { Work(own); });
    }
    thread_ = std::thread([this] { Lead(); });
  }

  ~Rounds() {
    {
      std::unique_lock lock(mutex_);
      stopping_ = true;
      changed_.notify_all();
      // Again and again: one may be about to connect.
      for (; !Settled(); changed_.wait_for(lock, std::chrono::milliseconds(20)))
        for (auto& worker : workers_)
          if (worker->asked) worker->client->Stop();
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    for (auto& worker : workers_)
      if (worker->thread.joinable()) worker->thread.join();
  }

  std::vector<WitnessFigures> figures() const {
    const std::lock_guard lock(mutex_);
    std::vector<WitnessFigures> figures;
    for (const auto& worker : workers_) figures.push_back(worker->figures);
    return figures;
  }

 private:
  struct Worker {
    tree::Verifier key;
    std::unique_ptr<WitnessClient> client;
    std::thread thread;
    bool asked = false;                              // and has not answered
    std::uint64_t answered = 0;                      // the number of the last candidate that it answered for
    std::optional<tree::NoteSignature> cosignature;  // of that one
    SteadyClock::time_point since, not_before;       // asked; may be asked
    unsigned failures = 0;                           // in a row
    WitnessFigures figures;
  };

  // One witness's thread.
  void Work(Worker* worker) {
    while (true) {
      Candidate candidate;
      std::uint64_t known = 0;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || worker->asked; });
        if (stopping_) {
          worker->asked = false;
          return;
        }
        candidate = candidate_;
        known = worker->figures.size;
      }
      const auto asked = AskWitness(rows_, candidate, worker->key, known, [&](const std::string& body) {
        return worker->client->AddCheckpoint(body);
      });
      const std::lock_guard lock(mutex_);
      worker->asked = false;
      if (asked.ok()) {
        Answered(*asked, candidate.number, worker);
      } else if (!stopping_) {
        Failed(asked.status(), worker);
      }
      changed_.notify_all();
    }
  }

  void Answered(const Asked& asked, std::uint64_t number, Worker* worker) {
    if (worker->failures > 0)
      say_(Grave::kInfo, absl::StrCat("witness ", Escaped(worker->figures.name), ": it answers again"));
    worker->failures = 0;
    worker->answered = number;
    worker->cosignature = asked.cosignature;
    worker->figures.size = asked.known;
    worker->figures.last_success_seconds =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  }

  void Failed(const Status& why, Worker* worker) {
    ++worker->figures.failures;
    auto pause = times_.pause;
    for (unsigned i = 0; i < worker->failures && pause < times_.longest; ++i) pause *= 2;
    ++worker->failures;
    // Give or take a half, so that those who failed together do not come back together.
    std::uniform_real_distribution<double> jitter(0.5, 1.5);
    const auto jittered = std::min(pause, times_.longest) * jitter(random_);
    worker->not_before = SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(jittered);
    const bool fork = absl::IsDataLoss(why);
    say_(fork ? Grave::kError : Grave::kWarning,
         absl::StrCat("witness ", Escaped(worker->figures.name), fork ? " HAS SEEN ANOTHER HISTORY: " : ": ",
                      std::string(why.message())));
  }

  // The thread that goes by rounds.
  void Lead() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      const auto note = rows_.Get(model::keys::Checkpoint());
      lock.lock();
      if (note.ok() && note->has_value()) Choose(**note);
      Ask();
      Publish();
      changed_.wait_for(lock, times_.look);
    }
  }

  bool Settled() const {
    return std::none_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->asked; });
  }

  // Goes on to the newest checkpoint when all have answered for this one, or enough and the others are late.
  void Choose(const std::string& newest) {
    const auto now = SteadyClock::now();
    const bool over = Settled() || (published_lines_ > 0 && now >= begun_ + times_.linger);
    if (candidate_.number > 0 && (!over || now < begun_ + times_.between)) return;
    auto note = tree::ParseNote(newest);
    if (!note.ok() || note->text == candidate_.note.text) return;
    auto checkpoint = tree::ParseCheckpoint(note->text);
    if (!checkpoint.ok()) return;
    if (candidate_.number > 0 && published_lines_ == 0) TellQuorum(false);
    candidate_ = {candidate_.number + 1, *std::move(note), *std::move(checkpoint)};
    begun_ = now;
    published_lines_ = 0;
  }

  void Ask() {
    const auto now = SteadyClock::now();
    for (auto& worker : workers_) {
      if (worker->asked) {
        // httplib has a time-out for each byte, and none for the whole of an answer's head.
        if (now > worker->since + 2 * times_.request) worker->client->Stop();
      } else if (candidate_.number > worker->answered && now >= worker->not_before) {
        worker->asked = true;
        worker->since = now;
        worker->cosignature.reset();
      }
    }
    changed_.notify_all();
  }

  // The candidate with all cosignatures of it that are there.
  tree::Note Cosigned() const {
    tree::Note note = candidate_.note;
    for (const auto& worker : workers_)
      if (worker->answered == candidate_.number && worker->cosignature.has_value())
        note.signatures.push_back(*worker->cosignature);
    // Those that were published before a restart are as good.
    const auto newest = published_.newest();
    const auto had = newest != nullptr ? tree::ParseNote(newest->note()) : absl::NotFoundError("none yet");
    if (!had.ok() || had->text != note.text) return note;
    for (const auto& signature : had->signatures) {
      const auto same = [&](const tree::NoteSignature& one) { return SameKey(one, signature); };
      if (std::none_of(note.signatures.begin(), note.signatures.end(), same))
        note.signatures.push_back(signature);
    }
    return note;
  }

  void Publish() {
    if (candidate_.number == 0 || SteadyClock::now() < publish_not_before_) return;
    const tree::Note note = Cosigned();
    if (note.signatures.size() <= published_lines_) return;
    const auto policy = PolicyNow(dir_, policy_);
    const std::string text = FormatNote(note);
    const auto accepted = policy.ok() ? tree::OpenUnderPolicy(*policy, text) : policy.status();
    if (!accepted.ok()) {
      missing_ = std::string(accepted.status().message());
      if (Settled()) TellQuorum(false);
      return;
    }
    Status kept = log::WriteCosigned(dir_, text);
    if (kept.ok()) kept = published_.Set(text);
    if (!kept.ok()) {
      publish_not_before_ = SteadyClock::now() + times_.pause * 10;
      return say_(Grave::kError,
                  absl::StrCat("what witnesses cosigned cannot be published: ", std::string(kept.message())));
    }
    published_lines_ = note.signatures.size();
    TellQuorum(true);
  }

  // Says when it changes.
  void TellQuorum(bool reached) {
    if (quorum_ == reached) return;
    quorum_ = reached;
    const auto newest = published_.newest();
    const std::string size = newest == nullptr ? "none" : absl::StrCat(newest->size(), " records");
    say_(reached ? Grave::kInfo : Grave::kWarning,
         reached ? absl::StrCat("cosigned by the quorum; published: ", size)
                 : absl::StrCat("no quorum of witnesses; what is published stays at ", size, ": ", missing_));
  }

  const std::string dir_;
  const store::Store& rows_;
  const tree::Policy policy_;
  Published& published_;
  const WitnessTimes times_;
  const Say say_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::thread thread_;
  Candidate candidate_;
  SteadyClock::time_point begun_, publish_not_before_;
  std::size_t published_lines_ = 0;  // of the candidate; 0: it is not published
  std::optional<bool> quorum_;
  std::string missing_;
  std::mt19937 random_{std::random_device{}()};
};

Witnesses::Witnesses(std::unique_ptr<Rounds> rounds) : rounds_(std::move(rounds)) {}
Witnesses::~Witnesses() = default;

StatusOr<std::unique_ptr<Witnesses>> Witnesses::Start(const std::string& dir, const store::Store& rows,
                                                      const tree::Policy& policy, Published* published,
                                                      const WitnessTimes& times, Say say) {
  auto rounds = std::make_unique<Rounds>(dir, rows, policy, published, times, std::move(say));
  FT_RETURN_IF_ERROR(rounds->Prepare());
  rounds->Run();
  return std::unique_ptr<Witnesses>(new Witnesses(std::move(rounds)));
}

std::vector<WitnessFigures> Witnesses::figures() const { return rounds_->figures(); }

}  // namespace fundtrail::server
