// What is paid straight for needs: the sums after each kind of transfer, the refusals, and which needs a project is for. Also on
// random transfers against somebody who adds up all of them anew, as of every record.
#include "ledger/books/money/need_sums.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "tests/books/project_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;
using model::NeedSums;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kDeclared = 4;  // the record that declares the needs
constexpr std::uint64_t kPaid = 5;      // that of the first payment

v1::Action NeedFor(const std::string& id, const std::string& asset) {
  return Asking(NeedAt(id, "county", "df"), 1'000, asset);
}

// Needs of county: cold and thirst ask for CNY, fever for USD; coats, of desk, for people alone. Beside village, parish is a
// RECIPIENT; nobody stated that hamlet and farm are.
class NeedWorld : public ProjectWorld {
 public:
  NeedWorld() {
    Need(Do({NeedFor("cold", "CNY"), NeedFor("thirst", "CNY"), NeedFor("fever", "USD"),
             Inferred("farm", "county"), Party("parish", "county", v1::ROLE_RECIPIENT)})
             .status());
  }
};

Rows PaidRows(const store::Reader& state) {
  const Bytes all = keys::AllOf(keys::kNeedSumsTag);
  return AllRows(state, all, store::PrefixEnd(all));
}

std::string Text(const NeedSums& sums) {
  if (sums.beyond) return "beyond";
  return absl::StrCat(sums.paid.value(), "/", sums.committed.value());
}

// Paid and committed of each need, fund and asset, as of a record: "cold flood CNY 10/0".
std::string Paid(const store::Reader& state, std::uint64_t as_of = UINT64_MAX) {
  std::map<std::string, std::string> newest;
  for (const auto& [key, value] : PaidRows(state)) {
    const auto of = Need(keys::ReadNeedSums(key));
    if (of.record.value() > as_of) continue;
    newest[absl::StrCat(std::string(of.need), " ", std::string(of.fund), " ", std::string(of.asset))] =
        Text(Need(model::DecodeNeedSums(key, value)));
  }
  std::string text;
  for (const auto& [of, sums] : newest) absl::StrAppend(&text, text.empty() ? "" : "; ", of, " ", sums);
  return text;
}

v1::Action InFund(const std::string& fund, v1::Action pay) {
  pay.mutable_transfer()->set_fund(fund);
  return pay;
}
v1::Action InAsset(const std::string& asset, v1::Action pay) {
  pay.mutable_transfer()->set_asset(asset);
  return pay;
}

// --- each kind of transfer -----------------------------------------------------------------------------------

// Each action is an entry of its own: the first is record 5.
struct Story {
  const char* story;
  std::vector<v1::Action> actions;
  std::string sums;
};

void CheckStories(const std::vector<Story>& stories) {
  for (const Story& one : stories) {
    INFO(one.story);
    NeedWorld w;
    for (const v1::Action& action : one.actions) REQUIRE(w.Verdict(action) == "OK");
    CHECK(Paid(w.state()) == one.sums);
    const Rows before = PaidRows(w.state());
    Need(w.Do({Party("new", "county")}).status());
    CHECK(PaidRows(w.state()) == before);
  }
}

TEST_CASE("the sums of a need after payments that name it") {
  const v1::Action brought = Pay("donor", "ministry", 100);
  const v1::Action paid = Meeting("cold", Pay("donor", "village", 10));
  CheckStories({
      {"a payment that names none", {brought, Pay("ministry", "village", 10)}, ""},
      {"an appropriation",
       {Meeting("cold", Pay("donor", "village", 10, v1::TRANSFER_KIND_APPROPRIATION))},
       "cold flood CNY 10/0"},
      {"a donation",
       {Meeting("cold", Pay("donor", "village", 10, v1::TRANSFER_KIND_DONATION))},
       "cold flood CNY 10/0"},
      {"an allocation of a holder",
       {brought, Meeting("cold", Pay("ministry", "village", 10))},
       "cold flood CNY 10/0"},
      {"a disbursement of a holder",
       {brought, Meeting("cold", Pay("ministry", "village", 10, v1::TRANSFER_KIND_DISBURSEMENT))},
       "cold flood CNY 10/0"},
      {"a payment that draws on a receipt",
       {brought, Meeting("cold", Drawing(Pay("ministry", "village", 10), {Ref(kPaid)}))},
       "cold flood CNY 10/0"},
      {"to a recipient that somebody stated in the meantime",
       {Amending(Party("hamlet", "county", v1::ROLE_RECIPIENT), kProposed),
        Meeting("cold", Pay("donor", "hamlet", 10))},
       "cold flood CNY 10/0"},
      {"what is committed is said", {Committed(paid)}, "cold flood CNY 10/10"},
      {"payments add up",
       {paid, Committed(Meeting("cold", Pay("donor2", "village", 5))),
        Meeting("cold", Pay("donor", "parish", 3))},
       "cold flood CNY 18/5"},
      {"each fund has sums of its own",
       {paid, InFund("school", Meeting("cold", Pay("donor", "village", 7)))},
       "cold flood CNY 10/0; cold school CNY 7/0"},
      {"each need has sums of its own",
       {paid, Meeting("thirst", Pay("donor", "village", 7)),
        InAsset("USD", Meeting("fever", Pay("donor", "village", 2)))},
       "cold flood CNY 10/0; fever flood USD 2/0; thirst flood CNY 7/0"},
  });
}

TEST_CASE("the sums of a need after money is sent back") {
  const v1::Action paid = Meeting("cold", Pay("donor", "village", 10));
  const v1::Action back = Returning(Pay("village", "donor", 4), Ref(kPaid));
  CheckStories({
      {"a part", {paid, back}, "cold flood CNY 6/0"},
      {"all of it", {paid, Returning(Pay("village", "donor", 10), Ref(kPaid))}, "cold flood CNY 0/0"},
      {"by a reversal",
       {paid, Returning(Pay("village", "donor", 4), Ref(kPaid), v1::TRANSFER_KIND_REVERSAL)},
       "cold flood CNY 6/0"},
      {"in parts",
       {paid, back, Returning(Pay("village", "donor", 6), Ref(kPaid), v1::TRANSFER_KIND_REVERSAL)},
       "cold flood CNY 0/0"},
      {"to a holder",
       {Pay("donor", "ministry", 100), Meeting("cold", Pay("ministry", "village", 10)),
        Returning(Pay("village", "ministry", 4), Ref(kPaid + 1))},
       "cold flood CNY 6/0"},
      {"what was committed, whatever the stage of what sends it back",
       {Committed(paid), back},
       "cold flood CNY 6/6"},
      {"what was paid, as if it were committed", {paid, Committed(back)}, "cold flood CNY 6/0"},
      {"the stage of the very payment counts",
       {paid, Committed(Meeting("cold", Pay("donor", "village", 5))), back},
       "cold flood CNY 11/5"},
      {"in the fund of the payment",
       {paid, InFund("school", Meeting("cold", Pay("donor", "village", 7))),
        InFund("school", Returning(Pay("village", "donor", 3), Ref(kPaid + 1)))},
       "cold flood CNY 10/0; cold school CNY 4/0"},
      {"a payment that named none",
       {paid, Pay("donor", "village", 8), Returning(Pay("village", "donor", 8), Ref(kPaid + 1))},
       "cold flood CNY 10/0"},
      {"by one of several recipients",
       {paid, Meeting("cold", Pay("donor", "parish", 10)),
        Returning(Pay("parish", "donor", 6), Ref(kPaid + 1))},
       "cold flood CNY 14/0"},
      {"the return of a return is not paid for the need again",
       {paid, back, Returning(Pay("donor", "village", 4), Ref(kPaid + 1), v1::TRANSFER_KIND_REVERSAL)},
       "cold flood CNY 6/0"},
      {"nor taken off again when it is sent back itself",
       {paid, back, Returning(Pay("donor", "village", 4), Ref(kPaid + 1), v1::TRANSFER_KIND_REVERSAL),
        Returning(Pay("village", "donor", 4), Ref(kPaid + 2))},
       "cold flood CNY 6/0"},
      {"after the need ended", {paid, End("need", "cold", kDeclared), back}, "cold flood CNY 6/0"},
      {"after the need asks for another asset",
       {paid, Amending(NeedFor("cold", "USD"), kDeclared), back,
        InAsset("USD", Meeting("cold", Pay("donor", "village", 2)))},
       "cold flood CNY 6/0; cold flood USD 2/0"},
      {"what an inferred recipient got named no need, also once somebody stated the role",
       {Pay("donor", "hamlet", 10), Amending(Party("hamlet", "county", v1::ROLE_RECIPIENT), kProposed),
        Meeting("cold", Pay("donor", "hamlet", 3)), Returning(Pay("hamlet", "donor", 4), Ref(kPaid))},
       "cold flood CNY 3/0"},
  });
}

TEST_CASE("the sums of a need are there as of every record, and a record writes each once") {
  NeedWorld w;
  REQUIRE(w.Verdict(Meeting("cold", Pay("donor", "village", 10))) == "OK");
  Need(w.Do({Pay("donor", "ministry", 50)}).status());
  Need(w.Do({Meeting("cold", Pay("ministry", "village", 20)), Meeting("cold", Pay("ministry", "parish", 5)),
             Returning(Pay("village", "ministry", 3), ThisEntry(1)),
             Meeting("thirst", Pay("donor", "village", 1))})
           .status());
  CHECK(Paid(w.state(), kPaid - 1).empty());
  CHECK(Paid(w.state(), kPaid) == "cold flood CNY 10/0");
  CHECK(Paid(w.state(), kPaid + 1) == "cold flood CNY 10/0");
  CHECK(Paid(w.state(), kPaid + 2) == "cold flood CNY 32/0; thirst flood CNY 1/0");
  CHECK(PaidRows(w.state()).size() == 3);
  CHECK(Text(Need(books::GetNeedSums(w.state(), "cold", "flood", "CNY"))) == "32/0");
  CHECK(Text(Need(books::GetNeedSums(w.state(), "cold", "school", "CNY"))) == "0/0");
  const TransferRef second{RecordIndex(kPaid + 2), 2};
  CHECK(Need(books::GetNeedOfTransfer(w.state(), second)) == "cold");
  CHECK_FALSE(Need(books::GetNeedOfTransfer(w.state(), {RecordIndex(kPaid + 2), 3})).has_value());
}

// --- refusals ------------------------------------------------------------------------------------------------

struct Refused {
  const char* story;
  std::string verdict;
  v1::Action action;
};

TEST_CASE("what a payment that names a need must keep") {
  NeedWorld w;
  Need(w.Do({Pay("donor", "ministry", 100), Meeting("cold", Pay("donor", "village", 10)),
             NeedFor("gone", "CNY")})
           .status());
  Need(w.Do({End("need", "gone", kPaid)}).status());
  const std::string at = " at actions[0].transfer.";
  const v1::Action pay = Pay("donor", "village", 5);
  const v1::Action lunches = Into("lunches", pay);
  for (const Refused& one : std::vector<Refused>{
           {"a RETURN", "KIND_MISMATCH" + at + "need",
            Meeting("cold", Returning(Pay("village", "donor", 5), Ref(kPaid, 2)))},
           {"a REVERSAL", "KIND_MISMATCH" + at + "need",
            Meeting("cold",
                    Returning(Pay("village", "donor", 5), Ref(kPaid, 2), v1::TRANSFER_KIND_REVERSAL))},
           {"a RECLASSIFICATION", "KIND_MISMATCH" + at + "need",
            Meeting("cold", Reclassify("ministry", "school", 5))},
           {"an EXCHANGE", "KIND_MISMATCH" + at + "need",
            Meeting("cold", Exchange("ministry", "village", 5, "USD", 1))},
           {"its kind is looked at first", "KIND_MISMATCH" + at + "need",
            Meeting("drought", Reclassify("ministry", "school", 5))},
           {"a need that there is not", "REFERENCE_UNKNOWN" + at + "need", Meeting("drought", pay)},
           {"a need that has ended", "REFERENCE_ENDED" + at + "need", Meeting("gone", pay)},
           {"a payment to a holder", "SCOPE_MISMATCH" + at + "to",
            Meeting("cold", Pay("donor", "ministry", 5))},
           {"a payment to a source", "SCOPE_MISMATCH" + at + "to",
            Meeting("cold", Pay("donor", "donor2", 5))},
           {"a payment to a recipient that nobody stated", "SCOPE_MISMATCH" + at + "to",
            Meeting("cold", Pay("donor", "hamlet", 5))},
           {"a payment in a project", "SCOPE_MISMATCH" + at + "project", Meeting("cold", In("lunches", pay))},
           {"a payment that puts money in a project", "SCOPE_MISMATCH" + at + "to_project",
            Meeting("cold", lunches)},
           {"a payment in another asset", "SCOPE_MISMATCH" + at + "asset",
            Meeting("cold", InAsset("USD", pay))},
           {"and the other way round", "SCOPE_MISMATCH" + at + "asset", Meeting("fever", pay)},
           {"money for a need of people alone", "SCOPE_MISMATCH" + at + "asset", Meeting("coats", pay)},
           {"the need is looked at before its payee", "REFERENCE_UNKNOWN" + at + "need",
            Meeting("drought", Pay("donor", "ministry", 5))},
           {"the payee before what is held", "SCOPE_MISMATCH" + at + "to",
            Meeting("cold", Pay("charity", "ministry", 5))},
           {"what is held", "INSUFFICIENT_FUNDS" + at + "amount",
            Meeting("cold", Pay("charity", "village", 5))},
           {"a recipient that pays", "RECIPIENT_CANNOT_PAY" + at + "from",
            Meeting("cold", Pay("village", "parish", 5))},
           {"what is well", "OK", Meeting("cold", pay)},
       }) {
    INFO(one.story);
    CHECK(w.Verdict(one.action) == one.verdict);
  }
  CHECK(Paid(w.state()) == "cold flood CNY 15/0");
  // The present version counts.
  Need(w.Do({Amending(NeedFor("fever", "CNY"), kDeclared)}).status());
  CHECK(w.Verdict(Meeting("fever", pay)) == "OK");
  CHECK(w.Verdict(InAsset("USD", Meeting("fever", pay))) == "SCOPE_MISMATCH" + at + "asset");
}

TEST_CASE("where more than 2^63 - 1 units are paid for a need, the sums are given up and payments go on") {
  NeedWorld w;
  const auto sums = [&](const char* need, const char* fund = "flood") {
    return Text(Need(books::GetNeedSums(w.state(), need, fund, "CNY")));
  };
  const auto take = [&](const v1::Action& action) { REQUIRE(w.Verdict(action) == "OK"); };
  take(Meeting("cold", Pay("donor", "village", kMost - 10)));
  take(Committed(Meeting("cold", Pay("donor2", "parish", 10))));
  CHECK(sums("cold") == absl::StrCat(kMost, "/10"));
  // What is sent back makes room.
  take(Returning(Pay("village", "donor", 5), Ref(kPaid)));
  take(Meeting("cold", Pay("donor2", "parish", 5)));
  CHECK(sums("cold") == absl::StrCat(kMost, "/10"));
  const std::uint64_t last = w.next();
  take(Meeting("cold", Pay("donor2", "parish", 1)));
  CHECK(sums("cold") == "beyond");
  CHECK(Need(books::GetNeedSums(w.state(), "cold", "flood", "CNY")) == NeedSums{Amount(0), Amount(0), true});
  // As of earlier records they are known.
  CHECK(Paid(w.state(), last - 1) == absl::StrCat("cold flood CNY ", kMost, "/10"));
  // It stays so, whatever is paid or sent back.
  const std::uint64_t more = w.next();
  take(Meeting("cold", Pay("donor2", "parish", 7)));
  take(Returning(Pay("parish", "donor2", 7), Ref(more)));
  take(Returning(Pay("village", "donor", 4), Ref(kPaid), v1::TRANSFER_KIND_REVERSAL));
  CHECK(sums("cold") == "beyond");
  // Of other needs and funds it says nothing.
  take(Meeting("thirst", Pay("donor2", "parish", 1)));
  take(InFund("school", Meeting("cold", Pay("donor2", "parish", 2))));
  CHECK(sums("thirst") == "1/0");
  CHECK(sums("cold", "school") == "2/0");
}

TEST_CASE("rows about needs that are damaged are told when something is sent back") {
  NeedWorld w;
  REQUIRE(w.Verdict(Committed(Meeting("cold", Pay("donor", "village", 10)))) == "OK");
  const TransferRef paid{RecordIndex(kPaid), 1};
  const Bytes sums = keys::NeedSums("cold", "flood", "CNY", RecordIndex(kPaid));
  const struct {
    Bytes key, value;
    std::string says;
  } kCases[] = {
      {keys::NeedOfTransfer(paid), "drought", "the need of transfer 5.1 is not one that the ledger has"},
      {keys::NeedOfTransfer(paid), "", "the need of transfer 5.1 is not one that the ledger has"},
      {keys::NeedOfTransfer(paid), "thirst", "need thirst, fund flood, CNY, after record 6 adds up to less"},
      {sums, "short", "need cold, fund flood, CNY, after record 5 has 5 bytes instead of 17"},
      {sums, model::Encode(NeedSums{Amount(3), Amount(3), false}),
       "need cold, fund flood, CNY, after record 6 adds up to less than was paid"},
      {sums, model::Encode(NeedSums{Amount(10), Amount(3), false}),
       "need cold, fund flood, CNY, after record 6 adds up to less than was paid"},
  };
  const v1::Entry entry =
      SignedBy(Entry("root", 99, {Returning(Pay("village", "donor", 4), Ref(kPaid))}), {1});
  for (const auto& one : kCases) {
    INFO(one.says);
    store::Overlay damaged(static_cast<const store::Reader&>(w.state()));
    damaged.Put(one.key, one.value);
    const Status status = books::Apply(&damaged, {RecordIndex(w.next()), Date(20'000), books::kRules[0]},
                                       entry, {Key(1).public_key()})
                              .status();
    CHECK(status.code() == absl::StatusCode::kDataLoss);
    CHECK_THAT(std::string(status.message()), Contains(one.says));
  }
}

// --- the needs that a project is for -------------------------------------------------------------------------

using Parts = std::vector<std::pair<std::string, std::uint32_t>>;

v1::Action ForNeeds(const Parts& parts) {
  v1::Action action = Project("wells", "county");
  for (const auto& [need, basis_points] : parts) {
    auto* share = action.mutable_propose_project()->add_needs();
    share->set_need(need);
    share->set_basis_points(basis_points);
  }
  return action;
}

TEST_CASE("a project is for needs, with a part of the whole for each") {
  NeedWorld w;
  Need(w.Do({End("need", "fever", kDeclared)}).status());
  const std::string needs = "actions[0].propose_project.needs";
  const struct {
    const char* story;
    Parts parts;
    std::string verdict;
  } kCases[] = {
      {"a part that is nothing", {{"cold", 0}}, "SPLIT_INVALID at " + needs},
      {"a part that is nothing, beside others",
       {{"cold", 5'000}, {"thirst", 0}},
       "SPLIT_INVALID at " + needs},
      {"more than the whole", {{"cold", 5'000}, {"thirst", 5'001}}, "SPLIT_INVALID at " + needs},
      {"a need that is listed twice", {{"cold", 1'000}, {"cold", 2'000}}, "SPLIT_INVALID at " + needs},
      {"the same part twice", {{"cold", 1'000}, {"cold", 1'000}}, "FIELD_INVALID at " + needs + "[1]"},
      {"a part that is more than the whole",
       {{"cold", 10'001}},
       "FIELD_INVALID at " + needs + "[0].basis_points"},
      {"a part for nothing", {{"", 1'000}}, "FIELD_INVALID at " + needs + "[0].need"},
      {"a need that there is not",
       {{"cold", 1}, {"drought", 1}},
       "REFERENCE_UNKNOWN at " + needs + "[1].need"},
      {"a need that has ended", {{"fever", 1}}, "REFERENCE_ENDED at " + needs + "[0].need"},
      {"the smallest part, and the rest for none", {{"cold", 1}}, "OK"},
  };
  for (const auto& one : kCases) {
    INFO(one.story);
    CHECK(w.Verdict(ForNeeds(one.parts)) == one.verdict);
  }
  std::uint64_t version = w.next() - 1;
  for (const Parts& parts : {Parts{{"cold", 10'000}}, Parts{{"cold", 4'000}, {"thirst", 6'000}},
                             Parts{{"coats", 1'000}, {"thirst", 2'000}}, Parts{}}) {
    CHECK(w.Verdict(Amending(ForNeeds(parts), version)) == "OK");
    version = w.next() - 1;
  }
  // An amendment may go on naming what has ended since, and name nothing new that has.
  CHECK(w.Verdict(Amending(ForNeeds({{"thirst", 500}}), version)) == "OK");
  Need(w.Do({End("need", "thirst", kDeclared)}).status());
  CHECK(w.Verdict(Amending(ForNeeds({{"thirst", 700}}), version + 1)) == "OK");
  CHECK(w.Verdict(Amending(ForNeeds({{"fever", 700}}), version + 3)) ==
        "REFERENCE_ENDED at " + needs + "[0].need");
}

TEST_CASE("how people may take part in a project is a text of at most 2,000 bytes") {
  NeedWorld w;
  v1::Action project = ForNeeds({{"cold", 1'000}});
  project.mutable_propose_project()->set_participation(std::string(2'001, 'p'));
  CHECK(w.Verdict(project) == "FIELD_INVALID at actions[0].propose_project.participation");
  project.mutable_propose_project()->set_participation(std::string(2'000, 'p'));
  CHECK(w.Verdict(project) == "OK");
}

// --- random transfers ----------------------------------------------------------------------------------------

using Of = std::tuple<std::string, std::string, std::string>;       // a need, a fund and an asset
using Account = std::tuple<std::string, std::string, std::string>;  // a party, a fund and an asset
using Line = std::pair<std::uint64_t, std::uint32_t>;               // a record, and a transfer of it

// Sums as plain numbers.
struct Naive {
  std::int64_t paid = 0, committed = 0;
  NeedSums Sums() const { return {Amount(paid), Amount(committed), false}; }
};

// A transfer that was taken, in full.
struct Done {
  Line at;
  v1::Transfer transfer;
  bool mints = false;
  Line returns;  // of one that sends back
};

// What a reader knows who wrote down everything, and adds up all of it whenever asked.
struct Notes {
  std::map<std::string, v1::Role> roles;
  std::set<std::string> inferred;
  std::map<std::string, std::uint64_t> version;  // of a need
  std::map<std::string, std::string> asset;      // that a need asks for
  std::set<std::string> ended;
  std::vector<Done> done;

  const Done& At(Line at) const {
    return *std::find_if(done.begin(), done.end(), [&](const Done& each) { return each.at == at; });
  }
  std::map<Of, Naive> Sums() const {
    std::map<Of, Naive> all;
    for (const Done& each : done) {
      const v1::Transfer& t = each.transfer;
      if (!t.need().empty()) {
        Naive& sums = all[{t.need(), t.fund(), t.asset()}];
        sums.paid += t.amount();
        if (t.stage() == v1::STAGE_COMMITTED) sums.committed += t.amount();
      }
      if (!t.has_returns()) continue;
      const v1::Transfer& first = At(each.returns).transfer;
      if (first.need().empty()) continue;
      Naive& sums = all[{first.need(), first.fund(), first.asset()}];
      sums.paid -= t.amount();
      if (first.stage() == v1::STAGE_COMMITTED) sums.committed -= t.amount();
    }
    return all;
  }
  std::map<Account, std::int64_t> Held() const {
    std::map<Account, std::int64_t> held;
    for (const Done& each : done) {
      const v1::Transfer& t = each.transfer;
      if (!each.mints) held[{t.from(), t.fund(), t.asset()}] -= t.amount();
      held[{t.to(), t.fund(), t.asset()}] += t.amount();
    }
    return held;
  }
};

const std::vector<std::string> kSources = {"donor", "donor2"};
const std::vector<std::string> kHolders = {"ministry", "county", "charity"};
const std::vector<std::string> kRecipients = {"village", "parish", "hamlet", "farm"};
const std::vector<std::string> kFunds = {"flood", "school"};
const std::vector<std::string> kAssets = {"CNY", "USD"};
const std::vector<std::string> kNeeds = {"cold", "thirst", "fever"};

class Game {
 public:
  explicit Game(std::uint64_t seed) : random_(seed) {
    for (const auto& party : kSources) notes_.roles[party] = v1::ROLE_SOURCE;
    for (const auto& party : kHolders) notes_.roles[party] = v1::ROLE_HOLDER;
    for (const auto& party : kRecipients) notes_.roles[party] = v1::ROLE_RECIPIENT;
    notes_.inferred = {"hamlet", "farm"};
    for (const auto& need : kNeeds) notes_.version[need] = kDeclared;
    notes_.asset = {{"cold", "CNY"}, {"thirst", "CNY"}, {"fever", "USD"}};
  }

  void Play(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      const std::uint64_t kind = Below(40);
      if (kind == 0) {
        ChangeRole();
      } else if (kind == 1) {
        ChangeNeed();
      } else if (kind < 8) {
        TryBad();
      } else {
        Transfers();
      }
      CheckNow();
    }
    CheckHistory();
    CheckReplay();
  }

  std::map<std::string, int> met;  // what was played, and which refusals were met

 private:
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }
  bool Chance(std::uint64_t percent) { return Below(100) < percent; }
  const std::string& AnyOf(const std::vector<std::string>& some) { return some[Below(some.size())]; }
  std::int64_t UpTo(std::int64_t most) {
    return 1 + static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(most)));
  }
  std::vector<std::string> Recipients() const {
    std::vector<std::string> all;
    for (const auto& [party, role] : notes_.roles)
      if (role == v1::ROLE_RECIPIENT) all.push_back(party);
    return all;
  }
  // Those that somebody stated.
  std::vector<std::string> Stated() const {
    std::vector<std::string> all;
    for (const std::string& party : Recipients())
      if (notes_.inferred.count(party) == 0) all.push_back(party);
    return all;
  }
  // The needs that go on and ask for the asset.
  std::vector<std::string> NeedsOf(const std::string& asset) const {
    std::vector<std::string> all;
    for (const auto& [need, asks] : notes_.asset)
      if (asks == asset && notes_.ended.count(need) == 0) all.push_back(need);
    return all;
  }

  // The entry was taken as the next record.
  void Taken(const std::vector<v1::Action>& actions, const Notes& notes) {
    notes_ = notes;
    taken_.push_back(actions);
    after_[w_.next() - 1] = notes_.Sums();
  }

  void ChangeRole() {
    if (notes_.inferred.empty()) return;
    const std::string party = *notes_.inferred.begin();
    const v1::Role role = Chance(50) ? v1::ROLE_HOLDER : v1::ROLE_RECIPIENT;
    const std::vector<v1::Action> actions = {
        Amending(Party(party, "county", role), party == "hamlet" ? kProposed : kDeclared)};
    Need(w_.Do(actions).status());
    Notes next = notes_;
    next.roles[party] = role;
    next.inferred.erase(party);
    Taken(actions, next);
    ++met["a role"];
  }

  void ChangeNeed() {
    const std::string need = AnyOf(kNeeds);
    if (notes_.ended.count(need) > 0) return;
    Notes next = notes_;
    std::vector<v1::Action> actions;
    if (Chance(30)) {
      actions = {End("need", need, next.version[need])};
      next.ended.insert(need);
      ++met["an end"];
    } else {
      next.asset[need] = AnyOf(kAssets);
      actions = {Amending(NeedFor(need, next.asset[need]), next.version[need])};
      next.version[need] = w_.next();
      ++met["a new version"];
    }
    Need(w_.Do(actions).status());
    Taken(actions, next);
  }

  // A payment of a source that breaks one rule about needs.
  void TryBad() {
    const std::string recipient = AnyOf(Stated());
    const std::string asset = AnyOf(kAssets), need = AnyOf(kNeeds);
    v1::Action pay = InAsset(asset, Meeting(need, Pay(AnyOf(kSources), recipient, UpTo(50))));
    v1::Transfer& t = *pay.mutable_transfer();
    std::string code;
    switch (Below(5)) {
      case 0:
        t.set_need("drought");
        code = "REFERENCE_UNKNOWN at actions[0].transfer.need";
        break;
      case 1:
        if (notes_.ended.empty()) return;
        t.set_need(*notes_.ended.begin());
        code = "REFERENCE_ENDED at actions[0].transfer.need";
        break;
      case 2:
        if (notes_.ended.count(need) > 0) return;
        t.set_to(Chance(50) ? AnyOf(kHolders) : AnyOf(kSources));
        if (!notes_.inferred.empty() && Chance(50)) t.set_to(*notes_.inferred.begin());
        code = "SCOPE_MISMATCH at actions[0].transfer.to";
        break;
      case 3:
        if (notes_.ended.count(need) > 0) return;
        if (Chance(50)) {
          t.set_project("lunches");
          code = "SCOPE_MISMATCH at actions[0].transfer.project";
        } else {
          t.set_to_project("lunches");
          code = "SCOPE_MISMATCH at actions[0].transfer.to_project";
        }
        break;
      default:
        if (notes_.ended.count(need) > 0 || notes_.asset[need] == asset) return;
        code = "SCOPE_MISMATCH at actions[0].transfer.asset";
    }
    INFO(pay.ShortDebugString());
    REQUIRE(w_.Verdict(pay) == code);
    ++met[code];
  }

  // A transfer that can be paid for; whether what is sent back is still there is left to chance.
  std::optional<Done> Any(const Notes& notes, Line at) {
    Done made;
    made.at = at;
    v1::Transfer& t = made.transfer;
    if (Chance(30)) t.set_stage(v1::STAGE_COMMITTED);
    const auto held = notes.Held();
    if (!notes.done.empty() && Chance(40)) {
      const Done& first = notes.done[Below(notes.done.size())];
      const auto there = held.find({first.transfer.to(), first.transfer.fund(), first.transfer.asset()});
      if (there == held.end() || there->second == 0) return std::nullopt;
      t.set_from(first.transfer.to());
      t.set_to(first.transfer.from());
      t.set_fund(first.transfer.fund());
      t.set_asset(first.transfer.asset());
      t.set_kind(Chance(50) ? v1::TRANSFER_KIND_RETURN : v1::TRANSFER_KIND_REVERSAL);
      const std::int64_t most = first.transfer.amount();
      t.set_amount(std::min(there->second, Chance(50) ? most : UpTo(most)));
      *t.mutable_returns() =
          first.at.first == at.first ? ThisEntry(first.at.second) : Ref(first.at.first, first.at.second);
      made.returns = first.at;
      return made;
    }
    std::vector<Account> can_pay;
    for (const auto& [account, amount] : held)
      if (amount > 0 && notes.roles.at(std::get<0>(account)) == v1::ROLE_HOLDER) can_pay.push_back(account);
    made.mints = can_pay.empty() || Chance(40);
    if (made.mints) {
      t.set_from(AnyOf(kSources));
      t.set_fund(AnyOf(kFunds));
      t.set_asset(AnyOf(kAssets));
      t.set_amount(UpTo(60));
    } else {
      const Account& payer = can_pay[Below(can_pay.size())];
      t.set_from(std::get<0>(payer));
      t.set_fund(std::get<1>(payer));
      t.set_asset(std::get<2>(payer));
      t.set_amount(UpTo(held.at(payer)));
    }
    t.set_kind(made.mints ? (Chance(50) ? v1::TRANSFER_KIND_DONATION : v1::TRANSFER_KIND_APPROPRIATION)
                          : (Chance(50) ? v1::TRANSFER_KIND_ALLOCATION : v1::TRANSFER_KIND_DISBURSEMENT));
    const std::vector<std::string> needs = NeedsOf(t.asset());
    const std::vector<std::string> recipients = Recipients();
    t.set_to(Chance(60) ? AnyOf(recipients) : AnyOf(kHolders));
    const bool stated = notes.roles.at(t.to()) == v1::ROLE_RECIPIENT && notes.inferred.count(t.to()) == 0;
    if (stated && !needs.empty() && Chance(75)) t.set_need(AnyOf(needs));
    return made;
  }

  void Transfers() {
    const std::uint64_t record = w_.next();
    Notes next = notes_;
    std::vector<v1::Action> actions;
    std::set<std::pair<Of, std::uint64_t>> touched;
    std::set<Line> named;
    bool back = false;
    for (std::uint64_t n = 1 + Below(4); n > 0; --n) {
      const auto made = Any(next, {record, static_cast<std::uint32_t>(actions.size() + 1)});
      if (!made.has_value()) continue;
      const v1::Transfer& t = made->transfer;
      *actions.emplace_back().mutable_transfer() = t;
      next.done.push_back(*made);
      back = back || t.has_returns();
      const v1::Transfer& counts = t.has_returns() ? next.At(made->returns).transfer : t;
      if (!counts.need().empty()) touched.insert({{counts.need(), counts.fund(), counts.asset()}, record});
      if (!t.need().empty()) named.insert(made->at);
    }
    if (actions.empty()) return;
    const Status status = w_.Do(actions).status();
    INFO("record " << record << ": " << Entry("root", record, actions).ShortDebugString());
    const std::string verdict = Verdict(status);
    INFO(verdict << ": " << status.message());
    if (!status.ok()) {
      // Of what is sent back some may be spent, or sent back, already.
      const std::string code = verdict.substr(0, verdict.find(' '));
      REQUIRE((back && code == "RETURN_SHORT"));
      ++met[code];
      return;
    }
    Taken(actions, next);
    touched_.insert(touched.begin(), touched.end());
    named_.insert(named.begin(), named.end());
    if (back && !touched.empty()) ++met["sent back"];
    if (!named.empty()) ++met["named"];
  }

  void CheckNow() const {
    for (const auto& [of, naive] : notes_.Sums()) {
      const auto& [need, fund, asset] = of;
      INFO(need << ", " << fund << ", " << asset);
      const NeedSums row = Need(books::GetNeedSums(w_.state(), need, fund, asset));
      REQUIRE(Text(row) == Text(naive.Sums()));
    }
  }

  // As of every record the rows are what the notes were then. Those of the records that changed them are there, and no others.
  void CheckHistory() const {
    const store::Reader& state = w_.state();
    std::map<Of, Naive> then;
    for (std::uint64_t record = 0; record < w_.next(); ++record) {
      const auto written = after_.find(record);
      if (written != after_.end()) then = written->second;
      for (const std::string& need : kNeeds) {
        for (const std::string& fund : kFunds) {
          for (const std::string& asset : kAssets) {
            INFO("as of record " << record << ": " << need << ", " << fund << ", " << asset);
            const auto last = Need(state.Last(keys::NeedSumsOf(need, fund, asset),
                                              keys::NeedSums(need, fund, asset, RecordIndex(record + 1))));
            const auto expected = then.find({need, fund, asset});
            const NeedSums row =
                last.has_value() ? Need(model::DecodeNeedSums(last->first, last->second)) : NeedSums();
            REQUIRE(row == (expected == then.end() ? NeedSums() : expected->second.Sums()));
          }
        }
      }
    }
    std::set<std::pair<Of, std::uint64_t>> rows;
    for (const auto& [key, value] : PaidRows(state)) {
      const auto of = Need(keys::ReadNeedSums(key));
      rows.insert({{std::string(of.need), std::string(of.fund), std::string(of.asset)}, of.record.value()});
    }
    REQUIRE(rows == touched_);
    std::set<Line> named;
    const Bytes all = keys::AllOf(keys::kNeedOfTransferTag);
    for (const auto& [key, value] : AllRows(state, all, store::PrefixEnd(all))) {
      const TransferRef ref = Need(keys::ReadNeedOfTransfer(key));
      named.insert({ref.record.value(), ref.line});
      REQUIRE(value == notes_.At({ref.record.value(), ref.line}).transfer.need());
    }
    REQUIRE(named == named_);
  }

  // The same entries once more give the same rows, all of them.
  void CheckReplay() const {
    NeedWorld again;
    for (const auto& actions : taken_) Need(again.Do(actions).status());
    REQUIRE(AllRows(again.state()) == AllRows(w_.state()));
  }

  std::mt19937_64 random_;
  NeedWorld w_;
  Notes notes_;
  std::vector<std::vector<v1::Action>> taken_;          // the entries that were taken
  std::map<std::uint64_t, std::map<Of, Naive>> after_;  // the sums after each of them
  std::set<std::pair<Of, std::uint64_t>> touched_;      // which sums a record changed
  std::set<Line> named_;                                // the transfers that name a need
};

TEST_CASE("after random transfers the sums of needs are those of all transfers, as of every record") {
  const std::uint64_t first = std::random_device{}();
  std::map<std::string, int> met;
  for (std::uint64_t seed = first; seed < first + 16; ++seed) {
    INFO("seed " << seed);
    Game game(seed);
    game.Play(80);
    for (const auto& [what, count] : game.met) met[what] += count;
  }
  INFO("first seed " << first);
  // The play is of use only if it meets both sides of every rule.
  for (const char* what :
       {"a role", "an end", "a new version", "named", "sent back", "RETURN_SHORT",
        "REFERENCE_UNKNOWN at actions[0].transfer.need", "REFERENCE_ENDED at actions[0].transfer.need",
        "SCOPE_MISMATCH at actions[0].transfer.to", "SCOPE_MISMATCH at actions[0].transfer.project",
        "SCOPE_MISMATCH at actions[0].transfer.to_project", "SCOPE_MISMATCH at actions[0].transfer.asset"}) {
    INFO(what);
    CHECK(met[what] > 0);
  }
}

}  // namespace
}  // namespace fundtrail::testing
