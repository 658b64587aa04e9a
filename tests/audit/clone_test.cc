// Clones: verified while they are made, resumed where they broke off, never worse off for a source that lies.
#include "ledger/audit/clone.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "ledger/audit/verify.h"
#include "ledger/folder/folder.h"
#include "ledger/log/ledger.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"
#include "ledger/tree/merkle.h"
#include "tests/audit/copy_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;
namespace keys = model::keys;

using Desk = CopyDesk;

TEST_CASE("a copy has the ledger's rows, is brought up to date, and cannot be written") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(300);
  const auto first = Need(desk.Clone());
  CHECK(first.size() == 300);
  CHECK(first.transfers() == 299);
  CHECK(first.signatures() == 300);
  desk.CheckWhole();
  desk.GrowTo(700);
  Told told;
  const auto second = Need(desk.Clone(&told));
  CHECK(second.previous_size() == 300);
  CHECK(told.first == 300);
  CHECK(second.transfers() == 400);
  desk.CheckWhole();
  fs::create_directories(desk.dir() + "/next");  // the one before, when a run ended right behind the exchange
  CHECK(Need(desk.Clone()).transfers() == 0);
  desk.CheckWhole();
  audit::VerifyOptions options;
  options.vkey = desk.ledger().vkey();
  CHECK(Need(audit::VerifyFolder(desk.dir(), options)).holds());
  const auto opened = folder::OpenFolder(desk.dir());
  CHECK(opened.status().code() == absl::StatusCode::kInvalidArgument);
  CHECK_THAT(std::string(opened.status().message()), Contains("no signing.key"));
}

TEST_CASE("half files that a killed run left hold no copy up, and files of others do") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(10);
  fs::create_directories(desk.dir());
  for (const char* name : {"/.new", "/.new-7", "/.newer"}) std::ofstream(desk.dir() + name) << "half";
  CHECK_THAT(std::string(desk.Clone().status().message()),
             Contains("holds .newer and is not a copy of a ledger"));
  fs::remove(desk.dir() + "/.newer");
  CHECK(Need(desk.Clone()).size() == 10);
}

