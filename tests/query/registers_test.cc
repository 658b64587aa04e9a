// Parties, keys, funds and assets in pages: together they are what was registered, in its order, however they are cut.
#include "ledger/query/registers.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "ledger/query/key_grants.h"
#include "ledger/store/memory.h"
#include "tests/support/counting_reader.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"

namespace fundtrail::testing {
namespace {

using Lines = std::vector<std::string>;

// What was registered.
struct Registered {
  explicit Registered(std::uint64_t seed) : random(seed) {
    ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    children["root"] = {"donor", "ministry", "village"};
    parties = {"root", "donor", "ministry", "village"};
    funds = {"flood"};
    assets = {"CNY"};
    keys = {HexEncode(PublicKey(1)) + " root"};
  }
  std::uint64_t Below(std::uint64_t bound) { return random() % bound; }
  std::string AnyParty() {
    auto at = parties.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(Below(parties.size())));
    return *at;
  }
  void Play(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      const std::string name = std::to_string(Below(1'000'000)), party = AnyParty();
      v1::Action action;
      switch (Below(6)) {
        case 0:
          action = Fund("f" + name, "root");
          if (Do(action)) funds.insert("f" + name);
          break;
        case 1:
          action = Asset("A" + name);
          if (Do(action)) assets.insert("A" + name);
          break;
        case 2: {
          const int key = static_cast<int>(2 + Below(5));
          if (Do(Authorise(key, party, {v1::PERMISSION_PAY})))
            keys.insert(HexEncode(PublicKey(key)) + " " + party);
          break;
        }
        default:
          if (!Do(Party("p" + name, party))) break;
          parties.insert("p" + name);
          children[party].insert("p" + name);
      }
    }
  }
  bool Do(const v1::Action& action) {
    return ledger->AppendOne(SignedBytes(Entry("root", ++ids, {action}), {1}), clock.Read()).ok();
  }
  Lines Tree(const std::string& top, std::size_t depth = 0) const {
    Lines lines{std::string(depth, '>') + top};
    const auto below = children.find(top);
    if (below == children.end()) return lines;
    for (const auto& child : below->second) {
      const Lines more = Tree(child, depth + 1);
      lines.insert(lines.end(), more.begin(), more.end());
    }
    return lines;
  }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  std::mt19937_64 random;
  std::uint64_t ids = 0;
  std::set<std::string> parties, funds, assets, keys;
  std::map<std::string, std::set<std::string>> children;
};

Lines LinesOf(const v1::RegistersAnswer& page) {
  Lines lines;
  for (const auto& line : page.lines()) lines.push_back(Shown(line));
  return lines;
}
Lines LinesOf(const v1::KeyAnswer& page) {
  CHECK(page.root_threshold() == 1);
  Lines lines;
  for (const auto& line : page.keys()) lines.push_back(HexEncode(line.public_key()) + " " + line.party());
  return lines;
}

auto AskOf(const query::View& view, const v1::RegistersRequest& request) {
  return [&view, request](const query::Paging& paging) { return query::Registers(view, request, paging); };
}
auto AskKeys(const query::View& view, const std::string& party, const Bytes& public_key) {
  v1::KeysRequest request;
  request.set_party(party);
  request.set_public_key(public_key);
  return [&view, request](const query::Paging& paging) { return query::Keys(view, request, paging); };
}

// Asks as often as it must, for so many each time.
template <typename Ask>
void CheckCuts(Registered* all, const Lines& whole, const Ask& ask) {
  query::Paging paging;
  REQUIRE(LinesOf(Need(Whole(ask(paging)))) == whole);
  for (int i = 0; i < 10; ++i) {
    if (i > 0) paging.limit = 1 + all->Below(whole.size() + 3);
    paging.page_parts = 1 + all->Below(5);
    if (i % 3 == 0) paging.page_bytes = 1 + all->Below(300);
    paging.after.clear();
    Lines got;
    do {
      const auto pages = Need(EachPage(ask(paging)));
      REQUIRE_FALSE(pages.empty());
      std::size_t given = 0;
      for (const auto& page : pages) {
        const Lines lines = LinesOf(page);
        REQUIRE(lines.size() <= paging.page_parts);
        REQUIRE((page.next().empty() || &page == &pages.back()));
        got.insert(got.end(), lines.begin(), lines.end());
        given += lines.size();
      }
      paging.after = pages.back().next();
      if (!paging.after.empty()) REQUIRE(given == paging.limit);
    } while (!paging.after.empty());
    REQUIRE(got == whole);
  }
}

Lines Sorted(const std::set<std::string>& names) { return {names.begin(), names.end()}; }

