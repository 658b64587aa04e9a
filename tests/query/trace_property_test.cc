// Traces of random ledgers against coins that are followed by hand (tests/books/coins.h). They say where the very
// coins of a receipt are now, who brought them in, and what passed between whom.
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "google/protobuf/util/json_util.h"
#include "ledger/model/references.h"
#include "ledger/query/trace.h"
#include "tests/books/coins.h"
#include "tests/support/counting_reader.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

using Ends = std::map<std::pair<int, std::string>, std::int64_t>;              // kind, party
using FlowSums = std::map<std::pair<std::string, std::string>, std::int64_t>;  // payer, payee

struct Game {
  Books books;
  CoinLedger coins;
  std::mt19937_64 random;
};

const std::vector<std::string> kPlayers = {"donor", "ministry", "county", "charity", "village"};

v1::Action Any(Game* game) {
  auto& random = game->random;
  const auto amount = static_cast<std::int64_t>(1 + random() % 30);
  if (!game->coins.transfers.empty() && random() % 6 == 0) {
    auto at = game->coins.transfers.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(random() % game->coins.transfers.size()));
    return Returning(Pay(std::get<0>(at->second.to), std::get<0>(at->second.from), amount),
                     Ref(at->first.first, at->first.second), v1::TRANSFER_KIND_RETURN);
  }
  const std::string from = kPlayers[random() % 4];
  v1::Action action = Pay(from, kPlayers[random() % kPlayers.size()], amount);  // to itself too
  if (from != "donor" && random() % 3 == 0) {
    for (const auto& [ref, made] : game->coins.transfers) {
      if (std::get<0>(made.to) == from && random() % 3 == 0) {
        *action.mutable_transfer()->add_draws() = Ref(ref.first, ref.second);
        if (action.transfer().draws_size() == 3) break;
      }
    }
  }
  return action;
}

void Play(Game* game, int rounds) {
  for (const auto& party : kPlayers) game->coins.roles[party] = v1::ROLE_HOLDER;
  game->coins.roles["donor"] = v1::ROLE_SOURCE;
  game->coins.roles["village"] = v1::ROLE_RECIPIENT;
  Need(game->books.Do({Genesis({1}, 1)}).status());
  Need(game->books
           .Do({Party("donor", "root", v1::ROLE_SOURCE), Party("ministry", "root"),
                Party("county", "ministry"), Party("village", "county", v1::ROLE_RECIPIENT),
                Party("charity", "root"), Fund("flood", "root"), Asset("CNY")})
           .status());
  for (int i = 0; i < rounds; ++i) {
    const std::uint64_t record = game->books.next();
    const v1::Action action = Any(game);
    if (!game->books.Do({action}).ok()) continue;
    REQUIRE(!game->coins.Apply({record, 1}, action.transfer()).has_value());
  }
}

// The ids of the coins that a transfer brought.
std::set<std::uint64_t> CoinsOf(const CoinLedger& coins, RefKey ref) {
  std::set<std::uint64_t> ids;
  const CoinTransfer& transfer = coins.transfers.at(ref);
  for (const std::size_t position : transfer.arrived) ids.insert(coins.lines.at(transfer.to)[position].id);
  return ids;
}

// Where these coins lie now.
Ends NaiveEnds(const CoinLedger& coins, const std::set<std::uint64_t>& ids) {
  Ends ends;
  for (const auto& [account, line] : coins.lines) {
    const std::string& party = std::get<0>(account);
    const v1::Role role = coins.roles.at(party);
    const int kind = role == v1::ROLE_RECIPIENT ? v1::END_KIND_REACHED
                     : role == v1::ROLE_SOURCE  ? v1::END_KIND_RETURNED
                                                : v1::END_KIND_HELD;
    for (const Coin& coin : line) {
      if (!coin.drawn && ids.count(coin.id) > 0) ++ends[{kind, party}];
    }
  }
  return ends;
}