TEST_CASE("what was loaded before the source went away is not loaded again") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(1'000);  // some 8,000 rows: they are written three times before the end
  Told told;
  told.breaks_at = 700;
  CHECK(desk.Clone(&told).status().code() == absl::StatusCode::kUnavailable);
  CHECK(desk.SizeThere() == 0);  // no half copy answers questions
  CHECK_FALSE(folder::OpenFolderToRead(desk.dir()).ok());
  told.breaks_at = UINT64_MAX;
  const auto answer = Need(desk.Clone(&told));
  CHECK(told.first > 200);
  CHECK(told.first < 800);
  CHECK(answer.resumed_at() == told.first);
  desk.CheckWhole();

  // What a crash left half-made begins anew.
  fs::create_directories(desk.dir() + "/next");
  std::ofstream(desk.dir() + "/next/CURRENT") << "MANIFEST-000009\n";
  fs::create_directories(desk.dir() + "/next.new");
  desk.GrowTo(1'010);
  CHECK(Need(desk.Clone()).resumed_at() == 1'000);
  desk.CheckWhole();

  // So it is when a copy is brought up to date. Until the end it answers as before.
  desk.GrowTo(2'000);
  told.breaks_at = 1'700;
  CHECK_FALSE(desk.Clone(&told).ok());
  CHECK(desk.SizeThere() == 1'010);
  told.breaks_at = UINT64_MAX;
  const auto more = Need(desk.Clone(&told));
  CHECK(more.previous_size() == 1'010);
  CHECK(more.resumed_at() > 1'010);
  desk.CheckWhole();
}

TEST_CASE("a source that lies is told, and the copy stays as it was") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(300);
  Told told;
  told.flips = 123;
  auto answer = desk.Clone(&told);
  CHECK(answer.status().code() == absl::StatusCode::kDataLoss);
  CHECK_THAT(std::string(answer.status().message()), Contains("record 123"));
  CHECK(desk.SizeThere() == 0);
  Need(desk.Clone());
  desk.GrowTo(400);
  told.flips = 350;
  answer = desk.Clone(&told);
  CHECK_THAT(std::string(answer.status().message()), Contains("record 350"));
  CHECK_THAT(std::string(answer.status().message()), Contains("stays as it was"));
  CHECK(desk.SizeThere() == 300);
  Need(desk.Clone());
  desk.CheckWhole();
}

// Gives records of which the last is bad, and then nothing more.
class Silent final : public audit::Source {
 public:
  explicit Silent(const store::Reader& rows) : inner_(audit::FromStore(rows)) {}
  StatusOr<std::optional<std::string>> Checkpoint() override { return inner_->Checkpoint(); }
  Status Start(std::uint64_t from, std::uint64_t size) override { return inner_->Start(from, size); }
  StatusOr<audit::Records> Next() override {
    if (!is_first_) {
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, std::chrono::seconds(20), [&] { return is_stopped_; });
      return absl::UnavailableError("stopped");
    }
    is_first_ = false;
    FT_ASSIGN_OR_RETURN(auto records, inner_->Next());
    records.resize(5);
    records.back().bytes[40] = static_cast<char>(records.back().bytes[40] ^ 1);
    return records;
  }
  void Stop() override {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    stopped_.notify_all();
  }
  StatusOr<audit::Comparison> Compare(const store::Reader& rows, std::uint64_t size) override {
    return inner_->Compare(rows, size);
  }
  bool is_stopped() {
    const std::lock_guard lock(mutex_);
    return is_stopped_;
  }

 private:
  const std::unique_ptr<audit::Source> inner_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool is_stopped_ = false, is_first_ = true;
};

TEST_CASE("a source that goes silent behind a bad record is not waited for") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(20);
  Silent source(desk.ledger().store());
  audit::CloneOptions options;
  options.vkey = desk.ledger().vkey();
  const auto answer = audit::Clone(&source, desk.dir(), options);
  CHECK_THAT(std::string(answer.status().message()), Contains("record 4: "));
  CHECK(source.is_stopped());
}

TEST_CASE("a copy goes on across a rotation, for who knows the old key and for who knows the new one") {
  Need(crypto::Init());
  Desk desk;
  const std::string old_vkey = desk.ledger().vkey();
  const bool copied_before = GENERATE(true, false);
  INFO((copied_before ? "there is a copy from before" : "there is none"));
  desk.GrowTo(300);
  if (copied_before) Need(desk.Clone());
  desk.RotateFrom(kLedgerKey);
  desk.GrowTo(1'000);
  const bool knows_new = GENERATE(true, false);
  INFO((knows_new ? "knows the new key" : "knows the old key"));
  if (knows_new) desk.Know(desk.ledger().vkey());
  Told told;
  told.breaks_at = 700;
  CHECK(desk.Clone(&told).status().code() == absl::StatusCode::kUnavailable);
  told.breaks_at = UINT64_MAX;
  const auto answer = Need(desk.Clone(&told));
  CHECK(told.first > 300);
  CHECK(answer.vkey() == desk.ledger().vkey());
  desk.CheckWhole();
  CHECK(Need(desk.Clone()).vkey() == desk.ledger().vkey());  // up to date
  desk.Know(old_vkey);
  CHECK(Need(desk.Clone()).vkey() == desk.ledger().vkey());
  desk.RotateFrom(kLedgerKey + 1);
  CHECK(Need(desk.Clone()).vkey() == desk.ledger().vkey());
  desk.CheckWhole();
}

TEST_CASE("a copy does not follow a key that nothing leads to, unless it began before it") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(5);
  const bool copied_before = GENERATE(true, false);
  if (copied_before) Need(desk.Clone());
  desk.RotateFrom(kLedgerKey, false);
  const auto answer = desk.Clone();
  if (copied_before) {
    CHECK(answer.ok());
    desk.CheckWhole();
    desk.GrowTo(9);
    CHECK(desk.Clone().ok());  // what was accepted stays so
    CHECK(desk.Clone().ok());
  } else {
    CHECK(answer.status().code() == absl::StatusCode::kDataLoss);
    CHECK_THAT(std::string(answer.status().message()), Contains("record 5 gives the ledger a new key"));
    CHECK_FALSE(fs::exists(desk.dir() + "/next"));
    desk.Know(desk.ledger().vkey());
    CHECK(desk.Clone().ok());
  }
}

TEST_CASE("a copy is not brought up to date by a key that was replaced") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(5);
  desk.RotateFrom(kLedgerKey);
  Need(desk.Clone());
  desk.GrowTo(9);
  store::Overlay rows(static_cast<const store::Reader&>(desk.ledger().store()));
  const auto own = CheckpointOf(rows, desk.ledger().vkey());
  rows.Put(keys::Checkpoint(), Need(tree::SignCheckpoint(own, Key(kLedgerKey))));
  Told told;
  const auto answer = desk.CloneOf(rows, &told);
  CHECK(answer.status().code() == absl::StatusCode::kDataLoss);
  CHECK_THAT(std::string(answer.status().message()), Contains("replaced by record 5"));
  CHECK(desk.SizeThere() == 6);
}

TEST_CASE("what another source left unfinished does not spoil the copy") {
  Need(crypto::Init());
  Desk desk, other;
  desk.GrowTo(1'000);
  other.GrowTo(1'000, 7);  // the same key signs another history
  Told told;
  told.breaks_at = 700;
  CHECK_FALSE(desk.CloneOf(other.ledger().store(), &told).ok());
  REQUIRE(fs::exists(desk.dir() + "/next"));
  const auto answer = Need(desk.Clone());
  CHECK(answer.resumed_at() == 0);
  CHECK(answer.transfers() == 999);
  desk.CheckWhole();
}

TEST_CASE("a checkpoint of no record is not a ledger's") {
  Need(crypto::Init());
  Desk desk;
  store::Overlay rows(static_cast<const store::Reader&>(desk.ledger().store()));
  rows.Put(keys::Checkpoint(),
           Need(tree::SignCheckpoint({kLedgerName, 0, tree::EmptyRoot(), {}}, Key(kLedgerKey))));
  Told told;
  const auto answer = desk.CloneOf(rows, &told);
  CHECK(answer.status().code() == absl::StatusCode::kDataLoss);
  CHECK_THAT(std::string(answer.status().message()), Contains("the checkpoint counts no record"));
}

TEST_CASE("an older, another and a second history are refused") {
  Need(crypto::Init());
  Desk desk, shorter, other;
  desk.GrowTo(50);
  Need(desk.Clone());
  Told told;
  shorter.GrowTo(20);
  auto answer = desk.CloneOf(shorter.ledger().store(), &told);
  CHECK(answer.status().code() == absl::StatusCode::kFailedPrecondition);
  other.GrowTo(50, 7);
  answer = desk.CloneOf(other.ledger().store(), &told);
  CHECK_THAT(std::string(answer.status().message()), Contains("convicts its operator of two histories"));
  CHECK(FileOf(desk.dir() + "/contradicting.checkpoint") == other.ledger().checkpoint());
  other.GrowTo(60, 7);
  answer = desk.CloneOf(other.ledger().store(), &told);
  CHECK(answer.status().code() == absl::StatusCode::kDataLoss);
  const std::string problem(answer.status().message());
  INFO(problem);
  CHECK_THAT(problem, Contains("does not begin with the copy's 50 records"));
  CHECK_THAT(problem, Contains("convicts its operator of two histories"));
  CHECK_THAT(problem, !Contains("record 50:"));
  CHECK(FileOf(desk.dir() + "/contradicting.checkpoint") == other.ledger().checkpoint());
  desk.CheckWhole();
}

TEST_CASE("records that a mirror changed do not convict the operator") {
  Need(crypto::Init());
  Desk desk, other;
  desk.GrowTo(50);
  Need(desk.Clone());
  desk.GrowTo(60);
  other.GrowTo(60, 7);
  store::Overlay mirror(static_cast<const store::Reader&>(other.ledger().store()));
  mirror.Put(keys::Checkpoint(),
             desk.ledger().checkpoint());  // no key: the true checkpoint over other records
  Told told;
  const auto answer = desk.CloneOf(mirror, &told);
  CHECK(answer.status().code() == absl::StatusCode::kDataLoss);
  const std::string problem(answer.status().message());
  INFO(problem);
  CHECK_THAT(problem, Contains("does not begin with the copy's 50 records"));
  CHECK_THAT(problem, Contains("not by who signed it"));
  CHECK_FALSE(fs::exists(desk.dir() + "/contradicting.checkpoint"));
  Need(desk.Clone());
  desk.CheckWhole();
}

TEST_CASE("a folder that is something else is left alone") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(5);
  fs::create_directories(desk.dir());
  std::ofstream(desk.dir() + "/letter") << "dear";
  CHECK(desk.Clone().status().code() == absl::StatusCode::kAlreadyExists);
  fs::remove(desk.dir() + "/letter");
  std::ofstream(desk.dir() + "/signing.key") << "mine";
  CHECK_THAT(std::string(desk.Clone().status().message()), Contains("of its own"));
  fs::remove(desk.dir() + "/signing.key");
  Need(desk.Clone());
  store::Overlay renamed(static_cast<const store::Reader&>(desk.ledger().store()));
  const auto own = CheckpointOf(desk.ledger().store(), desk.ledger().vkey());
  renamed.Put(keys::Checkpoint(),
              Need(tree::SignCheckpoint({"other.example/x", own.size, own.root, {}}, Key(1))));
  audit::CloneOptions options;
  options.vkey = tree::FormatVkey(
      Need(tree::MakeVerifier("other.example/x", tree::KeyType::kEd25519, Key(1).public_key())));
  const auto answer = audit::Clone(audit::FromStore(renamed).get(), desk.dir(), options);
  CHECK(answer.status().code() == absl::StatusCode::kAlreadyExists);
  desk.CheckWhole();
}

}  // namespace
}  // namespace fundtrail::testing
