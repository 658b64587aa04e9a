// See need_money.h.
#include "ledger/query/need_money.h"

#include <utility>

#include "ledger/base/quantity.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// The newest sums of each need, fund and asset in a range of rows.
Status EachPaidIn(const View& view, const Bytes& range, AsOfRecord as_of,
                  const std::function<Status(const NeedPaid&)>& take) {
  HistoryWalk rows(view, range);
  while (rows.Valid()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadNeedSums(rows.key()));
    NeedPaid paid{std::string(of.need), std::string(of.fund), std::string(of.asset), {}};
    const Bytes history = keys::NeedSumsOf(paid.need, paid.fund, paid.asset);
    const Bytes end = store::PrefixEnd(history);
    const Bytes until =
        as_of.has_value() ? keys::NeedSums(paid.need, paid.fund, paid.asset, RecordIndex(*as_of + 1)) : end;
    FT_ASSIGN_OR_RETURN(const auto newest, rows.Newest(history, until));
    if (newest.has_value()) {
      FT_ASSIGN_OR_RETURN(const auto sums, model::DecodeNeedSums(newest->first, newest->second));
      paid.money = {sums.paid.value(), sums.committed.value(), sums.beyond};
      FT_RETURN_IF_ERROR(take(paid));
    }
    rows.SkipTo(end);
  }
  return rows.status();
}

}  // namespace

Status EachNeedPaid(const View& view, AsOfRecord as_of, const std::function<Status(const NeedPaid&)>& take) {
  return EachPaidIn(view, keys::AllOf(keys::kNeedSumsTag), as_of, take);
}

Status EachPaidFor(const View& view, std::string_view need, AsOfRecord as_of,
                   const std::function<Status(const NeedPaid&)>& take) {
  return EachPaidIn(view, keys::NeedSumsOf(need), as_of, take);
}

StatusOr<DirectMoney> PaidFor(const View& view, std::string_view need, std::string_view asset,
                              AsOfRecord as_of) {
  DirectMoney sum;
  FT_RETURN_IF_ERROR(EachPaidFor(view, need, as_of, [&](const NeedPaid& paid) {
    if (paid.asset == asset) AddPaid(paid.money, &sum);
    return absl::OkStatus();
  }));
  return sum;
}

void AddPaid(const DirectMoney& more, DirectMoney* sum) {
  sum->beyond = sum->beyond || more.beyond || !AddTo(&sum->paid, more.paid) ||
                !AddTo(&sum->committed, more.committed);  // a part of what was paid
  if (sum->beyond) *sum = {0, 0, true};
}

}  // namespace fundtrail::query
