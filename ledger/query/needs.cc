// See needs.h.
#include "ledger/query/needs.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/books/state.h"
#include "ledger/model/bounds.h"
#include "ledger/query/kept_needs.h"
#include "ledger/query/needs_in_force.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// What a page token says: behind which need, by all that it is sorted by. So an answer goes on where it stood, also when that
// need has changed since. Only as it is written here.
std::string ToText(const KeptNeed& need) {
  return absl::StrCat(need.severity, ":", need.priority, ":", need.until, ":", need.people, ":", need.id);
}
std::optional<KeptNeed> ParseKept(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 4));
  KeptNeed need;
  if (parts.size() != 5 || !absl::SimpleAtoi(parts[0], &need.severity) ||
      !absl::SimpleAtoi(parts[1], &need.priority) || !absl::SimpleAtoi(parts[2], &need.until) ||
      !absl::SimpleAtoi(parts[3], &need.people))
    return std::nullopt;
  need.id = parts[4];
  const bool fits = need.severity <= kMaxSevere && need.priority <= kLeastUrgent && need.people >= 0;
  if (!fits || ToText(need) != text) return std::nullopt;
  return need;
}

// Goes through what was read. The lines are made as they are shown.
class NeedsWalk {
 public:
  NeedsWalk(const View& view, NeedsQuestion question, PageToken token, NeedsRead read)
      : view_(view),
        then_(Then(view, question.as_of)),
        question_(std::move(question)),
        token_(std::move(token)),
        read_(std::move(read)) {}

  StatusOr<std::optional<std::string>> Fill(v1::NeedsAnswer* page, PageBudget* budget) {
    if (question_.as_of.has_value()) page->set_as_of_record(*question_.as_of);
    page->set_on(question_.day);
    if (!begun_) {
      for (v1::NeedCount& count : read_.counts) *page->add_counts() = std::move(count);
      page->set_not_verified(read_.not_verified);
      budget->TakeBytes(page->ByteSizeLong());
      begun_ = true;
    }
    names_.clear();
    for (; at_ < read_.needs.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (budget->full()) return std::optional(token_.At(at_ == 0 ? "" : ToText(read_.needs[at_ - 1])));
      FT_ASSIGN_OR_RETURN(v1::NeedLine line, LineOf(read_.needs[at_]));
      budget->TakePart(line.ByteSizeLong());
      *page->add_lines() = std::move(line);
    }
    read_.needs = KeptNeeds();  // nothing looks at them any more
    at_ = 0;
    return std::optional<std::string>();
  }

 private:
  StatusOr<v1::NeedLine> LineOf(const KeptNeed& kept) {
    FT_ASSIGN_OR_RETURN(auto row, ItemThen(view_, v1::Action::kDeclareNeed, kept.id, question_.as_of));
    if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kDeclareNeed, kept.id), "is missing");
    FT_ASSIGN_OR_RETURN(const NeedInForce need, NeedOn(view_, *row, question_.day, question_.as_of));
    v1::NeedLine line;
    line.set_record(need.record);
    line.set_opened(need.opened);
    line.set_found(need.found);
    FT_ASSIGN_OR_RETURN(*line.mutable_place_name(), NameOf(v1::Action::kDeclarePlace, need.said->place()));
    FT_ASSIGN_OR_RETURN(*line.mutable_category_name(),
                        NameOf(v1::Action::kDeclareCategory, need.said->category()));
    if (!need.said->asset().empty()) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(then_, need.said->asset()));
      line.set_decimals(asset.decimals());
    }
    line.set_people(need.people);
    line.set_severity(need.severity);
    line.set_years(need.years);
    line.set_asked(need.asked);
    line.set_direct(kept.direct);
    line.set_by_projects(kept.by_projects);
    line.set_committed(kept.committed);
    line.set_open(kept.open());
    line.set_assigned(kept.assigned);
    line.set_state(kept.state);
    line.set_beyond(kept.beyond);
    // Last: what is read above lies in the row.
    *line.mutable_need() = std::move(*row->mutable_action()->mutable_declare_need());
    return line;
  }

  // Of a place or a category that a need names.
  StatusOr<std::string> NameOf(v1::Action::ActionCase action, const std::string& id) {
    const auto [known, is_new] = names_.try_emplace(std::pair<int, std::string>(action, id));
    if (!is_new) return known->second;
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, action, id, question_.as_of));
    if (!row.has_value()) return model::Damaged(keys::Item(action, id), "is missing");
    known->second = action == v1::Action::kDeclarePlace ? row->action().declare_place().name()
                                                        : row->action().declare_category().name();
    return known->second;
  }

  const View& view_;
  const View then_;
  const NeedsQuestion question_;
  const PageToken token_;
  NeedsRead read_;
  std::size_t at_ = 0;
  bool begun_ = false;
  std::map<std::pair<int, std::string>, std::string> names_;  // of places and categories, for one page
};

