// Sums of many accounts: Top, Series and Summary against balances, and against a count by hand of what moved between accounts of
// one body. They are on random ledgers. Also pages; what a day, a fund and a record change; and every refusal.
#include <catch2/catch.hpp>
#include <limits>
#include <memory>
#include <set>

#include "ledger/query/account_totals.h"
#include "ledger/query/balance.h"
#include "ledger/query/party_sums.h"
#include "ledger/query/series.h"
#include "ledger/query/summary.h"
#include "ledger/query/top.h"
#include "tests/support/money_game.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/text.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

std::int64_t There(const v1::MoneySums& sums) {
  return sums.held() + sums.reached() + sums.ends_here() + sums.returned();
}

void CheckIdentity(const v1::MoneySums& sums) {
  REQUIRE(sums.before() + sums.brought_in() + sums.received() == sums.paid() + There(sums));
  REQUIRE(sums.committed_transfers() <= sums.transfers());
}

// What the balances of a party say together of an asset.
struct Balances {
  std::int64_t received = 0, drawn = 0, held = 0, minted = 0, committed_received = 0, committed_drawn = 0;
};
std::map<std::string, Balances> BalancesOf(const query::View& view, const v1::BalanceRequest& request) {
  std::map<std::string, Balances> by_asset;
  const auto asked = Need(query::Balance(view, request));
  for (const v1::BalanceLine& line : asked.lines()) {
    Balances& sum = by_asset[line.account().asset()];
    sum.received += line.received();
    sum.drawn += line.drawn();
    sum.held += line.held();
    sum.minted += line.minted();
    sum.committed_received += line.committed_received();
    sum.committed_drawn += line.committed_drawn();
  }
  return by_asset;
}

// What a party moved among its own accounts, in CNY: those in the fund, if one is named.
std::int64_t MovedWithin(const Game& game, const std::string& party, const std::string& fund,
                         std::uint64_t until) {
  std::int64_t moved = 0;
  for (const auto& [ref, transfer] : game.made) {
    const std::string& to_fund = transfer.to_fund().empty() ? transfer.fund() : transfer.to_fund();
    if (ref.first > until || transfer.from() != party || transfer.to() != party) continue;
    if (!transfer.to_asset().empty()) continue;
    if (fund.empty() || (transfer.fund() == fund && to_fund == fund)) moved += transfer.amount();
  }
  return moved;
}

// The end in which what a party has stands, by its role.
std::int64_t EndFor(const Game& game, const std::string& party, const v1::MoneySums& sums) {
  if (party == "hamlet") return sums.ends_here();
  const v1::Role role = game.coins.roles.at(party);
  return role == v1::ROLE_SOURCE      ? sums.returned()
         : role == v1::ROLE_RECIPIENT ? sums.reached()
                                      : sums.held();
}

TEST_CASE("the sums of each body are those of its balances, now and as of a record") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, true, true);
  const query::View view = game.view();
  std::int64_t all_moved = 0, all_exchanged = 0;
  for (const bool now : {true, false}) {
    const std::uint64_t record = now ? view.checkpoint.size() - 1 : view.checkpoint.size() / 2;
    for (const std::string fund : {"", "flood", "school"}) {
      v1::TopRequest request;
      request.set_fund(fund);
      if (!now) request.set_as_of(record);
      const v1::TopAnswer answer = Need(Whole(query::Top(view, request, {})));
      std::map<std::pair<std::string, std::string>, v1::MoneySums> sums;  // by party and asset
      for (const v1::TopLine& line : answer.lines()) {
        CheckIdentity(line.sums());
        REQUIRE(sums.emplace(std::pair(line.party(), line.asset()), line.sums()).second);
      }
      for (const std::string& party : kPlayers) {
        INFO(party << " in fund " << fund << (now ? "" : ", as of a record"));
        v1::BalanceRequest of_balance = BalanceOf(party, fund);
        if (!now) of_balance = AsOfRecord(of_balance, record);
        for (const auto& [asset, balance] : BalancesOf(view, of_balance)) {
          INFO(asset);
          const v1::MoneySums its = sums[{party, asset}];
          sums.erase({party, asset});
          REQUIRE(its.brought_in() == balance.minted);
          REQUIRE(its.unrecorded() == (party == "unrecorded" ? balance.minted : 0));
          REQUIRE(its.received() + its.moved() == balance.received - balance.minted);
          REQUIRE(its.paid() + its.moved() == balance.drawn);
          REQUIRE(There(its) == balance.held);
          REQUIRE(EndFor(game, party, its) == balance.held);
          REQUIRE(its.committed_brought_in() + its.committed_received() + its.committed_moved() ==
                  balance.committed_received);
          REQUIRE(its.committed_paid() + its.committed_moved() == balance.committed_drawn);
          if (asset == "CNY") REQUIRE(its.moved() == MovedWithin(game, party, fund, record));
          all_moved += its.moved();
          all_exchanged += asset == "USD" ? its.received() : 0;
        }
      }
      CHECK(sums.empty());
      for (const v1::TopTotal& total : answer.totals()) {
        CheckIdentity(total.all().sums());
        std::int64_t received = 0;
        std::uint64_t bodies = 0;
        for (const v1::TopLine& line : answer.lines()) {
          if (line.asset() != total.all().asset()) continue;
          received += line.sums().received();
          ++bodies;
        }
        CHECK(total.all().sums().received() == received);
        CHECK(total.bodies() == bodies);
        CHECK(total.left_out() == 0);
      }
    }
  }
  CHECK(all_moved + all_exchanged > 0);  // else the test shows nothing
}

