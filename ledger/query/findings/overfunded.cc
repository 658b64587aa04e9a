// OVERFUNDED. A place and category with verified needs for which more than `part` of 10,000 of what they ask for is placed on D, as
// Coverage has it, while another category in the same place, of equal or higher severity, has less than half of what it asks for. Where nobody stated a severity there is nothing to compare.
//
//   amount  what is placed above what was asked    compared  what was asked    count  the needs of the cell
//   beside  that other category: the one that misses most                      LOOK
//   records and parties  those of the needs of both    one finding for each place, category and asset
#include <algorithm>
#include <utility>

#include "ledger/query/findings/need_cells.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

constexpr std::int64_t kHalf = kWhole / 2;

class OverfundedRule : public FindingWork {
 public:
  explicit OverfundedRule(const FindingInput& input) : input_(input), part_(input.Value("part")) {}

  Status Finish(FindingList* list) override {
    bool stopped = false;
    const auto take = [&](const std::string& asset, const std::vector<NeedCell>& cells) -> StatusOr<bool> {
      std::map<std::string, std::vector<const NeedCell*>> of_place;
      for (const NeedCell& cell : cells)
        if (cell.line->figures().asked() > 0) of_place[cell.line->id()].push_back(&cell);
      for (const auto& [place, its] : of_place) FT_RETURN_IF_ERROR(FindIn(asset, its, list));
      return true;
    };
    FT_RETURN_IF_ERROR(EachNeedCells(input_, NeedAssets::kAsked, &stopped, take));
    if (stopped) list->Stop(v1::FINDING_RULE_OVERFUNDED);
    return absl::OkStatus();
  }

 private:
  // In the cells of one place.
  Status FindIn(const std::string& asset, const std::vector<const NeedCell*>& cells,
                FindingList* list) const {
    std::vector<const NeedCell*> under;
    for (const NeedCell* cell : cells)
      if (cell->line->figures().ratio() < kHalf) under.push_back(cell);
    // The worst first, so that the first one that is severe enough is said.
    std::sort(under.begin(), under.end(), [](const NeedCell* one, const NeedCell* other) {
      if (one->line->figures().gap() != other->line->figures().gap())
        return one->line->figures().gap() > other->line->figures().gap();
      return one->line->category() < other->line->category();
    });
    for (const NeedCell* cell : cells) {
      FT_RETURN_IF_ERROR(input_.view.GoOn());
      const v1::CoverageFigures& figures = cell->line->figures();
      if (figures.ratio() <= part_ || figures.severity() == 0) continue;
      const auto beside = std::find_if(under.begin(), under.end(), [&](const NeedCell* other) {
        return other->line->figures().severity() >= figures.severity();
      });
      if (beside == under.end()) continue;
      CellNeeds both = *cell->needs;
      const CellNeeds& other = *(*beside)->needs;
      both.owners.insert(both.owners.end(), other.owners.begin(), other.owners.end());
      both.records.insert(both.records.end(), other.records.begin(), other.records.end());
      v1::Finding finding;
      SetCell({cell->line, &both}, &finding);
      finding.set_grade(v1::Finding::GRADE_LOOK);
      finding.set_asset(asset);
      finding.set_amount(figures.over());
      finding.set_compared(figures.asked());
      finding.set_count(figures.needs());
      finding.set_beside((*beside)->line->category());
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_OVERFUNDED, std::move(finding)));
    }
    return absl::OkStatus();
  }

  const FindingInput input_;
  const std::int64_t part_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeOverfundedRule(const FindingInput& input) {
  return std::make_unique<OverfundedRule>(input);
}

}  // namespace fundtrail::query