StatusOr<NeedsQuestion> QuestionOf(const View& view, const v1::NeedsRequest& request) {
  NeedsQuestion question;
  if (request.has_as_of()) question.as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(question.day, DayAsked(view, request.on(), question.as_of));
  for (const int state : request.states()) {
    if (!v1::NeedState_IsValid(state) || state == v1::NEED_STATE_UNSPECIFIED)
      return absl::InvalidArgumentError(absl::StrCat("states: ", state, " is not known"));
    question.states.insert(state);
  }
  question.unverified = request.unverified();
  question.ids.assign(request.ids().begin(), request.ids().end());
  if (question.single() &&
      (!request.place().empty() || !request.category().empty() || !question.states.empty()))
    return absl::InvalidArgumentError(
        "ids: single needs are asked for without a place, a category or states");
  if (question.ids.size() > model::kMaxReferences)
    return absl::InvalidArgumentError(absl::StrCat("ids: at most ", model::kMaxReferences));
  std::sort(question.ids.begin(), question.ids.end());
  if (std::adjacent_find(question.ids.begin(), question.ids.end()) != question.ids.end())
    return absl::InvalidArgumentError("ids: one is listed twice");
  return question;
}

PageToken TokenOf(const v1::NeedsRequest& request, const NeedsQuestion& question) {
  std::string ids, states;
  for (const std::string& id : question.ids) absl::StrAppend(&ids, id.size(), ".", id);
  for (const int state : question.states) absl::StrAppend(&states, state, ".");
  return PageToken{"needs",
                   request.place(),
                   request.category(),
                   ids,
                   states,
                   question.unverified ? "unverified" : "",
                   request.on(),
                   question.as_of.has_value() ? absl::StrCat(*question.as_of) : ""};
}

// Only what comes behind the need of the token.
Status GoOnAfter(const View& view, const PageToken& token, const std::string& after, KeptNeeds* needs) {
  FT_ASSIGN_OR_RETURN(const std::string place, token.Place(after));
  const auto last = ParseKept(place);
  if (!last.has_value()) return token.Refused(after);
  FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view.rows, v1::Action::kDeclareNeed, last->id));
  if (!row.has_value()) return token.Refused(after);  // items are never taken away
  needs->erase(needs->begin(), std::upper_bound(needs->begin(), needs->end(), *last, NeedStandsBefore));
  return absl::OkStatus();
}

}  // namespace

StatusOr<Pages<v1::NeedsAnswer>> Needs(const View& view, const v1::NeedsRequest& request,
                                       const Paging& paging) {
  FT_ASSIGN_OR_RETURN(NeedsQuestion question, QuestionOf(view, request));
  PageToken token = TokenOf(request, question);
  FT_ASSIGN_OR_RETURN(NeedsRead read, ReadNeeds(view, question, request.place(), request.category()));
  const std::uint64_t in_all = read.needs.size();
  if (!paging.after.empty()) FT_RETURN_IF_ERROR(GoOnAfter(view, token, paging.after, &read.needs));
  // One more tells that there are more.
  if (paging.limit > 0 && read.needs.size() > paging.limit) read.needs.resize(paging.limit + 1);
  read.needs.shrink_to_fit();
  const auto walk = std::make_shared<NeedsWalk>(view, std::move(question), std::move(token), std::move(read));
  const auto fill = [walk](v1::NeedsAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::NeedsAnswer>(view, paging, WithCount<v1::NeedsAnswer>(in_all, fill));
}

}  // namespace fundtrail::query
