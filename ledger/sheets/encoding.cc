// See encoding.h.
#include "ledger/sheets/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/ucsdet.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/sheets/column_words.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::sheets {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Status Undecodable(std::string_view before, std::string_view encoding) {
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  return absl::InvalidArgumentError(absl::StrCat(
      "line ", line, " has bytes that are not ", absl::string_view(encoding.data(), encoding.size()),
      "; try --encoding with another of utf-8, gb18030, windows-1252, utf-16"));
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

bool BeginsWith(std::string_view bytes, std::string_view front) {
  return bytes.substr(0, front.size()) == front;
}

bool HasUtf16Mark(std::string_view bytes) {
  return BeginsWith(bytes, "\xff\xfe") || BeginsWith(bytes, "\xfe\xff");
}

// Of a zip archive and of the older container of Microsoft; empty for what is neither. The names of an archive's files stand in it
// as they are, and OpenDocument says in its first file what it is.
std::string_view WorkbookIn(std::string_view bytes) {
  constexpr std::string_view kOpenDocument = "mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
  constexpr std::size_t kFirstName = 30;  // where the name of the first file stands
  if (BeginsWith(bytes, "\xd0\xcf\x11\xe0")) return ".xls";
  if (!BeginsWith(bytes, "PK\x03\x04")) return "";
  if (bytes.size() > kFirstName && BeginsWith(bytes.substr(kFirstName), kOpenDocument)) return ".ods";
  const bool office = bytes.find("[Content_Types].xml") != std::string_view::npos;
  return office && bytes.find("xl/") != std::string_view::npos ? ".xlsx" : ".zip";
}

Status RefuseWorkbook(std::string_view bytes) {
  const std::string_view kind = WorkbookIn(bytes);
  if (kind.empty()) return absl::OkStatus();
  if (kind == ".zip")
    return absl::InvalidArgumentError(
        "this is a ZIP archive and no workbook of a kind that is known: unpack it, and import the CSV file "
        "in it");
  return absl::InvalidArgumentError(
      absl::StrCat("this is a workbook (", std::string(kind),
                   ") and not CSV: open it, save the sheet as \"CSV UTF-8\", and import that file"));
}

// Whether the header has a Chinese word for a column, which no text in another encoding turns into.
bool HasChineseColumn(std::string_view text) {
  const auto reader = CsvReader::Open(text.substr(0, text.find('\n')), FindSeparator(text), Cells::kGuarded);
  if (!reader.ok()) return false;
  return std::any_of(reader->header().begin(), reader->header().end(), [](const std::string& column) {
    const bool ascii = std::all_of(column.begin(), column.end(),
                                   [](char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); });
    return !ascii && FieldNamed(column).has_value();
  });
}

// Whether ICU's detector, which knows how often characters are used, has no doubt.
bool LooksChinese(std::string_view bytes) {
  constexpr std::size_t kEnough = std::size_t{64} * 1024;
  constexpr std::int32_t kNoDoubt = 80;  // of 100
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&error),
                                                                            &ucsdet_close);
  if (U_FAILURE(error)) return false;
  const std::string_view front = bytes.substr(0, kEnough);
  ucsdet_setText(detector.get(), front.data(), static_cast<std::int32_t>(front.size()), &error);
  const UCharsetMatch* const match = ucsdet_detect(detector.get(), &error);
  if (U_FAILURE(error) || match == nullptr) return false;
  const char* const name = ucsdet_getName(match, &error);
  const std::int32_t confidence = ucsdet_getConfidence(match, &error);
  return U_SUCCESS(error) && name != nullptr && std::string_view(name) == "GB18030" && confidence >= kNoDoubt;
}

// The first line that has a byte beyond ASCII.
std::string_view TellingLine(std::string_view bytes) {
  const auto* const byte = std::find_if(
      bytes.begin(), bytes.end(), [](char c) { return !absl::ascii_isascii(static_cast<unsigned char>(c)); });
  const auto at = static_cast<std::size_t>(byte - bytes.begin());
  const std::size_t before = bytes.substr(0, at).rfind('\n');
  const std::size_t from = before == std::string_view::npos ? 0 : before + 1;
  return bytes.substr(from, std::min(bytes.find('\n', at), bytes.size()) - from);
}

}  // namespace

StatusOr<std::string> FindEncoding(std::string_view bytes) {
  FT_RETURN_IF_ERROR(RefuseWorkbook(bytes));
  if (HasUtf16Mark(bytes)) return std::string("utf-16");
  const std::size_t bad = FirstBadByte(bytes);
  if (bad == std::string_view::npos || BeginsWith(bytes, kByteOrderMark)) return std::string("utf-8");
  const auto chinese = Convert(bytes, "gb18030", "gb18030");
  if (chinese.ok() && (HasChineseColumn(*chinese) || LooksChinese(bytes))) return std::string("gb18030");
  const auto line_number =
      std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bad), '\n') + 1;
  std::string readings;
  const auto add = [&](const char* encoding) {
    const auto text = Convert(TellingLine(bytes), encoding, encoding);
    if (!text.ok()) return;
    absl::StrAppend(&readings, readings.empty() ? "" : ", or ", "--encoding ", encoding,
                    " if a line of it is \"", Escaped(ClipToWidth(SingleLine(*text), 60)), "\"");
  };
  if (chinese.ok()) add("gb18030");
  if (FirstUndefined1252(bytes) == std::string_view::npos) add("windows-1252");
  return absl::InvalidArgumentError(absl::StrCat(
      "line ", line_number, " has bytes that are not utf-8, and the encoding is not certain; give ",
      readings.empty() ? "a file that is saved as UTF-8" : readings));
}

StatusOr<std::string> ToUtf8(std::string bytes, std::string_view encoding) {
  FT_RETURN_IF_ERROR(RefuseWorkbook(bytes));
  if (encoding.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string found, FindEncoding(bytes));
    return ToUtf8(std::move(bytes), found);
  }
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
  if (name == "utf-16") {
    if (HasUtf16Mark(bytes)) return Convert(bytes, "UTF-16", name);
    return absl::InvalidArgumentError(
        "the file has no byte order mark, without which utf-16 is not certain: save it as UTF-8");
  }
  return absl::InvalidArgumentError(absl::StrCat("the encoding \"", Escaped(ClipToWidth(encoding, 40)),
                                                 "\" is not one of utf-8, gb18030, windows-1252, utf-16"));
}

}  // namespace fundtrail::sheets
