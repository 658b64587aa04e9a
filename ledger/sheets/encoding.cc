// See encoding.h.
#include "ledger/sheets/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail::sheets {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Status Undecodable(std::string_view before, std::string_view encoding) {
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  return absl::InvalidArgumentError(absl::StrCat(
      "line ", line, " has bytes that are not ", absl::string_view(encoding.data(), encoding.size()),
      "; try --encoding with another of utf-8, gb18030, windows-1252"));
}

// Where the first byte that is not UTF-8 stands; npos when all is well.
std::size_t FirstBadByte(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int64_t>(text.size());
  for (std::int64_t i = 0; i < length;) {
    if (bytes[i] < 0x80) {
      ++i;
      continue;
    }
    const std::int64_t start = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    if (c < 0) return static_cast<std::size_t>(start);
  }
  return std::string_view::npos;
}

StatusOr<std::string> Convert(std::string_view bytes, const char* converter_name, std::string_view encoding) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(converter_name, &error),
                                                                     &ucnv_close);
  if (U_SUCCESS(error)) {
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  }
  if (U_FAILURE(error)) {
    return absl::InternalError(absl::StrCat("this machine's ICU has no converter ", converter_name));
  }
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  UChar buffer[4096];
  UChar held = 0;  // the first half of a surrogate pair that the buffer cut
  do {
    UChar* target = buffer;
    if (held != 0) *target++ = held;
    held = 0;
    error = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &target, buffer + std::size(buffer), &source, end, nullptr, true, &error);
    const bool full = error == U_BUFFER_OVERFLOW_ERROR;
    if (U_FAILURE(error) && !full) {
      return Undecodable(bytes.substr(0, static_cast<std::size_t>(source - bytes.data()) - 1), encoding);
    }
    const auto count = static_cast<std::int32_t>(target - buffer);
    for (std::int32_t i = 0; i < count;) {
      if (full && i + 1 == count && U16_IS_LEAD(buffer[i])) {
        held = buffer[i];
        break;
      }
      UChar32 c = 0;
      U16_NEXT(buffer, i, count, c);
      std::uint8_t encoded[4];
      std::int32_t length = 0;
      U8_APPEND_UNSAFE(encoded, length, c);
      out.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length));
    }
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  return out;
}

// ICU's windows-1252 maps five bytes that the code page leaves undefined to control characters.
std::size_t FirstUndefined1252(std::string_view bytes) { return bytes.find_first_of("\x81\x8d\x8f\x90\x9d"); }

}  // namespace

StatusOr<std::string> ToUtf8(std::string bytes, std::string_view encoding) {
  const std::string name = absl::AsciiStrToLower(absl::string_view(encoding.data(), encoding.size()));
  const bool marked = std::string_view(bytes).substr(0, kByteOrderMark.size()) == kByteOrderMark;
  const bool known = name == "gb18030" || name == "windows-1252";
  if (name == "utf-8" || name == "utf8" || (marked && known)) {
    if (marked) bytes.erase(0, kByteOrderMark.size());
    const std::size_t bad = FirstBadByte(bytes);
    if (bad != std::string::npos) return Undecodable(std::string_view(bytes).substr(0, bad), "utf-8");
    return bytes;
  }
  if (name == "gb18030") {
    FT_ASSIGN_OR_RETURN(std::string text, Convert(bytes, "gb18030", name));
    // GB 18030 has a byte order mark of its own.
    if (std::string_view(text).substr(0, kByteOrderMark.size()) == kByteOrderMark) {
      text.erase(0, kByteOrderMark.size());
    }
    return text;
  }
  if (name == "windows-1252") {
    const std::size_t bad = FirstUndefined1252(bytes);
    if (bad != std::string::npos) return Undecodable(std::string_view(bytes).substr(0, bad), name);
    return Convert(bytes, "windows-1252", name);
  }
  return absl::InvalidArgumentError(absl::StrCat("the encoding \"", Escaped(ClipToWidth(encoding, 40)),
                                                 "\" is not one of utf-8, gb18030, windows-1252"));
}

}  // namespace fundtrail::sheets
