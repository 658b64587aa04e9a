// Parties that are one body: whom each stands under, against labels that are moved by hand; and the answers that count them together,
// against the same answers without, added up by hand.
#include "ledger/query/joins.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/query/balance.h"
#include "ledger/query/flows_by.h"
#include "ledger/query/idle.h"
#include "ledger/query/list.h"
#include "ledger/query/participation.h"
#include "ledger/query/party_sums.h"
#include "ledger/query/series.h"
#include "ledger/query/statement.h"
#include "ledger/query/summary.h"
#include "ledger/query/top.h"
#include "ledger/query/trace.h"
#include "tests/support/ledgers.h"
#include "tests/support/money_game.h"
#include "tests/support/pages.h"
#include "tests/support/questions.h"

namespace fundtrail::testing {
namespace {

v1::Action Join(const std::string& id, const std::string& party, const std::string& under) {
  v1::Action action;
  auto* join = action.mutable_join_parties();
  join->set_id(id);
  join->set_party(party);
  join->set_under(under);
  join->set_why(v1::JoinParties::WHY_SAME);
  return action;
}

query::View ViewOf(const Books& books) {
  query::View view;
  view.rows = &books.state();
  view.checkpoint.set_size(books.next());
  return view;
}

query::Joins JoinsOf(const Books& books, query::AsOfRecord as_of = std::nullopt) {
  const query::View view = ViewOf(books);
  return Need(query::Joins::Read(view, true, as_of));
}

// By hand: the label of each party.
struct Labels {
  std::map<std::string, std::string> of;
  std::string At(const std::string& party) const {
    const auto found = of.find(party);
    return found == of.end() ? party : found->second;
  }
  void Join(const std::vector<std::string>& all, const std::string& party, const std::string& under) {
    const std::string before = At(party), after = At(under);
    for (const std::string& each : all)
      if (At(each) == before) of[each] = after;
  }
};

const std::vector<std::string> kAll = {"donor",   "unrecorded", "ministry", "county", "charity",
                                       "village", "hamlet",     "other",    "root"};

TEST_CASE("who stands under whom follows from the joins in force, in the order in which they were opened") {
  World w;
  Need(w.Do({Party("unrecorded", "root", v1::ROLE_SOURCE), Party("hamlet", "root"), Party("other", "root")})
           .status());
  const std::uint64_t seed = GENERATE(take(3, random(1, 1'000'000)));
  INFO("seed " << seed);
  std::mt19937_64 chance(seed);
  std::vector<std::tuple<std::string, std::string, std::uint64_t>> joins;
  for (int i = 0; i < 12; ++i) {
    const std::string party = kAll[chance() % kAll.size()], under = kAll[chance() % kAll.size()];
    if (party == under) continue;
    joins.emplace_back(party, under, w.next());
    Need(w.Do({Join("join-" + std::to_string(w.next()), party, under)}).status());
  }
  // One of them is taken back.
  const auto [gone, under_gone, gone_record] = joins[chance() % joins.size()];
  const std::uint64_t before = w.next() - 1;
  Need(w.Do({End("join", "join-" + std::to_string(gone_record), gone_record)}).status());
  for (const bool now : {true, false}) {
    Labels labels;
    for (const auto& [party, under, record] : joins)
      if (!now || record != gone_record) labels.Join(kAll, party, under);
    const query::Joins read = JoinsOf(w, now ? query::AsOfRecord() : before);
    for (const std::string& party : kAll) {
      INFO(party << (now ? ", now" : ", before"));
      CHECK(read.StandingFor(party) == labels.At(party));
      std::vector<std::string> together{labels.At(party)};
      std::set<std::string> rest;
      for (const std::string& other : kAll)
        if (other != together.front() && labels.At(other) == together.front()) rest.insert(other);
      together.insert(together.end(), rest.begin(), rest.end());
      CHECK(read.Together(party) == together);
    }
  }
  // Whoever does not ask for it joins nobody.
  const query::View view = ViewOf(w);
  CHECK(Need(query::Joins::Read(view, false, std::nullopt)).empty());
}

TEST_CASE("an answer says who is counted under whom, and by which record") {
  World w;
  Need(w.Do({Pay("donor", "ministry", 100), Pay("donor", "charity", 40)}).status());  // 2
  const std::uint64_t first = w.next();
  Need(w.Do({Join("a", "charity", "county")}).status());
  Need(w.Do({Join("b", "county", "ministry")}).status());
  const query::View view = ViewOf(w);
  v1::BalanceRequest request = BalanceOf("county");
  CHECK(Need(query::Balance(view, request)).lines().empty());
  request.set_joined(true);
  const auto answer = Need(query::Balance(view, request));
  REQUIRE(answer.lines_size() == 1);
  CHECK(answer.lines(0).account().party() == "ministry");
  CHECK(answer.lines(0).account().party_name() == "Party ministry");
  CHECK(answer.lines(0).received() == 140);
  CHECK(answer.lines(0).spendable() == 140);
  REQUIRE(answer.joined_size() == 2);
  CHECK(answer.joined(0).ShortDebugString() ==
        "party: \"charity\" party_name: \"Party charity\" under: \"ministry\" join: \"a\" record: " +
            std::to_string(first));
  CHECK(answer.joined(1).ShortDebugString() ==
        "party: \"county\" party_name: \"Party county\" under: \"ministry\" join: \"b\" record: " +
            std::to_string(first + 1));
  // As of a record, by the joins of then.
  CHECK(Need(query::Balance(view, AsOfRecord(request, first))).lines(0).received() == 40);
  request.set_party("nobody");
  CHECK(absl::IsNotFound(query::Balance(view, request).status()));
  v1::TopRequest top;
  top.set_joined(true);
  // The party that stands for others has no account of its own in this asset, and one that is a recipient counts under a holder.
  Need(w.Do({Join("c", "village", "county"), Pay("charity", "village", 10)}).status());
  const query::View later = ViewOf(w);
  const auto ranked = Need(Whole(query::Top(later, top, {})));
  REQUIRE(ranked.lines_size() == 2);
  CHECK(ranked.lines(0).party() == "ministry");
  CHECK(ranked.lines(0).role() == v1::ROLE_HOLDER);
  CHECK(ranked.lines(0).sums().received() == 140);
  CHECK(ranked.lines(0).sums().moved() == 10);
  CHECK(ranked.lines(0).sums().held() == 130);
  CHECK(ranked.lines(0).sums().reached() == 10);
  CHECK(ranked.joined_size() == 3);
  // So it is by the movements of the three alone: what a recipient got has reached it, whoever stands for it.
  const auto own =
      Need(query::SumsOfParties(later, {"ministry", "charity", "county", "village"}, std::nullopt));
  REQUIRE(own.assets.size() == 1);
  CHECK(Need(query::ToMessage(own.assets[0].sums)).ShortDebugString() ==
        ranked.lines(0).sums().ShortDebugString());
  CHECK(own.assets[0].between == 10);
  request.set_party("village");
  const auto mixed = Need(query::Balance(later, request)).lines(0);
  CHECK(mixed.held() == 140);
  CHECK(mixed.between() == 10);
  CHECK_FALSE(mixed.has_spendable());
}

// --- answers on random ledgers -------------------------------------------------------------------------------

struct JoinedGame {
  Game game;
  Labels labels;

