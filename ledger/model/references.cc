// See references.h.
#include "ledger/model/references.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail::model {
namespace {

bool ParseNumber(std::string_view text, std::uint64_t* number) {
  // Digits only: SimpleAtoi would take signs and spaces.
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  return absl::SimpleAtoi(std::string(text), number);
}

}  // namespace

StatusOr<TransferRef> ParseRef(std::string_view text) {
  const std::size_t point = text.find('.');
  std::uint64_t record = 0;
  std::uint64_t line = 0;
  const bool has_line = point != std::string_view::npos;
  if (!ParseNumber(text.substr(0, point), &record) ||
      (has_line && (!ParseNumber(text.substr(point + 1), &line) || line == 0 || line > 0xffffffffU))) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", Escaped(text), "\" names no record: write 12, or 12.3 for its third transfer"));
  }
  return TransferRef{RecordIndex(record), static_cast<std::uint32_t>(line)};
}

std::string RefText(TransferRef ref) { return absl::StrCat(ref.record.value(), ".", ref.line); }

std::string RefText(const v1::TransferRef& ref) {
  return ref.same_entry() ? absl::StrCat(".", ref.line()) : RefText(RefOf(ref));
}

TransferRef RefOf(const v1::TransferRef& ref) { return {RecordIndex(ref.record()), ref.line()}; }

void SetRef(TransferRef ref, v1::TransferRef* out) {
  out->set_record(ref.record.value());
  out->set_line(ref.line);
}

TransferRef RefIn(RecordIndex own, const v1::TransferRef& named) {
  return {named.same_entry() ? own : RecordIndex(named.record()), named.line()};
}

void SetRefIn(RecordIndex own, TransferRef ref, v1::TransferRef* out) {
  if (ref.record == own) {
    out->set_same_entry(true);
  } else {
    out->set_record(ref.record.value());
  }
  out->set_line(ref.line);
}

}  // namespace fundtrail::model
