// See concerns.h.
#include "ledger/query/concerns.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/ancestors.h"
#include "ledger/books/concerns.h"
#include "ledger/books/state.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/query/concern_days.h"
#include "ledger/query/concern_money.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/item_names.h"
#include "ledger/query/median.h"
#include "ledger/query/money_back.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using Concern = v1::ConcernLine;

constexpr int kMaxGroups = 64;
constexpr std::string_view kTransferWord = "transfer";

bool IsWaiting(Concern::State state) {
  return state == Concern::STATE_OPEN || state == Concern::STATE_RECEIVED ||
         state == Concern::STATE_OVERDUE || state == Concern::STATE_VERY_OVERDUE;
}
bool IsOverdue(Concern::State state) {
  return state == Concern::STATE_OVERDUE || state == Concern::STATE_VERY_OVERDUE;
}

class ConcernReader {
 public:
  ConcernReader(const View& view, v1::ConcernsRequest request, std::string on, AsOfRecord as_of)
      : view_(view),
        request_(std::move(request)),
        on_(std::move(on)),
        as_of_(as_of),
        states_(request_.states().begin(), request_.states().end()),
        ancestors_(*view.rows) {}

  // Before anything else.
  Status Begin() {
    FT_ASSIGN_OR_RETURN(day_, ParseDate(on_));
    if (request_.place().empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(places_, ReadTreeBelow(view_, v1::Action::kDeclarePlace, request_.place(), as_of_));
    FT_ASSIGN_OR_RETURN(place_, FindIn(places_, "place", request_.place()));
    return absl::OkStatus();
  }

  const std::string& on() const { return on_; }
  AsOfRecord as_of() const { return as_of_; }
  bool Shows(const Concern& line) const { return states_.empty() || states_.count(line.state()) > 0; }

  // All that fit the question but for its states, by id.
  Status Each(const std::function<Status(Concern)>& take) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const auto each = [&](const v1::RegisterRow& row) -> Status {
      FT_ASSIGN_OR_RETURN(auto line, Describe(row));
      return line.has_value() ? take(*std::move(line)) : absl::OkStatus();
    };
    const model::Register* of = model::FindRegister(request_.about());
    if (of == nullptr || request_.id().empty())
      return EachItem(view_, v1::Action::kRaiseConcern, as_of_, each);
    std::vector<std::string> ids;
    const Bytes prefix = keys::AllFoundBy(of->action, request_.id(), v1::Action::kRaiseConcern);
    const auto rows = view_.rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto id, keys::ReadFoundBy(rows->key()));
      ids.emplace_back(id);
    }
    FT_RETURN_IF_ERROR(rows->status());
    return EachItemOf(view_, v1::Action::kRaiseConcern, ids, as_of_, each);
  }

  // Of one that was shown before.
  StatusOr<Concern> Again(const std::string& id) {
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kRaiseConcern, id, as_of_));
    if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kRaiseConcern, id), "is missing");
    FT_ASSIGN_OR_RETURN(auto line, Describe(*row));
    if (!line.has_value()) return model::Damaged(keys::Item(v1::Action::kRaiseConcern, id), "has changed");
    return *std::move(line);
  }

 private:
  // Nothing when it does not fit the question.
  StatusOr<std::optional<Concern>> Describe(const v1::RegisterRow& row) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const v1::RaiseConcern& said = row.action().raise_concern();
    const books::ConcernSubject subject = books::SubjectOf(said);
    if (!FitsSubject(subject) ||
        (request_.kind() != v1::RaiseConcern::KIND_UNSPECIFIED && said.kind() != request_.kind()))
      return std::optional<Concern>();
    const std::optional<RecordIndex> at =
        as_of_.has_value() ? std::optional(RecordIndex(*as_of_)) : std::nullopt;
    FT_ASSIGN_OR_RETURN(const auto who, books::AnswerableFor(*view_.rows, subject, at));
    const bool answers = std::count(who.parties.begin(), who.parties.end(), request_.party()) > 0;
    if (!request_.party().empty() && !answers && said.owner() != request_.party())
      return std::optional<Concern>();
    if (place_ != kNoItem && std::none_of(who.places.begin(), who.places.end(), [&](const std::string& id) {
          return places_.IsIn(place_, places_.Find(id));
        }))
      return std::optional<Concern>();
    Concern line;
    *line.mutable_concern() = said;
    line.set_record(row.record());
    line.set_opened(row.opened());
    for (const std::string& party : who.parties) line.add_answer(party);
    FT_RETURN_IF_ERROR(AddDays(subject, &line));
    if (IsOverdue(line.state())) FT_RETURN_IF_ERROR(AddGroups(who.places, &line));
    return std::optional(std::move(line));
  }

  bool FitsSubject(const books::ConcernSubject& subject) const {
    if (request_.about().empty()) return true;
    const model::Register* of = model::FindRegister(request_.about());
    const auto action = of == nullptr ? v1::Action::kTransfer : of->action;
    return subject.of == action && (request_.id().empty() || subject.id == request_.id());
  }

  // What was said of it, and on which days.
  Status AddDays(const books::ConcernSubject& subject, Concern* line) {
    const std::string& id = line->concern().id();
    FT_ASSIGN_OR_RETURN(const Date raised, DayOf(view_, RecordIndex(line->opened())));
    const Date receipt_due = AfterWorkingDays(raised, kReceiptWorkingDays);
    line->set_raised(fundtrail::ToString(raised));
    line->set_receipt_due(fundtrail::ToString(receipt_due));
    line->set_answer_due(fundtrail::ToString(After(raised, kAnswerDays)));
    std::optional<std::uint64_t> first, action;
    const Bytes prefix = keys::AttestationsOf(v1::Action::kRaiseConcern, id, v1::Action::kRespondConcern);
    const auto rows = view_.rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::AttestationRow>(rows->key(), rows->value()));
      if (as_of_.has_value() && row.record() > *as_of_) break;
      const auto kind = row.action().respond_concern().kind();
      if (!first.has_value()) first = row.record();
      if (!line->has_answered_in() && kind != v1::RespondConcern::KIND_RECEIVED)
        line->set_answered_in(row.record());
      if (!action.has_value() && kind == v1::RespondConcern::KIND_ACTION) action = row.record();
      *line->mutable_response() = std::move(*row.mutable_action()->mutable_respond_concern());
    }
    FT_RETURN_IF_ERROR(rows->status());
    FT_ASSIGN_OR_RETURN(const auto closed,
                        NewestSaid(view_, v1::Action::kRaiseConcern, id, v1::Action::kCloseConcern, as_of_));
    // Who closed it waits no more.
    if (!first.has_value() && closed.has_value()) first = closed->record();
    Date heard = day_;
    if (first.has_value()) {
      FT_ASSIGN_OR_RETURN(heard, DayOf(view_, RecordIndex(*first)));
    }
    line->set_receipt_late(heard > receipt_due);
    if (line->has_answered_in()) {
      FT_ASSIGN_OR_RETURN(const Date answered, DayOf(view_, RecordIndex(line->answered_in())));
      line->set_answered(fundtrail::ToString(answered));
    }
    line->set_state(line->has_answered_in() ? Concern::STATE_ANSWERED
                                            : Waiting(raised, first.has_value(), day_));
    if (closed.has_value()) {
      line->set_closed_in(closed->record());
      line->set_satisfied(closed->action().close_concern().satisfied());
      line->set_state(Concern::STATE_CLOSED);
    }
    const auto kind = line->concern().kind();
    const bool fake =
        kind == v1::RaiseConcern::KIND_FAKE_RECIPIENT || kind == v1::RaiseConcern::KIND_FAKE_NEED;
    return fake && action.has_value() ? AddFakeHelp(subject, RecordIndex(*action), line) : absl::OkStatus();
  }

  // It was found right: does money come back, or is that withdrawn?
  Status AddFakeHelp(const books::ConcernSubject& subject, RecordIndex action, Concern* line) {
    FT_ASSIGN_OR_RETURN(const Date found, DayOf(view_, action));
    const Date due = After(found, kMakeGoodDays);
    line->set_fake_help_due(fundtrail::ToString(due));
    line->set_fake_help(day_ > due ? Concern::FAKE_HELP_MISSING : Concern::FAKE_HELP_AWAITED);
    FT_ASSIGN_OR_RETURN(const auto back, MoneyBack(view_, subject, RecordIndex(line->opened()), due, as_of_));
    if (back.has_value()) {
      line->set_money_back(model::RefText(*back));
      line->set_fake_help(Concern::FAKE_HELP_MADE_GOOD);
      return absl::OkStatus();
    }
    if (subject.of == v1::Action::kTransfer) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool withdrawn, WasWithdrawn(view_, {subject.of, subject.id},
                                                           RecordIndex(line->opened()), due, as_of_));
    if (withdrawn) line->set_fake_help(Concern::FAKE_HELP_MADE_GOOD);
    return absl::OkStatus();
  }

  // The groups of kind ASSESSMENT for one of these places or one above, by id.
  Status AddGroups(const std::vector<std::string>& places, Concern* line) {
    std::set<std::string> above;
    for (const std::string& place : places) {
      const Status climbed = ancestors_.EachAbove(v1::Action::kDeclarePlace, place,
                                                  [&](const std::string& id) -> StatusOr<bool> {
                                                    FT_RETURN_IF_ERROR(view_.GoOn());
                                                    return above.insert(id).second;
                                                  });
      FT_RETURN_IF_ERROR(climbed);
    }
    FT_ASSIGN_OR_RETURN(const auto ids, ItemsAt(view_, v1::Action::kFormGroup, {above.begin(), above.end()}));
    return EachItemOf(view_, v1::Action::kFormGroup, ids, as_of_, [&](const v1::RegisterRow& row) {
      const v1::FormGroup& group = row.action().form_group();
      if (group.kind() == v1::FormGroup::KIND_ASSESSMENT && !row.has_ended() &&
          above.count(group.place()) > 0 && line->escalated_to_size() < kMaxGroups)
        line->add_escalated_to(group.id());
      return absl::OkStatus();
    });
  }

  const View view_;
  const v1::ConcernsRequest request_;
  const std::string on_;
  const AsOfRecord as_of_;
  const std::set<int> states_;
  books::Ancestors ancestors_;
  Date day_;
  ItemTree places_;
  int place_ = kNoItem;
};

