// Of balances and statements: what is checked (checks.h).
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/wide.h"
#include "ledger/model/entry.h"
#include "ledger/model/references.h"

namespace fundtrail::cli {
namespace {

// That no more of a payment was sent back than it brought, later than it, and that the sums are those of what is named.
Status CheckSentBack(const v1::StatementLine& line) {
  if (!line.has_sent_back()) return absl::OkStatus();
  const v1::SentBack& back = line.sent_back();
  const auto bad = [&](const char* what) {
    return Bad(absl::StrCat("of the payment ", model::RefText(line.ref()), ", ", what));
  };
  Wide undone = 0, returned = 0;
  for (const auto& by : back.by()) {
    if (by.amount() <= 0 || !model::SendsBack(by.kind()) ||
        model::RefOf(by.ref()) <= model::RefOf(line.ref()))
      return bad("what is said to have sent it back cannot have done so");
    (by.kind() == v1::TRANSFER_KIND_REVERSAL ? undone : returned) += by.amount();
  }
  const auto named = static_cast<std::uint64_t>(back.by_size());
  if (named == 0 || named > back.count() || undone > back.undone() || returned > back.returned() ||
      (named == back.count() && (undone != back.undone() || returned != back.returned())))
    return bad("the sums that were sent back are not those of what sent them");
  if (!IsPart(back.undone(), line.amount()) || !IsPart(back.returned(), line.amount() - back.undone()))
    return bad("more was sent back than it brought");
  return absl::OkStatus();
}

// That what lies at a recipient or a source lies there once, and is held by nobody. Joined parties may have several roles: then it is a part
// of what lies there, unless value dates decide, by which a party can have paid before it got something.
Status CheckEnds(const v1::BalanceLine& line, bool joined, bool by_days) {
  int ends = 0;
  for (const std::int64_t amount : {line.reached(), line.ends_here(), line.returned()})
    if (amount != 0) ++ends;
  if (ends == 0) return absl::OkStatus();
  const Wide sum = Wide{line.reached()} + line.ends_here() + line.returned();
  const bool parts = IsPart(line.reached(), line.held()) && IsPart(line.ends_here(), line.held()) &&
                     IsPart(line.returned(), line.held()) && sum <= line.held();
  if (line.has_spendable() || (joined ? !by_days && !parts : ends > 1 || sum != line.held()))
    return Bad(absl::StrCat("of ", OfAccount(line.account()), ", what ends there is not what lies there"));
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::BalanceAnswer& answer, bool joined) {
  for (const auto& line : answer.lines()) {
    // Of a SOURCE, what it brought in is in both.
    if (Wide{line.received()} - line.drawn() != line.held())
      return Bad(absl::StrCat("of ", OfAccount(line.account()),
                              ", what was received less what was paid is not what is held"));
    if (!IsPart(line.committed_received(), line.received()) ||
        !IsPart(line.committed_drawn(), line.drawn()) ||
        (line.has_committed_held() && !IsPart(line.committed_held(), line.held())))
      return Bad(absl::StrCat("of ", OfAccount(line.account()), ", more is committed than there is"));
    if (!IsPart(line.undone_received(), line.drawn()) || !IsPart(line.undone_drawn(), line.received()))
      return Bad(absl::StrCat("of ", OfAccount(line.account()), ", more is undone than went back"));
    if (!IsPart(line.between(), line.received()))
      return Bad(absl::StrCat("of ", OfAccount(line.account()),
                              ", more came from joined parties than was received"));
    if (line.has_kept() && !IsPart(line.kept(), line.held()))
      return Bad(absl::StrCat("of ", OfAccount(line.account()), ", more is kept than is held"));
    if (line.has_spendable() != line.has_frozen() || !IsPart(line.frozen_kept(), line.frozen()) ||
        line.frozen() < 0 || line.spendable() < 0)
      return Bad(absl::StrCat("of ", OfAccount(line.account()),
                              ", a part of what is held is more than it, or less than nothing"));
    if (line.has_spendable() && Wide{line.frozen()} + line.kept() + line.spendable() != line.held())
      return Bad(absl::StrCat("of ", OfAccount(line.account()),
                              ", what is frozen, kept and spendable is not what is held"));
    FT_RETURN_IF_ERROR(CheckEnds(line, joined, !answer.as_of_date().empty()));
  }
  return CheckJoined(answer, joined);
}

Status CheckAnswer(const v1::StatementAnswer& answer, bool joined) {
  for (const auto& statement : answer.statements()) {
    Wide in = 0, out = 0;
    Wide undone_in = 0, undone_out = 0;
    Wide within_in = 0, within_out = 0;
    for (const auto& line : statement.lines()) {
      (line.incoming() ? in : out) += line.amount();
      if (line.within()) (line.incoming() ? within_in : within_out) += line.amount();
      if (line.kind() == v1::TRANSFER_KIND_REVERSAL)
        (line.incoming() ? undone_out : undone_in) += line.amount();
    }
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
    if (undone_in != statement.undone_in() || undone_out != statement.undone_out())
      return Bad(absl::StrCat("of ", OfAccount(statement.account()),
                              ", what is undone is not the sum of the lines that undo it"));
    if (within_in != statement.within_in() ||
        within_out != Wide{statement.within_out()} + statement.within_minted() ||
        !IsPart(statement.within_minted(), statement.minted()) ||
        !IsPart(statement.within_out(), statement.total_out()))
      return Bad(absl::StrCat("of ", OfAccount(statement.account()),
                              ", what stays within is not the sum of the lines that do"));
    for (const auto& line : statement.lines()) FT_RETURN_IF_ERROR(CheckSentBack(line));
    // An earlier server says nothing of it.
    if (statement.lies() != v1::END_KIND_END_UNSPECIFIED && statement.lies() != v1::END_KIND_HELD &&
        statement.lies() != v1::END_KIND_REACHED && statement.lies() != v1::END_KIND_ENDS_HERE &&
        statement.lies() != v1::END_KIND_RETURNED)
      return Bad(absl::StrCat("of ", OfAccount(statement.account()), ", what lies there cannot end so"));
  }
  return CheckJoined(answer, joined);
}

Status CheckAnswer(const v1::StatementAnswer& answer, const v1::StatementRequest& request) {
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request.joined()));
  const bool one_party = !request.party().empty() && !request.below() && !request.joined();
  for (const v1::Statement& statement : answer.statements()) {
    const v1::Account& account = statement.account();
    if ((one_party && account.party() != request.party()) ||
        (!request.fund().empty() && account.fund() != request.fund()) ||
        (!request.project().empty() && account.project() != request.project()))
      return Bad(absl::StrCat("it has ", OfAccount(account), ", which was not asked for"));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