// What of these coins passed between parties, in the transfers for which `when` holds.
FlowSums NaiveFlows(const CoinLedger& coins, const std::set<std::uint64_t>& ids,
                    const std::function<bool(RefKey)>& when) {
  FlowSums flows;
  for (const auto& [ref, transfer] : coins.transfers) {
    if (!when(ref)) continue;
    for (const std::size_t position : transfer.drawn) {
      if (ids.count(coins.lines.at(transfer.from)[position].id) == 0) continue;
      ++flows[{std::get<0>(transfer.from), std::get<0>(transfer.to)}];
    }
  }
  return flows;
}

Ends EndsOf(const v1::AssetTrace& trace) {
  Ends ends;
  for (const auto& end : trace.ends()) ends[{end.kind(), end.account().party()}] += end.amount();
  return ends;
}

FlowSums FlowsOf(const v1::AssetTrace& trace) {
  FlowSums flows;
  for (const auto& flow : trace.flows()) flows[{flow.from().party(), flow.to().party()}] += flow.amount();
  return flows;
}

// Every node adds up: what it got is what ended there, went on, or was cut.
void CheckNode(const v1::TraceNode& node) {
  std::int64_t sum = node.cut();
  for (const auto& end : node.ends()) sum += end.amount();
  for (const auto& child : node.children()) {
    sum += child.amount();
    CheckNode(child);
  }
  REQUIRE(sum == node.amount());
}

// What came, ended or went on at each hop, by the accounts' parties: of a layer, and of single paths.
struct Hop {
  std::map<std::pair<std::string, std::string>, std::int64_t> came;            // the account before, this one
  std::map<std::pair<std::string, std::string>, std::set<std::string>> moved;  // by these transfers
  Ends ended;
  std::int64_t beyond = 0;
};

std::string PartyOf(const v1::Account& account) { return account.party() + "/" + account.fund(); }

// Each path by itself: slower, and of other code.
std::vector<Hop> NaiveLayers(const v1::AssetTrace& trace, std::uint32_t hops) {
  std::vector<Hop> layers;
  for (const auto& path : trace.paths()) {
    std::string before;
    for (int i = 0; i < path.steps_size() && i <= static_cast<int>(hops); ++i) {
      if (layers.size() <= static_cast<std::size_t>(i)) layers.emplace_back();
      Hop& hop = layers[static_cast<std::size_t>(i)];
      const auto& step = path.steps(i);
      const std::pair key(before, PartyOf(step.account()));
      before = key.second;
      hop.came[key] += path.amount();
      hop.moved[key].insert(model::RefText(model::RefOf(step.ref())));
      if (i + 1 == path.steps_size()) {
        hop.ended[{path.end().kind(), before}] += path.amount();
      } else if (i == static_cast<int>(hops)) {
        hop.beyond += path.amount();
      }
    }
  }
  return layers;
}

void CheckLayers(v1::Direction direction, const v1::AssetTrace& trace, std::uint32_t hops) {
  const std::vector<Hop> naive = NaiveLayers(trace, hops);
  REQUIRE(trace.layers_size() == static_cast<int>(naive.size()));
  std::int64_t due = trace.asked();
  for (int i = 0; i < trace.layers_size(); ++i) {
    const v1::TraceLayer& layer = trace.layers(i);
    const Hop& hop = naive[static_cast<std::size_t>(i)];
    INFO("hop " << i << " of " << hops);
    REQUIRE(layer.hop() == static_cast<std::uint32_t>(i));
    Hop got;
    std::int64_t came = 0, ended = 0, least = trace.asked();
    for (const auto& flow : layer.flows()) {
      const bool forward = direction == v1::DIRECTION_FROM;
      const v1::Account& before = forward ? flow.from() : flow.to();
      REQUIRE((i == 0) == !(forward ? flow.has_from() : flow.has_to()));
      const std::pair key(i == 0 ? "" : PartyOf(before), PartyOf(forward ? flow.to() : flow.from()));
      REQUIRE(got.came.emplace(key, flow.amount()).second);
      REQUIRE(flow.transfers() == hop.moved.at(key).size());
      REQUIRE(flow.amount() <= least);  // the largest first
      least = flow.amount();
      came += flow.amount();
    }
    for (const auto& end : layer.ends()) {
      REQUIRE(got.ended.emplace(std::pair(end.kind(), PartyOf(end.account())), end.amount()).second);
      ended += end.amount();
    }
    REQUIRE(came == due);
    due = came - ended;
    REQUIRE(layer.beyond() == (i + 1 == trace.layers_size() ? due : 0));
    REQUIRE(got.came == hop.came);
    REQUIRE(got.ended == hop.ended);
    REQUIRE(layer.beyond() == hop.beyond);
  }
  if (hops == query::kMaxHops && due == 0) {
    // All of it: then they have what the trace has, hop by hop.
    FlowSums flows;
    Ends ends;
    for (const auto& layer : trace.layers()) {
      for (const auto& flow : layer.flows())
        if (layer.hop() > 0) flows[{flow.from().party(), flow.to().party()}] += flow.amount();
      for (const auto& end : layer.ends()) ends[{end.kind(), end.account().party()}] += end.amount();
    }
    REQUIRE(flows == FlowsOf(trace));
    REQUIRE(ends == EndsOf(trace));
  }
}