// The concerns of one kind, as they are counted.
struct Counted {
  v1::ConcernCount count;
  std::vector<std::int32_t> days;  // to the first answer
};

Status Count(const Concern& line, Counted* to) {
  v1::ConcernCount& count = to->count;
  count.set_kind(line.concern().kind());
  count.set_concerns(count.concerns() + 1);
  if (IsWaiting(line.state())) count.set_open(count.open() + 1);
  if (IsOverdue(line.state())) count.set_overdue(count.overdue() + 1);
  if (line.state() == Concern::STATE_CLOSED) {
    count.set_closed(count.closed() + 1);
    if (line.satisfied()) count.set_satisfied(count.satisfied() + 1);
  }
  if (!line.has_answered_in()) return absl::OkStatus();
  count.set_answered(count.answered() + 1);
  FT_ASSIGN_OR_RETURN(const Date raised, ParseDate(line.raised()));
  FT_ASSIGN_OR_RETURN(const Date answered, ParseDate(line.answered()));
  to->days.push_back(std::max(0, answered.days() - raised.days()));
  return absl::OkStatus();
}

v1::ConcernCount Whole(Counted counted) {
  const auto days = LowerMedian(std::move(counted.days));
  if (days.has_value()) counted.count.set_median_days(static_cast<std::uint32_t>(*days));
  return counted.count;
}

