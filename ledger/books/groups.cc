// See groups.h.
#include "ledger/books/groups.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/books/bodies.h"
#include "ledger/books/own_keys.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/item_text.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

const model::Register& Groups() { return *model::FindRegister(v1::Action::kFormGroup); }

// A member of the group: a party that has a seat in force.
struct Members {
  std::map<std::string, OwnKeys> able, recused;  // by party, with the keys that signed
  std::set<int> kinds;                           // of the seats in force
};

// Whether the party of the seat accepted its present version, and said nothing else since.
StatusOr<bool> IsAccepted(const store::Reader& state, const v1::RegisterRow& seat) {
  FT_ASSIGN_OR_RETURN(const auto newest,
                      NewestAttestation(state, v1::Action::kGiveSeat, seat.action().give_seat().id(),
                                        v1::Action::kAcceptSeat));
  if (!newest.has_value()) return false;
  const v1::AcceptSeat& reply = newest->action().accept_seat();
  return reply.version() == seat.record() && reply.reply() == v1::AcceptDuty::REPLY_ACCEPTED;
}

// Calls `take` with each seat that a group ever had, by id.
Status EachSeat(const store::Reader& state, const std::string& group,
                const std::function<Status(const v1::RegisterRow&)>& take) {
  const Bytes prefix = keys::FoundBy(v1::Action::kFormGroup, group, v1::Action::kGiveSeat, "");
  std::vector<std::string> ids;
  const auto cursor = state.Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid() && ids.size() <= kMaxSeats; cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto id, keys::ReadFoundBy(cursor->key()));
    ids.emplace_back(id);
  }
  FT_RETURN_IF_ERROR(cursor->status());
  for (const std::string& id : ids) {
    FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kGiveSeat, id));
    if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kGiveSeat, id), "is missing");
    FT_RETURN_IF_ERROR(take(*row));
  }
  return absl::OkStatus();
}

StatusOr<Members> MembersOf(const store::Reader& state, const std::string& group, const std::string& day,
                            v1::Permission permission, const Bodies& judged, Authority* authority) {
  Members members;
  FT_RETURN_IF_ERROR(EachSeat(state, group, [&](const v1::RegisterRow& row) -> Status {
    const v1::GiveSeat& seat = row.action().give_seat();
    if (row.has_ended() || !HasDay(day, seat.from(), seat.until())) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool accepted, IsAccepted(state, row));
    if (!accepted) return absl::OkStatus();
    members.kinds.insert(seat.kind());
    if (members.able.count(seat.party()) > 0 || members.recused.count(seat.party()) > 0)
      return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool recused, judged.Has(seat.party()));
    OwnKeys& member = (recused ? members.recused : members.able)[seat.party()];
    member.party = seat.party();
    FT_ASSIGN_OR_RETURN(const bool is_group, IsGroup(state, seat.party()));
    if (is_group) return absl::OkStatus();  // no key signs in place of its quorum
    FT_ASSIGN_OR_RETURN(member.keys, authority->OwnKeys(seat.party(), permission));
    return absl::OkStatus();
  }));
  return members;
}

Status CheckTerm(const v1::RegisterRow& row, const std::string& day, const std::string& field) {
  const v1::FormGroup& group = row.action().form_group();
  if (HasDay(day, group.from(), group.until())) return absl::OkStatus();
  const std::string when = !group.from().empty() && day < group.from()
                               ? absl::StrCat("begins on ", group.from())
                               : absl::StrCat("was over with ", group.until());
  return RefuseItem(v1::REFUSAL_CODE_TERM_OVER, Groups(), group.id(), field,
                    absl::StrCat("the term of group ", group.id(), " ", when, ", and this is recorded on ",
                                 day, ": amend the group's term"),
                    row.record());
}

Status CheckKinds(const v1::RegisterRow& row, const Members& members, const std::string& field) {
  const v1::FormGroup& group = row.action().form_group();
  for (const int kind : group.required_kinds()) {
    if (members.kinds.count(kind) > 0) continue;
    return RefuseItem(v1::REFUSAL_CODE_GROUP_INCOMPLETE, Groups(), group.id(), field,
                      absl::StrCat("group ", group.id(), " must have a member of the kind ",
                                   model::Dashed(model::WordOf(static_cast<v1::GiveSeat::Kind>(kind))),
                                   ", and no seat of it is in force: give one, and have its party accept it"),
                      row.record());
  }
  return absl::OkStatus();
}