TEST_CASE("the totals of an account are those of its balance") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, true, true);
  const query::View view = game.view();
  for (const std::string& party : kPlayers) {
    INFO(party);
    const auto balance = Need(query::Balance(view, BalanceOf(party)));
    const auto totals = Need(query::AccountTotals(view, party, std::nullopt));
    REQUIRE(totals.size() == static_cast<std::size_t>(balance.lines_size()));
    for (int i = 0; i < balance.lines_size(); ++i) {
      const v1::BalanceLine& line = balance.lines(i);
      const query::AccountTotal& total = totals[static_cast<std::size_t>(i)];
      CHECK(total.account.ShortDebugString() == line.account().ShortDebugString());
      CHECK(total.received == line.received());
      CHECK(total.drawn == line.drawn());
      CHECK(total.held == line.held());
      CHECK(total.minted == line.minted());
    }
  }
  CHECK(query::AccountTotals(view, "nobody", std::nullopt).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE(
    "the sums of a party by its own movements are those of its bodies, and of its accounts those of its "
    "balance") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, true, true);
  const query::View view = game.view();
  for (const bool now : {true, false}) {
    query::AsOfRecord as_of;
    v1::TopRequest request;
    if (!now) {
      as_of = view.checkpoint.size() / 2;
      request.set_as_of(*as_of);
    }
    std::map<std::pair<std::string, std::string>, v1::MoneySums> sums;  // by party and asset
    const v1::TopAnswer answer = Need(Whole(query::Top(view, request, {})));
    for (const v1::TopLine& line : answer.lines())
      sums.emplace(std::pair(line.party(), line.asset()), line.sums());
    for (const std::string& party : kPlayers) {
      INFO(party << (now ? "" : ", as of a record"));
      const query::PartySums own = Need(query::SumsOfParties(view, {party}, as_of));
      for (const query::PartyAssetSums& of : own.assets) {
        INFO(of.asset);
        const auto found = sums.find({party, of.asset});
        REQUIRE(found != sums.end());
        CHECK(Need(query::ToMessage(of.sums)).ShortDebugString() == found->second.ShortDebugString());
        sums.erase(found);
      }
      v1::BalanceRequest asked = BalanceOf(party);
      if (!now) asked = AsOfRecord(asked, *as_of);
      const auto balance = Need(query::Balance(view, asked));
      REQUIRE(own.accounts.size() == static_cast<std::size_t>(balance.lines_size()));
      for (int i = 0; i < balance.lines_size(); ++i) {
        const v1::BalanceLine& line = balance.lines(i);
        const auto& [account, of] = own.accounts[static_cast<std::size_t>(i)];
        CHECK(account.ShortDebugString() == line.account().ShortDebugString());
        CHECK(of.brought_in == line.minted());
        CHECK(of.received + of.moved == line.received() - line.minted());
        CHECK(of.paid + of.moved == line.drawn());
        CHECK(of.there() == line.held());
        CHECK(of.committed_brought_in + of.committed_received + of.committed_moved ==
              line.committed_received());
        CHECK(of.committed_paid + of.committed_moved == line.committed_drawn());
      }
    }
    CHECK(sums.empty());
    // What is paid within a body is moved there; an exchange is paid in one asset and received in another.
    std::map<std::string, std::int64_t> exchanged_from, exchanged_to;
    for (const auto& [ref, transfer] : game.made) {
      if (transfer.kind() != v1::TRANSFER_KIND_EXCHANGE || (as_of.has_value() && ref.first > *as_of))
        continue;
      exchanged_from[transfer.asset()] += transfer.amount();
      exchanged_to[transfer.to_asset()] += transfer.to_amount();
    }
    const auto together =
        Need(query::SumsOfParties(view, {std::begin(kPlayers), std::end(kPlayers)}, as_of)).assets;
    for (const query::PartyAssetSums& of : together) {
      CHECK(of.sums.paid == exchanged_from[of.asset]);
      CHECK(of.sums.received == exchanged_to[of.asset]);
    }
  }
  CHECK(query::SumsOfParties(view, {"nobody"}, std::nullopt).status().code() == absl::StatusCode::kNotFound);
  CHECK(query::SumsOfParties(view, {kPlayers[0]}, 1'000'000).status().code() ==
        absl::StatusCode::kOutOfRange);
}

