// A ledger with something of every kind in it, and an entry of every kind that it takes on top.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/audit/honest.h"
#include "tests/support/answers.h"
#include "tests/support/evaluations.h"
#include "tests/support/groups.h"
#include "tests/support/policies.h"
#include "tests/support/projects.h"
#include "tests/support/supply.h"

namespace fundtrail::testing {

inline v1::Action InFund(const std::string& fund, v1::Action pay) {
  pay.mutable_transfer()->set_fund(fund);
  return pay;
}

// A ledger with all kinds of transfers: two sources, holders, a recipient, two funds, two assets, holes, an exchange, money
// that goes round. Its key was rotated, and its registers have versions and items that ended. A project has money, and a
// need is one that money is paid for. An approver watches over one of its funds.
inline std::unique_ptr<log::Ledger> LedgerOfAllKinds() {
  Need(crypto::Init());
  google::protobuf::SetLogHandler(nullptr);
  const auto clock = TickingClock();
  log::KeyRing ring;
  ring.prepared = [](const crypto::PublicKey&) -> StatusOr<crypto::SigningKey> { return Key(10); };
  ring.adopt = [](const std::string&) { return absl::OkStatus(); };
  auto ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(9),
                                         SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {1}), clock,
                                         std::move(ring)));
  std::uint64_t id = 1;
  const auto append = [&](const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id++, actions), {1}), clock).status());
  };
  v1::Action donor = Party("donor", "root", v1::ROLE_SOURCE);
  auto* known_as = donor.mutable_register_party()->add_alternative_ids();
  known_as->set_scheme("XM-DAC");
  known_as->set_id("41122");
  append({donor, Party("other", "root", v1::ROLE_SOURCE), Party("ministry", "root"),
          Party("county", "ministry"), Party("village", "county", v1::ROLE_RECIPIENT), Fund("flood", "root"),
          Fund("school", "root"), Asset("CNY"), Asset("USD", 0),
          Authorise(2, "ministry", {v1::PERMISSION_PAY}, true), Place("cn"), Place("cn-42", "cn", 1),
          Authorise(6, "county", {v1::PERMISSION_PAY})});
  append({Pay("donor", "ministry", 500, v1::TRANSFER_KIND_DONATION),
          Pay("other", "ministry", 300, v1::TRANSFER_KIND_APPROPRIATION)});                        // 2
  append({Drawing(Pay("ministry", "county", 200), {Ref(2, 2)}), Pay("ministry", "county", 100)});  // 3
  append(
      {Pay("county", "village", 120, v1::TRANSFER_KIND_DISBURSEMENT), Pay("county", "ministry", 30)});  // 4
  append({Returning(Pay("village", "county", 20), Ref(4, 1))});                                         // 5
  append({Returning(Pay("ministry", "donor", 40), Ref(2, 1), v1::TRANSFER_KIND_REVERSAL)});             // 6
  append({Reclassify("ministry", "school", 50), Exchange("ministry", "county", 60, "USD", 9)});         // 7
  append({Rotate(9, 10), Amending(Party("county", "ministry"), 1, "its name"), Amending(Place("cn"), 1),
          Amending(Asset("USD", 0), 1), End("fund", "school", 1), End("place", "cn-42", 1),
          Revoke(6, "county")});  // 8
  v1::Action dated = Pay("county", "village", 15, v1::TRANSFER_KIND_DISBURSEMENT);
  dated.mutable_transfer()->set_value_date("2026-02-01");
  dated.mutable_transfer()->set_project_words("school");
  append({dated, Drawing(Pay("county", "ministry", 25), {Ref(3, 2)})});  // 9
  append({Seated(Party("auditor", "root"), "cn"), Category("SHL"), Programme("relief", "ministry"),
          InProgramme("relief", Project("tents", "ministry")), Decide("tents", 10, "auditor"),
          NeedAt("cold", "county", "cn", "SHL"), Verify("cold", 10, "auditor"),
          Deployment("team", "ministry", "county", "cn", "SHL"), Report("tents", "ministry"),
          For(Policy("coats", "county"), {"cn"}, {"SHL"}), Policy("warm", "ministry")});  // 10
  append({Into("tents", Pay("donor", "ministry", 90)), In("tents", Pay("ministry", "county", 50)),
          In("tents", Pay("county", "village", 20, v1::TRANSFER_KIND_DISBURSEMENT)),
          In("tents", ToGeneral(Move("county", 5)))});  // 11
  append({Asking(NeedAt("thirst", "county", "cn", "SHL"), 500),
          Meeting("thirst", Pay("donor", "village", 30, v1::TRANSFER_KIND_DONATION)),
          Committed(Meeting("thirst", Pay("other", "village", 12))),
          Returning(Pay("village", "donor", 5), ThisEntry(1))});                       // 12
  append({Fund("watched", "root"), InFund("watched", Pay("donor", "ministry", 40))});  // 13
  append({Amending(WithApprovals(WithApprovers(Fund("watched", "root"), {"auditor"}), 1), 13),
          Authorise(7, "auditor", {v1::PERMISSION_APPROVE})});                             // 14
  append(FormedGroup(Group("coop", "cn", v1::FormGroup::KIND_COOPERATIVE, 1), 1, 8, id));  // 15
  Need(ledger->AppendOne(SignedBytes(Entry("root", id++, {Verify("cold", 10, "coop")}), {1, 8}), clock)
           .status());  // 16
  // A group suspends the project of a programme, and lifts it; then the programme goes on.
  const auto take = [&](const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    append(actions);
    return record;
  };
  take(JudgingMembers());
  SeatGroup(take, "check", "cn");
  take({Method("points", "ministry", {{"A", 5'000}, {"B", 5'000}})});
  const auto judge = [&](const v1::Action& said) {
    Need(ledger->AppendOne(SignedBytes(Entry("check", id++, {said}), {kSpeaker, kMember1, kMember2}), clock)
             .status());
  };
  judge(Evaluation("halt", "check", "tents", v1::Evaluate::VERDICT_SUSPEND));
  judge(Evaluation("on", "check", "tents", v1::Evaluate::VERDICT_CONTINUE, {"halt"}));
  judge(OfProgramme("relief", Evaluation("better", "check", "", v1::Evaluate::VERDICT_CONTINUE)));
  append({AppealOf("halt", "ministry")});
  // What arrived, a concern that is right, a sample, a pledge that a payment keeps, and money that is committed.
  append({Acknowledge(Ref(4, 1), "village"),
          AboutParty("village", Concern("gone", "county", v1::RaiseConcern::KIND_FAKE_RECIPIENT)),
          Sample("asked", "auditor"), PledgeOf("gift", "donor", 50), CommitOf("kept", "ministry", 5)});
  append({Respond("gone", "county", v1::RespondConcern::KIND_ACTION),
          Keeping("gift", "", Pay("donor", "ministry", 10))});
  return ledger;
}

