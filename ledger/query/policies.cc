// See policies.h.
#include "ledger/query/policies.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/query/policy_rows.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace {

class PoliciesWalk {
 public:
  PoliciesWalk(const View& view, std::string on, AsOfRecord as_of, PageToken token)
      : view_(view), then_(Then(view, as_of)), on_(std::move(on)), as_of_(as_of), token_(std::move(token)) {}

  Status Read(const v1::PoliciesRequest& request) {
    FT_ASSIGN_OR_RETURN(trees_, PolicyTrees::Read(view_, as_of_));
    FT_ASSIGN_OR_RETURN(const int place, FindIn(trees_.places.tree, "place", request.place()));
    FT_ASSIGN_OR_RETURN(const int category, FindIn(trees_.categories.tree, "category", request.category()));
    std::string behind;
    if (!request.after().empty()) {
      FT_ASSIGN_OR_RETURN(behind, token_.Place(request.after()));
      FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view_.rows, v1::Action::kOpenPolicy, behind));
      if (!row.has_value()) return token_.Refused(request.after());  // items are never taken away
    }
    PolicyDuties::Wanted wanted;
    const auto take = [&](const v1::RegisterRow& row) -> Status {
      const v1::OpenPolicy& said = row.action().open_policy();
      FT_ASSIGN_OR_RETURN(const PolicyCells cells, trees_.CellsOf(said));
      if (place != kNoItem && !Meet(cells.places, {trees_.places.axis.Of(place)})) return absl::OkStatus();
      if (category != kNoItem && !Meet(cells.categories, {trees_.categories.axis.Of(category)}))
        return absl::OkStatus();
      ++in_all_;
      if (said.id() <= behind) return absl::OkStatus();
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(std::string) + said.id().size()));
      ids_.push_back(said.id());
      for (const v1::Responsibility& each : said.responsible()) wanted.emplace(each.party(), each.role());
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(EachPolicyInForce(view_, on_, as_of_, take));
    if (ids_.empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto projects, ReadPolicyProjects(view_, trees_, on_, as_of_));
    FT_ASSIGN_OR_RETURN(duties_, PolicyDuties::Read(view_, trees_, projects, wanted, on_, as_of_));
    return absl::OkStatus();
  }

  std::uint64_t InAll() const { return in_all_; }

  StatusOr<std::optional<std::string>> Fill(v1::PoliciesAnswer* page, PageBudget* budget) {
    if (as_of_.has_value()) page->set_as_of_record(*as_of_);
    page->set_on(on_);
    for (; at_ < ids_.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      // No first part is left out: a page has room for one.
      if (budget->full()) return std::optional(token_.At(ids_[at_ - 1]));
      FT_ASSIGN_OR_RETURN(v1::PolicyLine line, LineOf(ids_[at_]));
      budget->TakePart(line.ByteSizeLong());
      *page->add_lines() = std::move(line);
    }
    return std::optional<std::string>();
  }

 private:
  StatusOr<v1::PolicyLine> LineOf(const std::string& id) const {
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kOpenPolicy, id, as_of_));
    if (!row.has_value()) return model::Damaged(model::keys::Item(v1::Action::kOpenPolicy, id), "is missing");
    const v1::OpenPolicy& said = row->action().open_policy();
    FT_ASSIGN_OR_RETURN(const PolicyCells cells, trees_.CellsOf(said));
    v1::PolicyLine line;
    FT_ASSIGN_OR_RETURN(*line.mutable_policy(), DescribeItem(view_, *row));
    for (const v1::Responsibility& each : said.responsible()) {
      v1::PolicyParty* party = line.add_responsible();
      party->set_party(each.party());
      FT_ASSIGN_OR_RETURN(const auto named, NeedParty(then_, each.party()));
      party->set_party_name(named.name());
      party->set_role(each.role());
      party->set_acceptance(v1::DutyLine::ACCEPTANCE_NAMED);
      const PolicyDuty* duty = duties_.Best(each.party(), each.role(), said, cells);
      if (duty == nullptr) continue;
      party->set_acceptance(duty->acceptance);
      party->set_duty(duty->id);
      party->set_accepted_in(duty->answered_in);
    }
    return line;
  }

  const View& view_;
  const View then_;
  const std::string on_;
  const AsOfRecord as_of_;
  const PageToken token_;
  PolicyTrees trees_;
  PolicyDuties duties_;
  std::vector<std::string> ids_;  // of those that are behind the token
  std::uint64_t in_all_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

StatusOr<Pages<v1::PoliciesAnswer>> Policies(const View& view, const v1::PoliciesRequest& request,
                                             const Paging& paging) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(std::string on, DayAsked(view, request.on(), as_of));
  PageToken token{"policies", request.place(), request.category(), request.on(),
                  as_of.has_value() ? absl::StrCat(*as_of) : ""};
  v1::PoliciesRequest asked = request;
  asked.set_after(paging.after);
  const auto walk = std::make_shared<PoliciesWalk>(view, std::move(on), as_of, std::move(token));
  FT_RETURN_IF_ERROR(walk->Read(asked));
  const auto fill = [walk](v1::PoliciesAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::PoliciesAnswer>(view, paging, WithCount<v1::PoliciesAnswer>(walk->InAll(), fill));
}

}  // namespace fundtrail::query
