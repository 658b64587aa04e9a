// Statements in pages, against an oracle that adds up the transfers of the log one by one. Each page adds up and carries
// forward. Together they are the whole, also when somebody goes on later and the ledger has grown.
#include "ledger/query/statement.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "ledger/query/list.h"
#include "ledger/store/memory.h"
#include "tests/support/counting_reader.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"

namespace fundtrail::testing {
namespace {

const std::vector<std::string> kParties = {"donor", "ministry", "county", "charity", "village"};
const std::vector<std::string> kFunds = {"flood", "school"};

// A ledger of random payments, whose value dates are in no order.
struct Game {
  explicit Game(std::uint64_t seed) : random(seed) {
    ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    Need(Append(
        {Party("county", "ministry"), Party("charity", "root"), Fund("school", "root"), Asset("USD")}));
    for (const std::string to : {"ministry", "ministry", "ministry", "ministry", "county", "charity"}) {
      v1::Action action = Pay("donor", to, 100);
      action.mutable_transfer()->set_value_date(Day());
      Need(Append({action}));
    }
  }
  Status Append(const std::vector<v1::Action>& actions) {
    return ledger->AppendOne(SignedBytes(Entry("root", ++ids, actions), {1}), clock.Read()).status();
  }
  std::uint64_t Below(std::uint64_t bound) { return random() % bound; }
  std::string Day() { return "2026-03-0" + std::to_string(1 + Below(9)); }
  v1::Action Any() {
    const auto amount = static_cast<std::int64_t>(1 + Below(40));
    v1::Action action = Pay(kParties[Below(2) * Below(4)], kParties[Below(kParties.size())], amount);
    auto* transfer = action.mutable_transfer();
    const auto kind = Below(8);
    if (kind == 0) action = Reclassify(kParties[1 + Below(3)], "school", amount);
    if (kind == 1)
      action = Exchange(kParties[1 + Below(3)], kParties[1 + Below(4)], amount, "USD", 1 + amount / 7);
    if (kind == 2 && !paid.empty()) {
      const auto& [ref, returned] = paid[Below(paid.size())];
      action = Returning(Pay(returned.to(), returned.from(), std::min(amount, returned.amount())), ref);
    }
    if (kind > 2 && Below(3) == 0) transfer->set_fund("school");
    action.mutable_transfer()->set_value_date(Day());
    return action;
  }
  // Some of it is refused.
  void Play(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      std::vector<v1::Action> actions(Below(4) == 0 ? 3 : 1);
      for (auto& action : actions) action = Any();
      if (!Append(actions).ok()) continue;
      for (std::uint32_t line = 1; line <= actions.size(); ++line) {
        const auto& transfer = actions[line - 1].transfer();
        if (transfer.kind() == v1::TRANSFER_KIND_ALLOCATION && transfer.fund() == "flood")
          paid.emplace_back(Ref(ledger->size() - 1, line), transfer);
      }
    }
  }
  query::View View() const { return Need(query::MakeView(ledger->store())); }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  std::mt19937_64 random;
  std::uint64_t ids = 0;
  std::vector<std::pair<v1::TransferRef, v1::Transfer>> paid;
};

// One side of a transfer, as the account's statement has it.
v1::StatementLine LineOf(const v1::TransferLine& from, bool incoming) {
  v1::StatementLine line;
  *line.mutable_ref() = from.ref();
  line.set_date(from.date());
  line.set_incoming(incoming);
  line.set_other_party(incoming ? from.transfer().from() : from.transfer().to());
  line.set_other_name(incoming ? from.from_name() : from.to_name());
  const bool exchanged = incoming && !from.transfer().to_asset().empty();
  line.set_amount(exchanged ? from.transfer().to_amount() : from.transfer().amount());
  line.set_purpose(from.transfer().purpose());
  line.set_reference(from.transfer().reference());
  line.set_kind(from.transfer().kind());
  if (from.transfer().has_returns()) *line.mutable_returns() = from.transfer().returns();
  if (from.has_sent_back()) *line.mutable_sent_back() = from.sent_back();
  return line;
}

// What the whole answer must be.
v1::StatementAnswer Oracle(const query::View& view, const v1::StatementRequest& question) {
  struct Side {
    v1::StatementLine line;
    bool mints;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Side>> accounts;  // by fund and asset
  v1::ListRequest all;
  if (question.has_as_of()) all.set_as_of(question.as_of());
  const auto listed = Need(Whole(query::List(view, all, {})));
  for (const auto& transfer : listed.transfers()) {
    const auto& money = transfer.transfer();
    const bool back = money.kind() == v1::TRANSFER_KIND_RETURN || money.kind() == v1::TRANSFER_KIND_REVERSAL;
    if (money.from() == question.party())
      accounts[{money.fund(), money.asset()}].push_back(
          {LineOf(transfer, false), money.from() == "donor" && !back});
    const auto& fund = money.to_fund().empty() ? money.fund() : money.to_fund();
    const auto& asset = money.to_asset().empty() ? money.asset() : money.to_asset();
    if (money.to() == question.party()) accounts[{fund, asset}].push_back({LineOf(transfer, true), false});
  }
  v1::StatementAnswer answer;
  const auto from = question.from().empty() ? std::nullopt : std::optional(Need(ParseDate(question.from())));
  const auto to = question.to().empty() ? std::nullopt : std::optional(Need(ParseDate(question.to())));
  for (const auto& [account, sides] : accounts) {
    if (!question.fund().empty() && account.first != question.fund()) continue;
    auto* statement = answer.add_statements();
    statement->mutable_account()->set_party(question.party());
    statement->mutable_account()->set_fund(account.first);
    statement->mutable_account()->set_asset(account.second);
    std::int64_t before = 0, after = 0;
    for (const bool first : {true, false}) {
      for (const auto& [line, mints] : sides) {
        const Date date = Need(ParseDate(line.date()));
        const bool early = from.has_value() && date < *from;
        if (early != first || (!early && to.has_value() && date > *to)) continue;
        const std::int64_t change = mints ? 0 : line.incoming() ? line.amount() : -line.amount();
        after += change;
        if (first) {
          before += change;
          continue;
        }
        auto* added = statement->add_lines();
        *added = line;
        added->set_held_after(after);
        if (mints) statement->set_minted(statement->minted() + line.amount());
        if (line.incoming()) statement->set_total_in(statement->total_in() + line.amount());
        if (!line.incoming() && !mints) statement->set_total_out(statement->total_out() + line.amount());
      }
    }
    statement->set_held_before(before);
    statement->set_held_after(after);
  }
  return answer;
}

// Names and checkpoints aside.
std::string Text(v1::StatementAnswer answer) {
  answer.clear_as_of();
  answer.clear_as_of_record();
  answer.clear_next();
  answer.clear_names();
  for (auto& statement : *answer.mutable_statements()) {
    statement.mutable_account()->clear_party_name();
    statement.mutable_account()->clear_decimals();
    statement.clear_lies();
  }
  return answer.DebugString();
}

int LinesOf(const v1::StatementAnswer& answer) {
  int lines = 0;
  for (const auto& statement : answer.statements()) lines += statement.lines_size();
  return lines;
}

bool SameAccount(const v1::Account& a, const v1::Account& b) {
  return a.fund() == b.fund() && a.asset() == b.asset();
}

// That every page adds up by itself, and begins with what the one before carried forward.
void CheckPages(const std::vector<v1::StatementAnswer>& pages, std::size_t most_lines) {
  const v1::Statement* before = nullptr;
  for (const auto& page : pages) {
    REQUIRE(LinesOf(page) <= static_cast<int>(most_lines));
    for (const auto& statement : page.statements()) {
      REQUIRE(statement.held_before() + statement.total_in() - statement.total_out() ==
              statement.held_after());
      std::int64_t in = 0, out = 0;
      for (const auto& line : statement.lines()) (line.incoming() ? in : out) += line.amount();
      REQUIRE(in == statement.total_in());
      REQUIRE(out == statement.total_out() + statement.minted());
      if (!statement.lines().empty())
        REQUIRE(statement.lines().rbegin()->held_after() == statement.held_after());
      if (before != nullptr && SameAccount(before->account(), statement.account()))
        REQUIRE(before->held_after() == statement.held_before());
      before = &statement;
    }
  }
}

v1::StatementRequest AnyQuestion(Game* game) {
  v1::StatementRequest question;
  question.set_party(kParties[game->Below(kParties.size())]);
  if (game->Below(2) == 0) question.set_fund(kFunds[game->Below(kFunds.size())]);
  if (game->Below(2) == 0) question.set_from(game->Day());
  if (game->Below(2) == 0) question.set_to(game->Day());
  if (game->Below(2) == 0) question.set_as_of(game->Below(game->ledger->size()));
  return question;
}

query::Paging AnyPaging(Game* game) {
  query::Paging paging;
  if (game->Below(2) == 0) paging.limit = 1 + game->Below(20);
  paging.page_parts = 1 + game->Below(7);
  if (game->Below(3) == 0) paging.page_bytes = 1 + game->Below(400);
  return paging;
}

TEST_CASE("the pages of a statement add up, carry forward, and together are the whole") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Game game(seed);
  game.Play(60);
  const query::View view = game.View();
  int lines = 0, more = 0;
  for (int i = 0; i < 300; ++i) {
    const auto question = AnyQuestion(&game);
    const std::string whole = Text(Oracle(view, question));
    INFO(question.party() << " " << question.fund() << " as of "
                          << (question.has_as_of() ? question.as_of() : UINT64_MAX) << "\n"
                          << whole);
    REQUIRE(Text(Need(Whole(query::Statement(view, question, {})))) == whole);
    // One stream of pages, and others behind it until there is no more.
    query::Paging paging = AnyPaging(&game);
    v1::StatementAnswer put_together;
    do {
      const auto pages = Need(EachPage(query::Statement(view, question, paging)));
      REQUIRE_FALSE(pages.empty());
      CheckPages(pages, paging.page_parts);
      int given = 0;
      for (const auto& page : pages) {
        REQUIRE(page.as_of().size() == game.ledger->size());
        REQUIRE(page.has_as_of_record() == question.has_as_of());
        REQUIRE((page.next().empty() || &page == &pages.back()));
        render::AddPage(page, &put_together);
        given += LinesOf(page);
      }
      lines += given;
      paging.after = pages.back().next();
      if (!paging.after.empty()) ++more;
      REQUIRE(given == (paging.after.empty() ? given : static_cast<int>(paging.limit)));
    } while (!paging.after.empty());
    REQUIRE(Text(put_together) == whole);
  }
  CHECK(lines > 300);
  CHECK(more > 50);
}

TEST_CASE("who goes on with a statement later gets its rest, whatever was recorded meanwhile") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  int grown = 0;
  for (int i = 0; i < 20; ++i) {
    Game game(seed + static_cast<std::uint64_t>(i));
    game.Play(20);
    auto question = AnyQuestion(&game);
    query::Paging paging = AnyPaging(&game);
    paging.limit = 1 + game.Below(5);
    const std::string whole = Text(Oracle(game.View(), question));
    INFO(i << ": " << question.party() << " " << question.fund() << "\n" << whole);
    v1::StatementAnswer put_together;
    do {
      const query::View view = game.View();
      const auto pages = Need(EachPage(query::Statement(view, question, paging)));
      for (const auto& page : pages) render::AddPage(page, &put_together);
      if (!question.has_as_of()) question.set_as_of(view.checkpoint.size() - 1);
      paging.after = pages.back().next();
      if (paging.after.empty()) break;
      game.Play(5);
      if (Text(Oracle(game.View(), [&] {
            auto now = question;
            now.clear_as_of();
            return now;
          }())) != whole)
        ++grown;
    } while (true);
    REQUIRE(Text(put_together) == whole);
  }
  CHECK(grown > 0);
}

