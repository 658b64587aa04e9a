// Two machines that take a log from each other in a real PostgreSQL, while links are cut, both ways or one, and nodes stand still:
// one epoch acknowledges at a time, and what was promised is one chain. And two databases that both take records.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "ledger/store/forwarding_log.h"
#include "ledger/witness/ask_witness.h"
#include "tests/postgres/log_in_database.h"
#include "tests/postgres/promised.h"
#include "tests/postgres/relay.h"

namespace fundtrail::testing {
namespace {

using std::chrono::milliseconds;

std::int64_t Now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Says under which epoch its machine has the log.
class EpochLog final : public store::ForwardingLog {
 public:
  EpochLog(std::unique_ptr<store::GroupLog> log, std::uint64_t* epoch)
      : ForwardingLog(std::move(log)), epoch_(*epoch) {}
  StatusOr<store::LogHead> Take(const std::string& holder, store::Taking taking) override {
    auto head = ForwardingLog::Take(holder, taking);
    if (head.ok()) epoch_ = head->epoch;
    return head;
  }

 private:
  std::uint64_t& epoch_;
};

// A machine that takes the log whenever it can, appends, and keeps what was promised. Now and then it gives way.
class Writer {
 public:
  Writer(std::string name, std::string url, std::uint64_t first_id)
      : machine_(NewMachine(name, milliseconds(2'000))),
        name_(std::move(name)),
        url_(std::move(url)),
        id_(first_id) {}
  ~Writer() { End(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Status Open(bool give_back) {
    return machine_->StartOn(std::make_unique<EpochLog>(
                                 Need(postgres::OpenPostgresLog({url_, false, milliseconds(700)})), &epoch_),
                             give_back);
  }
  // One group, and whether it was promised. `machine_` has its ledger open.
  Status Append(std::size_t entries) {
    std::vector<Bytes> bytes;
    const std::uint64_t first = id_;
    for (std::size_t i = 0; i < entries; ++i) bytes.push_back(PaymentBytes(id_++));
    Promised one{name_, 0, machine_->ledger->size(), 0, {}, Now(), 0};
    const auto receipts = machine_->ledger->Append(bytes, clock_.Read());
    if (!receipts[0].ok()) return receipts[0].status();
    one.had = Now();
    one.epoch = epoch_;
    one.after = machine_->ledger->size();
    one.root = Need(tree::ParseCheckpoint(Need(tree::ParseNote(machine_->ledger->checkpoint())).text)).root;
    const std::lock_guard lock(mutex_);
    promised_.push_back(one);
    for (std::size_t i = 0; i < receipts.size(); ++i) kept_.Keep(first + i, receipts[i]);
    return absl::OkStatus();
  }
  void Begin() {
    thread_ = std::thread([this] {
      std::mt19937 random(static_cast<unsigned>(id_));
      while (!over_) {
        if (machine_->ledger == nullptr && !Open(false).ok()) {
          std::this_thread::sleep_for(milliseconds(30));
          continue;
        }
        const Status appended = Append(1 + random() % 4);
        if (!appended.ok() || random() % 50 == 0) machine_->ledger.reset();
        std::this_thread::sleep_for(milliseconds(5));
      }
      machine_->ledger.reset();
    });
  }
  void End() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }

  Machine& machine() { return *machine_; }
  std::vector<Promised> promised() const {
    const std::lock_guard lock(mutex_);
    return promised_;
  }
  const Promises& kept() const { return kept_; }

 private:
  const std::unique_ptr<Machine> machine_;
  const std::string name_, url_;
  std::uint64_t id_, epoch_ = 0;
  TestClock clock_;
  mutable std::mutex mutex_;
  std::vector<Promised> promised_;
  Promises kept_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

std::vector<Hash> RootsOf(const store::Reader& rows) {
  std::vector<Hash> roots;
  const std::uint64_t records = RecordsOf(rows).size();
  for (std::uint64_t size = 0; size <= records; ++size)
    roots.push_back(Need(tree::RootAt(size, log::TreeNodes(rows))));
  return roots;
}

std::vector<Promised> Together(const Writer& a, const Writer& b) {
  auto all = a.promised();
  for (const Promised& one : b.promised()) all.push_back(one);
  return all;
}

// 12, or as many as the environment says: a long campaign.
int Rounds() {
  const char* const rounds = std::getenv("FUNDTRAIL_FAULT_ROUNDS");
  return rounds == nullptr ? 12 : std::atoi(rounds);
}

TEST_CASE("links that are cut and nodes that stand still: one epoch acknowledges at a time, in one chain") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2"), n3(folder, "n3");
  n1.MakePrimary("n2");
  Relay a_to_n1(n1.port()), b_to_n1(n1.port()), n2_to_n1(n1.port());
  n2.MakeStandby(n1, "n3", n2_to_n1.port());
  const std::string url = UrlOf({&n1, &n2, &n3});
  Prepare(url);
  Writer a("a", UrlOfPorts({a_to_n1.port(), n2.port()}), 1),
      b("b", UrlOfPorts({b_to_n1.port(), n2.port()}), 1'000'000);
  Need(a.Open(true));
  Need(a.Append(1));
  a.Begin();
  b.Begin();

  Relay* const links[] = {&a_to_n1, &b_to_n1, &n2_to_n1};
  for (int round = 0; round < Rounds(); ++round) {
    const auto what = random() % 12;
    const milliseconds while_so(100 + random() % 1'400);
    if (what < 9) {
      const auto way = what % 3;
      links[what / 3]->Cut(way != 1, way != 2);
      std::this_thread::sleep_for(while_so);
      links[what / 3]->Mend();
    } else if (what < 11) {
      PostgresNode& node = what == 9 ? n1 : n2;
      node.Pause();
      std::this_thread::sleep_for(while_so);
      node.Resume();
    } else {
      n1.Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ledger'");
    }
    std::this_thread::sleep_for(milliseconds(200));
  }
  // The primary stands still, and the standby takes its place. The old one goes on, and nobody acknowledges for it any more.
  n1.Pause();
  n2.Promote();
  n3.MakeStandby(n2, "none");
  n1.Resume();
  std::this_thread::sleep_for(milliseconds(1'500));
  const std::size_t before = Together(a, b).size();
  n1.Kill();
  CHECK(WaitUntil([&] { return Together(a, b).size() > before + 20; }));
  a.End();
  b.End();

  auto last = NewMachine("last", milliseconds(1'000));
  Need(StartSoon(last.get(), url));
  const auto all = Together(a, b);
  std::uint64_t epochs = 0;
  for (const Promised& one : all) epochs = std::max(epochs, one.epoch);
  INFO(a.promised().size() << " and " << b.promised().size() << " groups were promised, in " << epochs
                           << " epochs");
  CHECK(all.size() > 10);  // which of them promised what is chance
  CHECK(epochs > 5);
  CHECK(WhatCannotBe(all, RootsOf(last->ledger->store())) == "");
  CHECK(a.kept().Lost(last->ledger->store()) == 0);
  CHECK(b.kept().Lost(last->ledger->store()) == 0);
  CHECK(WhatIsWrong(last->ledger->store(), last->ledger->vkey()) == "");
}

// Three witnesses, of which two must cosign.
class Trio {
 public:
  explicit Trio(const std::string& vkey) : log_(Need(tree::WitnessedLogs({vkey})).front()) {
    for (int i = 0; i < 3; ++i)
      cosigners_.push_back(Need(tree::MakeCosigner("w" + std::to_string(i), Key(90 + i))));
  }
  log::Ledger::Confirm For(const Machine* machine) {
    return [this, machine](const std::string& checkpoint) -> StatusOr<std::string> {
      witness::Candidate candidate{1, Need(tree::ParseNote(checkpoint)), {}};
      candidate.checkpoint = Need(tree::ParseCheckpoint(candidate.note.text));
      tree::Note note = candidate.note;
      for (std::size_t i = 0; i < cosigners_.size(); ++i) {
        const auto reply = witness::AskWitness(
            machine->ledger->store(), candidate, cosigners_[i].verifier, 0,
            [&](const std::string& body) -> StatusOr<net::HttpReply> { return Post(i, body); });
        if (reply.ok() && reply->cosignature.has_value()) note.signatures.push_back(*reply->cosignature);
      }
      if (note.signatures.size() < 3) return absl::UnavailableError("no quorum");
      return FormatNote(note);
    };
  }

 private:
  net::HttpReply Post(std::size_t i, const std::string& body) {
    const auto answer =
        tree::AnswerAddCheckpoint(Need(tree::ParseAddCheckpoint(body)), &log_, last_[i], cosigners_[i], 7);
    if (answer.keep.has_value()) last_[i] = Need(tree::OpenCosigned(*answer.keep, cosigners_[i].verifier));
    return {answer.status, answer.content_type, answer.body};
  }

  const tree::WitnessedLog log_;
  std::vector<tree::Cosigner> cosigners_;
  std::optional<tree::Checkpoint> last_[3];
};

TEST_CASE("two databases that both take records: where a quorum must cosign, one of them gives receipts") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  const bool cosigned = GENERATE(false, true);
  INFO((cosigned ? "cosigned" : "durable"));
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2"), n3(folder, "n3"), n4(folder, "n4");
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "n4");
  n3.MakeStandby(n1, "none");
  Prepare(UrlOf({&n1}));
  Writer a("a", UrlOf({&n1}), 1), b("b", UrlOf({&n2}), 1'000'000);
  Need(a.Open(true));
  Trio witnesses(a.machine().ledger->vkey());
  const auto need_quorum = [&](Writer* writer) {
    if (cosigned) writer->machine().ledger->GiveReceiptsAfter(witnesses.For(&writer->machine()));
  };
  need_quorum(&a);
  Need(a.Append(3));

  // By hand, and without a thought of the old primary: each has a standby of its own.
  n2.Promote();
  n4.MakeStandby(n2, "none");
  n1.NameStandby("n3");
  REQUIRE(WaitUntil([&] { return b.Open(false).ok(); }));
  need_quorum(&b);
  // Who comes first has the quorum. The other one has recorded something that nobody was promised, and records nothing more.
  Need(b.Append(2));
  const Status second = a.Append(1);
  CHECK(second.ok() == !cosigned);
  if (cosigned) {
    CHECK(absl::IsUnavailable(second));
    const std::uint64_t size = a.machine().ledger->size();
    CHECK(absl::IsUnavailable(a.Append(1)));
    CHECK(a.machine().ledger->size() == size);
    Need(b.Append(1));
  }
  const std::string found = WhatCannotBe(Together(a, b), RootsOf(b.machine().ledger->store()));
  INFO(found);
  CHECK((found == "") == cosigned);
  // And it is told, to whoever knows one of them and comes to the other.
  a.machine().ledger.reset();
  b.machine().ledger.reset();
  Status told;
  REQUIRE(WaitUntil([&] {
    told = a.machine().StartOn(OpenLog(UrlOf({&n2})));
    return !absl::IsUnavailable(told);
  }));
  CHECK(absl::IsDataLoss(told));
}

}  // namespace
}  // namespace fundtrail::testing
