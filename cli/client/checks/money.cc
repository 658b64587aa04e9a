// Of balances and statements: what is checked (checks.h).
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

Status CheckAnswer(const v1::BalanceAnswer& answer) {
  for (const auto& line : answer.lines()) {
    // Of a SOURCE, what it brought in is in both.
    if (Wide{line.received()} - line.drawn() != line.held())
      return Bad(absl::StrCat("of ", OfAccount(line.account()),
                              ", what was received less what was paid is not what is held"));
    if (!IsPart(line.committed_received(), line.received()) ||
        !IsPart(line.committed_drawn(), line.drawn()) ||
        (line.has_committed_held() && !IsPart(line.committed_held(), line.held())))
      return Bad(absl::StrCat("of ", OfAccount(line.account()), ", more is committed than there is"));
    if (line.has_kept() && !IsPart(line.kept(), line.held()))
      return Bad(absl::StrCat("of ", OfAccount(line.account()), ", more is kept than is held"));
    if (line.has_spendable() != line.has_frozen() || !IsPart(line.frozen_kept(), line.frozen()) ||
        line.frozen() < 0 || line.spendable() < 0)
      return Bad(absl::StrCat("of ", OfAccount(line.account()),
                              ", a part of what is held is more than it, or less than nothing"));
    if (line.has_spendable() && Wide{line.frozen()} + line.kept() + line.spendable() != line.held())
      return Bad(absl::StrCat("of ", OfAccount(line.account()),
                              ", what is frozen, kept and spendable is not what is held"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::StatementAnswer& answer) {
  for (const auto& statement : answer.statements()) {
    Wide in = 0, out = 0;
    for (const auto& line : statement.lines()) (line.incoming() ? in : out) += line.amount();
    out -= statement.minted();  // a SOURCE's lines out, of which a total has nothing
    if (in != statement.total_in() || out != statement.total_out())
      return Bad(absl::StrCat("of ", OfAccount(statement.account()), ", the lines do not have the totals"));
    if (Wide{statement.held_before()} + in - out != statement.held_after())
      return Bad(
          absl::StrCat("of ", OfAccount(statement.account()), ", the totals do not lead to what is held"));
    if (!IsPart(statement.committed_in(), statement.total_in()) ||
        !IsPart(statement.committed_out(), statement.total_out()) ||
        !IsPart(statement.committed_minted(), statement.minted()))
      return Bad(absl::StrCat("of ", OfAccount(statement.account()), ", more is committed than there is"));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