  explicit JoinedGame(std::uint64_t seed) : game(seed, false, true) {
    for (int i = 0; i < 4; ++i) {
      const std::string party = game.Any(kAll), under = game.Any(kAll);
      if (party == under) continue;
      labels.Join(kAll, party, under);
      Need(game.world.Do({Join("join-" + std::to_string(i), party, under)}).status());
    }
    view = game.view();
  }
  // Not copied: the view looks into the game.
  JoinedGame(const JoinedGame&) = delete;
  bool Inside(const v1::Transfer& transfer) const {
    return labels.At(transfer.from()) == labels.At(transfer.to());
  }

  query::View view;
};

void CheckTop(const JoinedGame& joined) {
  v1::TopRequest request;
  const auto apart = Need(Whole(query::Top(joined.view, request, {})));
  request.set_joined(true);
  const auto together = Need(Whole(query::Top(joined.view, request, {})));
  std::map<std::string, v1::MoneySums> sums;
  for (const auto& line : apart.lines()) {
    v1::MoneySums& sum = sums[joined.labels.At(line.party())];
    sum.set_brought_in(sum.brought_in() + line.sums().brought_in());
    sum.set_held(sum.held() + line.sums().held());
    sum.set_reached(sum.reached() + line.sums().reached());
    sum.set_ends_here(sum.ends_here() + line.sums().ends_here());
    sum.set_returned(sum.returned() + line.sums().returned());
  }
  for (const auto& [ref, transfer] : joined.game.made) {
    const bool inside = joined.Inside(transfer);
    v1::MoneySums& from = sums[joined.labels.At(transfer.from())];
    v1::MoneySums& to = sums[joined.labels.At(transfer.to())];
    if (inside) from.set_moved(from.moved() + transfer.amount());
    if (!inside) from.set_paid(from.paid() + transfer.amount());
    if (!inside) to.set_received(to.received() + transfer.amount());
  }
  REQUIRE(together.lines_size() == static_cast<int>(sums.size()));
  for (const auto& line : together.lines()) {
    INFO(line.party());
    REQUIRE(sums.count(line.party()) == 1);
    const v1::MoneySums& sum = sums[line.party()];
    CHECK(line.sums().brought_in() == sum.brought_in());
    CHECK(line.sums().received() == sum.received());
    CHECK(line.sums().paid() == sum.paid());
    CHECK(line.sums().moved() == sum.moved());
    CHECK(line.sums().held() == sum.held());
    CHECK(line.sums().reached() == sum.reached());
    CHECK(line.sums().ends_here() == sum.ends_here());
    CHECK(line.sums().returned() == sum.returned());
  }
  // What one joined party paid another is paid and received apart, and moved together.
  const v1::MoneySums &all = together.totals(0).all().sums(), &one_by_one = apart.totals(0).all().sums();
  CHECK(all.brought_in() == one_by_one.brought_in());
  CHECK(all.held() == one_by_one.held());
  CHECK(all.reached() == one_by_one.reached());
  CHECK(all.ends_here() == one_by_one.ends_here());
  CHECK(all.returned() == one_by_one.returned());
  CHECK(all.paid() + all.moved() == one_by_one.paid() + one_by_one.moved());
  // In pages of one line, too.
  query::Paging one;
  one.limit = 1;
  int read = 0;
  do {
    const auto page = Need(Whole(query::Top(joined.view, request, one)));
    REQUIRE(page.lines_size() == 1);
    CHECK(page.lines(0).SerializeAsString() == together.lines(read++).SerializeAsString());
    one.after = page.next();
  } while (!one.after.empty());
  CHECK(read == together.lines_size());
}

// What is added up from the movements of joined parties alone is what Top has of them, in each field.
void CheckSumsOfParties(const JoinedGame& joined) {
  const std::uint64_t newest = joined.view.checkpoint.size() - 1;
  for (const query::AsOfRecord as_of : {query::AsOfRecord(), query::AsOfRecord(newest)}) {
    const query::Joins joins = Need(query::Joins::Read(joined.view, true, as_of));
    v1::TopRequest request;
    request.set_joined(true);
    if (as_of.has_value()) request.set_as_of(*as_of);
    std::map<std::string, std::map<std::string, std::string>> ranked;  // by party and asset
    const auto top = Need(Whole(query::Top(joined.view, request, {})));
    for (const auto& line : top.lines()) ranked[line.party()][line.asset()] = line.sums().ShortDebugString();
    REQUIRE(!ranked.empty());
    for (const std::string& party : kAll) {
      INFO(party);
      const auto own = Need(query::SumsOfParties(joined.view, joins.Together(party), as_of));
      std::map<std::string, std::string> sums;
      for (const query::PartyAssetSums& of : own.assets)
        sums[of.asset] = Need(query::ToMessage(of.sums)).ShortDebugString();
      Wide between = 0, paid_between = 0;
      for (const query::PartyAssetSums& of : own.assets) between += of.between;
      for (const auto& [ref, transfer] : joined.game.made)
        if (transfer.from() != transfer.to() && joined.Inside(transfer) &&
            joined.labels.At(party) == joined.labels.At(transfer.to()))
          paid_between += transfer.amount();
      CHECK(between == paid_between);
      CHECK(sums == ranked[joins.StandingFor(party)]);
    }
  }
}

void CheckFlowsBy(const JoinedGame& joined) {
  v1::FlowsByRequest request;
  const auto apart = Need(query::FlowsBy(joined.view, request));
  request.set_joined(true);
  const auto together = Need(query::FlowsBy(joined.view, request));
  // Paid, moved, sent back, committed, withdrawn.
  using Sums = std::array<std::int64_t, 5>;
  std::map<std::pair<std::string, std::string>, Sums> by_hand, answered;
  const auto add = [](const v1::LogMoney& money, bool inside, Sums* sums) {
    (*sums)[inside ? 1 : 0] += money.paid().amount();
    (*sums)[1] += money.moved().amount();
    (*sums)[2] += money.sent_back().amount();
    (*sums)[3] += money.committed().amount();
    (*sums)[4] += money.withdrawn().amount();
  };
  for (const auto& line : apart.lines()) {
    const std::pair key(joined.labels.At(line.from()), joined.labels.At(line.to()));
    add(line.money(), key.first == key.second, &by_hand[key]);
  }
  for (const auto& line : together.lines()) {
    REQUIRE(answered.count({line.from(), line.to()}) == 0);
    add(line.money(), false, &answered[{line.from(), line.to()}]);
  }
  CHECK(answered == by_hand);
}

// Money of holders, by the party that it counts under, fund and asset: held, committed, and each age.
void CheckIdle(const JoinedGame& joined) {
  using Held = std::array<std::int64_t, 7>;
  const auto add = [](const v1::IdleLine& line, Held* sum) {
    const v1::HeldAges& ages = line.ages();
    const Held more{line.held(),
                    line.committed(),
                    ages.under_90_days(),
                    ages.under_1_year(),
                    ages.under_2_years(),
                    ages.over_2_years(),
                    static_cast<std::int64_t>(line.accounts())};
    for (std::size_t i = 0; i < more.size(); ++i) (*sum)[i] += more[i];
  };
  v1::IdleRequest request;
  request.set_on("2026-06-01");
  for (const auto of : {v1::IdleRequest::OF_ACCOUNT, v1::IdleRequest::OF_PARTY}) {
    request.set_of(of);
    request.set_joined(false);
    const auto apart = Need(Whole(query::Idle(joined.view, request, {})));
    request.set_joined(true);
    const auto together = Need(Whole(query::Idle(joined.view, request, {})));
    std::map<std::pair<std::string, std::string>, Held> by_hand, answered;
    for (const auto& line : apart.lines())
      add(line, &by_hand[{joined.labels.At(line.account().party()), line.account().fund()}]);
    for (const auto& line : together.lines()) {
      REQUIRE(answered.count({line.account().party(), line.account().fund()}) == 0);
      add(line, &answered[{line.account().party(), line.account().fund()}]);
    }
    CHECK(answered == by_hand);
    CHECK(together.in_all() == static_cast<std::uint64_t>(together.lines_size()));
    for (const std::string& party : kAll) {
      v1::IdleRequest one = request;
      one.set_party(party);
      const auto answer = Need(Whole(query::Idle(joined.view, one, {})));
      std::map<std::pair<std::string, std::string>, Held> its, expected;
      for (const auto& line : answer.lines())
        add(line, &its[{line.account().party(), line.account().fund()}]);
      for (const auto& [key, held] : by_hand)
        if (key.first == joined.labels.At(party)) expected[key] = held;
      CHECK(its == expected);
    }
  }
}

// Sources by the party that they count under. What came from `unrecorded`, or counts under it, has no source.
void CheckParticipation(const JoinedGame& joined) {
  const auto ranked = Need(Whole(query::Top(joined.view, v1::TopRequest(), {})));
  std::map<std::string, std::int64_t> by_hand;
  std::int64_t unrecorded = 0;
  for (const auto& line : ranked.lines()) {
    if (line.sums().brought_in() == 0) continue;
    const std::string standing = joined.labels.At(line.party());
    const bool known = line.party() != "unrecorded" && standing != "unrecorded";
    (known ? by_hand[standing] : unrecorded) += line.sums().brought_in();
  }
  v1::ParticipationRequest request;
  request.set_joined(true);
  const auto answer = Need(query::Participation(joined.view, request));
  REQUIRE(answer.assets_size() == 1);
  const v1::AssetParticipation& line = answer.assets(0);
  CHECK(line.sources() == by_hand.size());
  CHECK(line.unrecorded() == unrecorded);
  std::int64_t brought = 0, largest = 0;
  for (const auto& [party, amount] : by_hand) {
    brought += amount;
    largest = std::max(largest, amount);
  }
  CHECK(line.brought() == brought);
  CHECK(line.largest_brought() == largest);
  if (largest > 0) CHECK(by_hand.at(line.largest()) == largest);
}

using AccountKeyInFund = std::pair<std::string, std::string>;  // fund and asset: no game has projects

void CheckAccounts(const JoinedGame& joined, const std::string& party) {
  INFO(party);
  const std::string standing = joined.labels.At(party);
  std::vector<std::string> together{standing};
  for (const std::string& other : std::set<std::string>(kAll.begin(), kAll.end()))
    if (other != standing && joined.labels.At(other) == standing) together.push_back(other);
  std::map<AccountKeyInFund, std::array<std::int64_t, 6>> by_hand;
  std::int64_t there = 0;
  for (const std::string& each : together) {
    for (const auto balance = Need(query::Balance(joined.view, BalanceOf(each)));
         const auto& line : balance.lines()) {
      auto& sum = by_hand[{line.account().fund(), line.account().asset()}];
      sum[0] += line.received();
      sum[1] += line.drawn();
      sum[2] += line.held();
      sum[3] += line.minted();
      sum[4] += line.committed_held();
      there += line.held();
    }
  }
  for (const auto& [ref, transfer] : joined.game.made) {
    const std::string to_fund = transfer.to_fund().empty() ? transfer.fund() : transfer.to_fund();
    if (joined.labels.At(transfer.to()) == standing && joined.Inside(transfer) &&
        transfer.from() != transfer.to())
      by_hand[{to_fund, transfer.asset()}][5] += transfer.amount();
  }
  v1::BalanceRequest request = BalanceOf(party);
  request.set_joined(true);
  const auto answer = Need(query::Balance(joined.view, request));
  REQUIRE(answer.lines_size() == static_cast<int>(by_hand.size()));
  for (const auto& line : answer.lines()) {
    CHECK(line.account().party() == standing);
    CHECK(by_hand[{line.account().fund(), line.account().asset()}] ==
          std::array<std::int64_t, 6>{line.received(), line.drawn(), line.held(), line.minted(),
                                      line.committed_held(), line.between()});
  }
  CHECK(answer.joined_size() == static_cast<int>(together.size()) - 1);
  v1::SeriesRequest by_year;
  by_year.set_party(party);
  by_year.set_by(v1::SeriesRequest::BY_YEAR);
  by_year.set_joined(true);
  const auto series = Need(query::Series(joined.view, by_year));
  CHECK(series.party() == standing);
  if (!series.lines().empty()) {
    const v1::MoneySums& last = series.lines().rbegin()->sums().sums();
    CHECK(last.held() + last.reached() + last.ends_here() + last.returned() == there);
  }
}

using Ends = std::map<std::tuple<int, std::string, std::string>, std::int64_t>;
using AccountFlows = std::map<std::array<std::string, 4>, std::pair<std::int64_t, std::uint64_t>>;

Ends EndsOf(const v1::AssetTrace& trace, const Labels& labels) {
  Ends ends;
  for (const auto& end : trace.ends())
    ends[{end.kind(), labels.At(end.account().party()), end.account().fund()}] += end.amount();
  return ends;
}

AccountFlows FlowsOf(const v1::AssetTrace& trace, const Labels& labels) {
  AccountFlows flows;
  for (const auto& flow : trace.flows()) {
    auto& sum = flows[{labels.At(flow.from().party()), flow.from().fund(), labels.At(flow.to().party()),
                       flow.to().fund()}];
    sum.first += flow.amount();
    sum.second += flow.transfers();
  }
  return flows;
}

// No two branches below one are of one account, and each adds up.
void CheckTree(const google::protobuf::RepeatedPtrField<v1::TraceNode>& nodes) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& node : nodes) {
    REQUIRE(seen.emplace(node.account().party(), node.account().fund()).second);
    std::int64_t sum = node.cut();
    for (const auto& end : node.ends()) sum += end.amount();
    for (const auto& child : node.children()) sum += child.amount();
    REQUIRE(sum == node.amount());
    CheckTree(node.children());
  }
}

