// A copy of a ledger that is made from the log which several machines keep.
#include "ledger/replica/log_source.h"

#include <catch2/catch.hpp>

#include "ledger/audit/clone.h"
#include "ledger/store/rocks.h"
#include "tests/replica/machine.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;

struct Copied {
  std::shared_ptr<store::MemoryDatabase> database = NewDatabase();
  Machine machine{"a"};
  TestClock clock;
  TempDir temp;
  std::string dir = temp / "copy";

  Copied() {
    Need(machine.Start(database, true));
    for (std::uint64_t id = 1; id <= 5; ++id) Pay(id);
  }
  void Pay(std::uint64_t id) { Need(machine.ledger->AppendOne(PaymentBytes(id), clock.Read()).status()); }
  StatusOr<v1::CloneAnswer> Clone(const std::string& ledger = kLedgerName) const {
    const auto source = replica::FromLog(store::OpenMemoryLog(database), ledger);
    return audit::Clone(source.get(), dir, {machine.ledger->vkey(), {}});
  }
  // As a machine says how it stands.
  void Beat(const std::string& note) const {
    store::LogMember member;
    member.holder = "a:1";
    member.note = note;
    Need(database->Beat(member));
  }
  std::string Note() const { return *Need(machine.disk->Get(model::keys::Checkpoint())); }
};

TEST_CASE("a copy from the log has what was signed, and is brought up to date from it") {
  Copied it;
  // The head has the checkpoint of the group before; the machine says the newest.
  auto answer = Need(it.Clone());
  CHECK(answer.size() == 5);
  it.Beat(it.Note());
  answer = Need(it.Clone());
  CHECK(answer.size() == 6);
  CHECK(answer.previous_size() == 5);
  for (std::uint64_t id = 6; id <= 400; ++id) it.Pay(id);
  it.Beat(it.Note());
  answer = Need(it.Clone());
  CHECK(answer.size() == 401);
  const auto rows = Need(store::OpenRocks(it.dir + "/store", store::Access::kReadOnly));
  CHECK(AllRows(*rows) == AllRows(*it.machine.disk));
  CHECK(it.database->head().holder == "a");  // nobody took it
}

TEST_CASE("a log that does not fit is refused in words, and leaves the copy as it was") {
  Copied it;
  it.Beat(it.Note());
  Need(it.Clone());
  const auto refused = [&](const std::string& words) {
    const auto answer = it.Clone();
    CHECK_THAT(std::string(answer.status().message()), Contains(words));
    const auto rows = Need(store::OpenRocks(it.dir + "/store", store::Access::kReadOnly));
    CHECK(RecordsOf(*rows).size() == 6);
    return answer.status();
  };
  SECTION("it is another ledger's") {
    const auto other = it.Clone("ledger.example/other");
    CHECK(absl::IsFailedPrecondition(other.status()));
    CHECK_THAT(std::string(other.status().message()),
               Contains("that database has the log of ") && Contains("is the URL right?"));
  }
  SECTION("nobody signed anything yet") {
    it.database->SetBackTo(0, tree::EmptyRoot());
    Need(it.database->Leave("a:1"));
    CHECK(absl::IsUnavailable(refused("")));
  }
  SECTION("a machine signed more than it has") {
    it.database->SetBackTo(4, Need(tree::RootAt(4, log::TreeNodes(*it.machine.disk))));
    const std::string words = "the log has 4 records, and the machine a:1 signed 6: a failover forgot some";
    CHECK(absl::IsFailedPrecondition(refused(words)));
    // Not for ever: a machine that is gone holds nobody up, and then the copy has more than the log.
    it.database->Pass(std::chrono::minutes(2));
    store::LogMember b;
    b.holder = "b:1";
    const tree::Checkpoint four{kLedgerName, 4, Need(tree::RootAt(4, log::TreeNodes(*it.machine.disk))), {}};
    b.note = Need(tree::SignCheckpoint(four, Key(kLedgerKey)));
    Need(it.database->Beat(b));
    CHECK(absl::IsFailedPrecondition(refused("4")));
  }
  SECTION("its head has another root than was signed") {
    it.database->SetBackTo(6, tree::EmptyRoot());
    CHECK(absl::IsDataLoss(refused("the log states another root than was signed over the same 6 records")));
  }
  SECTION("a checkpoint is signed by another key") {
    it.Pay(6);
    const tree::Checkpoint shown{kLedgerName, 7, it.database->head().root, {}};
    it.Beat(Need(tree::SignCheckpoint(shown, Key(7))));
    CHECK(absl::IsDataLoss(refused("")));
  }
  SECTION("a record was changed there") {
    for (std::uint64_t id = 6; id <= 9; ++id) it.Pay(id);
    it.Beat(it.Note());
    it.database->Overwrite(7, "not a record");
    CHECK(absl::IsDataLoss(refused("record 7")));
  }
  SECTION("it lacks records that it counts") {
    for (std::uint64_t id = 6; id <= 9; ++id) it.Pay(id);
    it.Beat(it.Note());
    const auto head = it.database->head();
    it.database->SetBackTo(6, tree::EmptyRoot());
    it.database->StateHead(head.size, head.root);
    CHECK(absl::IsDataLoss(refused("the log says that it has 10 records, and has none from 6 on")));
  }
  SECTION("it fails over meanwhile") {
    for (std::uint64_t id = 6; id <= 9; ++id) it.Pay(id);
    it.Beat(it.Note());
    const auto source = replica::FromLog(store::OpenMemoryLog(it.database), kLedgerName);
    Need(source->Checkpoint().status());
    Need(source->Start(6, 10));
    it.database->FailOver();
    const auto records = source->Next();
    CHECK(absl::IsUnavailable(records.status()));
    CHECK_THAT(std::string(records.status().message()), Contains("failed over while its log was read"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
