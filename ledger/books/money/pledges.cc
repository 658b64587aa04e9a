// See pledges.h.
#include "ledger/books/money/pledges.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/books/money/in_words.h"
#include "ledger/books/money/need_open.h"
#include "ledger/books/references.h"
#include "ledger/books/register_rules.h"
#include "ledger/books/state.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;
using model::Supply;

namespace {

const model::Register& Of(v1::Action::ActionCase action) { return *model::FindRegister(action); }

// The newest sums of one item, while a record changes them.
class Sums {
 public:
  static StatusOr<Sums> Load(const store::Reader& state, Supply kind, const std::string& id) {
    FT_ASSIGN_OR_RETURN(auto row, GetSupply(state, kind, id));
    if (row.assigned() < 0 || row.paid() < 0 || row.quantity() < 0)
      return model::Damaged(keys::SupplySumsOf(kind, id), "is below zero");
    return Sums(kind, id, std::move(row));
  }

  const v1::SupplyRow& row() const { return row_; }
  // Of an assignment: what is not paid.
  StatusOr<std::int64_t> Left() const {
    if (row_.assigned() < row_.paid()) return Wrong();
    return row_.assigned() - row_.paid();
  }
  Status Assign(std::int64_t more) { return Change(row_.assigned(), more, &v1::SupplyRow::set_assigned); }
  Status AssignQuantity(std::int64_t more) {
    return Change(row_.quantity(), more, &v1::SupplyRow::set_quantity);
  }
  Status Pay(std::int64_t more) { return Change(row_.paid(), more, &v1::SupplyRow::set_paid); }
  void Store(store::Overlay* state, RecordIndex record) const {
    PutMessage(state, keys::SupplySums(kind_, id_, record), row_);
  }

 private:
  Sums(Supply kind, std::string id, v1::SupplyRow row)
      : kind_(kind), id_(std::move(id)), row_(std::move(row)) {}

  Status Wrong() const {
    return model::Damaged(keys::SupplySumsOf(kind_, id_), "is not what pledges and payments add up to");
  }
  Status Change(std::int64_t now, std::int64_t more, void (v1::SupplyRow::*set)(std::int64_t)) {
    if (!AddTo(&now, more) || now < 0) return Wrong();
    (row_.*set)(now);
    return absl::OkStatus();
  }

  Supply kind_;
  std::string id_;
  v1::SupplyRow row_;
};

// So much money, or so much of a unit.
struct Much {
  std::int64_t number = 0;
  std::string asset;  // empty of a quantity
  std::string unit;
};

Much MuchOf(const v1::Pledge& pledge) {
  if (pledge.amount() > 0) return {pledge.amount(), pledge.asset(), ""};
  return {pledge.quantity(), "", pledge.unit()};
}

StatusOr<std::string> MuchInWords(const store::Reader& state, std::int64_t number, const Much& of) {
  if (of.asset.empty()) return absl::StrCat(number, " ", of.unit);
  return InWords(state, Amount(number), of.asset);
}

// Exactly one of the two is said.
Status CheckOne(std::int64_t amount, std::int64_t quantity, const std::string& field) {
  if ((amount > 0) != (quantity > 0)) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                amount > 0 ? "says an amount and a quantity: say them apart, in two"
                           : "says neither an amount nor a quantity");
}

// Whether one of `above` is the item, or stands above it. None covers all.
StatusOr<bool> Covers(const google::protobuf::RepeatedPtrField<std::string>& above, Ancestors* ancestors,
                      v1::Action::ActionCase action, const std::string& id) {
  bool covered = above.empty();
  if (covered || id.empty()) return covered;
  FT_RETURN_IF_ERROR(ancestors->EachAbove(action, id, [&](const std::string& at) -> StatusOr<bool> {
    covered = std::find(above.begin(), above.end(), at) != above.end();
    return !covered;
  }));
  return covered;
}