void CheckTraces(const JoinedGame& joined) {
  for (const auto& [ref, transfer] : joined.game.made) {
    for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
      INFO("transfer " << ref.first << "." << ref.second << ", direction " << direction);
      query::TraceQuestion question;
      question.ref = TransferRef{RecordIndex(ref.first), ref.second};
      question.direction = direction;
      question.hops = 3;
      const auto apart = Need(query::Trace(joined.view, question));
      question.joined = true;
      const auto together = Need(query::Trace(joined.view, question));
      REQUIRE(together.assets_size() == 1);
      const v1::AssetTrace& trace = together.assets(0);
      // What is added up by hand is what is answered, and there it stands once.
      REQUIRE(EndsOf(trace, {}) == EndsOf(apart.assets(0), joined.labels));
      REQUIRE(static_cast<int>(EndsOf(trace, {}).size()) == trace.ends_size());
      REQUIRE(FlowsOf(trace, {}) == FlowsOf(apart.assets(0), joined.labels));
      REQUIRE(static_cast<int>(FlowsOf(trace, {}).size()) == trace.flows_size());
      CheckTree(trace.tree());
      REQUIRE(trace.layers_size() == apart.assets(0).layers_size());
      for (const auto& each : together.joined()) REQUIRE(joined.labels.At(each.party()) == each.under());
    }
  }
}