Status CheckPlaces(const v1::RegisterRow& row, const std::vector<std::string>& places, Ancestors* ancestors,
                   const std::string& field) {
  const v1::FormGroup& group = row.action().form_group();
  for (const std::string& place : places) {
    bool below = false;
    FT_RETURN_IF_ERROR(
        ancestors->EachAbove(v1::Action::kDeclarePlace, place, [&](const std::string& at) -> StatusOr<bool> {
          below = at == group.place();
          return !below;
        }));
    if (below) continue;
    return RefuseItem(v1::REFUSAL_CODE_GROUP_LEVEL, Groups(), group.id(), field,
                      absl::StrCat("group ", group.id(), " is for ", group.place(), ", and ", place,
                                   " is neither that nor below it: a group of a wider place decides"),
                      row.record());
  }
  return absl::OkStatus();
}

Status CheckRecused(const v1::RegisterRow& row, const Members& members, v1::Permission permission,
                    const std::string& field) {
  std::set<std::size_t> count;  // keys that count for a member that is not recused
  for (const auto& [party, member] : members.able) count.insert(member.keys.begin(), member.keys.end());
  for (const auto& [party, member] : members.recused) {
    const bool signs = std::any_of(member.keys.begin(), member.keys.end(),
                                   [&](std::size_t key) { return count.count(key) == 0; });
    if (!signs) continue;
    return RefuseItem(
        v1::REFUSAL_CODE_MEMBER_RECUSED, Groups(), row.action().form_group().id(), field,
        absl::StrCat(party, " is of a body that this is about, and a key with ", model::WordOf(permission),
                     " for it signed: make the entry without that key"),
        row.record());
  }
  return absl::OkStatus();
}

Status CheckQuorum(const v1::RegisterRow& row, std::uint64_t signers, std::uint64_t able,
                   std::uint64_t recused, v1::Permission permission, const std::string& field) {
  const v1::FormGroup& group = row.action().form_group();
  const std::uint64_t must = MustSign(group, able);
  if (signers >= must) return absl::OkStatus();
  const std::string without = recused > 0 ? absl::StrCat(", not counting ", recused, " recused") : "";
  const std::string advice =
      able < must
          ? std::string(
                "give more seats, of which each counts once its party has accepted it, or amend the group")
          : absl::StrCat("have others sign the entry too, with a key that has ", model::WordOf(permission),
                         " for the member itself (--cosigner KEY --out FILE, then cosign, then submit)");
  return RefuseItem(v1::REFUSAL_CODE_GROUP_QUORUM, Groups(), group.id(), field,
                    absl::StrCat("of group ", group.id(), " ", must, " of ", able, " members must sign",
                                 without, ", and ", signers, " did: ", advice),
                    row.record());
}

// Of an item that a group judges, or that an attestation by a group is about.
StatusOr<v1::Action> NeedItem(const store::Reader& state, v1::Action::ActionCase action,
                              const std::string& id) {
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, action, id));
  if (!row.has_value()) return model::Damaged(keys::Item(action, id), "is missing");
  return row->action();
}

// What names no place is where its owner has its seat, where that is known.
Status AddSeatOf(const store::Reader& state, const std::string& owner, Judged* judged) {
  if (!judged->places.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto party, GetParty(state, owner));
  if (!party.has_value()) return model::Damaged(keys::Party(owner), "is missing");
  if (!party->place().empty()) judged->places.push_back(party->place());
  return absl::OkStatus();
}

StatusOr<Judged> OfProject(const store::Reader& state, const v1::ProposeProject& project) {
  Judged judged{{project.owner()}, {}};
  if (!project.implementer().empty()) judged.bodies.push_back(project.implementer());
  for (const auto& share : project.places()) judged.places.push_back(share.place());
  FT_RETURN_IF_ERROR(AddSeatOf(state, project.owner(), &judged));
  return judged;
}

Judged OfNeed(const v1::DeclareNeed& need) { return {{need.owner()}, {need.place()}}; }

