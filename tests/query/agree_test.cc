// What answers say beside their sums, on random ledgers. A trace agrees with a balance through what came round again
// (ledger/query/trace.h has the identity). Each sum says how much of it is committed, against coins that are
// followed by hand. Parties are declared recipients, inferred ones, sources, and the one of unrecorded origin.
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "cli/render/trace.h"
#include "ledger/model/unrecorded.h"
#include "ledger/query/balance.h"
#include "ledger/query/trace.h"
#include "tests/support/money_game.h"
#include "tests/support/questions.h"

namespace fundtrail::testing {
namespace {

// Each figure is the sum of the ends of its kind, and what is committed of it too.
void CheckKinds(const v1::AssetTrace& trace) {
  std::map<int, std::int64_t> amounts, committed;
  for (const auto& end : trace.ends()) {
    amounts[end.kind()] += end.amount();
    committed[end.kind()] += end.committed();
  }
  const v1::TraceSums& of_it = trace.committed();
  REQUIRE(trace.reached() == amounts[v1::END_KIND_REACHED]);
  REQUIRE(trace.ends_here() == amounts[v1::END_KIND_ENDS_HERE]);
  REQUIRE(trace.held() == amounts[v1::END_KIND_HELD]);
  REQUIRE(trace.returned() == amounts[v1::END_KIND_RETURNED]);
  REQUIRE(trace.exchanged() == amounts[v1::END_KIND_EXCHANGED]);
  REQUIRE(trace.brought_in() == amounts[v1::END_KIND_BROUGHT_IN]);
  REQUIRE(trace.unrecorded() == amounts[v1::END_KIND_UNRECORDED]);
  REQUIRE(of_it.reached() == committed[v1::END_KIND_REACHED]);
  REQUIRE(of_it.ends_here() == committed[v1::END_KIND_ENDS_HERE]);
  REQUIRE(of_it.held() == committed[v1::END_KIND_HELD]);
  REQUIRE(of_it.returned() == committed[v1::END_KIND_RETURNED]);
  REQUIRE(of_it.exchanged() == committed[v1::END_KIND_EXCHANGED]);
  REQUIRE(of_it.brought_in() == committed[v1::END_KIND_BROUGHT_IN]);
  REQUIRE(of_it.unrecorded() == committed[v1::END_KIND_UNRECORDED]);
}

struct Received {
  std::int64_t received = 0;
  std::int64_t minted = 0;
};
std::map<std::string, Received> ByAsset(const v1::BalanceAnswer& balance) {
  std::map<std::string, Received> sums;
  for (const auto& line : balance.lines()) {
    sums[line.account().asset()].received += line.received();
    sums[line.account().asset()].minted += line.minted();
  }
  return sums;
}

// Asks every question that a balance can answer too. The sum of what came round again.
std::int64_t CheckAgreement(std::uint64_t seed) {
  INFO("seed " << seed);
  Game game(seed, true);
  const query::View view = game.view();
  std::int64_t rounds = 0;
  for (const auto& party : kPlayers) {
    const bool source = game.coins.roles.at(party) == v1::ROLE_SOURCE;
    for (const std::string fund : {"", "flood", "school"}) {
      for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
        for (const bool now : {true, false}) {
          INFO(party << " in fund " << fund << ", direction " << direction
                     << (now ? "" : ", as of a record"));
          query::TraceQuestion question;
          question.party = party;
          question.fund = fund;
          question.direction = direction;
          v1::BalanceRequest of_balance = BalanceOf(party, fund);
          if (!now) {
            question.as_of = view.checkpoint.size() / 2;
            of_balance = AsOfRecord(of_balance, *question.as_of);
          }
          const auto answer = Need(query::Trace(view, question));
          for (const auto& trace : answer.assets()) CheckKinds(trace);
          auto sums = ByAsset(Need(query::Balance(view, of_balance)));
          std::string text = render::TraceFlows(answer, {}).str();
          for (const auto& trace : answer.assets()) {
            const std::int64_t parts = trace.reached() + trace.ends_here() + trace.held() + trace.returned() +
                                       trace.brought_in() + trace.unrecorded() + trace.exchanged();
            const Received& sum = sums[trace.asset()];
            const std::int64_t expected = !source                           ? sum.received
                                          : direction == v1::DIRECTION_FROM ? sum.minted
                                                                            : sum.received - sum.minted;
            REQUIRE(parts == trace.asked());
            REQUIRE(parts + trace.came_round() == expected);
            if (source && direction == v1::DIRECTION_FROM) REQUIRE(trace.came_round() == 0);
            rounds += trace.came_round();
            const std::string line = " that came round again, counted once = ";
            const bool told = text.find(line) != std::string::npos;
            if (trace.came_round() != 0) REQUIRE(told);
            if (answer.assets_size() == 1) REQUIRE(told == (trace.came_round() != 0));
            sums.erase(trace.asset());
          }
          // An account that a trace says nothing of received nothing that it asks about.
          for (const auto& [asset, sum] : sums) {
            const std::int64_t expected = !source                           ? sum.received
                                          : direction == v1::DIRECTION_FROM ? sum.minted
                                                                            : sum.received - sum.minted;
            REQUIRE(expected == 0);
          }
        }
      }
    }
  }
  return rounds;
}

TEST_CASE("a trace and a balance agree through what came round again, and the line that says so is printed") {
  const std::uint64_t base = std::random_device{}();  // other games each time
  std::int64_t rounds = 0;
  for (std::uint64_t seed = base; seed < base + 10; ++seed) rounds += CheckAgreement(seed);
  CHECK(rounds > 0);  // else the test shows nothing
}

TEST_CASE(
    "receipts that pass 63 bits together are traced, as long as what was asked and what came round fit") {
  constexpr std::int64_t kHalf = std::int64_t{1} << 62;
  World w;
  const auto look = [&] {
    query::View view;
    view.rows = &w.state();
    view.checkpoint.set_size(w.next());
    return view;
  };
  query::TraceQuestion question;
  question.party = "ministry";
  Need(w.Do({Fund("tents", "root"), Pay("donor", "ministry", kHalf)}).status());
  Need(w.Do({Reclassify("ministry", "school", kHalf)}).status());
  for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    INFO(direction);
    question.direction = direction;
    const query::View now = look();
    const auto answer = Need(query::Trace(now, question));
    REQUIRE(answer.assets_size() == 1);
    CHECK(answer.assets(0).asked() == kHalf);
    CHECK(answer.assets(0).came_round() == kHalf);
    CHECK((direction == v1::DIRECTION_FROM ? answer.assets(0).held() : answer.assets(0).brought_in()) ==
          kHalf);
    CheckKinds(answer.assets(0));
  }
  // Once more round, and it passes 63 bits itself; of one fund it is still answered.
  v1::Action again = Reclassify("ministry", "tents", kHalf);
  again.mutable_transfer()->set_fund("school");
  Need(w.Do({again}).status());
  const query::View now = look();
  for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    INFO(direction);
    question.direction = direction;
    question.fund.clear();
    CHECK(query::Trace(now, question).status().code() == absl::StatusCode::kOutOfRange);
    question.fund = "school";
    CHECK(Need(query::Trace(now, question)).assets(0).asked() == kHalf);
  }
}

