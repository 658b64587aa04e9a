// See least_amount.h.
#include "ledger/query/least_amount.h"

#include <string>

#include "ledger/base/decimal.h"
#include "ledger/query/registers.h"

namespace fundtrail::query {

StatusOr<std::int64_t> LeastAmount(const View& view, const v1::ListRequest& request) {
  if (request.asset().empty()) {
    if (request.min().empty()) return 0;
    return absl::InvalidArgumentError("min: amounts of two assets are not compared; name the asset too");
  }
  FT_ASSIGN_OR_RETURN(const v1::DeclareAsset asset, FindAsset(view, request.asset()));
  if (request.min().empty()) return 0;
  const auto least = ParseDecimal(request.min(), static_cast<int>(asset.decimals()));
  // One that is too large for a ledger is an answer to no question, and not a record that is not there yet.
  if (!least.ok())
    return Annotate(absl::InvalidArgumentError(least.status().message()),
                    "the least amount, in " + request.asset());
  return least->value();
}

Status NameOnlyAsset(const View& view, v1::ListRequest* request) {
  if (request->min().empty() || !request->asset().empty()) return absl::OkStatus();
  v1::RegistersRequest assets;
  assets.set_register_("asset");
  assets.set_limit(2);
  FT_ASSIGN_OR_RETURN(auto pages, Registers(view, assets, PagingOf(assets)));
  FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer answer, pages.Next());
  if (answer.lines_size() == 1 && answer.next().empty())
    request->set_asset(answer.lines(0).action().declare_asset().code());
  return absl::OkStatus();
}

}  // namespace fundtrail::query
