// Other people's files come in other encodings; inside, all text is UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail::sheets {

// The encoding of a file, where it is certain. It is "utf-8" for bytes that are, or say so by their byte order mark, and "utf-16"
// by its byte order mark. It is "gb18030" when the bytes are, and the header has Chinese words for columns or ICU finds the text
// to be Chinese beyond doubt. INVALID_ARGUMENT else: it shows a line in each encoding that fits, and asks.
StatusOr<std::string> FindEncoding(std::string_view bytes);

// `encoding` is "utf-8", "gb18030", "windows-1252" or "utf-16", in any case; empty: what FindEncoding says. Of "utf-8" a
// byte order mark is dropped, and "utf-16" goes by its own. "gb18030" reads GBK and GB 2312 too, and "windows-1252"
// reads ISO 8859-1 text too.
// A workbook of Excel or LibreOffice (.xlsx, .xls, .ods) is refused by its bytes, whatever its name, with what to do; so is any other
// ZIP archive. A file that begins with UTF-8's byte order mark is UTF-8 whatever
// `encoding` says. So is a list of rejects of a file in another encoding. Strict: bytes that mean nothing in the
// encoding are an error with the line, counted from 1, where they stand; nothing is replaced or guessed. Takes the
// bytes by value so that UTF-8 is checked and handed back without a copy.
StatusOr<std::string> ToUtf8(std::string bytes, std::string_view encoding);

}  // namespace fundtrail::sheets
