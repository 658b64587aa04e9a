// Traces of snapshots that remember together (store/snapshot_cache.h) are those of the rows themselves, to the byte: while payments,
// names and roles change between the questions, and as of older records.
#include <google/protobuf/arena.h>

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "ledger/query/trace.h"
#include "ledger/query/walk_moves.h"
#include "ledger/query/walk_pieces.h"
#include "ledger/store/memory.h"
#include "ledger/store/snapshot_cache.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

const std::vector<std::string> kPayers = {"donor", "ministry", "county", "village"};

// The answer as bytes, or the error.
std::string Told(const store::Reader& rows, const query::TraceQuestion& question) {
  const auto answer = query::Trace(Need(query::MakeView(rows)), question);
  return answer.ok() ? answer->SerializeAsString() : answer.status().ToString();
}

TEST_CASE("a trace of snapshots that remember is the trace of the rows, whatever was written in between") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const std::size_t bytes = GENERATE(std::size_t{1} << 20, std::size_t{5000});
  auto memory = store::MakeMemoryStore();
  const store::Store& rows = *memory;
  TestClock clock;
  const auto ledger = Need(NewLedger(store::WithSnapshotCache(std::move(memory), bytes), clock.Read()));
  const auto add = [&](const std::vector<v1::Action>& actions) {
    return ledger->AppendOne(SignedBytes(Entry("root", ledger->size(), actions), {1}), clock.Read()).ok();
  };
  struct Pair {
    std::unique_ptr<store::Reader> remembers, plain;
  };
  std::vector<Pair> pairs;
  std::vector<TransferRef> paid;
  int renamed = 0;
  std::uint64_t version = ledger->size();  // the record of the county's present one
  REQUIRE(add({Party("county", "ministry")}));
  for (int round = 0; round < 80; ++round) {
    const std::uint64_t record = ledger->size();
    if (random() % 10 == 0) {
      v1::Action party = Party("county", "ministry");
      party.mutable_register_party()->set_name("county " + std::to_string(round));
      if (add({Amending(party, version)})) {
        version = record;
        ++renamed;
      }
    } else {
      std::vector<v1::Action> payments;
      if (random() % 3 == 0) {  // a record that is noted: each pays on less than came in by it
        for (std::size_t line = 0; line < 12; ++line) {
          const auto least = std::vector<std::int64_t>{20, 5, 1}[line / 4];
          payments.push_back(
              Pay(kPayers[line / 4], kPayers[line / 4 + 1], least + static_cast<std::int64_t>(random() % 5)));
        }
      } else {
        const std::size_t from = random() % 3;
        payments = {Pay(kPayers[from], kPayers[from + 1], static_cast<std::int64_t>(1 + random() % 30))};
      }
      if (add(payments)) {
        for (std::uint32_t line = 1; line <= payments.size(); ++line)
          paid.push_back({RecordIndex(record), line});
      }
    }
    if (random() % 4 == 0) pairs.push_back({ledger->store().Snapshot(), rows.Snapshot()});
    while (pairs.size() > 3) pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(random() % 3));
    for (const Pair& pair : pairs) {
      query::TraceQuestion question;
      if (random() % 2 == 0 || paid.empty()) {
        question.party = kPayers[random() % kPayers.size()];
      } else {
        question.ref = paid[random() % paid.size()];
      }
      question.direction = random() % 2 == 0 ? v1::DIRECTION_FROM : v1::DIRECTION_TO;
      question.want_paths = random() % 2 == 0;
      if (random() % 3 == 0) question.as_of = random() % ledger->size();
      REQUIRE(Told(*pair.remembers, question) == Told(*pair.plain, question));
    }
  }
  CHECK(renamed > 0);
  CHECK(paid.size() > 20);
}

