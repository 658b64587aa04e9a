// An import into a ledger that this process alone writes judges each row once. It must leave what an import leaves that tries
// each row and has the ledger judge it again.
#include "ledger/intake/own_ledger.h"

#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "ledger/store/memory.h"
#include "tests/support/csv_import.h"
#include "tests/support/log_check.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;

// Appends on a thread of its own, as a pipeline does. From entry number `failing` on nothing is written.
class Writer {
 public:
  explicit Writer(log::Ledger* ledger) : ledger_(*ledger) {}
  ~Writer() { Join(); }
  int failing = 0;
  int taken = 0, judged = 0;

  intake::OwnLedger Own() {
    intake::WayIn way;
    way.append = [this](ByteView entry) { return ledger_.AppendOne(entry, clock_.Read()); };
    way.hand_over = [this](Bytes entry, std::shared_ptr<const log::Judged> judged_for,
                           intake::WayIn::Done done) -> Status {
      Join();
      const bool fails = ++taken == failing;
      thread_ = std::thread([this, fails, entry = std::move(entry), judged_for = std::move(judged_for),
                             done = std::move(done)] {
        if (fails) return done(absl::UnavailableError("the disk is full"));
        const log::Candidate candidate = log::ExamineJudged(entry, judged_for);
        const log::Candidate* next = &candidate;
        auto receipts = ledger_.AppendEach([&] { return std::exchange(next, nullptr); }, clock_.Read());
        judged += receipts.at(0).ok() && receipts[0]->recorded == judged_for->place.recorded ? 1 : 0;
        done(std::move(receipts[0]));
      });
      return absl::OkStatus();
    };
    return {ledger_.name(), ledger_.store(), ledger_.size(), std::move(way), clock_.Read()};
  }

 private:
  void Join() {
    if (thread_.joinable()) thread_.join();
  }
  log::Ledger& ledger_;
  TestClock clock_;
  std::thread thread_;
};

struct Told {
  StatusOr<intake::ImportSummary> summary = absl::UnknownError("not imported");
  std::vector<std::string> rejects;
};

Told ImportRows(intake::Target* target, const std::string& text, bool duplicates) {
  CsvImport import{text};
  import.open_missing = true;
  import.refuse_duplicates = duplicates;
  Told told;
  told.summary = import.Into(target, &told.rejects);
  return told;
}

// Rows of all kinds, good and bad, enough for several entries.
std::string AnyRows(std::mt19937_64& random, int count) {
  std::string rows = "date,from,to,amount,asset,fund,purpose,from_role\n";
  const auto party = [&] {
    return random() % 3 == 0 ? absl::StrCat("team ", random() % 40)
                             : std::vector<std::string>{"donor", "ministry", "village"}[random() % 3];
  };
  for (int i = 0; i < count; ++i) {
    const bool back = random() % 12 == 0;
    absl::StrAppend(&rows, random() % 30 == 0 ? "soon" : "2026-01-0", 1 + random() % 9, ",", party(), ",",
                    party(), ",", back ? "-" : "", 1 + random() % 40, ".00,", random() % 40 == 0 ? "" : "CNY",
                    ",flood,", std::string(200 + random() % 300, 'p'), ",",
                    random() % 50 == 0 ? "source" : "", "\n");
  }
  return rows;
}

TEST_CASE("an import that judges each row once leaves the ledger that one leaves which has it judged again") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const bool duplicates = GENERATE(true, false);
  for (int round = 0; round < 4; ++round) {
    const std::string text = AnyRows(random, 700);
    TestClock clock;
    const auto judged = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    const auto asked = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    Watched target(asked.get());
    const Told one = ImportRows(&target, text, duplicates);
    Writer writer(judged.get());
    Told other;
    {
      auto own = writer.Own();
      other = ImportRows(&own, text, duplicates);
    }
    REQUIRE((one.summary.ok() && other.summary.ok()));
    CHECK(one.rejects == other.rejects);
    CHECK(one.rejects.size() > 20);
    CHECK(one.summary->imported == other.summary->imported);
    CHECK(one.summary->sums.at("CNY").unrecorded == other.summary->sums.at("CNY").unrecorded);
    CHECK(one.summary->entries > 3);
    CHECK(static_cast<std::uint64_t>(writer.judged) == other.summary->entries);
    CHECK(AllRows(judged->store()) == AllRows(asked->store()));
    CHECK(WhatIsWrong(judged->store(), judged->vkey()) == "");
    auto own = writer.Own();
    const Told again = ImportRows(&own, text, duplicates);
    CHECK(Need(again.summary).present == one.summary->imported);
    CHECK(again.summary->imported == 0);
  }
}

TEST_CASE(
    "an entry that could not be written ends the import, with its rows, and the next run goes on there") {
  std::mt19937_64 random(1);
  const std::string text = AnyRows(random, 700);
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Writer writer(ledger.get());
  const bool last = GENERATE(false, true);
  if (last) {
    const auto whole = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    Watched target(whole.get());
    writer.failing = static_cast<int>(Need(ImportRows(&target, text, false).summary).entries);
  } else {
    writer.failing = 2;
  }
  {
    auto own = writer.Own();
    const Told told = ImportRows(&own, text, false);
    REQUIRE(absl::IsUnavailable(told.summary.status()));
    CHECK_THAT(std::string(told.summary.status().message()),
               Contains("rows.csv rows ") && Contains("the disk is full"));
    CHECK(own.size() == ledger->size());
    CHECK(AllRows(own.rows()) == AllRows(ledger->store()));
  }
  CHECK(ledger->size() == static_cast<std::uint64_t>(writer.failing));  // genesis, and those before it
  writer.failing = 0;
  auto own = writer.Own();
  const Told rest = ImportRows(&own, text, false);
  REQUIRE(rest.summary.ok());
  CHECK(rest.summary->present > 0);
  CHECK(rest.summary->imported > 0);
  CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
}

}  // namespace
}  // namespace fundtrail::testing