TEST_CASE("as of a record, bodies and periods are those of the ledger that ended there") {
  const std::uint64_t seed = GENERATE(take(10, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game longer(seed, true, true, 80), shorter(seed, true, true, 40);
  const query::View then = shorter.view(), now = longer.view();
  v1::TopRequest top, top_then;
  top_then.set_as_of(then.checkpoint.size() - 1);
  const auto ended = Need(Whole(query::Top(then, top, {}))),
             asked = Need(Whole(query::Top(now, top_then, {})));
  REQUIRE(asked.lines_size() == ended.lines_size());
  for (int i = 0; i < ended.lines_size(); ++i)
    CHECK(asked.lines(i).ShortDebugString() == ended.lines(i).ShortDebugString());
  v1::SeriesRequest series, series_then;
  series_then.set_as_of(then.checkpoint.size() - 1);
  const auto periods = Need(query::Series(then, series)),
             periods_then = Need(query::Series(now, series_then));
  REQUIRE(periods.lines_size() == periods_then.lines_size());
  for (int i = 0; i < periods.lines_size(); ++i)
    CHECK(periods.lines(i).ShortDebugString() == periods_then.lines(i).ShortDebugString());
}

TEST_CASE("the periods of a series go on from one another, and say what balances say on their last days") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, true, true);
  const query::View view = game.view();
  for (const std::string& party : kPlayers) {
    for (const std::string since : {"", "2024-06-01"}) {
      INFO(party << " since " << since);
      v1::SeriesRequest request;
      request.set_party(party);
      request.set_by(v1::SeriesRequest::BY_DAY);
      request.set_since(since);
      std::map<std::string, std::int64_t> last;
      const auto asked = Need(query::Series(view, request));
      for (const v1::SeriesLine& line : asked.lines()) {
        INFO(line.ShortDebugString());
        const v1::MoneySums& sums = line.sums().sums();
        CheckIdentity(sums);
        const auto found = last.find(line.sums().asset());
        if (found != last.end()) REQUIRE(sums.before() == found->second);
        if (found == last.end() && since.empty()) REQUIRE(sums.before() == 0);
        REQUIRE(line.period() >= since);
        REQUIRE(sums.transfers() > 0);
        last[line.sums().asset()] = There(sums);
        auto balances = BalancesOf(view, AsOfDate(BalanceOf(party), line.period()));
        REQUIRE(There(sums) == balances[line.sums().asset()].held);
      }
    }
  }
}