using Tried = std::pair<Bytes, std::string>;  // a signed entry, and what it is

// An entry of every kind, to be appended on top; the last one is there already.
inline std::vector<Tried> AllEntries() {
  const auto entry = [](std::uint64_t id, std::vector<v1::Action> actions) {
    return SignedBytes(Entry("root", id, actions), {1});
  };
  const auto by_key_2 = [](std::uint64_t id, const v1::Action& action) {
    return SignedBytes(Entry("ministry", id, {action}), {2});
  };
  return {
      {entry(100, {Pay("ministry", "county", 400)}), "a payment of what is lowest"},
      {by_key_2(101, Pay("ministry", "village", 5)), "a payment by a key with a grant"},
      {entry(102, {Drawing(Pay("county", "village", 50), {Ref(3, 1), Ref(3, 2)})}), "an earmarked payment"},
      {entry(103, {Returning(Pay("village", "county", 5), Ref(9, 1))}), "a return"},
      {entry(104, {Pay("donor", "ministry", 5), Pay("other", "root", 3)}), "new money, and a new account"},
      {entry(105, {Exchange("county", "ministry", 7, "USD", 2)}), "an exchange"},
      {entry(106,
             {Party("town", "county"), Fund("town", "root"), Asset("EUR"), Place("us"), Category("NUT")}),
       "registers"},
      {entry(110, {Amending(Party("county", "ministry"), 8), Amending(Place("cn"), 8)}), "amendments"},
      {entry(111, {End("party", "county", 8), End("fund", "flood", 1)}), "ends"},
      {entry(107, {Authorise(3, "village", {v1::PERMISSION_PAY}), Revoke(2, "ministry")}), "grants"},
      {entry(108, {ChangeRoot(1, {4})}), "a change of root"},
      {entry(109, {Rotate(10, 11)}), "a rotation"},
      {entry(112, {In("tents", Pay("county", "village", 10, v1::TRANSFER_KIND_DISBURSEMENT)),
                   In("tents", ToGeneral(Move("ministry", 3))), Into("tents", Pay("county", "county", 2)),
                   Returning(In("tents", Pay("ministry", "donor", 10)), Ref(11, 1))}),
       "payments in a project"},
      {entry(115, {Meeting("thirst", Pay("donor", "village", 7)),
                   Returning(Pay("village", "donor", 5), Ref(12, 1)),
                   Returning(Pay("village", "other", 2), Ref(12, 2), v1::TRANSFER_KIND_REVERSAL)}),
       "payments for a need"},
      {SignedBytes(Entry("root", 116, {InFund("watched", Pay("ministry", "county", 5))}), {1, 7}),
       "a payment that is approved"},
      {entry(113, {Decide("tents", 10, "auditor", v1::ApproveProject::DECISION_REJECTED),
                   Verify("cold", 10, "auditor"), Report("tents", "ministry")}),
       "attestations"},
      {entry(114, {Amending(InProgramme("relief", Project("tents", "ministry")), 10), End("need", "cold", 10),
                   End("programme", "relief", 10)}),
       "a new version of a project"},
      {entry(3, {Drawing(Pay("ministry", "county", 200), {Ref(2, 2)}), Pay("ministry", "county", 100)}),
       "an entry that is there"},
  };
}

}  // namespace fundtrail::testing