v1::AssetTrace Ask(const query::View& view, query::TraceQuestion question) {
  question.want_paths = true;
  question.path_budget = 100'000;
  question.hops = query::kMaxHops;
  const auto answer = Need(query::Trace(view, question));
  REQUIRE(answer.assets_size() == 1);
  const v1::AssetTrace& trace = answer.assets(0);
  std::int64_t roots = 0;
  for (const auto& root : trace.tree()) {
    CheckNode(root);
    roots += root.amount();
  }
  REQUIRE(roots == trace.asked());
  std::int64_t paths = 0;
  for (const auto& path : trace.paths()) paths += path.amount();
  REQUIRE(paths == trace.asked());
  REQUIRE(trace.reached() + trace.held() + trace.returned() + trace.brought_in() == trace.asked());
  CheckLayers(question.direction, trace, question.hops);
  question.hops = 1;
  CheckLayers(question.direction, Need(query::Trace(view, question)).assets(0), question.hops);
  return trace;
}

TEST_CASE("a trace finds the very coins, forward and backward") {
  const std::uint64_t base = GENERATE(take(25, random(1, 1'000'000)));
  INFO("seed " << base);
  Game game;
  game.random.seed(base);
  Play(&game, 60);
  const CoinLedger& coins = game.coins;
  query::View view;
  view.rows = &game.books.state();
  for (const auto& [ref, made] : coins.transfers) {
    INFO("transfer " << ref.first << "." << ref.second);
    const auto ids = CoinsOf(coins, ref);
    query::TraceQuestion question;
    question.ref = TransferRef{RecordIndex(ref.first), ref.second};

    const auto forward = Ask(view, question);
    REQUIRE(forward.asked() == static_cast<std::int64_t>(ids.size()));
    REQUIRE(EndsOf(forward) == NaiveEnds(coins, ids));
    const RefKey asked = ref;
    REQUIRE(FlowsOf(forward) == NaiveFlows(coins, ids, [&](RefKey other) { return other > asked; }));

    question.direction = v1::DIRECTION_TO;
    const auto backward = Ask(view, question);
    REQUIRE(EndsOf(backward) ==
            Ends{{{v1::END_KIND_BROUGHT_IN, "donor"}, static_cast<std::int64_t>(ids.size())}});
    REQUIRE(FlowsOf(backward) == NaiveFlows(coins, ids, [&](RefKey other) { return other <= asked; }));
  }
}