// What the coins say of a part of a sum: how much, and how much of it is committed.
struct Part {
  std::int64_t amount = 0;
  std::int64_t committed = 0;
  bool operator==(const Part&) const = default;
  void Add(bool is_committed) {
    ++amount;
    committed += is_committed ? 1 : 0;
  }
};
std::ostream& operator<<(std::ostream& out, const Part& part) {
  return out << part.amount << " of it " << part.committed;
}
using Parts = std::map<std::pair<int, std::string>, Part>;  // kind of end, party

v1::EndKind ForwardKind(const Game& game, const std::string& party) {
  if (party == "hamlet") return v1::END_KIND_ENDS_HERE;
  const v1::Role role = game.coins.roles.at(party);
  return role == v1::ROLE_RECIPIENT ? v1::END_KIND_REACHED
         : role == v1::ROLE_SOURCE  ? v1::END_KIND_RETURNED
                                    : v1::END_KIND_HELD;
}

Parts PartsOf(const v1::TraceAnswer& answer) {
  Parts parts;
  for (const auto& trace : answer.assets()) {
    for (const auto& end : trace.ends()) {
      Part& part = parts[{end.kind(), end.account().party()}];
      part.amount += end.amount();
      part.committed += end.committed();
    }
  }
  return parts;
}

TEST_CASE("each end says what it is and how much of it is committed, as the coins do") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  Game game(seed, false);
  const query::View view = game.view();
  const Ways ways(game.coins);
  const auto committed = [&](RefKey ref) { return game.made.at(ref).stage() == v1::STAGE_COMMITTED; };
  for (const auto& [ref, transfer] : game.coins.transfers) {
    INFO("transfer " << ref.first << "." << ref.second);
    std::set<std::uint64_t> ids;
    for (const std::size_t position : transfer.arrived)
      ids.insert(game.coins.lines.at(transfer.to)[position].id);
    Parts forward, backward;
    for (const auto& [account, line] : game.coins.lines) {
      for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at].drawn || ids.count(line[at].id) == 0) continue;
        const std::string& party = std::get<0>(account);
        forward[{ForwardKind(game, party), party}].Add(committed(ways.arrived.at({account, at})));
      }
    }
    for (const std::uint64_t id : ids) {
      const RefKey mint = ways.minted.at(id);
      const std::string& source = game.made.at(mint).from();
      const auto kind = source == model::kUnrecorded ? v1::END_KIND_UNRECORDED : v1::END_KIND_BROUGHT_IN;
      backward[{kind, source}].Add(committed(mint));
    }
    query::TraceQuestion question;
    question.ref = TransferRef{RecordIndex(ref.first), ref.second};
    question.want_paths = true;
    const auto from = Need(query::Trace(view, question));
    question.direction = v1::DIRECTION_TO;
    const auto to = Need(query::Trace(view, question));
    REQUIRE(PartsOf(from) == forward);
    REQUIRE(PartsOf(to) == backward);
    for (const auto* answer : {&from, &to}) {
      const v1::AssetTrace& trace = answer->assets(0);
      CheckKinds(trace);
      REQUIRE(trace.committed().asked() == (committed(ref) ? trace.asked() : 0));
      REQUIRE(trace.has_committed() == (trace.committed().ByteSizeLong() > 0));
      REQUIRE(trace.tree(0).committed() == trace.committed().asked());
      REQUIRE(trace.came_round() == 0);
      std::map<int, Part> ends, on_paths;
      for (const auto& end : trace.ends()) {
        ends[end.kind()].amount += end.amount();
        ends[end.kind()].committed += end.committed();
      }
      for (const auto& path : trace.paths()) {
        on_paths[path.end().kind()].amount += path.amount();
        on_paths[path.end().kind()].committed += path.end().committed();
      }
      REQUIRE(on_paths == ends);
    }
  }
}

