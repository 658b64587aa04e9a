// See need_cells.h.
#include "ledger/query/findings/need_cells.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "ledger/query/coverage.h"
#include "ledger/query/needs_in_force.h"

namespace fundtrail::query {

Status EachNeedCells(
    const FindingInput& input, NeedAssets which, bool* stopped,
    const std::function<StatusOr<bool>(const std::string& asset, const std::vector<NeedCell>& cells)>& take) {
  const std::string day = fundtrail::ToString(input.on);
  CellNeedsByCell needs;
  std::set<std::string> asked, placed, there;  // assets
  KeptBytes kept;
  const auto see = [&](const NeedInForce& need) -> Status {
    FT_RETURN_IF_ERROR(input.view.GoOn());
    if (!Counts(need, false)) return absl::OkStatus();
    CellNeeds& of = needs[{need.said->place(), need.said->category()}];
    of.owners.push_back(need.said->owner());
    of.records.push_back(need.record);
    if (!need.said->asset().empty()) asked.insert(need.said->asset());
    return kept.Add(sizeof(CellNeeds) + need.said->ByteSizeLong());
  };
  FT_RETURN_IF_ERROR(EachNeedInForce(input.view, day, input.as_of, nullptr, see));
  if (needs.empty()) return absl::OkStatus();
  const auto see_sums = [&](const ProjectSums& sums) {
    there.insert(sums.asset);
    if (sums.totals.beyond || !sums.totals.placed().is_zero()) placed.insert(sums.asset);
    return absl::OkStatus();
  };
  if (which == NeedAssets::kOfCells) FT_RETURN_IF_ERROR(EachProjectSums(input.view, input.as_of, see_sums));
  std::vector<std::string> assets(asked.begin(), asked.end());
  std::set_difference(placed.begin(), placed.end(), asked.begin(), asked.end(), std::back_inserter(assets));
  if (assets.empty() && which == NeedAssets::kAsked) return absl::OkStatus();
  // Nothing came in any asset, so one of them shows that.
  if (assets.empty()) assets.push_back(there.empty() ? std::string() : *there.begin());
  for (std::size_t i = 0; i < assets.size(); ++i) {
    if (i == kMaxNeedAssets) {
      *stopped = true;
      break;
    }
    const std::string& asset = assets[i];
    // The lines are no part of the answer that is made, and only those of one asset are kept.
    KeptBytes of_lines = kept;
    View quiet = input.view;
    quiet.grow = [&of_lines](std::size_t bytes) { return of_lines.Add(bytes); };
    v1::CoverageRequest request;
    request.set_by(v1::CoverageRequest::BY_CELL);
    request.set_asset(asset);
    request.set_on(day);
    if (input.as_of.has_value()) request.set_as_of(*input.as_of);
    const auto answer = Coverage(quiet, request);
    if (absl::IsOutOfRange(answer.status()) || absl::IsResourceExhausted(answer.status())) {
      *stopped = true;
      continue;
    }
    FT_RETURN_IF_ERROR(answer.status());
    std::vector<NeedCell> cells;
    for (const v1::CoverageLine& line : answer->lines()) {
      if (line.kind() != v1::CoverageLine::KIND_ITEM) continue;
      const auto found = needs.find({line.id(), line.category()});
      if (found != needs.end()) cells.push_back({&line, &found->second});
    }
    FT_ASSIGN_OR_RETURN(const bool more, take(asset, cells));
    if (!more) break;
  }
  return absl::OkStatus();
}

void SetCell(const NeedCell& cell, v1::Finding* finding) {
  const std::set<std::string> owners(cell.needs->owners.begin(), cell.needs->owners.end());
  for (const std::string& owner : owners) finding->add_parties(owner);
  finding->set_place(cell.line->id());
  finding->set_place_name(cell.line->name());
  finding->set_category(cell.line->category());
  finding->set_category_name(cell.line->category_name());
  SetRecords(cell.needs->records, finding);
}

}  // namespace fundtrail::query