TEST_CASE("the line of a fund has the decimals of each asset that its approvals count, once") {
  Registered all(1);
  v1::Action fund = WithApprovers(Fund("asks", "root"), {"root"});
  for (const std::int64_t from : {5, 10}) {
    fund = WithApprovals(fund, 1, from, "", "CNY");
    fund = WithApprovals(fund, 1, from, "", "BED");
  }
  REQUIRE(all.Do(Asset("BED", 0)));
  REQUIRE(all.Do(fund));
  const query::View view = Need(query::MakeView(all.ledger->store()));
  const auto line = Need(Whole(query::Registers(view, One("fund", "asks"), {}))).lines(0);
  REQUIRE(line.asset_decimals_size() == 2);
  CHECK(line.asset_decimals(0).asset() == "CNY");
  CHECK(line.asset_decimals(0).decimals() == 2);
  CHECK(line.asset_decimals(1).asset() == "BED");
  CHECK(line.asset_decimals(1).decimals() == 0);
  CHECK(line.decimals() == 0);
  CHECK(Need(Whole(query::Registers(view, One("fund", "flood"), {}))).lines(0).asset_decimals().empty());
}

TEST_CASE("an answer about a register names what its lines name, each once, in the version of then") {
  Registered all(1);
  REQUIRE(all.Do(Place("cn")));
  REQUIRE(all.Do(Category("NUT")));
  for (const char* id : {"n1", "n2"}) REQUIRE(all.Do(Asking(NeedAt(id, "ministry", "cn"), 100)));
  const std::uint64_t then = all.ledger->size() - 1;
  v1::Action renamed = Place("cn");
  renamed.mutable_declare_place()->set_name("China");
  REQUIRE(all.Do(Amending(renamed, then - 3)));
  const query::View view = Need(query::MakeView(all.ledger->store()));
  const auto named = [&](const v1::RegistersRequest& request) {
    Lines lines;
    const auto answer = Need(Whole(query::Registers(view, request, {})));
    for (const auto& name : answer.names())
      lines.push_back(name.register_() + " " + name.id() + " " + name.name());
    return lines;
  };
  const std::string owner =
      "party ministry " + Need(Whole(query::Registers(view, One("party", "ministry"), {})))
                              .lines(0)
                              .action()
                              .register_party()
                              .name();
  // Everybody reads the code of the asset.
  const Lines now{owner, "place cn China", "category NUT Category NUT"};
  CHECK(named(AllOf("need")) == now);
  CHECK(named(One("need", "n2")) == now);
  v1::RegistersRequest before = One("need", "n1");
  before.set_as_of(then);
  CHECK(named(before) == Lines{owner, "place cn Place cn", "category NUT Category NUT"});
  CHECK(named(AllOf("category")).empty());
}

TEST_CASE("the pages of a register are together what was registered, however they are cut") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Registered all(seed);
  all.Play(150);
  const query::View view = Need(query::MakeView(all.ledger->store()));
  CheckCuts(&all, Sorted(all.parties), AskOf(view, AllOf("party")));
  CheckCuts(&all, Sorted(all.funds), AskOf(view, AllOf("fund")));
  CheckCuts(&all, Sorted(all.assets), AskOf(view, AllOf("asset")));
  CheckCuts(&all, Sorted(all.keys), AskKeys(view, "", ""));
  for (const char* top : {"root", "donor", "ministry"})
    CheckCuts(&all, all.Tree(top), AskOf(view, TreeOf("party", top)));
  CheckCuts(&all, all.Tree("root"), AskOf(view, TreeOf("party")));
  const auto asked = [&](const std::string& part) {
    Lines lines;
    for (const auto& key : all.keys)
      if (key.find(part) != std::string::npos) lines.push_back(key);
    return lines;
  };
  const std::string party = all.keys.rbegin()->substr(65);
  Lines of_party;
  for (const auto& key : all.keys)
    if (key.substr(65) == party) of_party.push_back(key);
  CheckCuts(&all, of_party, AskKeys(view, party, ""));
  CheckCuts(&all, asked(HexEncode(PublicKey(2))), AskKeys(view, "", PublicKey(2)));
  CHECK(Need(Whole(AskKeys(view, "", "short")({}))).keys().empty());
}

TEST_CASE("a list of keys goes on behind a key that was taken back meanwhile") {
  Registered all(1);
  for (int key = 2; key < 7; ++key) REQUIRE(all.Do(Authorise(key, "ministry", {v1::PERMISSION_PAY})));
  query::Paging paging;
  paging.limit = 2;
  const query::View before = Need(query::MakeView(all.ledger->store()));
  const auto first = Need(Whole(AskKeys(before, "ministry", "")(paging)));
  REQUIRE(first.keys_size() == 2);
  for (int key = 2; key < 7; ++key)
    if (PublicKey(key) == first.keys(1).public_key()) REQUIRE(all.Do(Revoke(key, "ministry")));
  paging.after = first.next();
  paging.limit = 0;
  const query::View view = Need(query::MakeView(all.ledger->store()));
  const auto rest = Need(Whole(AskKeys(view, "ministry", "")(paging)));
  REQUIRE(rest.keys_size() == 3);
  CHECK(rest.keys(0).public_key() > first.keys(1).public_key());
}