TEST_CASE("months and years have the sums of their days, and bodies those of the period") {
  const std::uint64_t seed = GENERATE(take(10, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, false, true);
  const query::View view = game.view();
  const auto ask = [&view](v1::SeriesRequest::By by) {
    v1::SeriesRequest request;
    request.set_by(by);
    return Need(query::Series(view, request));
  };
  const auto days = ask(v1::SeriesRequest::BY_DAY);
  for (const auto by : {v1::SeriesRequest::BY_MONTH, v1::SeriesRequest::BY_YEAR}) {
    const std::size_t letters = by == v1::SeriesRequest::BY_MONTH ? 7 : 4;
    struct Sum {
      std::int64_t brought_in = 0, moved = 0, reached = 0, ends_here = 0;
      std::uint64_t transfers = 0;
      bool operator==(const Sum&) const = default;
    };
    std::map<std::string, Sum> expected, found;
    const auto add = [](const v1::MoneySums& sums, Sum* sum) {
      sum->brought_in += sums.brought_in();
      sum->moved += sums.moved();
      sum->transfers += sums.transfers();
      sum->reached = sums.reached();  // of the last day
      sum->ends_here = sums.ends_here();
    };
    for (const auto& line : days.lines())
      add(line.sums().sums(), &expected[line.period().substr(0, letters)]);
    const auto longer = ask(by);
    for (const auto& line : longer.lines()) {
      REQUIRE(line.period().size() == letters);
      add(line.sums().sums(), &found[line.period()]);
    }
    CHECK(found == expected);
    CHECK(found.size() > 1);
  }
  // One body in one year, by two questions.
  v1::TopRequest top;
  top.set_since("2024-01-01");
  top.set_until("2024-12-31");
  const auto asked = Need(Whole(query::Top(view, top, {})));
  for (const v1::TopLine& line : asked.lines()) {
    INFO(line.party());
    CheckIdentity(line.sums());
    v1::SeriesRequest series;
    series.set_party(line.party());
    series.set_by(v1::SeriesRequest::BY_YEAR);
    series.set_since("2024-01-01");
    series.set_until("2024-12-31");
    const auto answer = Need(query::Series(view, series));
    REQUIRE(answer.lines_size() == (line.sums().transfers() > 0 ? 1 : 0));
    if (answer.lines_size() > 0)
      CHECK(answer.lines(0).sums().sums().ShortDebugString() == line.sums().ShortDebugString());
  }
}

TEST_CASE("bodies stand in the order that was asked for, and in pages of any size are the same") {
  const Game game(7, true, true, 200);
  const query::View view = game.view();
  for (const auto by : {v1::TopRequest::BY_UNSPECIFIED, v1::TopRequest::BY_RECEIVED,
                        v1::TopRequest::BY_BROUGHT_IN, v1::TopRequest::BY_PAID, v1::TopRequest::BY_HELD}) {
    INFO(by);
    v1::TopRequest request;
    request.set_by(by);
    const auto amount = [by](const v1::TopLine& line) {
      return by == v1::TopRequest::BY_BROUGHT_IN ? line.sums().brought_in()
             : by == v1::TopRequest::BY_PAID     ? line.sums().paid()
             : by == v1::TopRequest::BY_HELD     ? There(line.sums())
                                                 : line.sums().received();
    };
    const auto whole = Need(Whole(query::Top(view, request, {})));
    REQUIRE(whole.lines_size() > 5);
    for (int i = 1; i < whole.lines_size(); ++i) {
      const v1::TopLine &line = whole.lines(i - 1), &next = whole.lines(i);
      CHECK(line.asset() <= next.asset());
      if (line.asset() != next.asset()) continue;
      CHECK(amount(line) >= amount(next));
      if (amount(line) == amount(next)) CHECK(line.party() < next.party());
    }
    for (const std::size_t parts : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
      query::Paging paging;
      paging.page_parts = parts;
      const auto cut = Need(Whole(query::Top(view, request, paging)));
      CHECK(cut.ShortDebugString() == whole.ShortDebugString());
    }
    // One line at a time, from token to token.
    query::Paging one;
    one.limit = 1;
    for (int i = 0; i < whole.lines_size(); ++i) {
      const auto part = Need(Whole(query::Top(view, request, one)));
      REQUIRE(part.lines_size() == 1);
      CHECK(part.lines(0).ShortDebugString() == whole.lines(i).ShortDebugString());
      CHECK(part.next().empty() == (i + 1 == whole.lines_size()));
      one.after = part.next();
    }
    // The first two of each asset, while the totals have all.
    request.set_top(2);
    const auto top = Need(Whole(query::Top(view, request, {})));
    std::map<std::string, int> shown;
    for (const v1::TopLine& line : top.lines()) ++shown[line.asset()];
    REQUIRE(top.totals_size() == whole.totals_size());
    for (int i = 0; i < top.totals_size(); ++i) {
      CHECK(top.totals(i).all().ShortDebugString() == whole.totals(i).all().ShortDebugString());
      CHECK(top.totals(i).bodies() == whole.totals(i).bodies());
      const int left = shown[top.totals(i).all().asset()];
      CHECK(left <= 2);
      CHECK(top.totals(i).left_out() + static_cast<std::uint64_t>(left) == top.totals(i).bodies());
    }
  }
}

// A ledger that keeps records: donor 100 and 40 (committed) to ministry, ministry 60 to village, which sends 10 back.
struct Relief : ViewedLedger {
  Relief() {
    Do({Fund("school", "root"), Party("unrecorded", "root", v1::ROLE_SOURCE), Inferred("hamlet", "root"),
        Asset("USD", 0)});                                                                              // 1
    Do({OnDay("2025-12-31", Pay("donor", "ministry", 100)), Committed(Pay("donor", "ministry", 40))});  // 2
    Do({OnDay("2026-01-10", Pay("ministry", "village", 60))});                                          // 3
    Do({Returning(Pay("village", "ministry", 10), Ref(3))});                                            // 4
    Do({OnDay("2026-02-01", Reclassify("ministry", "school", 20))});                                    // 5
    Do({Pay("unrecorded", "hamlet", 7), Exchange("ministry", "ministry", 5, "USD", 2)});                // 6
  }
};

TEST_CASE("who got what, on a ledger that can be reckoned by hand") {
  const Relief relief;
  const query::View view = relief.view();
  const auto lines = [&view](const v1::TopRequest& request) {
    std::string text;
    const auto asked = Need(Whole(query::Top(view, request, {})));
    for (const v1::TopLine& line : asked.lines()) {
      const v1::MoneySums& sums = line.sums();
      text += absl::StrCat(line.party(), " ", line.asset(), ": before ", sums.before(), ", in ",
                           sums.brought_in(), "+", sums.received(), ", paid ", sums.paid(), ", moved ",
                           sums.moved(), ", there ", There(sums), ", ", sums.transfers(), " transfers\n");
    }
    return text;
  };
  v1::TopRequest request;
  CHECK(lines(request) ==
        "ministry CNY: before 0, in 0+150, paid 65, moved 20, there 85, 6 transfers\n"
        "village CNY: before 0, in 0+60, paid 10, moved 0, there 50, 2 transfers\n"
        "hamlet CNY: before 0, in 0+7, paid 0, moved 0, there 7, 1 transfers\n"
        "donor CNY: before 0, in 140+0, paid 140, moved 0, there 0, 2 transfers\n"
        "unrecorded CNY: before 0, in 7+0, paid 7, moved 0, there 0, 1 transfers\n"
        "ministry USD: before 0, in 0+2, paid 0, moved 0, there 2, 1 transfers\n");
  request.set_role(v1::ROLE_SOURCE);
  request.set_by(v1::TopRequest::BY_BROUGHT_IN);
  CHECK(lines(request) ==
        "donor CNY: before 0, in 140+0, paid 140, moved 0, there 0, 2 transfers\n"
        "unrecorded CNY: before 0, in 7+0, paid 7, moved 0, there 0, 1 transfers\n");
  request.Clear();
  request.set_fund("school");
  CHECK(lines(request) == "ministry CNY: before 0, in 0+20, paid 0, moved 0, there 20, 1 transfers\n");
  request.Clear();
  request.set_since("2026-01-01");
  request.set_until("2026-01-31");
  CHECK(lines(request) ==
        "village CNY: before 0, in 0+60, paid 0, moved 0, there 60, 1 transfers\n"
        "ministry CNY: before 100, in 0+0, paid 60, moved 0, there 40, 1 transfers\n");
  request.Clear();
  request.set_asset("USD");
  CHECK(lines(request) == "ministry USD: before 0, in 0+2, paid 0, moved 0, there 2, 1 transfers\n");
  request.set_as_of(5);
  CHECK(lines(request).empty());
}

TEST_CASE("a ledger at a glance") {
  const Relief relief;
  const query::View view = relief.view();
  v1::SummaryRequest request;
  const auto answer = Need(query::Summary(view, request));
  CHECK(answer.records() == 7);
  CHECK(answer.last_day() == "2026-03-01");
  CHECK(answer.transfers() == 7);
  CHECK(answer.committed_transfers() == 1);
  REQUIRE(answer.assets_size() == 2);
  const v1::MoneySums& cny = answer.assets(0).all().sums();
  CHECK(cny.brought_in() == 147);
  CHECK(cny.unrecorded() == 7);
  CHECK(cny.received() == 0);
  CHECK(cny.paid() == 5);  // by exchange
  CHECK(cny.moved() == 100 + 40 + 60 + 10 + 20 + 7);
  CHECK(cny.held() == 85);
  CHECK(cny.reached() == 50);
  CHECK(cny.ends_here() == 7);
  CHECK(cny.returned() == 0);
  CHECK(cny.committed_brought_in() == 40);
  CHECK(cny.transfers() == 7);
  const v1::MoneySums& usd = answer.assets(1).all().sums();
  CHECK(usd.received() == 2);
  CHECK(usd.held() == 2);
  CHECK(answer.assets(1).all().decimals() == 0);
  REQUIRE(answer.assets(0).donors_size() == 1);
  CHECK(answer.assets(0).donors(0).party() == "donor");
  CHECK(answer.assets(0).donor_count() == 1);
  REQUIRE(answer.assets(0).recipients_size() == 2);
  CHECK(answer.assets(0).recipients(0).party() == "village");
  CHECK(answer.assets(0).recipients(1).party() == "hamlet");
  std::map<std::string, std::uint64_t> items;
  for (const v1::RegisterCount& count : answer.registers()) items[count.register_()] = count.items();
  CHECK(items == std::map<std::string, std::uint64_t>{{"party", 6}, {"fund", 2}, {"asset", 2}});
  REQUIRE(answer.newest_size() == 5);
  CHECK(answer.newest(0).ref().record() == 6);
  CHECK(answer.newest(0).ref().line() == 2);
  CHECK(answer.newest(4).ref().record() == 3);

  request.set_top(1);
  CHECK(Need(query::Summary(view, request)).newest_size() == 1);
  CHECK(Need(query::Summary(view, request)).assets(0).recipient_count() == 2);
  CHECK(Need(query::Summary(view, request)).assets(0).recipients_size() == 1);
  request.set_as_of(2);
  const auto then = Need(query::Summary(view, request));
  CHECK(then.records() == 3);
  CHECK(then.transfers() == 2);
  CHECK(then.assets_size() == 1);
  CHECK(then.newest(0).ref().record() == 2);
  request.set_as_of(0);
  CHECK(Need(query::Summary(view, request)).assets_size() == 0);
  request.set_as_of(7);
  CHECK(query::Summary(view, request).status().code() == absl::StatusCode::kOutOfRange);
  request.clear_as_of();
  request.set_top(101);
  CHECK(query::Summary(view, request).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("series on a ledger that can be reckoned by hand") {
  const Relief relief;
  const query::View view = relief.view();
  v1::SeriesRequest request;
  const auto lines = [&] {
    std::string text;
    const auto asked = Need(query::Series(view, request));
    for (const v1::SeriesLine& line : asked.lines()) {
      const v1::MoneySums& sums = line.sums().sums();
      text += absl::StrCat(line.period(), " ", line.sums().asset(), ": ", sums.before(), "+",
                           sums.brought_in(), "+", sums.received(), "-", sums.paid(), ", moved ",
                           sums.moved(), "; held ", sums.held(), ", reached ", sums.reached(), "\n");
    }
    return text;
  };
  request.set_asset("CNY");
  CHECK(lines() ==
        "2025-12 CNY: 0+100+0-0, moved 100; held 100, reached 0\n"
        "2026-01 CNY: 100+0+0-0, moved 60; held 40, reached 60\n"
        "2026-02 CNY: 100+0+0-0, moved 20; held 40, reached 60\n"
        "2026-03 CNY: 100+47+0-5, moved 57; held 85, reached 50\n");
  request.set_party("ministry");
  request.set_fund("flood");
  request.set_by(v1::SeriesRequest::BY_YEAR);
  CHECK(lines() ==
        "2025 CNY: 0+0+100-0, moved 0; held 100, reached 0\n"
        "2026 CNY: 100+0+50-85, moved 0; held 65, reached 0\n");
  request.set_since("2026-02-01");
  CHECK(lines() == "2026 CNY: 40+0+50-25, moved 0; held 65, reached 0\n");
  CHECK(Need(query::Series(view, request)).party_name() == "Party ministry");
  request.set_party("");
  request.set_fund("");
  request.set_since("");
  request.set_asset("");
  CHECK_THAT(lines(), Contains("2026 USD: 0+0+2-0, moved 0; held 2, reached 0\n"));
}

TEST_CASE("what cannot be asked of sums is refused with its reason") {
  const Relief relief;
  const query::View view = relief.view();
  using Code = absl::StatusCode;
  struct Case {
    std::function<void(v1::TopRequest*)> top;
    std::function<void(v1::SeriesRequest*)> series;
    Code code;
    std::string says;
  };
  const std::vector<Case> cases = {
      {[](auto* r) { r->set_fund("none"); }, [](auto* r) { r->set_fund("none"); }, Code::kNotFound,
       "no fund \"none\""},
      {[](auto* r) { r->set_asset("ZZZ"); }, [](auto* r) { r->set_asset("ZZZ"); }, Code::kNotFound,
       "no asset \"ZZZ\""},
      {[](auto* r) { r->set_since("soon"); }, [](auto* r) { r->set_since("soon"); }, Code::kInvalidArgument,
       "since"},
      {[](auto* r) { r->set_until("late"); }, [](auto* r) { r->set_until("late"); }, Code::kInvalidArgument,
       "until"},
      {[](auto* r) { r->set_as_of(7); }, [](auto* r) { r->set_as_of(7); }, Code::kOutOfRange, "no record 7"},
      {[](auto* r) { r->set_by(static_cast<v1::TopRequest::By>(9)); },
       [](auto* r) { r->set_by(static_cast<v1::SeriesRequest::By>(9)); }, Code::kInvalidArgument, "by: 9"},
      {[](auto* r) { r->set_role(static_cast<v1::Role>(9)); }, nullptr, Code::kInvalidArgument, "role: 9"},
      {nullptr, [](auto* r) { r->set_party("nobody"); }, Code::kNotFound, "no party \"nobody\""},
  };
  const auto refused = [](const Status& status, const Case& one) {
    INFO(status.ToString());
    CHECK(status.code() == one.code);
    CHECK_THAT(std::string(status.message()), Contains(one.says));
  };
  for (const Case& one : cases) {
    INFO(one.says);
    if (one.top) {
      v1::TopRequest request;
      one.top(&request);
      refused(query::Top(view, request, {}).status(), one);
    }
    if (one.series) {
      v1::SeriesRequest request;
      one.series(&request);
      refused(query::Series(view, request).status(), one);
    }
  }
  // A token of another question.
  query::Paging paging;
  paging.limit = 1;
  v1::TopRequest request;
  paging.after = Need(Whole(query::Top(view, request, paging))).next();
  REQUIRE_FALSE(paging.after.empty());
  CHECK(query::Top(view, request, paging).ok());
  request.set_by(v1::TopRequest::BY_PAID);
  CHECK(query::Top(view, request, paging).status().code() == Code::kInvalidArgument);
}

TEST_CASE("sums of more than 63 bits are refused, and not given wrong") {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  World world;
  Need(world.Do({Party("other", "root", v1::ROLE_SOURCE)}).status());
  Need(world.Do({Pay("donor", "ministry", kMost), Pay("other", "charity", kMost)}).status());
  query::View view;
  view.rows = &world.state();
  view.checkpoint.set_size(world.next());
  v1::SeriesRequest series;
  CHECK(query::Series(view, series).status().code() == absl::StatusCode::kOutOfRange);
  series.set_party("ministry");
  CHECK(Need(query::Series(view, series)).lines(0).sums().sums().held() == kMost);
  auto pages = query::Top(view, {}, {});
  REQUIRE(pages.ok());
  CHECK(pages->Next().status().code() == absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace fundtrail::testing
