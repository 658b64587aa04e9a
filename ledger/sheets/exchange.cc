// See exchange.h: the formats, and their maps.
#include "ledger/sheets/exchange.h"

namespace fundtrail::sheets {
namespace {

constexpr std::string_view kGrantsMap = R"(# The standard writes numbers with a point.
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

# Its disbursements are taken in its place.
[[skip]]
column = "stage"
values = ["award with disbursements"]
)";

constexpr std::string_view kContractsMap = R"(# The standard writes numbers with a point.
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

constexpr std::string_view kContractsLeftOut = R"(
# A signed contract is a promise of which nothing was paid yet. --commitments takes it.
[[skip]]
column = "stage"
values = ["signed contract without transactions"]
)";

constexpr std::string_view kContractsTaken = R"(
[replace.stage]
"signed contract without transactions" = "committed"
)";

}  // namespace

const ExchangeFormat k360Giving{"360giving", kGrantsMap, "", "", &GrantsToCsv};
const ExchangeFormat kOcds{"ocds", kContractsMap, kContractsLeftOut, kContractsTaken, &ContractsToCsv};

}  // namespace fundtrail::sheets
