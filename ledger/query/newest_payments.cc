// See newest_payments.h.
#include "ledger/query/newest_payments.h"

#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "ledger/query/movements.h"
#include "ledger/query/records.h"

namespace fundtrail::query {

namespace keys = model::keys;

StatusOr<std::vector<v1::TransferLine>> NewestPayments(const View& view,
                                                       const std::vector<std::string>& parties,
                                                       std::size_t most, AsOfRecord as_of) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  const View then = Then(view, as_of);
  // Of each account the newest one that was not taken yet. One payment between two of them stands there twice.
  std::set<std::pair<TransferRef, model::AccountNumber>> newest;
  const auto look = [&](model::AccountNumber account, const Bytes& end) -> Status {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto last, view.rows->Last(keys::StatementOf(account), end));
    if (!last.has_value()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(last->first));
    newest.emplace(on.ref, account);
    return absl::OkStatus();
  };
  for (const std::string& party : parties) {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, party, ""));
    for (const model::AccountNumber account : accounts) {
      const Bytes end = as_of.has_value()
                            ? keys::Statement(account, {RecordIndex(*as_of + 1), 0}, model::Side::kOut)
                            : store::PrefixEnd(keys::StatementOf(account));
      FT_RETURN_IF_ERROR(look(account, end));
    }
  }
  std::vector<v1::TransferLine> lines;
  std::optional<TransferRef> taken;
  LineReader reader(then);
  while (!newest.empty()) {
    const auto [ref, account] = *std::prev(newest.end());
    if (taken != ref) {
      if (lines.size() == most) break;
      FT_ASSIGN_OR_RETURN(v1::TransferLine line, reader.Get(ref));
      FT_RETURN_IF_ERROR(view.Grow(line.ByteSizeLong()));
      lines.push_back(std::move(line));
      taken = ref;
    }
    newest.erase(std::prev(newest.end()));
    FT_RETURN_IF_ERROR(look(account, keys::Statement(account, ref, model::Side::kOut)));
  }
  return lines;
}

StatusOr<std::optional<RecordIndex>> NewestPaymentRecord(const View& view, const std::string& party) {
  std::optional<RecordIndex> newest;
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view, party, ""));
  for (const model::AccountNumber account : accounts) {
    FT_RETURN_IF_ERROR(view.GoOn());
    const Bytes all = keys::StatementOf(account);
    FT_ASSIGN_OR_RETURN(const auto last, view.rows->Last(all, store::PrefixEnd(all)));
    if (!last.has_value()) continue;
    FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(last->first));
    if (!newest.has_value() || *newest < on.ref.record) newest = on.ref.record;
  }
  return newest;
}

}  // namespace fundtrail::query
