// Transfers that are kept in memory: the answers are those of the store, however the ledger grows meanwhile.
#include "ledger/query/money_table.h"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/query/committed.h"
#include "ledger/query/findings/findings.h"
#include "ledger/query/flows_by.h"
#include "ledger/query/kept_bodies.h"
#include "ledger/query/list.h"
#include "ledger/query/registers.h"
#include "ledger/query/series.h"
#include "ledger/query/summary.h"
#include "ledger/query/top.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"

namespace fundtrail::testing {
namespace {

struct Growing {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::mt19937_64 random;
  std::vector<v1::TransferRef> made;
  int parties = 0;

  explicit Growing(std::uint64_t seed) : random(seed) {
    REQUIRE(Try({Fund("school", "root"), Asset("USD"), Party("unrecorded", "root", v1::ROLE_SOURCE)}));
  }
  bool Try(const std::vector<v1::Action>& actions) {
    return ledger->AppendOne(SignedBytes(Entry("root", ledger->size() + 1'000, actions), {1}), clock.Read())
        .ok();
  }
  // Some payments, returns, moves, exchanges, and now and then a party of another place among the ids.
  void Grow(int tries) {
    for (int i = 0; i < tries; ++i) {
      if (random() % 6 == 0) {
        v1::Action party =
            Party(std::string(1, static_cast<char>('a' + random() % 26)) + std::to_string(parties++), "root",
                  random() % 3 == 0 ? v1::ROLE_RECIPIENT : v1::ROLE_HOLDER);
        if (random() % 2 == 0) party.mutable_register_party()->set_kind(v1::RegisterParty::KIND_NGO);
        Try({party});
      }
      const std::vector<std::string> players = {"donor", "unrecorded", "ministry", "village",
                                                "a0",    "m1",         "z2"};
      const std::string from = players[random() % players.size()], to = players[random() % players.size()];
      const auto amount = static_cast<std::int64_t>(1 + random() % 50);
      v1::Action action = Pay(from, to, amount);
      if (random() % 5 == 0) action = Exchange(from, to, amount, "USD", 3);
      if (random() % 6 == 0) action = Reclassify(from, "school", amount);
      if (!made.empty() && random() % 6 == 0)
        action = Returning(Pay(from, to, amount), made[random() % made.size()]);
      if (random() % 6 == 0) action = Committed(action);
      const char* const days[] = {"2024-02-03", "2024-11-30", "2025-04-05"};
      action.mutable_transfer()->set_value_date(days[random() % 3]);
      if (Try({action, Pay("donor", "ministry", 5)})) made.push_back(Ref(ledger->size() - 1));
    }
  }
};

// What questions about all transfers answer.
std::vector<std::string> Answers(const query::View& view, std::optional<std::uint64_t> as_of) {
  std::vector<std::string> answers;
  v1::TopRequest top;
  v1::SeriesRequest series;
  v1::SummaryRequest summary;
  v1::FlowsByRequest flows;
  v1::CommittedRequest committed;
  v1::FindingsRequest findings;
  findings.set_on("2027-06-01");
  if (as_of.has_value()) {
    top.set_as_of(*as_of);
    series.set_as_of(*as_of);
    summary.set_as_of(*as_of);
    flows.set_as_of(*as_of);
    committed.set_as_of(*as_of);
    findings.set_as_of(*as_of);
  }
  answers.push_back(Need(Whole(query::Top(view, top, {}))).SerializeAsString());
  answers.push_back(Need(query::Series(view, series)).SerializeAsString());
  answers.push_back(Need(query::Summary(view, summary)).SerializeAsString());
  answers.push_back(Need(query::FlowsBy(view, flows)).SerializeAsString());
  answers.push_back(Need(query::Committed(view, committed)).SerializeAsString());
  answers.push_back(Need(Whole(query::Findings(view, findings, {}))).SerializeAsString());
  return answers;
}

TEST_CASE("what is answered out of memory is what the store answers, as the ledger grows") {
  const std::uint64_t seed = GENERATE(take(8, random(1, 1'000'000)));
  INFO("seed " << seed);
  Growing growing(seed);
  query::MoneyTables tables;
  query::KeptBodies bodies;
  for (int round = 0; round < 5; ++round) {
    growing.Grow(15);
    const query::View plain = Need(query::MakeView(growing.ledger->store()));
    query::View kept = plain;
    kept.money = &tables;
    kept.bodies = &bodies;
    for (const bool then : {false, true}) {
      const std::optional<std::uint64_t> as_of =
          then ? std::optional(growing.random() % growing.ledger->size()) : std::nullopt;
      const auto answers = Answers(plain, as_of);
      CHECK(Answers(kept, as_of) == answers);
      CHECK(Answers(kept, as_of) == answers);  // out of the sums that were kept
    }
  }
}

// What a body brought in, received and paid, by asset and id.
using ModelSums = std::map<std::pair<std::string, std::string>, std::array<std::int64_t, 4>>;

struct Roles {
  std::map<std::string, v1::Role> role;
  std::map<std::string, v1::RegisterParty::Kind> kind;
};
Roles RolesOf(const query::View& view) {
  Roles roles;
  v1::RegistersRequest request;
  request.set_register_("party");
  const auto parties = Need(Whole(query::Registers(view, request, {})));
  for (const auto& line : parties.lines()) {
    roles.role[line.action().register_party().id()] = line.action().register_party().role();
    roles.kind[line.action().register_party().id()] = line.action().register_party().kind();
  }
  return roles;
}

// One transfer after another, each looked at by itself.
ModelSums AddedUp(const query::View& view, const Roles& roles, const v1::TopRequest& request) {
  v1::ListRequest all;
  if (request.has_as_of()) all.set_as_of(request.as_of());
  ModelSums sums;
  const auto line_of = [&](const std::string& party) {
    return request.of() != v1::TopRequest::OF_KINDS ? party
           : roles.kind.at(party) == v1::RegisterParty::KIND_UNSPECIFIED
               ? ""
               : model::WordOf(roles.kind.at(party));
  };
  const auto list = Need(Whole(query::List(view, all, {})));
  for (const auto& line : list.transfers()) {
    const v1::Transfer& of = line.transfer();
    if (!request.since().empty() && line.date() < request.since()) continue;
    if (!request.until().empty() && line.date() > request.until()) continue;
    const std::string to_fund = of.to_fund().empty() ? of.fund() : of.to_fund();
    const std::string to_asset = of.to_asset().empty() ? of.asset() : of.to_asset();
    const bool from = request.fund().empty() || of.fund() == request.fund();
    const bool to = request.fund().empty() || to_fund == request.fund();
    const std::pair payer(of.asset(), line_of(of.from())), payee(to_asset, line_of(of.to()));
    const bool inside = from && to && payer == payee;
    const bool back = of.kind() == v1::TRANSFER_KIND_RETURN || of.kind() == v1::TRANSFER_KIND_REVERSAL;
    if (from && roles.role.at(of.from()) == v1::ROLE_SOURCE && !back) sums[payer][0] += of.amount();
    if (from) sums[payer][inside ? 3 : 2] += of.amount();
    if (to && !inside) sums[payee][1] += of.to_asset().empty() ? of.amount() : of.to_amount();
  }
  std::erase_if(sums, [](const auto& one) { return one.second == std::array<std::int64_t, 4>{}; });
  return sums;
}

TEST_CASE(
    "sums out of memory are those of one transfer after another, by period, fund, kind and record, between "
    "writes") {
  const std::uint64_t seed = GENERATE(take(8, random(1, 1'000'000)));
  INFO("seed " << seed);
  Growing growing(seed);
  query::MoneyTables tables;
  query::KeptBodies bodies;
  for (int round = 0; round < 4; ++round) {
    growing.Grow(20);
    query::View view = Need(query::MakeView(growing.ledger->store()));
    view.money = &tables;
    view.bodies = &bodies;
    const Roles roles = RolesOf(view);
    for (int i = 0; i < 12; ++i) {
      v1::TopRequest request;
      if (growing.random() % 2 == 0)
        request.set_since(growing.random() % 2 == 0 ? "2024-02-04" : "2024-11-30");
      if (growing.random() % 2 == 0)
        request.set_until(growing.random() % 2 == 0 ? "2024-11-30" : "2025-01-01");
      if (growing.random() % 3 == 0) request.set_fund(growing.random() % 2 == 0 ? "flood" : "school");
      if (growing.random() % 3 == 0) request.set_as_of(growing.random() % growing.ledger->size());
      if (growing.random() % 3 == 0) request.set_of(v1::TopRequest::OF_KINDS);
      INFO(request.ShortDebugString());
      ModelSums told;
      const auto answer = Need(Whole(query::Top(view, request, {})));
      for (const v1::TopLine& line : answer.lines()) {
        const v1::MoneySums& sums = line.sums();
        told[{line.asset(), line.party()}] = {sums.brought_in(), sums.received(), sums.paid(), sums.moved()};
      }
      std::erase_if(told, [](const auto& one) { return one.second == std::array<std::int64_t, 4>{}; });
      CHECK(told == AddedUp(view, roles, request));
    }
  }
}

TEST_CASE("an older view reads the store, and one of the same size shares the table") {
  Growing growing(7);
  growing.Grow(20);
  query::MoneyTables tables;
  const auto read = [&](const query::View& view) {
    return Need(tables.Of(view, [](const query::View& of, query::MoneyTables::Table before) {
      CHECK((before == nullptr || before->size < of.checkpoint.size()));
      auto table = std::make_shared<query::MoneyTable>();
      table->size = of.checkpoint.size();
      return StatusOr<query::MoneyTables::Table>(table);
    }));
  };
  const query::View old = Need(query::MakeView(growing.ledger->store()));
  const auto first = read(old);
  CHECK(read(old) == first);
  query::View older = old;
  older.checkpoint.set_size(old.checkpoint.size() - 1);
  CHECK(read(older) == nullptr);
  query::View newer = old;
  newer.checkpoint.set_size(old.checkpoint.size() + 1);
  CHECK(read(newer)->size == newer.checkpoint.size());
}

// As long as it is read, others are to look at what they may.
query::MoneyTables::Table Slowly(const query::View& view) {
  auto table = std::make_shared<query::MoneyTable>();
  table->size = view.checkpoint.size();
  for (int i = 0; view.go_on && i < 10'000 && view.GoOn().ok(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return table;
}

TEST_CASE("whoever waits for a table waits no longer than the own question may last") {
  Growing growing(7);
  query::MoneyTables tables;
  const query::View old = Need(query::MakeView(growing.ledger->store()));
  const query::MoneyTables::Read read = [](const query::View& of, query::MoneyTables::Table) {
    return StatusOr<query::MoneyTables::Table>(Slowly(of));
  };
  const auto first = Need(tables.Of(old, read));
  growing.Grow(5);
  const query::View grown = Need(query::MakeView(growing.ledger->store()));
  REQUIRE(grown.checkpoint.size() > old.checkpoint.size());

  std::atomic<bool> begun = false, may_end = false;
  query::View slow = grown;
  slow.go_on = [&]() -> Status {
    begun = true;
    return may_end ? absl::CancelledError() : absl::OkStatus();
  };
  StatusOr<query::MoneyTables::Table> made = absl::UnknownError("not read");
  std::thread reader([&] { made = tables.Of(slow, read); });
  while (!begun) std::this_thread::yield();
  query::View late = grown;
  late.go_on = [] { return absl::DeadlineExceededError("too long"); };
  const bool gave_up = absl::IsDeadlineExceeded(tables.Of(late, read).status());
  const auto of_old = tables.Of(old, read);  // which is there all the while
  may_end = true;
  reader.join();
  CHECK(gave_up);
  CHECK(*of_old == first);
  CHECK(*tables.Of(grown, read) == *made);
}

TEST_CASE("after a table that could not be read, the next who asks reads it") {
  Growing growing(7);
  query::MoneyTables tables;
  const query::View view = Need(query::MakeView(growing.ledger->store()));
  const query::MoneyTables::Read fails = [](const query::View&, query::MoneyTables::Table) {
    return StatusOr<query::MoneyTables::Table>(absl::CancelledError("went away"));
  };
  CHECK(absl::IsCancelled(tables.Of(view, fails).status()));
  const query::MoneyTables::Read read = [](const query::View& of, query::MoneyTables::Table) {
    return StatusOr<query::MoneyTables::Table>(Slowly(of));
  };
  CHECK(Need(tables.Of(view, read)) != nullptr);
}

TEST_CASE("rows of a copy that grew do not change what the first one has") {
  query::MoneyRows rows;
  model::TransferRow row;
  row.amount = row.to_amount = Amount(7);
  rows.Append({RecordIndex(1), 1}, row);
  query::MoneyRows more = rows;
  row.amount = Amount(9);
  more.Append({RecordIndex(2), 1}, row);
  more.Append({RecordIndex(std::uint64_t{1} << 40), 2}, row);
  const auto read = [](const query::MoneyRows& of, std::uint64_t before) {
    std::vector<std::string> all;
    Need(of.EachBefore(before, [&](TransferRef ref, const model::TransferRow& one) {
      all.push_back(absl::StrCat(model::RefText(ref), " ", one.amount.value()));
      return absl::OkStatus();
    }));
    return all;
  };
  using All = std::vector<std::string>;
  CHECK(read(rows, UINT64_MAX) == All{"1.1 7"});
  CHECK(read(more, UINT64_MAX) == All{"1.1 7", "2.1 9", "1099511627776.2 9"});
  CHECK(read(more, 2) == All{"1.1 7"});
  CHECK(more.count() == 3);
}

}  // namespace
}  // namespace fundtrail::testing