TEST_CASE("a party's money is asked about once, however often it comes round") {
  const std::uint64_t base = GENERATE(take(25, random(1, 1'000'000)));
  INFO("seed " << base);
  Game game;
  game.random.seed(base);
  Play(&game, 60);
  query::View view;
  view.rows = &game.books.state();
  for (const auto& party : kPlayers) {
    std::set<std::uint64_t> ids;  // all coins that it ever brought in or got
    for (const auto& [account, line] : game.coins.lines) {
      if (std::get<0>(account) != party) continue;
      for (const Coin& coin : line) ids.insert(coin.id);
    }
    if (ids.empty()) continue;
    INFO(party);
    query::TraceQuestion question;
    question.party = party;
    const auto forward = Ask(view, question);
    REQUIRE(forward.asked() == static_cast<std::int64_t>(ids.size()));
    REQUIRE(EndsOf(forward) == NaiveEnds(game.coins, ids));
    if (party == "donor") continue;  // backward, a SOURCE is asked about what came back to it
    question.direction = v1::DIRECTION_TO;
    REQUIRE(Ask(view, question).asked() == static_cast<std::int64_t>(ids.size()));
  }
}

TEST_CASE("two accounts that pay each other back and forth make slivers, and flows stay exact") {
  World world;
  Need(world.Do({Pay("donor", "ministry", 1000)}).status());
  Need(world.Do({Pay("donor", "county", 999)}).status());
  for (int i = 0; i < 300; ++i) {
    Need(world.Do({Pay("ministry", "county", 700 + i % 7)}).status());
    Need(world.Do({Pay("county", "ministry", 701 + i % 5)}).status());
  }
  query::View view;
  view.rows = &world.state();
  query::TraceQuestion question;
  question.ref = TransferRef{RecordIndex(2), 1};
  question.want_paths = true;
  question.path_budget = 10;
  question.node_budget = 50;
  const auto trace = Need(query::Trace(view, question)).assets(0);
  CHECK(trace.asked() == 1000);
  CHECK(trace.held() == 1000);
  CHECK(trace.truncated());
  CHECK(trace.paths_size() <= 10);
  CHECK(trace.shown() < 1000);
  CHECK(trace.flows_size() == 2);
  CheckNode(trace.tree(0));
}

TEST_CASE(
    "layers stay whole where the tree and the paths are cut, and count what circles on beyond the last") {
  World world;
  Need(world.Do({Pay("donor", "ministry", 1000)}).status());
  Need(world.Do({Pay("donor", "county", 999)}).status());
  for (int i = 0; i < 300; ++i) {
    Need(world.Do({Pay("ministry", "county", 700 + i % 7)}).status());
    Need(world.Do({Pay("county", "ministry", 701 + i % 5)}).status());
  }
  const CountingReader rows(world.state());
  query::View view;
  view.rows = &rows;
  query::TraceQuestion question;
  question.ref = TransferRef{RecordIndex(2), 1};
  question.node_budget = 50;
  for (const std::uint32_t hops : {1U, 7U, query::kMaxHops}) {
    INFO("hops " << hops);
    rows.looks = 0;
    question.hops = hops;
    question.want_tree = hops == 1;  // it is cut, and looks at what it likes
    const auto trace = Need(query::Trace(view, question)).assets(0);
    CHECK(trace.truncated() == question.want_tree);
    REQUIRE(trace.layers_size() == static_cast<int>(hops) + 1);
    std::int64_t due = 1000, ended = 0;
    for (const auto& layer : trace.layers()) {
      std::int64_t came = 0;
      for (const auto& flow : layer.flows()) came += flow.amount();
      CHECK(came == due);
      for (const auto& end : layer.ends()) ended += end.amount();
      due = 1000 - ended;
      CHECK(layer.flows_size() == 1);  // between two accounts a hop has one direction
    }
    CHECK(trace.layers(trace.layers_size() - 1).beyond() == due);
    CHECK(due > 0);
    // A layer takes each of 600 payments a few times at most.
    if (!question.want_tree) CHECK(rows.looks < (hops + 2) * 600 * 8);
  }
  view.rows = &world.state();
  question.hops = 0;
  CHECK(Need(query::Trace(view, question)).assets(0).layers().empty());
  v1::TraceRequest request;
  request.set_direction(v1::DIRECTION_FROM);
  request.mutable_ref()->set_record(2);
  request.mutable_ref()->set_line(1);
  request.set_hops(1000);  // as 40
  CHECK(Need(query::Trace(view, request)).assets(0).layers_size() == 41);
}

