// LEFT_OUT. A place and category with verified needs that Coverage calls VACUUM on D: no money, no open project, no promise and no
// team, there or below. Its severity is `severity` or above, or nobody stated it.
//
//   amount  what the needs ask for    compared  0    count  the needs    SERIOUS where the severity was stated, else LOOK
//   records  those of the needs       parties  who stated them           one finding for each place, category and asset
//
// Needs that ask for no money are found where the cell is a vacuum in every asset, once and without an amount.
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
    // Of cells whose needs ask for no money: in how many assets they are a vacuum.
    std::map<std::pair<std::string, std::string>, std::pair<std::size_t, v1::Finding>> without_money;
    const auto take = [&](const std::string& asset, const std::vector<NeedCell>& cells) -> Status {
      ++assets;
      for (const NeedCell& cell : cells) {
        const v1::CoverageLine& line = *cell.line;
        const v1::CoverageFigures& figures = line.figures();
        const bool stated = figures.severity() > 0;
        if (line.state() != v1::VACUUM || (stated && figures.severity() < severity_)) continue;
        v1::Finding finding;
        SetCell(cell, &finding);
        finding.set_grade(stated ? v1::Finding::SERIOUS : v1::Finding::LOOK);
        finding.set_count(figures.needs());
        if (figures.asked() == 0) {
          auto& of = without_money[{line.id(), line.category()}];
          ++of.first;
          of.second = std::move(finding);
          continue;
        }
        finding.set_asset(asset);
        finding.set_amount(figures.asked());
        FT_RETURN_IF_ERROR(list->Add(v1::LEFT_OUT, std::move(finding)));
      }
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(EachNeedCells(input_, &stopped, take));
    for (auto& [cell, of] : without_money)
      if (of.first == assets) FT_RETURN_IF_ERROR(list->Add(v1::LEFT_OUT, std::move(of.second)));
    if (stopped) list->Stop(v1::LEFT_OUT);
    return absl::OkStatus();
  }

 private:
  const FindingInput input_;
  const std::int64_t severity_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeLeftOutRule(const FindingInput& input) {
  return std::make_unique<LeftOutRule>(input);
}

}  // namespace fundtrail::query