TEST_CASE("a statement is as of a record that there is") {
  Game game(1);
  game.Play(10);
  v1::StatementRequest question;
  question.set_party("ministry");
  question.set_as_of(game.ledger->size());
  CHECK(query::Statement(game.View(), question, {}).status().code() == absl::StatusCode::kOutOfRange);
  question.set_as_of(UINT64_MAX);
  CHECK(query::Statement(game.View(), question, {}).status().code() == absl::StatusCode::kOutOfRange);
  question.set_as_of(0);  // no account was there yet
  const auto nothing = Need(Whole(query::Statement(game.View(), question, {})));
  CHECK(nothing.statements_size() == 0);
  CHECK(nothing.as_of_record() == 0);
  question.clear_as_of();
  question.set_party("nobody");
  CHECK(query::Statement(game.View(), question, {}).status().code() == absl::StatusCode::kNotFound);
  question.set_party("ministry");
  question.set_fund("no-fund");
  CHECK(query::Statement(game.View(), question, {}).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("however many pages a statement has, its rows are walked once or twice, and summed once") {
  Game game(2);
  for (int i = 0; i < 50; ++i) {
    std::vector<v1::Action> actions;
    for (int line = 0; line < 10; ++line) actions.push_back(Pay("donor", "ministry", 1 + line));
    Need(game.Append(actions));
  }
  const CountingReader rows(game.ledger->store());
  query::View view = Need(query::MakeView(rows));
  v1::StatementRequest question;
  question.set_party("ministry");
  question.set_from("2026-01-01");
  query::Paging paging;
  paging.page_parts = 2;
  rows.steps = rows.looks = 0;
  const auto pages = Need(EachPage(query::Statement(view, question, paging)));
  CHECK(pages.size() == 252);
  CHECK(rows.steps >= 1'000);  // summed, and shown
  CHECK(rows.steps <= 1'100);
  CHECK(rows.looks <=
        500 * 6 + 250 * 10);  // of each line its record and names; of each page where it goes on
}

TEST_CASE("a page token that is none, or of another question, is refused with a sentence") {
  Game game(3);
  game.Play(40);
  const query::View view = game.View();
  v1::StatementRequest question;
  question.set_party("ministry");
  query::Paging paging;
  paging.limit = 3;
  const std::string token = Need(Whole(query::Statement(view, question, paging))).next();
  REQUIRE_FALSE(token.empty());
  const auto refused = [&](const v1::StatementRequest& asked, const std::string& after) {
    paging.after = after;
    const Status status = query::Statement(view, asked, paging).status();
    INFO(after << " " << status);
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK(status.message().size() < 5'000);
    CHECK(std::string(status.message()).find("no page token of this question") != std::string::npos);
  };
  paging.after = token;
  CHECK(query::Statement(view, question, paging).ok());
  auto other = question;
  other.set_party("donor");
  refused(other, token);
  other = question;
  other.set_fund("flood");
  refused(other, token);
  other = question;
  other.set_from("2026-03-02");
  refused(other, token);
  other = question;
  other.set_as_of(0);  // before its line
  refused(other, token);
  const std::string mark = token.substr(0, token.find('.') + 1), place = token.substr(mark.size());
  for (const std::string& bad :
       {std::string("x"), std::string("1.1"), mark, mark + "0",
        mark + "999:" + place.substr(place.find(':') + 1), mark + "+" + place, mark + place + ":in",
        mark + place + " ", mark + "\xff\xfe", std::string("\xff\xfe"), std::string(1, '\0'),
        std::string(100'000, 'x'), mark + std::string(100'000, '1'), token + token, place,
        mark + place.substr(0, place.rfind(':')) + ":out" + "x"})
    refused(question, bad);
}

TEST_CASE("random page tokens are refused or answered, and pages of them add up") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Game game(seed);
  game.Play(40);
  const query::View view = game.View();
  v1::StatementRequest question;
  question.set_party("ministry");
  query::Paging paging;
  paging.limit = 3;
  const std::string token = Need(Whole(query::Statement(view, question, paging))).next();
  REQUIRE_FALSE(token.empty());
  int taken = 0;
  for (int i = 0; i < 3'000; ++i) {
    std::string changed = token;
    const std::size_t from = game.Below(4) == 0 ? 0 : token.find('.') + 1;  // mostly the place alone
    for (auto times = 1 + game.Below(2); times > 0; --times) {
      const std::size_t at = from + game.Below(changed.size() - from);
      const char sign =
          game.Below(2) == 0 ? "0123456789.:inout"[game.Below(17)] : static_cast<char>(game.Below(256));
      if (game.Below(3) == 0) {
        changed.insert(at, 1, sign);
      } else {
        changed[at] = sign;
      }
    }
    paging.after = changed;
    const auto pages = EachPage(query::Statement(view, question, paging));
    if (!pages.ok()) {
      REQUIRE(pages.status().code() == absl::StatusCode::kInvalidArgument);
      continue;
    }
    ++taken;
    CheckPages(*pages, paging.page_parts);
  }
  CHECK(taken > 0);
}

}  // namespace
}  // namespace fundtrail::testing
