// Of lists of transfers, and of what these have in common: what is checked (checks.h).
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"

namespace fundtrail::cli {

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
    }
    // A transfer has one kind and one year.
    const bool one_each = facet.of() == v1::Facet::KIND || facet.of() == v1::Facet::YEAR;
    if (one_each && facet.more() == 0 && of_values != facets.fit())
      return Bad("the kinds or the years are not those of the transfers that fit");
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::ListAnswer& answer, const v1::ListRequest& request) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.transfers_size()));
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  return CheckAnswer(answer.facets(), request);
}

}  // namespace fundtrail::cli