Status CheckRequest(const View& view, const v1::ConcernsRequest& request) {
  static const std::set<v1::Action::ActionCase> kSubjects = {
      v1::Action::kProposeProject, v1::Action::kDeclareNeed, v1::Action::kRegisterParty,
      v1::Action::kOpenPolicy,     v1::Action::kEvaluate,    v1::Action::kAnnounce};
  if (!request.about().empty() && request.about() != kTransferWord) {
    const model::Register* of = model::FindRegister(request.about());
    if (of == nullptr || kSubjects.count(of->action) == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("about: \"", Escaped(request.about()),
                       "\" is not one of project, need, party, policy, evaluation, notice and transfer"));
    }
  }
  if (request.about().empty() && !request.id().empty())
    return absl::InvalidArgumentError("id: `about` says of which register it is");
  if (!v1::RaiseConcern::Kind_IsValid(request.kind()))
    return absl::InvalidArgumentError(
        absl::StrCat("kind: ", static_cast<int>(request.kind()), " is not a kind of concern"));
  for (const int state : request.states())
    if (!Concern::State_IsValid(state) || state == Concern::STATE_UNSPECIFIED)
      return absl::InvalidArgumentError(absl::StrCat("states: ", state, " is no state of a concern"));
  return request.party().empty() ? absl::OkStatus() : FindParty(view, request.party()).status();
}