StatusOr<Judged> OfEvaluation(const store::Reader& state, const v1::Evaluate& evaluation) {
  Judged judged;
  if (!evaluation.project().empty()) {
    FT_ASSIGN_OR_RETURN(const auto item, NeedItem(state, v1::Action::kProposeProject, evaluation.project()));
    FT_ASSIGN_OR_RETURN(judged, OfProject(state, item.propose_project()));
  }
  if (!evaluation.programme().empty()) {
    FT_ASSIGN_OR_RETURN(const auto item, NeedItem(state, v1::Action::kOpenProgramme, evaluation.programme()));
    judged.bodies.push_back(item.open_programme().owner());
    FT_RETURN_IF_ERROR(AddSeatOf(state, item.open_programme().owner(), &judged));
  }
  if (!evaluation.policy().empty()) {
    FT_ASSIGN_OR_RETURN(const auto item, NeedItem(state, v1::Action::kOpenPolicy, evaluation.policy()));
    judged.bodies.push_back(item.open_policy().owner());
    for (const std::string& place : item.open_policy().places()) judged.places.push_back(place);
    FT_RETURN_IF_ERROR(AddSeatOf(state, item.open_policy().owner(), &judged));
  }
  if (!evaluation.party().empty()) {
    FT_ASSIGN_OR_RETURN(const auto item, NeedItem(state, v1::Action::kRegisterParty, evaluation.party()));
    judged.bodies.push_back(evaluation.party());
    if (!item.register_party().place().empty()) judged.places.push_back(item.register_party().place());
  }
  return judged;
}

// What the item of a register, or what an attestation is about, says of whom and where it is.
StatusOr<Judged> JudgedIn(const store::Reader& state, const v1::Action& item) {
  switch (item.action_case()) {
    case v1::Action::kDeclareNeed:
      return OfNeed(item.declare_need());
    case v1::Action::kProposeProject:
      return OfProject(state, item.propose_project());
    case v1::Action::kEvaluate:
      return OfEvaluation(state, item.evaluate());
    case v1::Action::kAssign: {
      FT_ASSIGN_OR_RETURN(const auto need, NeedItem(state, v1::Action::kDeclareNeed, item.assign().need()));
      return OfNeed(need.declare_need());
    }
    default:
      return Judged();
  }
}

// Which kinds of groups decide the items of a register.
bool Decides(v1::FormGroup::Kind kind, v1::Action::ActionCase item) {
  if (item == v1::Action::kAssign)
    return kind == v1::FormGroup::KIND_COOPERATIVE || kind == v1::FormGroup::KIND_COORDINATION;
  return Judges(kind);
}

}  // namespace

bool Judges(v1::FormGroup::Kind kind) {
  return kind == v1::FormGroup::KIND_ASSESSMENT || kind == v1::FormGroup::KIND_SUPERVISION;
}

StatusOr<bool> IsGroup(const store::Reader& state, const std::string& party) {
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kFormGroup, party));
  return row.has_value();
}

StatusOr<std::string> PlaceOfGroup(const store::Reader& state, const std::string& party) {
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kFormGroup, party));
  return row.has_value() ? row->action().form_group().place() : std::string();
}

std::uint64_t MustSign(const v1::FormGroup& group, std::uint64_t able) {
  const std::uint64_t part = (group.quorum_basis_points() * able + kWhole - 1) / kWhole;
  return std::max<std::uint64_t>(group.quorum(), part);
}

bool HasDay(const std::string& day, const std::string& first, const std::string& last) {
  // Days sort as their texts do.
  return first <= day && (last.empty() || day <= last);
}

Status RequireGroup(store::Overlay* state, const Moment& moment, const std::string& group,
                    v1::Permission permission, const Judged& judged, const Act& act, Authority* authority,
                    const std::string& field) {
  FT_ASSIGN_OR_RETURN(const auto row, FindItem(*state, Groups(), group, field));
  FT_RETURN_IF_ERROR(CheckGoesOn(row, field));
  FT_ASSIGN_OR_RETURN(const auto party, FindParty(*state, group, field));
  FT_RETURN_IF_ERROR(CheckGoesOn(party, field));
  const std::string day = ToString(moment.recorded);
  FT_RETURN_IF_ERROR(CheckTerm(row, day, field));
  FT_ASSIGN_OR_RETURN(const Bodies bodies, Bodies::Of(judged.bodies, &authority->ancestors()));
  FT_ASSIGN_OR_RETURN(const Members members, MembersOf(*state, group, day, permission, bodies, authority));
  FT_RETURN_IF_ERROR(CheckKinds(row, members, field));
  FT_RETURN_IF_ERROR(CheckPlaces(row, judged.places, &authority->ancestors(), field));
  FT_RETURN_IF_ERROR(CheckRecused(row, members, permission, field));

  v1::GroupActRow made;
  std::vector<OwnKeys> able;
  for (const auto& [id, member] : members.able) able.push_back(member);
  const std::vector<bool> sign = MatchOwnKeys(able);
  for (std::size_t i = 0; i < able.size(); ++i)
    if (sign[i]) made.add_signers(able[i].party);
  FT_RETURN_IF_ERROR(CheckQuorum(row, static_cast<std::uint64_t>(made.signers_size()), able.size(),
                                 members.recused.size(), permission, field));

  std::set<std::string> all;
  for (const auto& [id, member] : members.able) all.insert(id);
  for (const auto& [id, member] : members.recused) {
    all.insert(id);
    made.add_recused(id);
  }
  for (const std::string& id : all) made.add_members(id);
  made.set_action(static_cast<std::uint32_t>(act.action));
  made.set_id(act.id);
  PutMessage(state, keys::GroupAct(group, moment.record, act.at), made);
  return absl::OkStatus();
}

