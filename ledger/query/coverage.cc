// See coverage.h.
#include "ledger/query/coverage.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"
#include "ledger/query/coverage_lines.h"
#include "ledger/query/coverage_rows.h"

namespace fundtrail::query {

namespace {

constexpr std::uint32_t kMaxLevels = 10;

StatusOr<CoverageQuestion> QuestionOf(const v1::CoverageRequest& request) {
  CoverageQuestion question;
  if (!v1::CoverageRequest::By_IsValid(request.by()))
    return absl::InvalidArgumentError(
        absl::StrCat("by: ", static_cast<int>(request.by()), " is not a kind of line"));
  if (request.by() != v1::CoverageRequest::BY_UNSPECIFIED) question.by = request.by();
  if (request.depth() > kMaxLevels)
    return absl::InvalidArgumentError(absl::StrCat("depth: at most ", kMaxLevels));
  if (request.depth() > 0) question.depth = static_cast<int>(request.depth());
  for (const int state : request.states()) {
    if (!v1::CoverageState_IsValid(state))
      return absl::InvalidArgumentError(absl::StrCat("states: ", state, " is not known"));
    question.states.push_back(static_cast<v1::CoverageState>(state));
  }
  question.crowded = request.crowded();
  return question;
}

// Every unit that came in lies somewhere, went back or was exchanged.
Status CheckSums(const v1::CoverageAnswer& answer) {
  const Wide lies = Wide(answer.total().figures().placed()) + answer.elsewhere() + answer.general();
  const Wide came = Wide(answer.brought_in()) - answer.with_sources() + answer.exchanged();
  if (lies == came) return absl::OkStatus();
  return model::Damaged("the sums of projects do not add up");
}

}  // namespace

StatusOr<v1::CoverageAnswer> Coverage(const View& view, const v1::CoverageRequest& request) {
  FT_ASSIGN_OR_RETURN(CoverageQuestion question, QuestionOf(request));
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  v1::CoverageAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  FT_ASSIGN_OR_RETURN(const CoverageRead read, ReadCoverage(view, request, as_of, &answer));
  question.scope = read.scope;
  const GoOn go_on = [&view] { return view.GoOn(); };
  FT_ASSIGN_OR_RETURN(const CoverageCells cells, CellsOf(read.books, read.scope, go_on));
  std::int64_t elsewhere = cells.elsewhere;
  if (!AddTo(&elsewhere, read.elsewhere))
    return absl::OutOfRangeError("the money elsewhere adds up to more than 2^63 - 1");
  answer.set_elsewhere(elsewhere);
  const auto take = [&](const v1::CoverageLine& line) {
    *answer.add_lines() = line;
    return view.Grow(line.ByteSizeLong());
  };
  FT_ASSIGN_OR_RETURN(*answer.mutable_total(), EachLine(read.books, cells, question, go_on, take));
  FT_RETURN_IF_ERROR(CheckSums(answer));
  return answer;
}

}  // namespace fundtrail::query
