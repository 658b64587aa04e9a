// See concerns.h.
#include "ledger/books/concerns.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

using Said = std::pair<v1::Action::ActionCase, const std::string*>;

// What a concern can be about, whether it is or not.
std::array<Said, 7> Subjects(const v1::RaiseConcern& concern) {
  return {{{v1::Action::kProposeProject, &concern.project()},
           {v1::Action::kDeclareNeed, &concern.need()},
           {v1::Action::kRegisterParty, &concern.party()},
           {v1::Action::kOpenPolicy, &concern.policy()},
           {v1::Action::kEvaluate, &concern.evaluation()},
           {v1::Action::kAnnounce, &concern.notice()},
           {v1::Action::kTransfer, &concern.transfer()}}};
}

Status CheckHash(const std::string& text, const std::string& field) {
  if (text.empty() || IsHashText(text)) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, "is not a hash: write 64 digits of 0 to 9 and a to f");
}

// A transfer as people write it, which is there.
Status CheckTransferNamed(const store::Reader& state, const std::string& text, const std::string& field) {
  const auto ref = model::ParseRef(text);
  // "012.3" names the same as "12.3", and is another text.
  if (!ref.ok() || ref->line == 0 || model::RefText(*ref) != text)
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                  "names no transfer: write 12.3, its record and its line");
  FT_ASSIGN_OR_RETURN(const auto row, GetTransfer(state, *ref));
  if (row.has_value()) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, field, absl::StrCat("there is no transfer ", text));
}

// The version of then of what a concern names.
StatusOr<v1::RegisterRow> NeedItem(const store::Reader& state, v1::Action::ActionCase action,
                                   const std::string& id, std::optional<RecordIndex> at) {
  FT_ASSIGN_OR_RETURN(auto row, GetItem(state, action, id));
  if (row.has_value() && at.has_value()) {
    FT_ASSIGN_OR_RETURN(row, AsOf(state, *std::move(row), *at));
  }
  if (!row.has_value()) return model::Damaged(keys::Item(action, id), "is missing");
  return *std::move(row);
}

void AddPlaces(const v1::ProposeProject& project, Answerable* to) {
  for (const v1::PlaceShare& share : project.places()) to->places.push_back(share.place());
}

Status AddTransfer(const store::Reader& state, const std::string& text, std::optional<RecordIndex> at,
                   Answerable* to) {
  FT_ASSIGN_OR_RETURN(const TransferRef ref, model::ParseRef(text));
  FT_ASSIGN_OR_RETURN(const auto row, GetTransfer(state, ref));
  if (!row.has_value()) return model::Damaged(keys::Transfer(ref), "is missing");
  for (const auto account : {row->from, row->to}) {
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(state, account));
    to->parties.push_back(name.party());
    if (name.project().empty()) continue;
    FT_ASSIGN_OR_RETURN(const auto project, NeedItem(state, v1::Action::kProposeProject, name.project(), at));
    AddPlaces(project.action().propose_project(), to);
  }
  // Money in no project: where the payee has its seat.
  if (to->places.empty()) {
    FT_ASSIGN_OR_RETURN(const auto payee,
                        NeedItem(state, v1::Action::kRegisterParty, to->parties.back(), at));
    if (!payee.action().register_party().place().empty())
      to->places.push_back(payee.action().register_party().place());
  }
  return absl::OkStatus();
}

Status AddItem(const store::Reader& state, const v1::Action& item, std::optional<RecordIndex> at,
               Answerable* to) {
  switch (item.action_case()) {
    case v1::Action::kProposeProject: {
      const v1::ProposeProject& project = item.propose_project();
      to->parties.push_back(project.owner());
      if (!project.implementer().empty()) to->parties.push_back(project.implementer());
      AddPlaces(project, to);
      break;
    }
    case v1::Action::kDeclareNeed:
      to->parties.push_back(item.declare_need().owner());
      to->places.push_back(item.declare_need().place());
      break;
    case v1::Action::kRegisterParty:
      to->parties.push_back(item.register_party().id());
      if (!item.register_party().place().empty()) to->places.push_back(item.register_party().place());
      break;
    case v1::Action::kOpenPolicy:
      to->parties.push_back(item.open_policy().owner());
      for (const v1::Responsibility& each : item.open_policy().responsible())
        if (each.role() == v1::AssignDuty::ROLE_LEAD) to->parties.push_back(each.party());
      for (const std::string& place : item.open_policy().places()) to->places.push_back(place);
      break;
    case v1::Action::kEvaluate: {
      to->parties.push_back(item.evaluate().group());
      FT_ASSIGN_OR_RETURN(const auto group,
                          NeedItem(state, v1::Action::kFormGroup, item.evaluate().group(), at));
      to->places.push_back(group.action().form_group().place());
      break;
    }
    case v1::Action::kAnnounce:
      to->parties.push_back(item.announce().owner());
      to->parties.push_back(item.announce().complaints_to());
      for (const std::string& place : item.announce().places()) to->places.push_back(place);
      break;
    default:
      break;
  }
  return absl::OkStatus();
}

void SortEach(std::vector<std::string>* ids) {
  std::sort(ids->begin(), ids->end());
  ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
}

// Whether `above` is one of the items, or stands above one.
StatusOr<bool> IsAtOrAboveAny(Ancestors* ancestors, v1::Action::ActionCase action, const std::string& above,
                              const std::vector<std::string>& ids) {
  bool met = false;
  for (const std::string& id : ids) {
    FT_RETURN_IF_ERROR(ancestors->EachAbove(action, id, [&](const std::string& at) -> StatusOr<bool> {
      met = met || at == above;
      return !met;
    }));
  }
  return met;
}

