// See missing_groups.h.
#include "ledger/query/missing_groups.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/needs_in_force.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

namespace {

constexpr std::uint32_t kLowest = 5;  // a village

struct MissingQuestion {
  AsOfRecord as_of;
  std::string day;
  std::uint32_t level = 0;
  v1::FormGroup::Kind kind = v1::FormGroup::KIND_COOPERATIVE;
};

// What was found, with the sums that stand on every page.
struct MissingFound {
  v1::MissingGroupsAnswer head;
  std::vector<v1::MissingGroup> lines;  // by place
};

class MissingReader {
 public:
  MissingReader(const View& view, const MissingQuestion& question) : view_(view), question_(question) {}

  StatusOr<MissingFound> Read(const std::string& place) {
    FT_RETURN_IF_ERROR(ReadPlaces(place));
    FT_RETURN_IF_ERROR(ReadGroups());
    FT_RETURN_IF_ERROR(ReadNeeds(place));
    MissingFound found;
    v1::MissingGroupsAnswer& head = found.head;
    if (question_.as_of.has_value()) head.set_as_of_record(*question_.as_of);
    head.set_on(question_.day);
    head.set_level(question_.level);
    head.set_kind(question_.kind);
    head.set_places(places_of_level_);
    head.set_with_need(lines_.size());
    head.set_wider_needs(wider_);
    for (auto& [id, line] : lines_) {
      if (with_group_.count(id) > 0) {
        head.set_with_group(head.with_group() + 1);
      } else {
        found.lines.push_back(std::move(line));
      }
    }
    return found;
  }

 private:
  Status ReadPlaces(const std::string& place) {
    FT_ASSIGN_OR_RETURN(tree_, ReadTreeBelow(view_, v1::Action::kDeclarePlace, place, question_.as_of));
    FT_ASSIGN_OR_RETURN(top_, FindIn(tree_, "place", place));
    for (int at = 0; at < tree_.size(); ++at)
      if (at != tree_.rest() && tree_.IsIn(top_, at)) ids_.push_back(tree_.id(at));
    std::sort(ids_.begin(), ids_.end());
    levels_.assign(static_cast<std::size_t>(tree_.size()), 0);
    return EachItemOf(view_, v1::Action::kDeclarePlace, ids_, question_.as_of,
                      [&](const v1::RegisterRow& row) -> Status {
                        FT_RETURN_IF_ERROR(view_.GoOn());
                        const v1::DeclarePlace& said = row.action().declare_place();
                        const int at = tree_.Find(said.id());
                        if (at == kNoItem) return absl::OkStatus();
                        levels_[static_cast<std::size_t>(at)] = said.level();
                        if (said.level() == question_.level) ++places_of_level_;
                        return absl::OkStatus();
                      });
  }

  Status ReadGroups() {
    return EachItem(
        view_, v1::Action::kFormGroup, question_.as_of, [&](const v1::RegisterRow& row) -> Status {
          FT_RETURN_IF_ERROR(view_.GoOn());
          const v1::FormGroup& said = row.action().form_group();
          if (said.kind() != question_.kind || row.has_ended() ||
              !IsInPeriod(question_.day, said.from(), said.until()))
            return absl::OkStatus();
          FT_ASSIGN_OR_RETURN(const auto party,
                              ItemThen(view_, v1::Action::kRegisterParty, said.id(), question_.as_of));
          if (party.has_value() && !party->has_ended()) with_group_.insert(said.place());
          return absl::OkStatus();
        });
  }

  Status ReadNeeds(const std::string& place) {
    const auto take = [&](const NeedInForce& need) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (Counts(need, false)) TakeNeed(need);
      return absl::OkStatus();
    };
    if (place.empty()) return EachNeedInForce(view_, question_.day, question_.as_of, nullptr, take);
    FT_ASSIGN_OR_RETURN(const auto needs, ItemsAt(view_, v1::Action::kDeclareNeed, ids_));
    return EachNeedInForce(view_, question_.day, question_.as_of, &needs, take);
  }

