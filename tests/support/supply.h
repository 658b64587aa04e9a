// Short words for pledges, assignments and commitments, and a small world with a group that assigns.
//
// It is that of ProjectWorld, and more: the cooperative coop in gz, whose members coop-m1 and coop-m2 sign with the keys 11 and 12.
// As author, coop itself signs with key 13. Needs of county in df, for NUT, which bureau verified: cold asks for 1,000 CNY, and
// thirst for 400. The donor pledged 800 CNY (gift), which may be assigned without asking, and 300 CNY (loan), which may not. It signs
// with key 14. The keys 1 and 2 may do what they may do in World.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ledger/books/state.h"
#include "tests/books/project_world.h"

namespace fundtrail::testing {

inline v1::Action PledgeOf(const std::string& id, const std::string& owner, std::int64_t amount,
                           bool accepts = true, const std::string& asset = "CNY") {
  v1::Action action;
  auto* pledge = action.mutable_pledge();
  pledge->set_id(id);
  pledge->set_owner(owner);
  pledge->set_amount(amount);
  if (amount > 0) pledge->set_asset(asset);
  pledge->set_accepts_assignment(accepts);
  return action;
}

inline v1::Action AssignOf(const std::string& id, const std::string& pledge, const std::string& need,
                           std::int64_t amount, const std::string& asset = "CNY") {
  v1::Action action;
  auto* assign = action.mutable_assign();
  assign->set_id(id);
  assign->set_pledge(pledge);
  assign->set_need(need);
  assign->set_group("coop");
  assign->set_amount(amount);
  assign->set_asset(asset);
  return action;
}

// In the fund flood and in CNY.
inline v1::Action CommitOf(const std::string& id, const std::string& owner, std::int64_t amount,
                           const std::string& project = "") {
  v1::Action action;
  auto* commit = action.mutable_commit();
  commit->set_id(id);
  commit->set_owner(owner);
  commit->set_fund("flood");
  commit->set_project(project);
  commit->set_asset("CNY");
  commit->set_amount(amount);
  return action;
}

inline v1::Action Keeping(const std::string& pledge, const std::string& assignment, v1::Action pay) {
  pay.mutable_transfer()->set_pledge(pledge);
  pay.mutable_transfer()->set_assignment(assignment);
  return pay;
}
inline v1::Action Using(const std::string& commitment, v1::Action pay) {
  pay.mutable_transfer()->set_commitment(commitment);
  return pay;
}

// What makes the cooperative coop, with the place gz, of two members that accepted, in one entry as that record. Its keys are those
// of SupplyWorld.
inline std::vector<v1::Action> FormedCoop(std::uint64_t record) {
  v1::Action group;
  group.mutable_form_group()->set_id("coop");
  group.mutable_form_group()->set_kind(v1::FormGroup::KIND_COOPERATIVE);
  group.mutable_form_group()->set_place("gz");
  group.mutable_form_group()->set_quorum(2);
  std::vector<v1::Action> actions{Party("coop", "root"), group,
                                  Authorise(13, "coop", {v1::PERMISSION_DECLARE, v1::PERMISSION_APPROVE})};
  for (int n = 1; n <= 2; ++n) {
    const std::string member = absl::StrCat("coop-m", n), id = absl::StrCat("coop-s", n);
    actions.push_back(Party(member, "root"));
    actions.push_back(Authorise(10 + n, member, {v1::PERMISSION_APPROVE}));
    v1::Action seat;
    seat.mutable_give_seat()->set_id(id);
    seat.mutable_give_seat()->set_group("coop");
    seat.mutable_give_seat()->set_party(member);
    seat.mutable_give_seat()->set_kind(v1::GiveSeat::KIND_GOVERNMENT);
    actions.push_back(seat);
    v1::Action answer;
    answer.mutable_accept_seat()->set_seat(id);
    answer.mutable_accept_seat()->set_version(record);
    answer.mutable_accept_seat()->set_by(member);
    answer.mutable_accept_seat()->set_reply(v1::AcceptDuty::REPLY_ACCEPTED);
    actions.push_back(answer);
  }
  return actions;
}

class SupplyWorld : public ProjectWorld {
 public:
  SupplyWorld() {
    std::vector<v1::Action> actions = FormedCoop(next());
    actions.push_back(Authorise(14, "donor", {v1::PERMISSION_DECLARE}));
    for (const auto& [id, amount] : {std::pair("cold", 1'000), std::pair("thirst", 400)}) {
      actions.push_back(Asking(NeedAt(id, "county", "df"), amount));
      actions.push_back(Verify(id, next(), "bureau"));
    }
    actions.push_back(PledgeOf("gift", "donor", 800));
    actions.push_back(PledgeOf("loan", "donor", 300, false));
    prepared_ = next();
    Need(Do(actions).status());
  }

  // The record that made the needs and the pledges.
  std::uint64_t prepared() const { return prepared_; }
  // The group's act, by its members and, where `donor` says so, by the donor.
  Status Assigning(const v1::Action& action, bool donor = false) {
    return donor ? Do({action}, {11, 12, 13, 14}, "coop").status()
                 : Do({action}, {11, 12, 13}, "coop").status();
  }
  std::string AssignVerdict(const v1::Action& action, bool donor = false) {
    return testing::Verdict(Assigning(action, donor));
  }

  // "assigned/paid", and "+quantity" where there is one.
  std::string Sums(model::Supply kind, const std::string& id) const {
    const auto row = Need(books::GetSupply(state(), kind, id));
    return absl::StrCat(row.assigned(), "/", row.paid(),
                        row.quantity() == 0 ? "" : absl::StrCat("+", row.quantity()));
  }
  // "gift 300/0, a 300/0, cold 300/0".
  std::string Supplied(const std::string& pledge, const std::string& assignment,
                       const std::string& need) const {
    return absl::StrCat(pledge, " ", Sums(model::Supply::kPledge, pledge), ", ", assignment, " ",
                        Sums(model::Supply::kAssignment, assignment), ", ", need, " ",
                        Sums(model::Supply::kNeed, need));
  }
  std::int64_t Kept(const std::string& party, const std::string& project = "") const {
    const auto account = Need(books::FindAccount(state(), party, "flood", project, "CNY"));
    return account.has_value() ? Need(books::GetCommitted(state(), *account)).value() : 0;
  }

 private:
  std::uint64_t prepared_ = 0;
};

}  // namespace fundtrail::testing