TEST_CASE("flows look at each transfer a few times, however many slivers there are") {
  World world;
  Need(world.Do({Pay("donor", "ministry", 1'000'000'007)}).status());
  Need(world.Do({Pay("donor", "county", 1'000'000'009)}).status());
  const int rounds = 2000;
  for (int i = 0; i < rounds;) {
    std::vector<v1::Action> actions;
    for (int n = 0; n < 100; ++n, ++i) {
      actions.push_back(Pay("ministry", "county", 600'000'001 + i));
      actions.push_back(Pay("county", "ministry", 600'000'003 + i));
    }
    Need(world.Do(actions).status());
  }
  const CountingReader rows(world.state());
  query::View view;
  view.rows = &rows;
  query::TraceQuestion question;
  question.want_tree = false;
  question.ref = TransferRef{RecordIndex(2), 1};
  const auto forward = Need(query::Trace(view, question)).assets(0);
  CHECK(forward.held() == 1'000'000'007);
  REQUIRE(forward.flows_size() == 2);
  CHECK(forward.flows(0).transfers() > rounds / 2);
  CHECK(rows.looks < 8 * 2 * rounds);

  rows.looks = 0;
  question.direction = v1::DIRECTION_TO;
  question.ref = TransferRef{RecordIndex(world.next() - 1), 200};
  const auto backward = Need(query::Trace(view, question)).assets(0);
  CHECK(backward.brought_in() == backward.asked());
  CHECK(rows.looks < 8 * 2 * rounds);

  rows.looks = 0;
  question.ref.reset();
  question.party = "county";
  for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    question.direction = direction;
    CHECK(Need(query::Trace(view, question)).assets(0).asked() == 2'000'000'016);
  }
  CHECK(rows.looks < 40 * rounds);
}

TEST_CASE("as of a record, later payments have not happened; depth and min cut, and say how much") {
  World world;
  Need(world.Do({Pay("donor", "ministry", 100)}).status());
  Need(world.Do({Pay("ministry", "county", 60), Pay("ministry", "charity", 5)}).status());
  Need(world.Do({Pay("county", "village", 50)}).status());
  query::View view;
  view.rows = &world.state();
  query::TraceQuestion question;
  question.ref = TransferRef{RecordIndex(2), 1};
  CHECK(Need(query::Trace(view, question)).assets(0).reached() == 50);
  view.checkpoint.set_size(world.next());
  question.as_of = 3;
  CHECK(Need(query::Trace(view, question)).as_of_record() == 3);
  CHECK(Need(query::Trace(view, question)).assets(0).reached() == 0);
  CHECK(Need(query::Trace(view, question)).assets(0).held() == 100);
  question.as_of.reset();
  question.depth = 1;
  question.min = "0.10";
  const auto trace = Need(query::Trace(view, question)).assets(0);
  CHECK(trace.tree(0).cut() == 5);
  CHECK(trace.tree(0).cut_children() == 1);
  CHECK(trace.tree(0).children(0).cut() == 50);
  CHECK(trace.reached() == 50);  // the sums are whole all the same
}

TEST_CASE("a fund that pays thousands: the largest are shown with what became of them, the rest is counted") {
  World world;
  std::vector<v1::Action> parties, payments{Pay("donor", "ministry", 2'000'000)};
  for (int i = 0; i < 3000; ++i) {
    const std::string id = "home" + std::to_string(i);
    parties.push_back(Party(id, "county", v1::ROLE_RECIPIENT));
    payments.push_back(Pay("ministry", id, 1 + i % 500));
  }
  Need(world.Do(parties).status());
  Need(world.Do(payments).status());
  query::View view;
  view.rows = &world.state();
  view.checkpoint.set_size(world.next());
  query::TraceQuestion question;
  question.ref = TransferRef{RecordIndex(3), 1};
  question.node_budget = 100;
  const auto trace = Need(query::Trace(view, question)).assets(0);
  CHECK(trace.truncated());
  const auto& root = trace.tree(0);
  CheckNode(root);
  REQUIRE(root.children_size() == 99);
  CHECK(root.cut_children() == 3000 - 99);
  for (const auto& child : root.children()) {
    CHECK(child.cut() == 0);
    REQUIRE(child.ends_size() == 1);
    CHECK(child.ends(0).kind() == v1::END_KIND_REACHED);
  }
}

TEST_CASE("a long trail is cut where protobuf could not write it, and says so") {
  World world;
  Need(world.Do({Pay("donor", "ministry", 100)}).status());
  for (int i = 0; i < 60; ++i) {
    Need(world.Do({Pay("ministry", "county", 100)}).status());
    Need(world.Do({Pay("county", "ministry", 100)}).status());
  }
  query::View view;
  view.rows = &world.state();
  query::TraceQuestion question;
  question.ref = TransferRef{RecordIndex(2), 1};
  const auto answer = Need(query::Trace(view, question));
  CHECK(answer.assets(0).truncated());
  CHECK(answer.assets(0).held() == 100);
  std::string json;
  CHECK(google::protobuf::util::MessageToJsonString(answer, &json).ok());
}

TEST_CASE("rows that no ledger makes do not send a trace round in circles") {
  World world;
  Need(world.Do({Pay("donor", "ministry", 100)}).status());
  Need(world.Do({Pay("ministry", "county", 100)}).status());
  query::View view;
  view.rows = &world.state();
  query::TraceQuestion question;
  question.ref = TransferRef{RecordIndex(2), 1};
  const auto trace_of = [&](const Bytes& key, const Bytes& value) {
    store::Overlay changed(static_cast<const store::Reader&>(world.state()));
    changed.Put(key, value);
    query::View bad;
    bad.rows = &changed;
    return query::Trace(bad, question).status().code();
  };
  const model::AccountNumber ministry(1), county(2);
  const Bytes key = model::keys::PieceOut(ministry, Position(0));
  const TransferRef ref{RecordIndex(3), 1};
  const auto row = [](Amount length, model::AccountNumber to, Position at, TransferRef by) {
    return model::Encode(model::PieceRow{length, to, at, by, false});
  };
  CHECK(trace_of(key, row(Amount(100), county, Position(0), ref)) == absl::StatusCode::kOk);
  CHECK(trace_of(key, row(Amount(100), ministry, Position(0), ref)) == absl::StatusCode::kDataLoss);
  CHECK(trace_of(key, row(Amount(100), county, Position(0), {RecordIndex(2), 1})) ==
        absl::StatusCode::kDataLoss);
  CHECK(trace_of(key, row(Amount(-5), county, Position(0), ref)) == absl::StatusCode::kDataLoss);
  CHECK(trace_of(key, row(Amount(INT64_MAX), county, Position(1), ref)) == absl::StatusCode::kDataLoss);
  CHECK(trace_of(key, row(Amount(100), county, Position(0), {RecordIndex(9), 1})) ==
        absl::StatusCode::kDataLoss);
}

TEST_CASE("what is not there is said in words") {
  World world;
  query::View view;
  view.rows = &world.state();
  query::TraceQuestion question;
  view.checkpoint.set_size(world.next());
  CHECK(query::Trace(view, question).status().code() == absl::StatusCode::kInvalidArgument);
  question.party = "donor";
  question.fund = "no-fund";
  CHECK(query::Trace(view, question).status().code() == absl::StatusCode::kNotFound);
  question.fund.clear();
  question.as_of = world.next();
  CHECK(query::Trace(view, question).status().code() == absl::StatusCode::kOutOfRange);
  question.as_of.reset();
  question.party = "nobody";
  CHECK(query::Trace(view, question).status().code() == absl::StatusCode::kNotFound);
  question.ref = TransferRef{RecordIndex(7), 1};
  CHECK(query::Trace(view, question).status().code() == absl::StatusCode::kInvalidArgument);  // and a party
  question.party.clear();
  CHECK(query::Trace(view, question).status().code() == absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace fundtrail::testing