// The group of kind ASSESSMENT that the party is, and that is for one of these places or one above.
StatusOr<bool> Assesses(const store::Reader& state, Ancestors* ancestors, const std::string& party,
                        const std::vector<std::string>& places) {
  FT_ASSIGN_OR_RETURN(const auto group, GetItem(state, v1::Action::kFormGroup, party));
  if (!group.has_value() || group->has_ended() ||
      group->action().form_group().kind() != v1::FormGroup::KIND_ASSESSMENT)
    return false;
  return IsAtOrAboveAny(ancestors, v1::Action::kDeclarePlace, group->action().form_group().place(), places);
}

Status CheckStillOpen(const store::Reader& state, const std::string& concern, const std::string& field) {
  static const model::Register& concerns = *model::FindRegister(v1::Action::kRaiseConcern);
  FT_ASSIGN_OR_RETURN(const auto closed,
                      NewestAttestation(state, concerns.action, concern, v1::Action::kCloseConcern));
  if (!closed.has_value()) return absl::OkStatus();
  return RefuseItem(v1::REFUSAL_CODE_CONCERN_CLOSED, concerns, concern, field,
                    absl::StrCat("record ", closed->record(),
                                 " closed it, and what is closed stays closed: raise another concern"),
                    closed->record());
}

}  // namespace

ConcernSubject SubjectOf(const v1::RaiseConcern& concern) {
  for (const auto& [of, id] : Subjects(concern))
    if (!id->empty()) return {of, *id};
  return {};
}

StatusOr<Answerable> AnswerableFor(const store::Reader& state, const ConcernSubject& subject,
                                   std::optional<RecordIndex> at) {
  Answerable all;
  if (subject.of == v1::Action::kTransfer) {
    FT_RETURN_IF_ERROR(AddTransfer(state, subject.id, at, &all));
  } else if (subject.of != v1::Action::ACTION_NOT_SET) {
    FT_ASSIGN_OR_RETURN(const auto row, NeedItem(state, subject.of, subject.id, at));
    FT_RETURN_IF_ERROR(AddItem(state, row.action(), at, &all));
  }
  SortEach(&all.parties);
  SortEach(&all.places);
  return all;
}

Status CheckConcern(const store::Reader& state, const v1::RaiseConcern& concern, const v1::Action* before,
                    const std::string& field) {
  if (before != nullptr) FT_RETURN_IF_ERROR(CheckStillOpen(state, concern.id(), field + ".id"));
  const auto subjects = Subjects(concern);
  const auto named =
      std::count_if(subjects.begin(), subjects.end(), [](const Said& each) { return !each.second->empty(); });
  if (named != 1) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                  named == 0 ? "does not say what it is about: a project, a need, a party, a policy, an "
                               "evaluation, a notice or a transfer"
                             : "is about several things: raise one concern about each");
  }
  if (!concern.transfer().empty())
    FT_RETURN_IF_ERROR(CheckTransferNamed(state, concern.transfer(), field + ".transfer"));
  if (concern.words().empty() == concern.words_hash().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".words",
                  "or its hash must be there, and not both");
  FT_RETURN_IF_ERROR(CheckHash(concern.words_hash(), field + ".words_hash"));
  return CheckHash(concern.on_behalf(), field + ".on_behalf");
}

Status CheckResponse(const store::Reader& state, Date today, const v1::RespondConcern& said,
                     const v1::RegisterRow& raised, Ancestors* ancestors, const std::string& field) {
  const v1::RaiseConcern& concern = raised.action().raise_concern();
  FT_RETURN_IF_ERROR(CheckStillOpen(state, said.concern(), field + ".concern"));
  FT_ASSIGN_OR_RETURN(const Answerable who, AnswerableFor(state, SubjectOf(concern)));
  FT_ASSIGN_OR_RETURN(bool may,
                      IsAtOrAboveAny(ancestors, v1::Action::kRegisterParty, said.by(), who.parties));
  if (raised.opened_day() > today.days())
    return model::Damaged(keys::Item(v1::Action::kRaiseConcern, concern.id()),
                          "was opened after this record");
  const bool overdue = std::int64_t{today.days()} - raised.opened_day() > kAnswerDays;
  bool later = false;  // it may once the answer is overdue
  if (!may) {
    FT_ASSIGN_OR_RETURN(const bool assesses, Assesses(state, ancestors, said.by(), who.places));
    may = assesses && overdue;
    later = assesses && !may;
  }
  if (!may) {
    std::string parties;
    for (const std::string& party : who.parties)
      absl::StrAppend(&parties, parties.empty() ? "" : ", ", party);
    return Refuse(v1::REFUSAL_CODE_NOT_RESPONSIBLE, field + ".by",
                  later
                      ? absl::StrCat(said.by(), " answers once it is overdue, after ",
                                     fundtrail::ToString(Date(raised.opened_day() + kAnswerDays)),
                                     ": until then ", parties, " and the parties above it do")
                      : absl::StrCat(said.by(), " does not answer for it: ", parties,
                                     " and the parties above it do and, once it is overdue, a group of kind "
                                     "ASSESSMENT for its place"));
  }
  if (said.words().empty() && said.kind() != v1::RespondConcern::KIND_RECEIVED)
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".words", "is missing: an answer says something");
  if (said.corrects().empty()) return absl::OkStatus();
  return CheckTransferNamed(state, said.corrects(), field + ".corrects");
}

Status CheckClosing(const store::Reader& state, const v1::CloseConcern& said, const v1::RaiseConcern& concern,
                    const std::string& field) {
  FT_RETURN_IF_ERROR(CheckStillOpen(state, said.concern(), field + ".concern"));
  if (said.by() == concern.owner()) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_NOT_RESPONSIBLE, field + ".by",
                absl::StrCat(concern.owner(), " raised it, and alone closes it: ", said.by(), " may not"));
}

}  // namespace fundtrail::books
