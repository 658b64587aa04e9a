// Of fragmentation: what is checked (checks.h).
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/concentration.h"
#include "ledger/base/wide.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {

namespace {

// A line of fragmentation; `placed` is all the money there.
Status CheckLine(const v1::FragmentationLine& line, std::int64_t placed) {
  const std::string of = absl::StrCat("of ", model::WordOf(line.kind()), ", ");
  if (Wide(line.count()) != Wide(line.more()) + line.parts_size())
    return Bad(of + "the parts are not as many as is said");
  Wide sum = line.more_amount();
  std::vector<std::int64_t> amounts;
  for (const v1::FragmentationPart& part : line.parts()) {
    if (part.amount() < 0 || (!amounts.empty() && part.amount() > amounts.back()))
      return Bad(of + "a part is below zero, or the most money does not come first");
    amounts.push_back(part.amount());
    sum += part.amount();
  }
  if (line.more_amount() < 0 || (line.more() == 0 && line.more_amount() != 0))
    return Bad(of + "there is money of nobody");
  const bool of_money = line.kind() == v1::FragmentationLine::KIND_FUNDS ||
                        line.kind() == v1::FragmentationLine::KIND_IMPLEMENTERS;
  // What was paid straight for needs is of funds, and of no implementer.
  if (line.kind() == v1::FragmentationLine::KIND_FUNDS && sum != placed)
    return Bad(of + "the parts do not have all the money that is placed");
  if (of_money && sum > placed) return Bad(of + "the parts have more money than is placed");
  const bool has_shares = of_money && sum > 0;
  if (line.has_effective() != has_shares || line.has_largest() != has_shares)
    return Bad(of + "there are shares without money, or money without shares");
  if (!has_shares) return absl::OkStatus();
  if (amounts.empty() || line.largest() != Wide(amounts.front()) * 10'000 / sum)
    return Bad(of + "the largest share is not that of the first");
  const auto concentration = ConcentrationOf(amounts);
  const bool fits = line.more() > 0
                        ? line.effective() >= 1'000 && line.effective() / 1'000 <= Wide(line.count())
                        : concentration.has_value() && line.effective() == concentration->effective;
  if (!fits) return Bad(of + "the effective number does not follow from the shares");
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::FragmentationAnswer& answer, const v1::FragmentationRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (request.place() != answer.place() || request.category() != answer.category())
    return Bad("it is of another place or category than was asked for");
  if (!request.asset().empty() && request.asset() != answer.asset())
    return Bad("it is of another asset than was asked for");
  int kind = v1::FragmentationLine::KIND_POLICIES;
  for (const v1::FragmentationLine& line : answer.lines()) {
    if (line.kind() != kind++) return Bad("it does not have one line for each kind");
    const bool of_policies = line.kind() == v1::FragmentationLine::KIND_POLICIES;
    if (line.has_leads() != of_policies || line.leads() > line.count())
      return Bad("policies have no leads, or more than there are policies");
    FT_RETURN_IF_ERROR(CheckLine(line, answer.placed()));
  }
  if (kind != v1::FragmentationLine::KIND_ANNOUNCERS + 1)
    return Bad("it does not have one line for each kind");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