Status CheckCovers(const v1::Pledge& pledge, const v1::DeclareNeed& need, Ancestors* ancestors,
                   const std::string& field) {
  const auto refuse = [&](const std::string& why) {
    return RefuseItem(v1::REFUSAL_CODE_SCOPE_MISMATCH, Of(v1::Action::kPledge), pledge.id(), field + ".need",
                      absl::StrCat("pledge ", pledge.id(), " is not for need ", need.id(), ": ", why));
  };
  const auto& needs = pledge.needs();
  if (!needs.empty() && std::find(needs.begin(), needs.end(), need.id()) == needs.end())
    return refuse("it names other needs");
  FT_ASSIGN_OR_RETURN(const bool place,
                      Covers(pledge.places(), ancestors, v1::Action::kDeclarePlace, need.place()));
  if (!place) return refuse(absl::StrCat("it is for other places than ", need.place()));
  FT_ASSIGN_OR_RETURN(const bool category,
                      Covers(pledge.categories(), ancestors, v1::Action::kDeclareCategory, need.category()));
  if (!category) return refuse(absl::StrCat("it is for other kinds of help than ", need.category()));
  FT_ASSIGN_OR_RETURN(const bool group, Covers(pledge.target_groups(), ancestors,
                                               v1::Action::kDeclareTargetGroup, need.target_group()));
  if (group) return absl::OkStatus();
  return refuse(need.target_group().empty()
                    ? "it is for groups of people, and the need names none"
                    : absl::StrCat("it is for other people than ", need.target_group()));
}

// What the assignment, the pledge and the need count is the same.
Status CheckCounts(const v1::Assign& assign, const v1::Pledge& pledge, const v1::DeclareNeed& need,
                   const std::string& field) {
  const Much of = MuchOf(pledge);
  const auto refuse = [&](const char* name, const std::string& sentence) {
    return RefuseItem(v1::REFUSAL_CODE_SCOPE_MISMATCH, Of(v1::Action::kPledge), pledge.id(), field + name,
                      sentence);
  };
  if (assign.quantity() > 0) {
    if (of.unit.empty()) return refuse(".quantity", absl::StrCat("pledge ", pledge.id(), " is of money"));
    if (need.quantity() > 0 && need.unit() == of.unit) return absl::OkStatus();
    return refuse(".need", absl::StrCat("need ", need.id(), " asks for no ", of.unit));
  }
  if (of.asset.empty() || of.asset != assign.asset()) {
    return refuse(".asset",
                  absl::StrCat("pledge ", pledge.id(), " is of ", of.asset.empty() ? of.unit : of.asset,
                               ", and not of ", assign.asset()));
  }
  if (need.asset() == of.asset) return absl::OkStatus();
  return refuse(".need", absl::StrCat("need ", need.id(), " asks for no ", of.asset));
}

Status CheckInForce(const store::Reader& state, const Moment& moment, const v1::Pledge& pledge,
                    const v1::RegisterRow& need, const std::string& field) {
  // Days sort as their texts do.
  const std::string day = ToString(moment.recorded);
  const bool begun = pledge.from() <= day;
  if (!begun || (!pledge.until().empty() && pledge.until() < day)) {
    return RefuseItem(
        v1::REFUSAL_CODE_NOT_IN_FORCE, Of(v1::Action::kPledge), pledge.id(), field + ".pledge",
        absl::StrCat("pledge ", pledge.id(), " is not in force on ", day, ": ",
                     begun ? "its last day was " : "it begins on ", begun ? pledge.until() : pledge.from()));
  }
  FT_ASSIGN_OR_RETURN(const auto why, WhyNotInForce(state, need, moment));
  if (!why.has_value()) return absl::OkStatus();
  const std::string& id = need.action().declare_need().id();
  return RefuseItem(v1::REFUSAL_CODE_NOT_IN_FORCE, Of(v1::Action::kDeclareNeed), id, field + ".need",
                    absl::StrCat("need ", id, " is not in force on ", day, ": ", *why), need.record());
}

// What a pledge answers is a call. It is there.
Status CheckCallAnswered(const store::Reader& state, const std::string& call, const std::string& field) {
  if (call.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kAnnounce, call));
  if (!row.has_value()) return model::Damaged(model::keys::Item(v1::Action::kAnnounce, call), "is missing");
  const auto kind = row->action().announce().kind();
  if (kind == v1::Announce::KIND_CALL) return absl::OkStatus();
  return Refuse(
      v1::REFUSAL_CODE_FIELD_INVALID, field,
      absl::StrCat("notice ", call, " is of kind ", model::WordOf(kind), ", and only a CALL is answered"));
}

}  // namespace

