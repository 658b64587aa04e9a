// See exchange.h: the formats, and their maps.
#include "ledger/sheets/exchange.h"

#include <string>

namespace fundtrail::sheets {
namespace {

constexpr std::string_view kColumnsOfAll = R"(# The standard writes numbers with a point.
decimal = "."

[columns]
stage = "stage"
date = "date"
from = "from"
from_name = "from_name"
to = "to"
to_name = "to_name"
amount = "amount"
asset = "asset"
purpose = "purpose"
reference = "reference"
project_words = "project_words"
)";

constexpr std::string_view kGrantsLeftOut = R"(
# Its disbursements are taken in its place.
[[skip]]
column = "stage"
values = ["award with disbursements"]
)";

constexpr std::string_view kContractsLeftOut = R"(
# A contract is no payment. Its transactions are, where it has any.
[[skip]]
column = "stage"
values = ["contract without transactions"]

# The same transaction in an older release.
[[skip]]
column = "stage"
values = ["said again in a later release"]

# A record names its releases by their address, or has none.
[[skip]]
column = "stage"
values = ["release elsewhere"]
)";

constexpr std::string_view kPromisesLeftOut = R"(
# A signed contract is a promise of which nothing was paid yet. --commitments takes it.
[[skip]]
column = "stage"
values = ["signed contract without transactions"]
)";

constexpr std::string_view kPromisesTaken = R"(
[replace.stage]
"signed contract without transactions" = "committed"
)";

}  // namespace

const ExchangeFormat k360Giving{"360giving", kGrantsLeftOut, "", "", &GrantsToCsv};
const ExchangeFormat kOcds{"ocds", kContractsLeftOut, kPromisesLeftOut, kPromisesTaken, &ContractsToCsv};

std::string MapOf(const ExchangeFormat& format, bool promises) {
  return std::string(kColumnsOfAll)
      .append(format.left_out)
      .append(promises ? format.promises_taken : format.promises_left_out);
}

}  // namespace fundtrail::sheets