  void TakeNeed(const NeedInForce& need) {
    int at = tree_.Find(need.said->place());
    // A version before it named a place that is looked at.
    if (at == kNoItem || at == tree_.rest() || !tree_.IsIn(top_, at)) return;
    // Each place is of a higher level than the one above it.
    while (at != kNoItem && at != tree_.rest() && levels_[static_cast<std::size_t>(at)] > question_.level)
      at = tree_.parent(at);
    if (at == kNoItem || at == tree_.rest() || !tree_.IsIn(top_, at)) return;
    if (levels_[static_cast<std::size_t>(at)] < question_.level) {
      ++wider_;
      return;
    }
    v1::MissingGroup& line = lines_[tree_.id(at)];
    line.set_place(tree_.id(at));
    line.set_place_name(tree_.name(at));
    line.set_needs(line.needs() + 1);
    line.set_severity(std::max(line.severity(), need.severity));
  }

  const View& view_;
  const MissingQuestion& question_;
  ItemTree tree_;
  int top_ = kNoItem;
  std::vector<std::string> ids_;  // of the places that are looked at, sorted
  std::vector<std::uint32_t> levels_;
  std::uint64_t places_of_level_ = 0, wider_ = 0;
  std::set<std::string> with_group_;
  std::map<std::string, v1::MissingGroup> lines_;  // of each place of the level that has a need
};

StatusOr<MissingQuestion> QuestionOf(const View& view, const v1::MissingGroupsRequest& request) {
  MissingQuestion question;
  if (request.has_as_of()) question.as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(question.day, DayAsked(view, request.on(), question.as_of));
  if (request.level() > kLowest) return absl::InvalidArgumentError("level: 0 to 5");
  question.level = request.level();
  if (!v1::FormGroup::Kind_IsValid(request.kind()))
    return absl::InvalidArgumentError(
        absl::StrCat("kind: ", static_cast<int>(request.kind()), " is not known"));
  if (request.kind() != v1::FormGroup::KIND_UNSPECIFIED) question.kind = request.kind();
  return question;
}

}  // namespace

StatusOr<Pages<v1::MissingGroupsAnswer>> MissingGroups(const View& view,
                                                       const v1::MissingGroupsRequest& request,
                                                       const Paging& paging) {
  FT_ASSIGN_OR_RETURN(const MissingQuestion question, QuestionOf(view, request));
  const PageToken token{"missing groups", absl::StrCat(question.level),
                        request.place(),  absl::StrCat(static_cast<int>(question.kind)),
                        request.on(),     question.as_of.has_value() ? absl::StrCat(*question.as_of) : ""};
  FT_ASSIGN_OR_RETURN(MissingFound read, MissingReader(view, question).Read(request.place()));
  const auto found = std::make_shared<const MissingFound>(std::move(read));
  std::size_t begin = 0;
  if (!paging.after.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string last, token.Place(paging.after));
    const auto is_before = [](const std::string& id, const v1::MissingGroup& line) {
      return id < line.place();
    };
    begin = static_cast<std::size_t>(
        std::upper_bound(found->lines.begin(), found->lines.end(), last, is_before) - found->lines.begin());
  }
  const auto fill = [&view, found, token, at = begin](
                        v1::MissingGroupsAnswer* page,
                        PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
    page->MergeFrom(found->head);
    for (; at < found->lines.size(); ++at) {
      FT_RETURN_IF_ERROR(view.GoOn());
      const v1::MissingGroup& line = found->lines[at];
      if (budget->full()) return std::optional(token.At(at == 0 ? "" : found->lines[at - 1].place()));
      budget->TakePart(line.ByteSizeLong());
      *page->add_lines() = line;
    }
    return std::optional<std::string>();
  };
  return Pages<v1::MissingGroupsAnswer>(view, paging,
                                        WithCount<v1::MissingGroupsAnswer>(found->lines.size(), fill));
}

}  // namespace fundtrail::query