Status CheckPledge(const store::Reader& state, const v1::Pledge& pledge, const v1::Pledge* before,
                   const std::string& field) {
  FT_RETURN_IF_ERROR(CheckOne(pledge.amount(), pledge.quantity(), field));
  if (pledge.amount() > 0 && pledge.asset().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".asset", "is missing: an amount counts an asset");
  if (pledge.quantity() > 0 && pledge.unit().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".unit", "is missing: a quantity counts something");
  FT_RETURN_IF_ERROR(CheckPeriod(pledge.from(), pledge.until(), field + ".until"));
  if (before == nullptr) return CheckCallAnswered(state, pledge.call(), field + ".call");
  const Much was = MuchOf(*before);
  if (was.asset.empty() == (pledge.amount() > 0)) {
    // Else what was paid of an amount would be read as a quantity.
    return Refuse(v1::REFUSAL_CODE_FIELD_FIXED, field + (was.asset.empty() ? ".amount" : ".quantity"),
                  "a pledge of money stays one, and so does one of a quantity: make another pledge");
  }
  FT_ASSIGN_OR_RETURN(const auto sums, Sums::Load(state, Supply::kPledge, pledge.id()));
  const std::int64_t assigned = sums.row().assigned();
  if (assigned <= (was.asset.empty() ? pledge.quantity() : pledge.amount())) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto words, MuchInWords(state, assigned, was));
  return RefuseItem(v1::REFUSAL_CODE_PLEDGE_SHORT, Of(v1::Action::kPledge), pledge.id(),
                    field + (was.asset.empty() ? ".quantity" : ".amount"),
                    absl::StrCat("of pledge ", pledge.id(), " ", words,
                                 " is assigned: it cannot be less, until an assignment is released"));
}

Status CountAssigned(store::Overlay* state, const Moment& moment, const v1::Assign& assign,
                     Authority* authority, const std::string& field) {
  FT_RETURN_IF_ERROR(CheckOne(assign.amount(), assign.quantity(), field));
  FT_ASSIGN_OR_RETURN(const auto pledge_row,
                      FindItem(*state, Of(v1::Action::kPledge), assign.pledge(), field + ".pledge"));
  FT_ASSIGN_OR_RETURN(const auto need_row,
                      FindItem(*state, Of(v1::Action::kDeclareNeed), assign.need(), field + ".need"));
  const v1::Pledge& pledge = pledge_row.action().pledge();
  const v1::DeclareNeed& need = need_row.action().declare_need();
  if (!pledge.accepts_assignment())
    FT_RETURN_IF_ERROR(authority->RequireEither(pledge.owner(), v1::PERMISSION_DECLARE,
                                                v1::PERMISSION_ADMINISTER, field + ".pledge"));
  FT_RETURN_IF_ERROR(CheckInForce(*state, moment, pledge, need_row, field));
  FT_RETURN_IF_ERROR(CheckCovers(pledge, need, &authority->ancestors(), field));
  FT_RETURN_IF_ERROR(CheckCounts(assign, pledge, need, field));

  const Much of = MuchOf(pledge);
  const bool money = assign.amount() > 0;
  const char* at = money ? ".amount" : ".quantity";
  const std::int64_t much = money ? assign.amount() : assign.quantity();
  FT_ASSIGN_OR_RETURN(const auto wanted, MuchInWords(*state, much, of));
  FT_ASSIGN_OR_RETURN(Sums of_pledge, Sums::Load(*state, Supply::kPledge, pledge.id()));
  const std::int64_t left = std::max<std::int64_t>(0, of.number - of_pledge.row().assigned());
  if (left < much) {
    FT_ASSIGN_OR_RETURN(const auto there, MuchInWords(*state, left, of));
    return RefuseItem(v1::REFUSAL_CODE_PLEDGE_SHORT, Of(v1::Action::kPledge), pledge.id(), field + at,
                      absl::StrCat("of pledge ", pledge.id(), " ", there, " is not assigned yet, and ",
                                   wanted, " should be"),
                      pledge_row.record());
  }
  FT_ASSIGN_OR_RETURN(const NeedOpen need_open, OpenOf(*state, need_row, moment));
  const std::int64_t open = money ? need_open.money.value() : need_open.quantity;
  if (open < much) {
    FT_ASSIGN_OR_RETURN(const auto there, MuchInWords(*state, open, of));
    return RefuseItem(
        v1::REFUSAL_CODE_NEED_FILLED, Of(v1::Action::kDeclareNeed), need.id(), field + at,
        absl::StrCat("of need ", need.id(), " ", there, " is open, and ", wanted, " should be assigned"),
        need_row.record());
  }
  FT_RETURN_IF_ERROR(of_pledge.Assign(much));
  of_pledge.Store(state, moment.record);
  FT_ASSIGN_OR_RETURN(Sums own, Sums::Load(*state, Supply::kAssignment, assign.id()));
  FT_RETURN_IF_ERROR(own.Assign(much));
  own.Store(state, moment.record);
  FT_ASSIGN_OR_RETURN(Sums of_need, Sums::Load(*state, Supply::kNeed, need.id()));
  FT_RETURN_IF_ERROR(money ? of_need.Assign(much) : of_need.AssignQuantity(much));
  of_need.Store(state, moment.record);
  return absl::OkStatus();
}

