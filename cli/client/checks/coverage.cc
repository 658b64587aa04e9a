// Of coverage: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

namespace {

// What follows from a line's sums.
Status CheckFigures(const v1::CoverageLine& line) {
  const v1::CoverageFigures& figures = line.figures();
  const std::string of = absl::StrCat("of the line ", Escaped(line.id()), ", ");
  if (figures.asked() < 0 || figures.placed() < 0 || figures.people() < 0 || figures.promised() < 0)
    return Bad(of + "a sum is below zero");
  if (!IsPart(figures.reached(), figures.placed()) || !IsPart(figures.committed(), figures.placed()))
    return Bad(of + "more is reached or committed than is placed");
  if (!IsPart(figures.direct(), figures.placed()))
    return Bad(of + "more was paid straight for needs than is placed");
  if (figures.direct() > figures.reached())
    return Bad(of + "more was paid straight for needs than reached recipients");
  if (!IsPart(figures.people_at_least(), figures.people()))
    return Bad(of + "the fewest people are more than the most");
  if (figures.severity() > 5) return Bad(of + "the severity is not from 1 to 5");
  const bool in_cells =
      line.kind() != v1::CoverageLine::KIND_SHARED && line.kind() != v1::CoverageLine::KIND_UNSPECIFIED;
  if (!in_cells && line.state() != v1::COVERAGE_STATE_UNSPECIFIED)
    return Bad(of + "it stands in no cell, and has a state");
  if (line.state() == v1::COVERAGE_STATE_VACUUM && figures.promised() > 0)
    return Bad(of + "a pledge is assigned to it, and it is called a vacuum");
  const Wide missing = Wide{figures.asked()} - figures.placed();
  if (figures.gap() != (missing > 0 ? missing : 0) || figures.over() != (missing < 0 ? -missing : 0))
    return Bad(of + "the gap is not what is asked less what is placed");
  if (figures.has_ratio() != (figures.asked() > 0))
    return Bad(of + "a ratio is there without an amount that is asked, or is missing");
  if (!figures.has_ratio()) return absl::OkStatus();
  const Wide ratio = std::min(Wide{figures.placed()} * 10'000 / figures.asked(),
                              Wide{std::numeric_limits<std::int64_t>::max()});
  if (figures.ratio() != ratio) return Bad(of + "the ratio is not that of what is placed to what is asked");
  const v1::CoverageState state = ratio < 5'000     ? v1::COVERAGE_STATE_UNDER
                                  : ratio <= 11'000 ? v1::COVERAGE_STATE_COVERED
                                                    : v1::COVERAGE_STATE_OVER;
  // Nor has a need that stands in no cell, as where the places that succeeded its own have nothing in common.
  if (!in_cells || figures.placed() == 0 || line.state() == state) return absl::OkStatus();
  return Bad(of + "the state does not follow from the ratio");
}

struct CoverageSums {
  Wide asked = 0, placed = 0, reached = 0, direct = 0, promised = 0;
  friend bool operator==(const CoverageSums&, const CoverageSums&) = default;
};

}  // namespace

Status CheckAnswer(const v1::CoverageAnswer& answer, const v1::CoverageRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  if (!request.asset().empty() && request.asset() != answer.asset())
    return Bad("it is of another asset than was asked for");
  FT_RETURN_IF_ERROR(CheckFigures(answer.total()));
  CoverageSums sums;
  for (const v1::CoverageLine& line : answer.lines()) {
    FT_RETURN_IF_ERROR(CheckFigures(line));
    if (line.depth() > 0) continue;
    sums.asked += line.figures().asked();
    sums.placed += line.figures().placed();
    sums.reached += line.figures().reached();
    sums.direct += line.figures().direct();
    sums.promised += line.figures().promised();
  }
  // Programmes, projects and funds have no needs.
  const bool has_needs = request.by() != v1::CoverageRequest::BY_PROGRAMME &&
                         request.by() != v1::CoverageRequest::BY_PROJECT &&
                         request.by() != v1::CoverageRequest::BY_FUND;
  const v1::CoverageFigures& total = answer.total().figures();
  // No more than 63 bits of what is asked are said.
  const bool clipped = total.asked() == kMaxInt64, promises_clipped = total.promised() == kMaxInt64;
  const CoverageSums whole{has_needs && !clipped ? Wide{total.asked()} : sums.asked, total.placed(),
                           total.reached(), total.direct(),
                           has_needs && !promises_clipped ? Wide{total.promised()} : sums.promised};
  if (request.states().empty() && !request.crowded() && !(sums == whole))
    return Bad("the lines do not add up to the total");
  for (const std::int64_t sum : {answer.elsewhere(), answer.general(), answer.brought_in(),
                                 answer.with_sources(), answer.not_verified_asked()})
    if (sum < 0) return Bad("a sum is below zero");
  if (Wide{total.placed()} + answer.elsewhere() + answer.general() !=
      Wide{answer.brought_in()} - answer.with_sources() + answer.exchanged())
    return Bad("what lies somewhere is not what was brought in");
  if (!IsPart(answer.unrecorded(), answer.brought_in()) || !IsPart(answer.committed(), answer.brought_in()))
    return Bad("a part is more than its whole");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
