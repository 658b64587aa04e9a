// See trace_start.h.
#include "ledger/query/trace_start.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/model/references.h"
#include "ledger/model/row_keys.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_accounts.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

StatusOr<std::vector<TransferRef>> RefsOf(const View& view, TransferRef ref) {
  if (ref.line != 0) {
    FT_RETURN_IF_ERROR(FindTransfer(view, ref).status());
    return std::vector<TransferRef>{ref};
  }
  std::vector<TransferRef> refs;
  const Bytes prefix = keys::TransfersOf(ref.record);
  const auto cursor = view.rows->Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const TransferRef found, keys::ReadTransfer(cursor->key()));
    refs.push_back(found);
  }
  FT_RETURN_IF_ERROR(cursor->status());
  if (refs.empty()) {
    return absl::NotFoundError(
        absl::StrCat("record ", ref.record.value(), " has no transfers, or does not exist"));
  }
  return refs;
}

StatusOr<bool> InPeriod(Walker* walker, const TraceQuestion& question, TransferRef ref) {
  if (walker->IsAfter(ref)) return false;
  if (!question.since.has_value() && !question.until.has_value()) return true;
  FT_ASSIGN_OR_RETURN(const auto moved, walker->Look(ref));
  return (!question.since.has_value() || moved.date >= *question.since) &&
         (!question.until.has_value() || moved.date <= *question.until);
}

// The accounts whose money is asked about together: what one of them pays another is no new money of theirs.
using Together = std::set<model::AccountNumber>;

// Whether the money of a receipt came to the accounts that are asked about together, and was not among them already.
StatusOr<bool> CameIn(Walker* walker, const TraceQuestion& question, const model::TransferRow& transfer,
                      const Together* together) {
  if (together == nullptr || together->count(transfer.from) == 0) return true;
  if (transfer.exchange()) return true;  // of another asset
  if (question.direction == v1::DIRECTION_FROM || transfer.sends_back()) return false;
  FT_ASSIGN_OR_RETURN(const auto payer, walker->RoleOf(transfer.from));
  return payer == v1::ROLE_SOURCE;
}

// Each receipt of the account, and each payment that a SOURCE minted for. Of accounts together: each receipt from others, and
// backward each from a SOURCE among them, which brought the money in.
Status FindOfAccount(Walker* walker, const TraceQuestion& question, model::AccountNumber account,
                     const Together* together, std::vector<TraceStart>* asked) {
  const View& view = walker->view();
  const Bytes prefix = keys::StatementOf(account);
  const auto cursor = view.rows->Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(cursor->key()));
    const TransferRef ref = on.ref;
    if (walker->IsAfter(ref)) break;  // they stand in the order of records
    FT_ASSIGN_OR_RETURN(const auto role, walker->RoleOf(account));
    const bool in = on.side == model::Side::kIn;
    if (!in && (role != v1::ROLE_SOURCE || question.direction == v1::DIRECTION_TO)) continue;
    FT_ASSIGN_OR_RETURN(const bool wanted, InPeriod(walker, question, ref));
    if (!wanted) continue;
    FT_ASSIGN_OR_RETURN(const auto transfer, walker->Read(ref));
    if ((in ? transfer.to : transfer.from) != account)
      return model::Damaged(cursor->key(), "is not what the transfer says");
    if (in) {
      // Forward, what came back to a SOURCE is not brought in anew.
      if (role == v1::ROLE_SOURCE && question.direction == v1::DIRECTION_FROM) continue;
      FT_ASSIGN_OR_RETURN(const bool counts, CameIn(walker, question, transfer, together));
      if (!counts) continue;
      asked->push_back({{account, transfer.receipt(), ref}, false});
    } else {
      if (transfer.sends_back()) continue;
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeStatementRow(cursor->key(), cursor->value()));
      // Minted at the end of the line, as it was after the payment.
      if (row.received < transfer.amount)
        return model::Damaged(cursor->key(), "is not what the transfer says");
      const Position end(row.received.value());
      asked->push_back({{account, {Position((row.received - transfer.amount).value()), end}, ref}, true});
    }
  }
  return cursor->status();
}

// The receipt of the transfer, or all of a record.
Status FindOfRef(Walker* walker, TransferRef of, std::vector<TraceStart>* asked) {
  FT_ASSIGN_OR_RETURN(const auto refs, RefsOf(walker->view(), of));
  for (const TransferRef ref : refs) {
    FT_ASSIGN_OR_RETURN(const auto transfer, walker->Read(ref));
    if (walker->IsAfter(ref)) {
      return absl::InvalidArgumentError(
          absl::StrCat("transfer ", model::RefText(ref), " came after that record"));
    }
    asked->push_back({{transfer.to, transfer.receipt(), ref}, false});
  }
  return absl::OkStatus();
}

