// LEFT_OUT. A place and category with verified needs that Coverage calls VACUUM on D, in every asset that needs or money count: no
// money, no open project, no promise and no team, there or below. Its severity is `severity` or above, or nobody stated it.
//
//   amount  what the needs ask for    compared  0    count  the needs    SERIOUS where the severity was stated, else LOOK
//   records  those of the needs       parties  who stated them           one finding for each place, category and asset
//
// Needs that ask for no money are found once, and without an amount. Assets are looked at while a cell is VACUUM in all before. Where one
// of these could not be looked at, nothing is found: nobody knows whether help came in it.
#include <algorithm>
#include <map>
#include <utility>

#include "ledger/query/findings/need_cells.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

class LeftOutRule : public FindingWork {
 public:
  explicit LeftOutRule(const FindingInput& input) : input_(input), severity_(input.Value("severity")) {}

  Status Finish(FindingList* list) override {
    bool stopped = false;
    std::size_t assets = 0;
    std::map<std::pair<std::string, std::string>, Cell> cells_of;  // by place and category
    const auto take = [&](const std::string& asset, const std::vector<NeedCell>& cells) -> StatusOr<bool> {
      ++assets;
      bool any = false;
      for (const NeedCell& cell : cells) {
        const v1::CoverageLine& line = *cell.line;
        const v1::CoverageFigures& figures = line.figures();
        const bool stated = figures.severity() > 0;
        if (line.state() != v1::COVERAGE_STATE_VACUUM || (stated && figures.severity() < severity_)) continue;
        Cell& of = cells_of[{line.id(), line.category()}];
        any = ++of.vacuums == assets || any;
        if (of.vacuums == 1) {
          SetCell(cell, &of.finding);
          of.finding.set_grade(stated ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
          of.finding.set_count(figures.needs());
          FT_RETURN_IF_ERROR(kept_.Add(sizeof(Cell) + of.finding.ByteSizeLong()));
        }
        if (figures.asked() == 0) continue;
        of.asked.push_back({asset, figures.asked()});
        FT_RETURN_IF_ERROR(kept_.Add(sizeof(AskedMoney)));
      }
      return any;
    };
    FT_RETURN_IF_ERROR(EachNeedCells(input_, NeedAssets::kOfCells, &stopped, take));
    if (stopped) {
      list->Stop(v1::FINDING_RULE_LEFT_OUT);
      return absl::OkStatus();
    }
    for (const auto& [cell, of] : cells_of) {
      if (of.vacuums != assets) continue;
      if (of.asked.empty()) FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_LEFT_OUT, of.finding));
      for (const AskedMoney& asked : of.asked) {
        v1::Finding finding = of.finding;
        finding.set_asset(asked.asset);
        finding.set_amount(asked.amount);
        FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_LEFT_OUT, std::move(finding)));
      }
    }
    return absl::OkStatus();
  }

 private:
  struct AskedMoney {
    std::string asset;
    std::int64_t amount = 0;
  };
  struct Cell {
    std::size_t vacuums = 0;  // in so many assets
    std::vector<AskedMoney> asked;
    v1::Finding finding;  // without an asset
  };

  const FindingInput input_;
  const std::int64_t severity_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeLeftOutRule(const FindingInput& input) {
  return std::make_unique<LeftOutRule>(input);
}

}  // namespace fundtrail::query
