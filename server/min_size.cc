// See min_size.h.
#include "server/min_size.h"

#include <charconv>
#include <chrono>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::server {
namespace {

constexpr std::chrono::seconds kAskAgainIn{1};  // a copy asks its source as often

}  // namespace

StatusOr<std::uint64_t> ReadMinSize(std::string_view text) {
  std::uint64_t size = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), size);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return size;
  return absl::InvalidArgumentError(absl::StrCat(kMinSizeHeader, ": a whole number of records"));
}

Status CheckNewEnough(std::uint64_t has, std::uint64_t min_size) {
  if (has >= min_size) return absl::OkStatus();
  const std::string words = absl::StrCat("there are ", has, " records here yet, and the answer is to be of ",
                                         min_size, " at least");
  Status late = absl::UnavailableError(words);
  late.SetPayload(pipeline::kRetryInfo,
                  *pipeline::AgainIn(kAskAgainIn, words).GetPayload(pipeline::kRetryInfo));
  return late;
}

}  // namespace fundtrail::server
