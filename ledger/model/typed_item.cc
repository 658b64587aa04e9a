// See typed_item.h.
#include "ledger/model/typed_item.h"

namespace fundtrail::model {
namespace {

// What `use` makes of the item; null when the action is of no register. A test holds that each register is here.
template <typename Use>
auto UseItem(const v1::Action& action, const Use& use) -> decltype(use(action.register_party())) {
  switch (action.action_case()) {
    case v1::Action::kRegisterParty:
      return use(action.register_party());
    case v1::Action::kFormGroup:
      return use(action.form_group());
    case v1::Action::kGiveSeat:
      return use(action.give_seat());
    case v1::Action::kJoinParties:
      return use(action.join_parties());
    case v1::Action::kDeclareAsset:
      return use(action.declare_asset());
    case v1::Action::kOpenFund:
      return use(action.open_fund());
    case v1::Action::kDeclarePlace:
      return use(action.declare_place());
    case v1::Action::kDeclareCategory:
      return use(action.declare_category());
    case v1::Action::kDeclareTargetGroup:
      return use(action.declare_target_group());
    case v1::Action::kOpenProgramme:
      return use(action.open_programme());
    case v1::Action::kProposeProject:
      return use(action.propose_project());
    case v1::Action::kDeclareNeed:
      return use(action.declare_need());
    case v1::Action::kDeploy:
      return use(action.deploy());
    case v1::Action::kAssignDuty:
      return use(action.assign_duty());
    case v1::Action::kOpenPolicy:
      return use(action.open_policy());
    case v1::Action::kSetMethod:
      return use(action.set_method());
    case v1::Action::kCommit:
      return use(action.commit());
    case v1::Action::kPledge:
      return use(action.pledge());
    case v1::Action::kAssign:
      return use(action.assign());
    case v1::Action::kRaiseConcern:
      return use(action.raise_concern());
    case v1::Action::kAnnounce:
      return use(action.announce());
    case v1::Action::kEvaluate:
      return use(action.evaluate());
    case v1::Action::kDrawSample:
      return use(action.draw_sample());
    default:
      return nullptr;
  }
}

const std::string& OrEmpty(const std::string* text) {
  static const std::string empty;
  return text == nullptr ? empty : *text;
}

}  // namespace

const google::protobuf::Message* ItemIn(const v1::Action& action) {
  return UseItem(action, [](const auto& item) -> const google::protobuf::Message* { return &item; });
}

const std::string& ItemId(const v1::Action& action) {
  return OrEmpty(UseItem(action, [](const auto& item) -> const std::string* {
    if constexpr (requires { item.id(); }) {
      return &item.id();
    } else {
      return &item.code();  // of an asset
    }
  }));
}

const std::string& ItemName(const v1::Action& action) {
  return OrEmpty(UseItem(action, [](const auto& item) -> const std::string* {
    if constexpr (requires { item.name(); }) {
      return &item.name();
    } else {
      return nullptr;
    }
  }));
}

}  // namespace fundtrail::model