TEST_CASE("answers count joined parties together, as the same answers do that are added up by hand") {
  const std::uint64_t seed = GENERATE(take(4, random(1, 1'000'000)));
  INFO("seed " << seed);
  const JoinedGame joined(seed);
  CheckTop(joined);
  CheckSumsOfParties(joined);
  CheckFlowsBy(joined);
  CheckIdle(joined);
  CheckParticipation(joined);
  for (const std::string& party : kAll) CheckAccounts(joined, party);
  CheckTraces(joined);
}

TEST_CASE(
    "a trace of a party that is joined asks about the accounts of all, and names them as they are counted") {
  World w;
  Need(w.Do({Pay("donor", "ministry", 100), Pay("donor", "county", 50)}).status());    // 2
  Need(w.Do({Pay("ministry", "county", 30), Pay("county", "charity", 60)}).status());  // 3
  Need(w.Do({Join("twice", "county", "ministry")}).status());                          // 4
  const query::View view = ViewOf(w);
  v1::TraceRequest request;
  request.set_direction(v1::DIRECTION_FROM);
  request.set_party("county");
  request.set_tree(true);
  request.set_paths(true);
  request.set_joined(true);
  const auto answer = Need(query::Trace(view, request));
  CHECK(answer.question() == "Where the money of Party ministry went");
  REQUIRE(answer.assets_size() == 1);
  const v1::AssetTrace& trace = answer.assets(0);
  // What one of them paid the other came round again.
  CHECK(trace.asked() == 150);
  CHECK(trace.came_round() == 30);
  CHECK(trace.held() == 150);
  REQUIRE(trace.ends_size() == 2);
  CHECK(trace.ends(0).account().party() == "ministry");
  CHECK(trace.ends(0).amount() == 90);
  CHECK(trace.ends(1).account().party() == "charity");
  REQUIRE(trace.tree_size() == 1);
  CHECK(trace.tree(0).amount() == 150);
  // A path says who had the money by the record.
  std::set<std::string> on_paths;
  for (const auto& path : trace.paths())
    for (const auto& step : path.steps()) on_paths.insert(step.account().party());
  CHECK(on_paths == std::set<std::string>{"ministry", "county", "charity"});
  REQUIRE(answer.joined_size() == 1);
  CHECK(answer.joined(0).party() == "county");
  CHECK(answer.joined(0).record() == 4);
  request.set_as_of(3);
  const auto before = Need(query::Trace(view, request));
  CHECK(before.assets(0).asked() == 80);
  CHECK(before.joined().empty());
}