// Those in the project, of the fund where one is asked about.
StatusOr<Together> AccountsOfProject(const View& view, const TraceQuestion& question) {
  Together together;
  FT_RETURN_IF_ERROR(EachAccountIn(view, question.project,
                                   [&](model::AccountNumber account, const v1::AccountName& name) -> Status {
                                     if (!question.fund.empty() && name.fund() != question.fund)
                                       return absl::OkStatus();
                                     together.insert(account);
                                     return view.Grow(sizeof(account));
                                   }));
  return together;
}

}  // namespace

StatusOr<std::vector<TraceStart>> FindStarts(Walker* walker, const TraceQuestion& question) {
  const View& view = walker->view();
  std::vector<TraceStart> asked;
  if (question.ref.has_value() || !question.refs.empty()) {
    if (!question.party.empty() || !question.fund.empty() || !question.project.empty() ||
        question.since.has_value() || question.until.has_value()) {
      return absl::InvalidArgumentError(
          "a fund, a project and a period go with a party, not with a transfer");
    }
    if (question.ref.has_value()) FT_RETURN_IF_ERROR(FindOfRef(walker, *question.ref, &asked));
    for (const TransferRef ref : question.refs) FT_RETURN_IF_ERROR(FindOfRef(walker, ref, &asked));
    return asked;
  }
  if (question.party.empty() && question.project.empty())
    return absl::InvalidArgumentError("name a transfer, 12.3, a party or a project to trace");
  if (!question.party.empty()) FT_RETURN_IF_ERROR(FindParty(view, question.party).status());
  if (!question.fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, question.fund));
  if (!question.project.empty())
    FT_RETURN_IF_ERROR(FindProject(view, question.project, question.as_of).status());
  if (question.party.empty()) {
    FT_ASSIGN_OR_RETURN(const Together together, AccountsOfProject(view, question));
    for (const auto account : together)
      FT_RETURN_IF_ERROR(FindOfAccount(walker, question, account, &together, &asked));
    return asked;
  }
  for (const std::string& party : walker->joins().Together(question.party)) {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view, party, question.fund));
    for (const auto account : accounts) {
      if (!question.project.empty()) {
        FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view, account));
        if (name.project() != question.project) continue;
      }
      FT_RETURN_IF_ERROR(FindOfAccount(walker, question, account, nullptr, &asked));
    }
  }
  return asked;
}

namespace {

StatusOr<std::string> AskedInWords(Walker* walker, const TraceQuestion& question) {
  const std::string ends = question.direction == v1::DIRECTION_FROM ? " went" : " came from";
  if (!question.refs.empty())
    return absl::StrCat("Where the money of ", question.refs.size(),
                        question.refs.size() == 1 ? " receipt" : " receipts", ends);
  if (!question.ref.has_value()) {
    std::string words = "Where the money of ";
    if (question.party.empty()) {
      FT_ASSIGN_OR_RETURN(const auto project, FindProject(walker->view(), question.project, question.as_of));
      absl::StrAppend(&words, "project ", question.project, " (", project.action().propose_project().name(),
                      ")");
    } else {
      FT_ASSIGN_OR_RETURN(const auto party,
                          FindParty(walker->view(), walker->joins().StandingFor(question.party)));
      absl::StrAppend(&words, party.name());
    }
    if (!question.fund.empty()) absl::StrAppend(&words, " in fund ", question.fund);
    if (!question.party.empty() && !question.project.empty())
      absl::StrAppend(&words, " in project ", question.project);
    absl::StrAppend(&words, ends);
    if (question.since.has_value()) absl::StrAppend(&words, ", from ", fundtrail::ToString(*question.since));
    if (question.until.has_value()) absl::StrAppend(&words, ", until ", fundtrail::ToString(*question.until));
    return words;
  }
  if (question.ref->line == 0) {
    return absl::StrCat("Where the money of record ", question.ref->record.value(), ends);
  }
  FT_ASSIGN_OR_RETURN(const auto transfer, walker->Read(*question.ref));
  FT_ASSIGN_OR_RETURN(const auto* from, walker->Describe(transfer.from));
  FT_ASSIGN_OR_RETURN(const auto* to, walker->Describe(transfer.to));
  return absl::StrCat("Where the money of transfer ", model::RefText(*question.ref), ends, ": ",
                      from->party_name(), " to ", to->party_name(), ", ", fundtrail::ToString(transfer.date));
}

}  // namespace

StatusOr<std::string> InWords(Walker* walker, const TraceQuestion& question) {
  FT_ASSIGN_OR_RETURN(std::string words, AskedInWords(walker, question));
  if (question.as_of.has_value()) absl::StrAppend(&words, ", as of record ", *question.as_of);
  return words;
}

}  // namespace fundtrail::query