TEST_CASE(
    "pieces of short lines and of long ones are noted, and a row that is no piece ends no other question") {
  const auto side = model::Side::kOut;
  const auto store = store::WithSnapshotCache(store::MakeMemoryStore(), std::size_t{1} << 20);
  const auto add = [&](std::uint64_t account, std::int64_t at) {
    Need(store->Write(
        {{model::keys::PieceOut(model::AccountNumber(account), Position(at)),
          Encode(model::PieceRow{Amount(10), model::AccountNumber(9), Position(at), {RecordIndex(7), 1}})}}));
  };
  for (std::int64_t n = 0; n < 20; ++n) add(3, 10 * n);
  for (std::int64_t n = 0; n < 500; ++n) add(4, 10 * n);
  for (std::int64_t n = 0; n < 20; ++n) add(5, 10 * n);
  Need(store->Write({{model::keys::PieceOut(model::AccountNumber(5), Position(100)), Bytes("short")}}));
  const auto ask = [&](std::uint64_t account, std::int64_t at) {
    const auto snapshot = store->Snapshot();
    query::View view;
    view.rows = snapshot.get();
    query::PieceReader reader(view, side);
    return reader.From(model::AccountNumber(account), Position(at), Position(at + 10));
  };
  for (int again = 0; again < 3; ++again) {
    for (const std::int64_t at : {0, 5, 70, 190}) CHECK(Need(ask(3, at))->at.from.value() == at / 10 * 10);
    CHECK(Need(ask(3, 500))->at.from.value() == 190);  // the last that begins before it
    for (const std::int64_t at : {0, 70, 4'990}) CHECK(Need(ask(4, at))->at.from.value() == at);
    CHECK(!Need(ask(6, 0)).has_value());
    CHECK(ask(5, 60).ok());
    CHECK(absl::IsDataLoss(ask(5, 100).status()));
    CHECK(ask(5, 120).ok());
  }
  add(6, 0);
  CHECK(Need(ask(6, 0))->at.to.value() == 10);
  add(3, 200);
  CHECK(Need(ask(3, 205))->at.from.value() == 200);
}

TEST_CASE("when money moved is noted of long records, for all who have the same rows") {
  const auto store = store::WithSnapshotCache(store::MakeMemoryStore(), std::size_t{1} << 20);
  const auto at = [](std::uint64_t record, std::uint32_t line) {
    return TransferRef{RecordIndex(record), line};
  };
  const auto known = [&](TransferRef ref) {
    const auto snapshot = store->Snapshot();
    query::View view;
    view.rows = snapshot.get();
    return query::MovedReader(view).Find(ref);
  };
  const auto snapshot = store->Snapshot();
  query::View view;
  view.rows = snapshot.get();
  query::MovedReader reader(view);
  CHECK(!reader.Find(at(3, 1)).has_value());
  for (const std::uint32_t line : {1U, 9U, 255U, 256U, 700U})
    reader.Keep(at(3, line), {Date(static_cast<std::int32_t>(line)), line == 9});
  reader.Keep(at(4, 1), {Date(-25'567), true});  // the first day there can be
  for (const std::uint32_t line : {1U, 9U, 255U, 256U, 700U}) {
    const auto kept = reader.Find(at(3, line));
    REQUIRE(kept.has_value());
    CHECK(kept->date.days() == static_cast<std::int32_t>(line));
    CHECK(kept->committed == (line == 9));
  }
  REQUIRE(reader.Find(at(4, 1)).has_value());
  CHECK(reader.Find(at(4, 1))->date.days() == -25'567);
  CHECK(reader.Find(at(4, 1))->committed);
  CHECK(!reader.Find(at(3, 2)).has_value());
  CHECK(!reader.Find(at(3, 257)).has_value());
  CHECK(!reader.Find(at(5, 1)).has_value());
  // Another snapshot has what is noted, and not what is of a short record.
  for (const std::uint32_t line : {1U, 9U, 255U, 700U}) CHECK(known(at(3, line)).has_value());
  CHECK(!known(at(4, 1)).has_value());
  CHECK(!known(at(3, 257)).has_value());
  // One that is written is noted no more, with those beside it.
  Need(store->Write({{model::keys::Transfer(at(3, 9)), Bytes("x")}}));
  CHECK(!known(at(3, 1)).has_value());
  CHECK(known(at(3, 700)).has_value());
}

TEST_CASE("a trace goes into a message that had another answer, and into one in an arena") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Need(ledger->AppendOne(PaymentBytes(ledger->size()), clock.Read()).status());
  const auto view = Need(query::MakeView(ledger->store()));
  query::TraceQuestion question;
  question.party = "ministry";
  google::protobuf::Arena arena;
  auto* const answer = google::protobuf::Arena::CreateMessage<v1::TraceAnswer>(&arena);
  for (const v1::Direction direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    question.direction = direction;
    Need(query::Trace(view, question, answer));
    CHECK(answer->SerializeAsString() == Need(query::Trace(view, question)).SerializeAsString());
  }
  question.party = "nobody";
  CHECK(absl::IsNotFound(query::Trace(view, question, answer)));
}

}  // namespace
}  // namespace fundtrail::testing