// Payments at random between the parties of a small ledger, of which some are joined.
struct PayingLedger {
  static constexpr std::uint64_t kPayments = 60;
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  Labels labels;
  std::vector<v1::Transfer> made;  // record 1 has the first
  const std::vector<std::string> parties = {"donor", "ministry", "village", "county", "charity"};

  explicit PayingLedger(std::uint64_t seed) {
    Need(crypto::Init());
    ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    std::mt19937_64 random(seed);
    Append(1, {Party("county", "root"), Party("charity", "root")});
    for (std::uint64_t i = 0; i < kPayments; ++i) {
      const std::string& to = parties[1 + random() % 4];
      const bool gift = i < 8 || random() % 3 == 0;
      v1::Action pay = Pay(gift ? "donor" : parties[std::array<std::size_t, 3>{1, 3, 4}[random() % 3]], to,
                           static_cast<std::int64_t>(1 + random() % 9));
      if (!Try(100 + i, {pay})) continue;
      made.push_back(pay.transfer());
    }
    for (std::uint64_t i = 0; i < 2; ++i) {
      const std::string &party = parties[random() % 5], &under = parties[random() % 5];
      if (party == under) continue;
      labels.Join(parties, party, under);
      Append(10 + i, {Join("join-" + std::to_string(i), party, under)});
    }
    view = Need(query::MakeView(ledger->store()));
  }
  bool Try(std::uint64_t id, const std::vector<v1::Action>& actions) {
    return ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock.Read()).ok();
  }
  void Append(std::uint64_t id, const std::vector<v1::Action>& actions) { REQUIRE(Try(id, actions)); }

  query::View view;
};