TEST_CASE("however many pages a register has, each row is looked at a few times") {
  Registered all(2);
  std::vector<v1::Action> parties;
  for (int i = 0; i < 400; ++i) parties.push_back(Party("p" + std::to_string(i), "ministry"));
  REQUIRE(all.ledger->AppendOne(SignedBytes(Entry("root", 99, parties), {1}), all.clock.Read()).ok());
  const CountingReader rows(all.ledger->store());
  const query::View view = Need(query::MakeView(rows));
  query::Paging paging;
  paging.page_parts = 2;
  rows.steps = rows.looks = 0;
  CHECK(Need(EachPage(AskOf(view, AllOf("party"))(paging))).size() == 202);
  CHECK(rows.steps + rows.looks < 2'000);
  rows.steps = rows.looks = 0;
  CHECK(Need(EachPage(AskOf(view, TreeOf("party"))(paging))).size() == 202);
  CHECK(rows.steps + rows.looks < 5 * 404);
}

TEST_CASE("a page token of another register, or of none, is refused with a sentence") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Registered all(seed);
  all.Play(80);
  REQUIRE(all.Do(Amending(Fund("flood", "root"), 0)));
  const query::View view = Need(query::MakeView(all.ledger->store()));
  using Ask = std::function<StatusOr<std::string>(const query::Paging&)>;  // answers with `next`
  const auto next = [](auto pages) -> StatusOr<std::string> {
    FT_ASSIGN_OR_RETURN(const auto whole, Whole(std::move(pages)));
    return whole.next();
  };
  const auto next_of = [&](const v1::RegistersRequest& request) -> Ask {
    return [&, request](const query::Paging& paging) { return next(AskOf(view, request)(paging)); };
  };
  v1::RegistersRequest versions = One("fund", "flood"), some = One("party", "root"), then = AllOf("party"),
                       current = AllOf("party");
  versions.set_versions(true);
  for (const char* id : {"donor", "ministry"}) some.add_ids(id);
  then.set_as_of(3);
  current.set_current(true);
  const std::vector<Ask> questions = {
      next_of(AllOf("party")),
      next_of(TreeOf("party")),
      [&](const auto& paging) { return next(AskKeys(view, "", "")(paging)); },
      next_of(AllOf("fund")),
      next_of(AllOf("asset")),
      next_of(versions),
      next_of(some),
      next_of(then),
      next_of(current),
  };
  query::Paging paging;
  paging.limit = 1;
  Lines tokens;
  for (const auto& ask : questions) tokens.push_back(Need(ask(paging)));
  const auto refused = [&](const Ask& ask, const std::string& token) {
    paging.after = token;
    const Status status = ask(paging).status();
    INFO(token << " " << status);
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(status.message()).find("no page token of this question") != std::string::npos);
  };
  for (std::size_t i = 0; i < questions.size(); ++i) {
    REQUIRE_FALSE(tokens[i].empty());
    const std::string mark = tokens[i].substr(0, tokens[i].find('.') + 1);
    for (std::size_t j = 0; j < questions.size(); ++j)
      if (i != j) refused(questions[i], tokens[j]);
    for (const std::string& bad :
         {mark, mark + "no-such", mark + "\xff\xfe", mark + std::string(1, '\0'), std::string("\xff"),
          std::string("root"), std::string(100'000, 'x'), mark + std::string(100'000, 'x')})
      refused(questions[i], bad);
    refused(next_of(One("party", "root")), tokens[i]);
    refused([&](const auto& p) { return next(AskKeys(view, "", PublicKey(9))(p)); }, tokens[i]);
    for (int n = 0; n < 300; ++n) {
      std::string changed = tokens[i];
      changed[all.Below(4) == 0 ? all.Below(changed.size())
                                : mark.size() + all.Below(changed.size() - mark.size())] =
          static_cast<char>(all.Below(256));
      paging.after = changed;
      const auto answered = questions[i](paging);
      CHECK((answered.ok() || absl::IsInvalidArgument(answered.status())));
    }
  }
  // In the tree, but not below the party that is asked for.
  paging.after.clear();
  const std::string of_ministry = Need(next_of(TreeOf("party", "ministry"))(paging));
  refused(next_of(TreeOf("party", "donor")), tokens[1]);
  const std::string mark = tokens[1].substr(0, tokens[1].find('.') + 1);
  if (!of_ministry.empty())
    refused(next_of(TreeOf("party", "ministry")), of_ministry.substr(0, of_ministry.find('.') + 1) + "donor");
}

TEST_CASE("a damaged row ends a register where it stands") {
  const auto store = store::MakeMemoryStore();
  v1::RegisterRow row;
  row.mutable_action()->mutable_register_party()->set_id("a");
  row.mutable_action()->mutable_register_party()->set_role(v1::ROLE_HOLDER);
  Need(store->Write(
      {{model::keys::Party("a"), row.SerializeAsString()}, {model::keys::Party("b"), Bytes("\xff")}}));
  query::View view;
  view.rows = store.get();
  query::Paging paging;
  paging.page_parts = 1;
  auto pages = Need(AskOf(view, AllOf("party"))(paging));
  CHECK(Need(pages.Next()).lines_size() == 1);
  const Status damaged = pages.Next().status();
  CHECK(damaged.code() == absl::StatusCode::kDataLoss);
  CHECK(damaged.message() == "the store is damaged: party b cannot be read; run verify");
}

}  // namespace
}  // namespace fundtrail::testing