Status ReleaseAssigned(store::Overlay* state, const Moment& moment, const v1::Assign& assign) {
  FT_ASSIGN_OR_RETURN(Sums own, Sums::Load(*state, Supply::kAssignment, assign.id()));
  FT_ASSIGN_OR_RETURN(const std::int64_t left, own.Left());
  FT_RETURN_IF_ERROR(own.Assign(-left));
  own.Store(state, moment.record);
  FT_ASSIGN_OR_RETURN(Sums of_pledge, Sums::Load(*state, Supply::kPledge, assign.pledge()));
  FT_RETURN_IF_ERROR(of_pledge.Assign(-left));
  of_pledge.Store(state, moment.record);
  FT_ASSIGN_OR_RETURN(Sums of_need, Sums::Load(*state, Supply::kNeed, assign.need()));
  FT_RETURN_IF_ERROR(assign.amount() > 0 ? of_need.Assign(-left) : of_need.AssignQuantity(-left));
  of_need.Store(state, moment.record);
  return absl::OkStatus();
}

Status CheckPledgeNamed(const store::Reader& state, const v1::Transfer& transfer, const std::string& field) {
  if (!transfer.pledge().empty()) {
    const std::string at = field + ".pledge";
    FT_ASSIGN_OR_RETURN(const auto row, FindItem(state, Of(v1::Action::kPledge), transfer.pledge(), at));
    const v1::Pledge& pledge = row.action().pledge();
    const auto refuse = [&](const char* name, const std::string& sentence) {
      return RefuseItem(v1::REFUSAL_CODE_SCOPE_MISMATCH, Of(v1::Action::kPledge), pledge.id(), field + name,
                        sentence, row.record());
    };
    if (pledge.owner() != transfer.from())
      return refuse(".from", absl::StrCat("pledge ", pledge.id(), " is that of ", pledge.owner(),
                                          ", and not of ", transfer.from()));
    const Much of = MuchOf(pledge);
    if (of.asset != transfer.asset())
      return refuse(".asset",
                    absl::StrCat("pledge ", pledge.id(), " is of ", of.asset.empty() ? of.unit : of.asset,
                                 ", and ", transfer.asset(), " should be paid"));
    FT_ASSIGN_OR_RETURN(const Sums sums, Sums::Load(state, Supply::kPledge, pledge.id()));
    if (transfer.stage() != v1::STAGE_COMMITTED &&
        sums.row().paid() > std::numeric_limits<std::int64_t>::max() - transfer.amount())
      return Refuse(v1::REFUSAL_CODE_OVERFLOW, field + ".amount",
                    absl::StrCat("more than 2^63 - 1 units would have been paid under pledge ", pledge.id()));
  }
  if (transfer.assignment().empty()) return absl::OkStatus();
  const model::Register& assignments = Of(v1::Action::kAssign);
  const std::string at = field + ".assignment";
  FT_ASSIGN_OR_RETURN(const auto row, FindItem(state, assignments, transfer.assignment(), at));
  FT_RETURN_IF_ERROR(CheckGoesOn(row, at));
  const v1::Assign& assign = row.action().assign();
  const auto refuse = [&](v1::RefusalCode code, const char* name, const std::string& sentence) {
    return RefuseItem(code, assignments, assign.id(), field + name,
                      absl::StrCat("assignment ", assign.id(), " ", sentence), row.record());
  };
  if (assign.need() != transfer.need()) {
    return refuse(v1::REFUSAL_CODE_SCOPE_MISMATCH, ".need",
                  absl::StrCat("is for need ", assign.need(), ": the payment names that need too"));
  }
  if (assign.asset() != transfer.asset() || assign.amount() == 0)
    return refuse(v1::REFUSAL_CODE_SCOPE_MISMATCH, ".asset", absl::StrCat("is not of ", transfer.asset()));
  if (!transfer.pledge().empty() && assign.pledge() != transfer.pledge())
    return refuse(v1::REFUSAL_CODE_SCOPE_MISMATCH, ".pledge",
                  absl::StrCat("is one of pledge ", assign.pledge()));
  FT_ASSIGN_OR_RETURN(const Sums sums, Sums::Load(state, Supply::kAssignment, assign.id()));
  FT_ASSIGN_OR_RETURN(const std::int64_t left, sums.Left());
  if (transfer.amount() <= left) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto there, InWords(state, Amount(left), transfer.asset()));
  FT_ASSIGN_OR_RETURN(const auto wanted, InWords(state, Amount(transfer.amount()), transfer.asset()));
  return refuse(v1::REFUSAL_CODE_PLEDGE_SHORT, ".amount",
                absl::StrCat("has ", there, " left to pay, and ", wanted, " should be paid"));
}