TEST_CASE("a list of joined parties has the payments of each, once and in the order of the log") {
  const std::uint64_t seed = GENERATE(take(4, random(1, 1'000'000)));
  INFO("seed " << seed);
  const PayingLedger paying(seed);
  REQUIRE(paying.made.size() > 20);
  for (const std::string& party : paying.parties) {
    INFO(party);
    const std::string label = paying.labels.At(party);
    std::vector<std::string> expected;
    std::map<std::string, std::uint64_t> values;  // of the facet of parties
    for (const v1::Transfer& transfer : paying.made) {
      const std::string from = paying.labels.At(transfer.from()), to = paying.labels.At(transfer.to());
      if (from != label && to != label) continue;
      expected.push_back(transfer.SerializeAsString());
      for (const std::string& each : std::set<std::string>{from, to}) ++values[each];
    }
    v1::ListRequest request;
    request.set_party(party);
    request.set_joined(true);
    request.set_facets(100);
    const auto whole = Need(Whole(query::List(paying.view, request, query::PagingOf(request))));
    std::vector<std::string> listed;
    for (const auto& line : whole.transfers()) listed.push_back(line.transfer().SerializeAsString());
    CHECK(listed == expected);
    CHECK(whole.facets().fit() == expected.size());
    for (const auto& value : whole.facets().facets(0).values())
      CHECK(value.transfers() == values[value.value()]);
    for (const auto& each : whole.joined()) CHECK(paying.labels.At(each.party()) == each.under());
    // Two by two, each part says how many there are in all.
    request.set_limit(2);
    listed.clear();
    std::string next;
    do {
      const auto part = Need(Whole(query::List(paying.view, request, query::PagingOf(request))));
      CHECK(part.in_all() == expected.size());
      for (const auto& line : part.transfers()) {
        listed.push_back(line.transfer().SerializeAsString());
        *request.mutable_after() = line.ref();
      }
      next = part.next();
    } while (!next.empty());
    CHECK(listed == expected);
  }
  // At a glance, the bodies that Top ranks.
  v1::SummaryRequest glance;
  glance.set_joined(true);
  glance.set_top(100);
  const auto summary = Need(query::Summary(paying.view, glance));
  v1::TopRequest ranks;
  ranks.set_joined(true);
  const auto top = Need(Whole(query::Top(paying.view, ranks, {})));
  std::set<std::string> donors, recipients, told_donors, told_recipients;
  for (const auto& line : top.lines()) {
    const v1::MoneySums& sums = line.sums();
    if (sums.brought_in() > 0) donors.insert(line.SerializeAsString());
    const std::int64_t there = sums.held() + sums.reached() + sums.ends_here() + sums.returned();
    if (line.role() == v1::ROLE_RECIPIENT && there > 0) recipients.insert(line.SerializeAsString());
  }
  for (const auto& line : summary.assets(0).donors()) told_donors.insert(line.SerializeAsString());
  for (const auto& line : summary.assets(0).recipients()) told_recipients.insert(line.SerializeAsString());
  CHECK(told_donors == donors);
  CHECK(told_recipients == recipients);
  CHECK(summary.joined_size() == top.joined_size());
}