PageToken TokenOf(const v1::ConcernsRequest& request) {
  v1::ConcernsRequest question = request;
  question.clear_limit();
  question.clear_after();
  return PageToken({"concerns", question.SerializeAsString()});
}

// The ids that are shown, and where they stand.
struct Walk {
  Walk(const View& view, const v1::ConcernsRequest& request, std::string on, AsOfRecord as_of)
      : reader(view, request, std::move(on), as_of), token(TokenOf(request)), then(Then(view, as_of)) {}
  ConcernReader reader;
  PageToken token;
  const View then;
  ItemNames names;
  std::vector<std::string> ids;
  std::size_t next = 0;
  v1::ConcernsAnswer sums;  // the counts and the money, for the first page

  StatusOr<std::optional<std::string>> Fill(v1::ConcernsAnswer* page, PageBudget* budget) {
    if (reader.as_of().has_value()) page->set_as_of_record(*reader.as_of());
    page->set_on(reader.on());
    budget->TakeBytes(sums.ByteSizeLong());
    page->MergeFrom(sums);
    sums.Clear();
    for (; next < ids.size() && !budget->full(); ++next) {
      FT_ASSIGN_OR_RETURN(*page->add_lines(), reader.Again(ids[next]));
      const v1::ConcernLine& line = page->lines(page->lines_size() - 1);
      budget->TakePart(line.ByteSizeLong());
      const v1::RaiseConcern& about = line.concern();
      for (const auto& [of, id] : {std::pair(v1::Action::kProposeProject, &about.project()),
                                   std::pair(v1::Action::kRegisterParty, &about.party()),
                                   std::pair(v1::Action::kOpenPolicy, &about.policy())}) {
        FT_ASSIGN_OR_RETURN(const std::size_t bytes, names.Add(then, of, *id, page->mutable_names()));
        budget->TakeBytes(bytes);
      }
    }
    if (next == ids.size()) return std::optional<std::string>();
    return std::optional(token.At(next == 0 ? std::string() : ids[next - 1]));
  }
};

}  // namespace

StatusOr<Pages<v1::ConcernsAnswer>> Concerns(const View& view, const v1::ConcernsRequest& request,
                                             const Paging& paging) {
  FT_RETURN_IF_ERROR(CheckRequest(view, request));
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(std::string on, DayAsked(view, request.on(), as_of));
  const auto walk = std::make_shared<Walk>(view, request, std::move(on), as_of);
  FT_RETURN_IF_ERROR(walk->reader.Begin());
  std::string after;
  if (!paging.after.empty()) {
    FT_ASSIGN_OR_RETURN(after, walk->token.Place(paging.after));
    FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view.rows, v1::Action::kRaiseConcern, after));
    if (!row.has_value()) return walk->token.Refused(paging.after);  // items are never taken away
  }
  std::map<int, Counted> counted;
  MoneyUnderConcern money(view, as_of);
  std::uint64_t in_all = 0;
  const Status read = walk->reader.Each([&](const Concern& line) -> Status {
    if (walk->reader.Shows(line)) {
      ++in_all;
      if (line.concern().id() > after) walk->ids.push_back(line.concern().id());
    }
    if (line.state() != Concern::STATE_CLOSED)
      FT_RETURN_IF_ERROR(money.Take(books::SubjectOf(line.concern())));
    return Count(line, &counted[line.concern().kind()]);
  });
  FT_RETURN_IF_ERROR(read);
  for (auto& [kind, each] : counted) *walk->sums.add_counts() = Whole(std::move(each));
  FT_RETURN_IF_ERROR(money.AddTo(&walk->sums));
  const auto fill = [walk](v1::ConcernsAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::ConcernsAnswer>(view, paging, WithCount<v1::ConcernsAnswer>(in_all, fill));
}

}  // namespace fundtrail::query