TEST_CASE("a balance says how much of each sum is committed, as the coins do") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  Game game(seed, false);
  const Ways ways(game.coins);
  const auto committed = [&](RefKey ref) { return game.made.at(ref).stage() == v1::STAGE_COMMITTED; };
  for (const auto& party : kPlayers) {
    INFO(party);
    const auto answer = Need(query::Balance(game.view(), BalanceOf(party)));
    for (const auto& line : answer.lines()) {
      const AccountKey account(party, line.account().fund(), line.account().asset());
      Part received, drawn, held;
      const auto& coins = game.coins.lines.at(account);
      for (std::size_t at = 0; at < coins.size(); ++at) {
        const auto arrived = ways.arrived.find({account, at});
        const RefKey ref = arrived == ways.arrived.end() ? ways.minted.at(coins[at].id) : arrived->second;
        received.Add(committed(ref));
        if (!coins[at].drawn) held.Add(committed(ref));
      }
      for (const auto& [ref, transfer] : game.coins.transfers) {
        if (transfer.from != account) continue;
        for (std::size_t i = 0; i < transfer.drawn.size(); ++i) drawn.Add(committed(ref));
      }
      REQUIRE(received == Part{line.received(), line.committed_received()});
      REQUIRE(drawn == Part{line.drawn(), line.committed_drawn()});
      REQUIRE(held == Part{line.held(), line.committed_held()});
    }
  }
}

TEST_CASE("what is held of a commitment is as of a record too, and is not told as of a day") {
  World world;
  Need(world.Do({Committed(Pay("donor", "ministry", 100)), Pay("donor", "ministry", 40)}).status());  // 2
  Need(world.Do({Pay("ministry", "county", 70)}).status());                                           // 3
  query::View view;
  view.rows = &world.state();
  view.checkpoint.set_size(world.next());
  const auto line = [&](const v1::BalanceRequest& request) {
    return Need(query::Balance(view, request)).lines(0);
  };
  CHECK(line(BalanceOf("ministry")).committed_received() == 100);
  CHECK(line(BalanceOf("ministry")).committed_drawn() == 0);
  CHECK(line(BalanceOf("ministry")).committed_held() == 30);
  CHECK(line(AsOfRecord(BalanceOf("ministry"), 2)).committed_held() == 100);
  const auto on_day = line(AsOfDate(BalanceOf("ministry"), "2026-03-01"));
  CHECK(on_day.committed_received() == 100);
  CHECK_FALSE(on_day.has_committed_held());
}

}  // namespace
}  // namespace fundtrail::testing
