// What stands in a ledger where the file of an import says nothing. For all parts of an import.
#pragma once

namespace fundtrail::intake {

// The SOURCE party that stands for money whose origin the file does not tell.
inline constexpr char kUnrecorded[] = "unrecorded";
// The fund of rows that name none.
inline constexpr char kDefaultFund[] = "general";

}  // namespace fundtrail::intake