TEST_CASE("as of a record, a list goes by the joins of then, and an unknown party is not there") {
  TestClock clock;
  Need(crypto::Init());
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto append = [&](std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock.Read()).status());
  };
  append(1, {Pay("donor", "ministry", 500)});
  append(2, {Pay("ministry", "village", 120)});
  append(3, {Join("twice", "village", "donor")});
  append(4, {Pay("ministry", "village", 20)});
  const query::View view = Need(query::MakeView(ledger->store()));
  v1::ListRequest request;
  request.set_party("village");
  request.set_joined(true);
  const auto count = [&] {
    return Need(Whole(query::List(view, request, query::PagingOf(request)))).transfers_size();
  };
  CHECK(count() == 3);
  request.set_as_of(2);
  CHECK(count() == 1);
  request.set_as_of(3);
  CHECK(count() == 2);
  request.set_joined(false);
  CHECK(count() == 1);
  request.set_party("nobody");
  CHECK(absl::IsNotFound(query::List(view, request, {}).status()));
}

TEST_CASE("a statement of joined parties has those of each, one after another, under its own names") {
  TestClock clock;
  Need(crypto::Init());
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto append = [&](std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock.Read()).status());
  };
  append(1, {Pay("donor", "ministry", 500)});
  append(2, {Pay("ministry", "village", 120), Pay("ministry", "village", 30)});
  append(3, {Returning(Pay("village", "ministry", 20), Ref(2, 1))});
  append(4, {Join("twice", "village", "ministry")});
  const query::View view = Need(query::MakeView(ledger->store()));
  v1::StatementRequest request;
  std::string apart;
  for (const char* party : {"ministry", "village"}) {
    request.set_party(party);
    const auto answer = Need(Whole(query::Statement(view, request, {})));
    REQUIRE(answer.statements_size() == 1);
    apart += answer.statements(0).SerializeAsString();
  }
  request.set_joined(true);
  for (const char* party : {"ministry", "village"}) {
    request.set_party(party);
    for (const std::uint32_t parts : {1U, 1'000U}) {  // in pages, too
      query::Paging pages;
      pages.page_parts = parts;
      const auto answer = Need(Whole(query::Statement(view, request, pages)));
      std::string together;
      for (const auto& one : answer.statements()) together += one.SerializeAsString();
      CHECK(together == apart);
      REQUIRE(answer.joined_size() == 1);
      CHECK(answer.joined(0).party() == "village");
      CHECK(answer.joined(0).under() == "ministry");
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
