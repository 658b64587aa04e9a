// Of registers: what is checked (checks.h).
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {

Status CheckAnswer(const v1::RegistersAnswer& answer, const v1::RegistersRequest& request) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.lines_size()));
  const model::Register* of = model::FindRegister(request.register_());
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::RegisterLine& line = answer.lines(i);
    if (of == nullptr || line.action().action_case() != of->action)
      return Bad("a line is of another register than was asked about");
    // Without those that ended, what is below one follows what is above it.
    if (i > 0 && !request.current() &&
        std::uint64_t{line.depth()} > std::uint64_t{answer.lines(i - 1).depth()} + 1)
      return Bad(absl::StrCat("in the tree, ", Escaped(model::IdOf(line.action())), " is ", line.depth(),
                              " levels down, and the one before it ", answer.lines(i - 1).depth()));
  }
  for (const v1::RegisterLine& line : answer.lines()) {
    for (const v1::Attestation& said : line.attestations())
      if (!IsAbout(said, line.action()))
        return Bad(absl::StrCat("what was said about ", Escaped(model::IdOf(line.action())),
                                " is about something else"));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
