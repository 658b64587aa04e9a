// The parties that are registered at a place, or at one below it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// By id, in the version of then: at the place that this one names. Households are left out: a list of them by place would tell who is
// helped where. No row finds parties by place, so that every party is looked at. False where there are more than `most`: then some were
// taken, and not all. NOT_FOUND for a place that is not there; OUT_OF_RANGE for a record that is not there yet.
StatusOr<bool> EachPartyAt(const View& view, const std::string& place, AsOfRecord as_of, std::uint64_t most,
                           const std::function<Status(const v1::RegisterParty&)>& take);
// All of them; nothing where there are more than `most` to look at.
StatusOr<std::optional<std::vector<v1::RegisterParty>>> PartiesAt(const View& view, const std::string& place,
                                                                  AsOfRecord as_of,
                                                                  std::uint64_t most = UINT64_MAX);

}  // namespace fundtrail::query