Status CountKept(store::Overlay* state, RecordIndex record, const v1::Transfer& transfer) {
  if (!transfer.pledge().empty() && transfer.stage() != v1::STAGE_COMMITTED) {
    FT_ASSIGN_OR_RETURN(Sums of_pledge, Sums::Load(*state, Supply::kPledge, transfer.pledge()));
    FT_RETURN_IF_ERROR(of_pledge.Pay(transfer.amount()));
    of_pledge.Store(state, record);
  }
  if (transfer.assignment().empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(Sums own, Sums::Load(*state, Supply::kAssignment, transfer.assignment()));
  FT_RETURN_IF_ERROR(own.Pay(transfer.amount()));
  own.Store(state, record);
  FT_ASSIGN_OR_RETURN(Sums of_need, Sums::Load(*state, Supply::kNeed, transfer.need()));
  FT_RETURN_IF_ERROR(of_need.Assign(-transfer.amount()));
  of_need.Store(state, record);
  return absl::OkStatus();
}

Status CountNotKept(store::Overlay* state, RecordIndex record, const std::string& pledge,
                    const std::string& assignment, Amount amount) {
  if (!pledge.empty()) {
    FT_ASSIGN_OR_RETURN(Sums of_pledge, Sums::Load(*state, Supply::kPledge, pledge));
    FT_RETURN_IF_ERROR(of_pledge.Pay(-amount.value()));
    of_pledge.Store(state, record);
  }
  if (assignment.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(*state, v1::Action::kAssign, assignment));
  if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kAssign, assignment), "is missing");
  const v1::Assign& assign = row->action().assign();
  FT_ASSIGN_OR_RETURN(Sums own, Sums::Load(*state, Supply::kAssignment, assignment));
  FT_RETURN_IF_ERROR(own.Pay(-amount.value()));
  if (!row->has_ended()) {
    // It is to be paid again.
    FT_ASSIGN_OR_RETURN(Sums of_need, Sums::Load(*state, Supply::kNeed, assign.need()));
    FT_RETURN_IF_ERROR(of_need.Assign(amount.value()));
    of_need.Store(state, record);
  } else {
    // Nobody is to pay it any more: the pledge is free again by so much.
    FT_RETURN_IF_ERROR(own.Assign(-amount.value()));
    FT_ASSIGN_OR_RETURN(Sums of_pledge, Sums::Load(*state, Supply::kPledge, assign.pledge()));
    FT_RETURN_IF_ERROR(of_pledge.Assign(-amount.value()));
    of_pledge.Store(state, record);
  }
  own.Store(state, record);
  return absl::OkStatus();
}

}  // namespace fundtrail::books
