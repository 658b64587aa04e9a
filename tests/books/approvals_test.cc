// Which payments out of a fund its approvers must approve, who approves, and what is asked of nobody.
#include "ledger/books/money/approvals.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/books/project_world.h"

namespace fundtrail::testing {
namespace {

const std::string kMissing = "APPROVAL_MISSING at actions[0].transfer.amount";
constexpr std::uint64_t kOpened = 1;  // the record that opened the funds

// What the world's keys may do beside key 1, the root's, and key 2, which pays for everybody below the root.
constexpr int kAuditor = 3, kCouncil = 4, kBoard = 5, kSecondOfAuditor = 6;
constexpr int kAuditorAndCouncil = 7;
constexpr int kCouncilAndPayer = 8;      // PAY for ministry
constexpr int kCouncilAndPayers = 9;     // PAY for the root and those below
constexpr int kCouncilAndPayee = 10;     // PAY for county
constexpr int kPayer = 11, kPayee = 12;  // APPROVE for ministry, for county
constexpr int kRootAndBelow = 13;        // APPROVE for the root party and those below
constexpr int kAuditorPays = 14;         // PAY for auditor, and nothing else
constexpr int kOutsider = 15;            // APPROVE for guild, which is no approver
constexpr int kBranch = 16;              // APPROVE for branch, below ministry and beside county

v1::Action InFund(const std::string& fund, v1::Action pay) {
  pay.mutable_transfer()->set_fund(fund);
  return pay;
}

// A fund of the root party with approvers of every kind.
v1::Action Approved(const std::string& id) {
  return WithApprovers(Fund(id, "root"),
                       {"auditor", "council", "board", "root", "ministry", "county", "branch"});
}

// Ministry and charity hold 10,000.00 CNY in fund flood, and ministry as much in fund school.
class ApprovalWorld : public ProjectWorld {
 public:
  ApprovalWorld() {
    Need(Do({Pay("donor", "ministry", 1'000'000), Pay("donor", "charity", 1'000'000),
             InFund("school", Pay("donor", "ministry", 1'000'000))})
             .status());
    Need(Do({Party("council", "root"),
             Party("board", "root"),
             Party("guild", "root"),
             Party("branch", "ministry"),
             Authorise(kAuditor, "auditor", {v1::PERMISSION_APPROVE, v1::PERMISSION_ADMINISTER}),
             Authorise(kCouncil, "council", {v1::PERMISSION_APPROVE}),
             Authorise(kBoard, "board", {v1::PERMISSION_APPROVE}),
             Authorise(kSecondOfAuditor, "auditor", {v1::PERMISSION_APPROVE}),
             Authorise(kAuditorAndCouncil, "auditor", {v1::PERMISSION_APPROVE}),
             Authorise(kAuditorAndCouncil, "council", {v1::PERMISSION_APPROVE}),
             Authorise(kCouncilAndPayer, "council", {v1::PERMISSION_APPROVE}),
             Authorise(kCouncilAndPayer, "ministry", {v1::PERMISSION_PAY}),
             Authorise(kCouncilAndPayers, "council", {v1::PERMISSION_APPROVE}),
             Authorise(kCouncilAndPayers, "root", {v1::PERMISSION_PAY}, true),
             Authorise(kCouncilAndPayee, "council", {v1::PERMISSION_APPROVE}),
             Authorise(kCouncilAndPayee, "county", {v1::PERMISSION_PAY}),
             Authorise(kPayer, "ministry", {v1::PERMISSION_APPROVE}),
             Authorise(kPayee, "county", {v1::PERMISSION_APPROVE}),
             Authorise(kRootAndBelow, "root", {v1::PERMISSION_APPROVE}, true),
             Authorise(kAuditorPays, "auditor", {v1::PERMISSION_PAY}),
             Authorise(kOutsider, "guild", {v1::PERMISSION_APPROVE}),
             Authorise(kBranch, "branch", {v1::PERMISSION_APPROVE}),
             Authorise(1, "board", {v1::PERMISSION_APPROVE})})
             .status());
  }
  std::string Sentence(const v1::Action& action, std::initializer_list<int> signers) {
    return model::RefusalOf(Do({action}, signers).status()).value_or(v1::Refusal()).sentence();
  }
};

TEST_CASE("a fund without rules asks for no approval, and one with rules from its amount on") {
  ApprovalWorld w;
  const auto pay = [&](std::int64_t amount) { return w.Verdict(Pay("ministry", "county", amount), {2}); };
  CHECK(pay(20'000) == "OK");
  const std::uint64_t without = w.next();
  Need(w.Do({Amending(Approved("flood"), kOpened)}).status());
  CHECK(pay(20'000) == "OK");
  Need(w.Do({Amending(WithApprovals(Approved("flood"), 2, 10'000), without)}).status());
  CHECK(pay(9'999) == "OK");
  CHECK(pay(10'000) == kMissing);
  CHECK(pay(10'001) == kMissing);
  // Of other funds and assets it says nothing.
  CHECK(w.Verdict(InFund("school", Pay("ministry", "county", 20'000)), {2}) == "OK");
  CHECK(w.Verdict(Exchange("ministry", "ministry", 9'000, "USD", 50'000), {2}) == "OK");
  v1::Action dollars = Pay("ministry", "county", 20'000);
  dollars.mutable_transfer()->set_asset("USD");
  CHECK(w.Verdict(dollars, {2}) == "OK");
  // That there is no such money is found later.
  CHECK(pay(900'000'000) == kMissing);
}

TEST_CASE("the fund's approvers approve, each by a key of its own that does not pay") {
  ApprovalWorld w;
  Need(w.Do({Amending(WithApprovals(Approved("flood"), 2, 10'000), kOpened)}).status());
  const v1::Action pay = Pay("ministry", "county", 10'000);
  const auto signed_by = [&](std::initializer_list<int> signers) { return w.Verdict(pay, signers); };
  CHECK(signed_by({2}) == kMissing);
  CHECK(signed_by({2, kAuditor}) == kMissing);
  CHECK(signed_by({2, kAuditor, kCouncil}) == "OK");
  CHECK(signed_by({kBoard, 2, kCouncil, kAuditor}) == "OK");
  // Two keys of one party, and one key of two.
  CHECK(signed_by({2, kAuditor, kSecondOfAuditor}) == kMissing);
  CHECK(signed_by({2, kAuditorAndCouncil}) == kMissing);
  CHECK(signed_by({2, kAuditorAndCouncil, kAuditor}) == "OK");
  CHECK(signed_by({2, kAuditor, kAuditorAndCouncil}) == "OK");
  CHECK(signed_by({2, kAuditorAndCouncil, kCouncil}) == "OK");
  // A party that the fund does not name, whatever it may approve elsewhere.
  CHECK(signed_by({2, kAuditor, kOutsider}) == kMissing);
  // A key that may pay for the payer, by a grant to it or to one above.
  CHECK(signed_by({2, kAuditor, kCouncilAndPayer}) == kMissing);
  CHECK(signed_by({2, kAuditor, kCouncilAndPayers}) == kMissing);
  CHECK(signed_by({2, kAuditor, kCouncilAndPayee}) == "OK");
  CHECK(w.Verdict(pay, {kCouncilAndPayer, kAuditor}, "ministry") == kMissing);
  CHECK(w.Verdict(pay, {kCouncilAndPayer, kAuditor, kCouncil}, "ministry") == "OK");
  // Another permission approves nothing.
  CHECK(signed_by({2, kAuditor, kAuditorPays}) == kMissing);
  // A grant that holds for all below approves for the party alone that it is given to.
  CHECK(signed_by({2, kAuditor, kRootAndBelow}) == kMissing);
  // A root key pays where enough sign, and approves nothing, whatever was granted to it beside.
  CHECK(signed_by({1, kAuditor}) == kMissing);
  CHECK(signed_by({2, 1, kAuditor}) == kMissing);
  CHECK(signed_by({1, kAuditor, kCouncil}) == "OK");
  // Who approves does not pay.
  CHECK(w.Verdict(pay, {kAuditor, kCouncil}, "auditor") == "KEY_NOT_AUTHORISED at actions[0].transfer.from");
}

TEST_CASE("an approver is neither payer nor payee, nor above or below one of them") {
  ApprovalWorld w;
  Need(w.Do({Amending(WithApprovals(Approved("flood"), 1), kOpened)}).status());
  const struct {
    const char* story;
    const char* from;
    const char* to;
    int signer;
    bool approves;
  } kCases[] = {
      {"another body", "ministry", "county", kAuditor, true},
      {"the payer", "ministry", "charity", kPayer, false},
      {"the payee", "charity", "county", kPayee, false},
      {"above the payer", "county", "charity", kPayer, false},
      {"above the payee", "charity", "county", kPayer, false},
      {"below the payer", "ministry", "charity", kBranch, false},
      {"another one below the payer", "ministry", "charity", kPayee, false},
      {"below the payee", "charity", "ministry", kBranch, false},
      {"beside the payee", "charity", "county", kBranch, true},
      {"beside the payer", "county", "charity", kBranch, true},
      {"above all", "charity", "county", kRootAndBelow, false},
  };
  Need(w.Do({Pay("charity", "county", 100'000)}, {2, kAuditor}).status());
  for (const auto& one : kCases) {
    INFO(one.story);
    CHECK(w.Verdict(Pay(one.from, one.to, 5), {2, one.signer}) == (one.approves ? "OK" : kMissing));
  }
}

TEST_CASE("each rule holds by itself, and one may ask for the approval of a certain approver") {
  ApprovalWorld w;
  const std::uint64_t amended = w.next();
  Need(w.Do({Amending(WithApprovals(
                          WithApprovals(WithApprovals(WithApprovals(Approved("flood"), 1, 10'000), 2, 50'000),
                                        1, 50'000, "auditor"),
                          1, 0, "", "USD"),
                      kOpened)})
           .status());
  const auto pay = [&](std::int64_t amount, std::initializer_list<int> signers) {
    return w.Verdict(Pay("ministry", "county", amount), signers);
  };
  CHECK(pay(9'999, {2}) == "OK");
  CHECK(pay(10'000, {2}) == kMissing);
  CHECK(pay(49'999, {2, kCouncil}) == "OK");
  CHECK(pay(50'000, {2, kCouncil}) == kMissing);
  CHECK(pay(50'000, {2, kAuditor}) == kMissing);
  CHECK(pay(50'000, {2, kCouncil, kBoard}) == kMissing);
  CHECK(pay(50'000, {2, kCouncil, kAuditor}) == "OK");
  CHECK(pay(50'000, {2, kAuditorAndCouncil, kBoard}) == "OK");
  // The key of the other rule's party may be that which counts for another party there.
  CHECK(pay(50'000, {2, kAuditorAndCouncil, kSecondOfAuditor}) == "OK");
  CHECK(pay(50'000, {2, kRootAndBelow, kCouncil}) == kMissing);

  // From 0 on: every payment.
  Need(w.Do({Exchange("ministry", "ministry", 100, "USD", 50)}, {2}).status());
  v1::Action dollar = Pay("ministry", "county", 1);
  dollar.mutable_transfer()->set_asset("USD");
  CHECK(w.Verdict(dollar, {2}) == kMissing);
  CHECK(w.Verdict(dollar, {2, kBoard}) == "OK");

  // What is said names the rule, what there is, and what to do.
  const std::string way_out =
      " sign the entry too, with a key that has APPROVE for it and may not pay for ministry (--cosigner KEY "
      "--out FILE, then cosign)";
  CHECK(w.Sentence(Pay("ministry", "county", 10'000), {2}) ==
        "fund flood asks for 1 approval of payments from 100.00 CNY on, and this one has 0: have another "
        "of its approvers" +
            way_out);
  CHECK(w.Sentence(Pay("ministry", "county", 50'000), {2, kCouncil}) ==
        "fund flood asks for 2 approvals of payments from 500.00 CNY on, and this one has 1: have another "
        "of its approvers" +
            way_out);
  CHECK(w.Sentence(Pay("ministry", "county", 50'000), {2, kCouncil, kBoard}) ==
        "fund flood asks for the approval of auditor for payments from 500.00 CNY on: have it" + way_out);
  CHECK(w.Sentence(dollar, {2}) ==
        "fund flood asks for 1 approval of every payment in USD, and this one has 0: have another of its "
        "approvers" +
            way_out);
  const Status payee = w.Do({Pay("ministry", "auditor", 50'000)}, {2, kCouncil, kBoard, kAuditor}).status();
  CHECK(Verdict(payee) == kMissing);
  const auto refusal = model::RefusalOf(payee).value_or(v1::Refusal());
  CHECK(refusal.sentence() ==
        "fund flood asks for the approval of auditor for payments from 500.00 CNY on, and auditor is of the "
        "body of payer or payee: amend the fund's rule");
  CHECK(refusal.register_() == "fund");
  CHECK(refusal.id() == "flood");
  CHECK(refusal.record() == amended);
}

TEST_CASE("a rule that nobody can meet says so, and leaves what is sent back") {
  ApprovalWorld w;
  const std::uint64_t paid = w.next();
  Need(w.Do({InFund("school", Pay("ministry", "county", 100))}).status());
  Need(w.Do({Amending(
                WithApprovals(WithApprovers(Fund("school", "root"), {"auditor", "ministry", "county"}), 2),
                kOpened)})
           .status());
  const v1::Action pay = InFund("school", Pay("ministry", "county", 5));
  CHECK(w.Verdict(pay, {2, kAuditor, kPayer, kPayee}) == kMissing);
  CHECK(w.Sentence(pay, {2, kAuditor, kPayer, kPayee}) ==
        "fund school asks for 2 approvals of every payment in CNY, and of its approvers 1 is of another body "
        "than payer and payee: amend the fund's rule");
  // The money of other holders, too.
  CHECK(w.Verdict(InFund("school", Pay("county", "village", 5, v1::TRANSFER_KIND_DISBURSEMENT)),
                  {2, kAuditor}) == kMissing);
  CHECK(w.Verdict(InFund("school", Returning(Pay("county", "ministry", 100), Ref(paid))), {2}) == "OK");
}

TEST_CASE("what is sent back, moved between projects, or given to the fund's owner needs no approval") {
  ApprovalWorld w;
  Need(w.Do({Amending(WithApprovals(Approved("flood"), 1), kOpened)}).status());
  CHECK(w.Verdict(Pay("donor", "root", 500), {2}) == "OK");  // a gift to the owner
  CHECK(w.Verdict(Pay("donor", "ministry", 500), {2}) == kMissing);
  const std::uint64_t given = w.next();
  CHECK(w.Verdict(Pay("donor", "ministry", 500), {2, kAuditor}) == "OK");
  const std::uint64_t paid = w.next();
  CHECK(w.Verdict(Pay("ministry", "county", 300), {2, kAuditor}) == "OK");
  CHECK(w.Verdict(Committed(Pay("ministry", "county", 300)), {2}) == kMissing);
  CHECK(w.Verdict(Exchange("ministry", "county", 10, "USD", 5), {2}) == kMissing);
  CHECK(w.Verdict(Pay("ministry", "village", 10, v1::TRANSFER_KIND_DISBURSEMENT), {2}) == kMissing);

  CHECK(w.Verdict(Returning(Pay("county", "ministry", 100), Ref(paid)), {2}) == "OK");
  CHECK(w.Verdict(Returning(Pay("county", "ministry", 200), Ref(paid), v1::TRANSFER_KIND_REVERSAL), {2}) ==
        "OK");
  CHECK(w.Verdict(Returning(Pay("ministry", "donor", 100), Ref(given)), {2}) == "OK");
  // Between projects of one party; with another party, as ever.
  CHECK(w.Verdict(Into("lunches", Move("ministry", 100)), {2}) == "OK");
  CHECK(w.Verdict(In("lunches", Into("roofs", Move("ministry", 60))), {2}) == "OK");
  CHECK(w.Verdict(In("roofs", ToGeneral(Move("ministry", 20))), {2}) == "OK");
  CHECK(w.Verdict(Into("lunches", Pay("ministry", "county", 10)), {2}) == kMissing);
  CHECK(w.Verdict(In("roofs", Pay("ministry", "county", 10)), {2}) == kMissing);
}

TEST_CASE("money that leaves the fund or its asset with one party needs the fund's approvals") {
  ApprovalWorld w;
  Need(w.Do({Amending(WithApprovals(Approved("flood"), 1), kOpened)}).status());
  // To another fund, which asks for nothing, and on.
  CHECK(w.Verdict(Reclassify("ministry", "school", 100), {2}) == kMissing);
  CHECK(w.Verdict(Into("lunches", Reclassify("ministry", "school", 100)), {2}) == kMissing);
  const std::uint64_t moved = w.next();
  CHECK(w.Verdict(Reclassify("ministry", "school", 100), {2, kAuditor}) == "OK");
  CHECK(w.Verdict(InFund("school", Pay("ministry", "county", 30)), {2}) == "OK");
  // Into the fund, the other one's rules hold: it has none.
  CHECK(w.Verdict(InFund("school", Reclassify("ministry", "flood", 50)), {2}) == "OK");
  // What was moved is sent back.
  v1::Action back =
      InFund("school", Returning(Pay("ministry", "ministry", 40), Ref(moved), v1::TRANSFER_KIND_REVERSAL));
  back.mutable_transfer()->set_to_fund("flood");
  CHECK(w.Verdict(back, {2}) == "OK");
  // Out of the asset.
  CHECK(w.Verdict(Exchange("ministry", "ministry", 10, "USD", 5), {2}) == kMissing);
  CHECK(w.Verdict(Exchange("ministry", "ministry", 10, "USD", 5), {2, kPayer}) == kMissing);
  CHECK(w.Verdict(Exchange("ministry", "ministry", 10, "USD", 5), {2, kBoard}) == "OK");
}

TEST_CASE("what was sent back and is sent again needs approvals as the payment did") {
  ApprovalWorld w;
  Need(w.Do({Amending(WithApprovals(Approved("flood"), 1), kOpened)}).status());
  const std::uint64_t paid = w.next();
  CHECK(w.Verdict(Pay("ministry", "county", 300), {2, kAuditor}) == "OK");
  const std::uint64_t back = w.next();
  CHECK(w.Verdict(Returning(Pay("county", "ministry", 300), Ref(paid)), {2}) == "OK");
  for (const auto kind : {v1::TRANSFER_KIND_RETURN, v1::TRANSFER_KIND_REVERSAL})
    CHECK(w.Verdict(Returning(Pay("ministry", "county", 200), Ref(back), kind), {2}) == kMissing);
  const std::uint64_t again = w.next();
  CHECK(w.Verdict(Returning(Pay("ministry", "county", 200), Ref(back), v1::TRANSFER_KIND_REVERSAL),
                  {2, kAuditor}) == "OK");
  CHECK(w.Verdict(Returning(Pay("county", "ministry", 200), Ref(again)), {2}) == kMissing);
  CHECK(w.Verdict(Returning(Pay("county", "ministry", 200), Ref(again)), {2, kAuditor}) == "OK");
  // In one entry; of one that is still to come nothing can be sent back.
  CHECK(
      Verdict(w.Do({Returning(Pay("ministry", "county", 5), ThisEntry(2)), Pay("county", "ministry", 5)}, {2})
                  .status()) == "RETURN_UNKNOWN at actions[0].transfer.returns");
  CHECK(Verdict(w.Do({Pay("ministry", "county", 5), Returning(Pay("county", "ministry", 5), ThisEntry(1)),
                      Returning(Pay("ministry", "county", 5), ThisEntry(2))},
                     {2, kAuditor})
                    .status()) == "OK");
}

TEST_CASE("an amendment of the fund, and a grant, hold from the next action on") {
  ApprovalWorld w;
  const v1::Action pay = Pay("ministry", "county", 10);
  const v1::Action asks = WithApprovals(Approved("flood"), 1);
  CHECK(Verdict(w.Do({pay, Amending(asks, kOpened), pay}).status()) ==
        "APPROVAL_MISSING at actions[2].transfer.amount");
  const std::uint64_t amended = w.next();
  CHECK(Verdict(w.Do({pay, Amending(asks, kOpened)}).status()) == "OK");
  CHECK(w.Verdict(pay, {2}) == kMissing);
  CHECK(w.Verdict(pay, {2, kAuditor}) == "OK");

  // A key that is revoked or authorised in the entry.
  CHECK(Verdict(w.Do({pay, Revoke(kAuditor, "auditor"), pay}, {2, kAuditor}).status()) ==
        "APPROVAL_MISSING at actions[2].transfer.amount");
  CHECK(Verdict(w.Do({pay, Authorise(20, "council", {v1::PERMISSION_APPROVE})}, {1, 20}).status()) ==
        kMissing);
  CHECK(Verdict(w.Do({Authorise(20, "council", {v1::PERMISSION_APPROVE}), pay}, {1, 20}).status()) == "OK");
  CHECK(w.Verdict(pay, {2, 20}) == "OK");
  CHECK(Verdict(w.Do({pay, Authorise(20, "ministry", {v1::PERMISSION_PAY}), pay}, {1, 20}).status()) ==
        "APPROVAL_MISSING at actions[2].transfer.amount");

  // Without the rule nobody need approve; a fund that has ended goes on asking.
  const std::uint64_t lifted = w.next();
  CHECK(Verdict(w.Do({Amending(Fund("flood", "root"), amended), pay}).status()) == "OK");
  const std::uint64_t again = w.next();
  CHECK(Verdict(w.Do({Amending(asks, lifted)}).status()) == "OK");
  CHECK(Verdict(w.Do({End("fund", "flood", again)}).status()) == "OK");
  CHECK(w.Verdict(pay, {2}) == kMissing);
  CHECK(w.Verdict(pay, {2, kAuditor}) == "OK");
}

TEST_CASE("an approver that has ended approves while its key has the grant") {
  ApprovalWorld w;
  Need(w.Do({Amending(WithApprovals(Approved("flood"), 1, 0, "council"), kOpened)}).status());
  const v1::Action pay = Pay("ministry", "county", 10);
  const auto council = Need(books::GetItem(w.state(), v1::Action::kRegisterParty, "council"));
  REQUIRE(council.has_value());
  Need(w.Do({End("party", "council", council->record())}).status());
  CHECK(w.Verdict(pay, {2, kCouncil}) == "OK");
  Need(w.Do({Revoke(kCouncil, "council")}).status());
  CHECK(w.Verdict(pay, {2, kCouncil}) == kMissing);
  CHECK(w.Verdict(pay, {2, kAuditorAndCouncil}) == "OK");
}

TEST_CASE("31 approvals, the most that a rule may ask for, are given by 31 keys beside the one that pays") {
  World w;
  constexpr int kFirstKey = 40;
  std::vector<v1::Action> actions = {Pay("donor", "ministry", 1'000)};
  std::vector<std::string> approvers;
  for (int n = 0; n < 31; ++n) {
    approvers.push_back(absl::StrCat("p", n));
    actions.push_back(Party(approvers.back(), "root"));
    actions.push_back(Authorise(kFirstKey + n, approvers.back(), {v1::PERMISSION_APPROVE}));
  }
  Need(w.Do(actions).status());
  Need(
      w.Do({Amending(WithApprovals(WithApprovers(Fund("flood", "root"), approvers), 31), kOpened)}).status());
  const v1::Action pay = Pay("ministry", "county", 1);
  CHECK(Verdict(w.Do({pay}, {2,  40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
                             55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69})
                    .status()) == kMissing);
  CHECK(Verdict(w.Do({pay}, {2,  40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
                             55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70})
                    .status()) == "OK");
}

// How many parties approve at most: each key from `at` on takes one that is free, or none.
std::size_t Most(const std::vector<std::vector<std::string>>& keys, std::size_t at,
                 std::set<std::string>* taken) {
  if (at == keys.size()) return 0;
  std::size_t most = Most(keys, at + 1, taken);
  for (const std::string& party : keys[at]) {
    if (!taken->insert(party).second) continue;
    most = std::max(most, 1 + Most(keys, at + 1, taken));
    taken->erase(party);
  }
  return most;
}

TEST_CASE("random grants: as many approve as keys and approvers can be paired") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  constexpr int kParties = 7, kApprovers = 5, kFirstKey = 30, kKeys = 10;
  World w;
  std::vector<v1::Action> actions;
  // Of each key the approvers for which it may approve; it may do so for others, too.
  std::vector<std::vector<std::string>> parties(kKeys);
  std::vector<std::string> approvers;
  for (int p = 0; p < kApprovers; ++p) approvers.push_back(absl::StrCat("p", p));
  for (int p = 0; p < kParties; ++p) actions.push_back(Party(absl::StrCat("p", p), "root"));
  for (int key = 0; key < kKeys; ++key) {
    for (int p = 0; p < kParties; ++p) {
      if (random() % 3 > 0) continue;
      if (p < kApprovers) parties[static_cast<std::size_t>(key)].push_back(absl::StrCat("p", p));
      actions.push_back(Authorise(kFirstKey + key, absl::StrCat("p", p), {v1::PERMISSION_APPROVE}));
    }
  }
  Need(w.Do(actions).status());
  // Fund f3 asks for 3 approvals.
  std::vector<v1::Action> funds, amendments;
  for (int n = 1; n <= kApprovers; ++n) {
    const std::string id = absl::StrCat("f", n);
    funds.push_back(Fund(id, "root"));
    funds.push_back(InFund(id, Pay("donor", "ministry", 1'000)));
    const v1::Action approved = WithApprovers(Fund(id, "root"), approvers);
    amendments.push_back(Amending(WithApprovals(approved, static_cast<std::uint32_t>(n)), w.next()));
  }
  Need(w.Do(funds).status());
  Need(w.Do(amendments).status());

  for (int round = 0; round < 100; ++round) {
    std::vector<crypto::PublicKey> signers{Key(2).public_key()};
    std::vector<std::vector<std::string>> signing;
    std::string said;
    for (int key = 0; key < kKeys; ++key) {
      if (random() % 2 == 0) continue;
      signers.push_back(Key(kFirstKey + key).public_key());
      signing.push_back(parties[static_cast<std::size_t>(key)]);
      absl::StrAppend(&said, " ", key);
    }
    INFO("round " << round << ", keys" << said);
    std::set<std::string> taken;
    const std::size_t most = Most(signing, 0, &taken);
    for (std::size_t n = 1; n <= kApprovers; ++n) {
      store::Overlay changes(static_cast<const store::Reader&>(w.state()));
      const v1::Action pay = InFund(absl::StrCat("f", n), Pay("ministry", "county", 1));
      const auto outcome = books::Apply(&changes, {RecordIndex(w.next()), Date(20'000), books::kRules[0]},
                                        Entry("root", w.next(), {pay}), signers);
      CHECK(Verdict(outcome.status()) == (n <= most ? "OK" : kMissing));
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