Status RequireGroupFor(store::Overlay* state, const Moment& moment, const v1::Action& item, std::uint32_t at,
                       bool ends, Authority* authority, const std::string& field) {
  const model::Register& of = *model::FindRegister(item.action_case());
  const std::string group = model::TextIn(model::ItemOf(item), "group");
  const std::string at_group = field + ".group";
  FT_ASSIGN_OR_RETURN(const auto row, FindItem(*state, Groups(), group, at_group));
  FT_ASSIGN_OR_RETURN(const auto party, FindParty(*state, group, at_group));
  if (ends && (row.has_ended() || party.has_ended())) {
    FT_ASSIGN_OR_RETURN(const auto genesis, NeedGenesis(*state));
    return authority->Require(genesis.root_party(), v1::PERMISSION_ADMINISTER, at_group);
  }
  const v1::FormGroup::Kind kind = row.action().form_group().kind();
  if (!Decides(kind, of.action)) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, at_group,
                  absl::StrCat("group ", group, " is of the kind ", model::Dashed(model::WordOf(kind)), ": ",
                               of.whose == model::Whose::kAssigns
                                   ? "only a cooperative or coordination group assigns"
                                   : "only an assessment or supervision group evaluates"));
  }
  FT_ASSIGN_OR_RETURN(const Judged judged, JudgedIn(*state, item));
  const v1::Permission permission =
      of.whose == model::Whose::kAssigns ? v1::PERMISSION_APPROVE : v1::PERMISSION_EVALUATE;
  const auto action = ends ? v1::Action::kEndItem : of.action;
  return RequireGroup(state, moment, group, permission, judged, {action, model::IdOf(item), at}, authority,
                      at_group);
}

Status RequireGroupSays(store::Overlay* state, const Moment& moment, const v1::Action& attestation,
                        const v1::RegisterRow& item, std::uint32_t at, Authority* authority,
                        const std::string& field) {
  const model::Attestation& of = *model::FindAttestation(attestation.action_case());
  const std::string by = model::TextIn(model::AttestationIn(attestation), "by");
  FT_ASSIGN_OR_RETURN(Judged judged, JudgedIn(*state, item.action()));
  // Whoever decides about an appeal judges the group that judged.
  if (attestation.has_decide_appeal()) judged.bodies.push_back(item.action().evaluate().group());
  return RequireGroup(state, moment, by, of.permission, judged, {of.action, model::AboutOf(attestation), at},
                      authority, field + ".by");
}

Status CheckGroup(const v1::FormGroup& group, const std::string& field) {
  std::set<int> kinds;
  for (const int kind : group.required_kinds()) {
    if (kinds.insert(kind).second) continue;
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".required_kinds",
                  absl::StrCat(model::Dashed(model::WordOf(static_cast<v1::GiveSeat::Kind>(kind))),
                               " is listed twice"));
  }
  return absl::OkStatus();
}

Status CheckSeat(const store::Reader& state, const v1::GiveSeat& seat, bool is_new,
                 const std::string& field) {
  if (seat.party() == seat.group())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".party",
                  "is the group itself: its members are others");
  if (!is_new) return absl::OkStatus();
  std::size_t seats = 0;
  FT_RETURN_IF_ERROR(EachSeat(state, seat.group(), [&](const v1::RegisterRow&) {
    ++seats;
    return absl::OkStatus();
  }));
  if (seats < kMaxSeats) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".group",
                absl::StrCat("group ", seat.group(), " had ", seats,
                             " seats, the most that it may ever have: form another group"));
}

Status CheckSeatReply(const v1::AcceptSeat& said, const v1::GiveSeat& seat, const std::string& field) {
  if (said.by() == seat.party()) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_NOT_RESPONSIBLE, field + ".by",
                absl::StrCat("the seat is that of ", seat.party(), ", and not of ", said.by()));
}

}  // namespace fundtrail::books
