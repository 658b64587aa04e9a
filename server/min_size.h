// "As new as the record that I was given, at least": whoever asks a copy, or one of several servers, says so with a header. Record
// 12 is in an answer of 13 records and more.
#pragma once

#include <cstdint>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail::server {

// Of the metadata of gRPC, and of HTTP over Connect: a whole number of records.
inline constexpr char kMinSizeHeader[] = "fundtrail-min-size";

// INVALID_ARGUMENT when the header's text is no such number.
StatusOr<std::uint64_t> ReadMinSize(std::string_view text);
// UNAVAILABLE, with a time after which to ask again, when the rows that would answer have fewer records.
Status CheckNewEnough(std::uint64_t has, std::uint64_t min_size);

}  // namespace fundtrail::server
