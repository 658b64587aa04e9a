// Of lists of transfers, and of what these have in common: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/decimal.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

namespace {

// Transfers of one asset, whatever they do.
struct OfAsset {
  std::uint64_t transfers = 0;
  Wide amount = 0;
  friend bool operator==(const OfAsset&, const OfAsset&) = default;
};

// By asset.
StatusOr<std::map<std::string, OfAsset>> SumsSaid(
    const google::protobuf::RepeatedPtrField<v1::LogMoney>& sums) {
  std::map<std::string, OfAsset> said;
  for (const v1::LogMoney& money : sums) {
    if (!said.empty() && said.rbegin()->first >= money.asset())
      return Bad("the sums do not stand in their order");
    OfAsset& of = said[money.asset()];
    for (const v1::LogSum* sum :
         {&money.paid(), &money.moved(), &money.sent_back(), &money.committed(), &money.withdrawn()}) {
      if (sum->amount() < 0 || (sum->transfers() == 0) != (sum->amount() == 0))
        return Bad("a sum cannot be of so many transfers");
      of.transfers += sum->transfers();
      of.amount += sum->amount();
    }
  }
  return said;
}

// Of a whole list the sums are those of its transfers, and of a part they are no less.
Status CheckListSums(const v1::ListAnswer& answer, const v1::ListRequest& request) {
  if (answer.sums().empty()) return absl::OkStatus();
  if (request.project().empty()) return Bad("it adds up, which was not asked for");
  std::map<std::string, OfAsset> shown;
  FT_ASSIGN_OR_RETURN(const auto said, SumsSaid(answer.sums()));
  for (const v1::TransferLine& line : answer.transfers()) {
    OfAsset& of = shown[line.transfer().asset()];
    ++of.transfers;
    of.amount += line.transfer().amount();
  }
  const bool whole = answer.next().empty() && !request.has_after();
  if (whole && said != shown) return Bad("the sums are not those of the transfers");
  for (const auto& [asset, of] : shown) {
    const auto found = said.find(asset);
    if (found == said.end() || found->second.transfers < of.transfers || found->second.amount < of.amount)
      return Bad("the sums are less than those of the transfers that are shown");
  }
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::ListFacets& facets, const v1::ListRequest& request) {
  if (facets.fit() > facets.looked()) return Bad("more transfers fit than were looked at");
  int before = 0;
  for (const v1::Facet& facet : facets.facets()) {
    if (facet.of() <= before) return Bad("what is counted does not stand in its order");
    before = facet.of();
    if (static_cast<std::uint32_t>(facet.values_size()) > request.facets())
      return Bad("more values are counted than were asked for");
    std::set<std::string> seen;
    std::uint64_t of_values = 0;
    for (const v1::FacetValue& value : facet.values()) {
      if (!seen.insert(value.value()).second) return Bad("a value is counted twice");
      if (value.transfers() == 0 || value.transfers() > facets.fit())
        return Bad("a value has more transfers than fit, or none");
      of_values += value.transfers();
      FT_ASSIGN_OR_RETURN(const auto sums, SumsSaid(value.sums()));
      std::uint64_t in_sums = 0;
      for (const auto& [asset, of] : sums) in_sums += of.transfers;
      if (!sums.empty() && in_sums != value.transfers())
        return Bad("the sums of a value are of other transfers");
    }
    // A transfer has one kind, one year and one asset.
    const bool one_each = facet.of() == v1::Facet::OF_KIND || facet.of() == v1::Facet::OF_YEAR ||
                          facet.of() == v1::Facet::OF_ASSET;
    if (one_each && facet.more() == 0 && of_values != facets.fit())
      return Bad("the kinds, the years or the assets are not those of the transfers that fit");
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::ListAnswer& answer, const v1::ListRequest& request) {
  for (const v1::TransferLine& line : answer.transfers()) {
    if (!request.asset().empty() && line.transfer().asset() != request.asset())
      return Bad("a transfer is in another asset than was asked for");
    const auto least =
        ParseDecimal(request.min(), static_cast<int>(std::min<std::uint32_t>(line.decimals(), kMaxDecimals)));
    if (least.ok() && line.transfer().amount() < least->value())
      return Bad("a transfer is of less than was asked for");
  }
  FT_RETURN_IF_ERROR(CheckListSums(answer, request));
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.transfers_size()));
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  return CheckAnswer(answer.facets(), request);
}

}  // namespace fundtrail::cli
