// What a browser loads beside a page: the style, and the modules that check. CMake puts the files of web/ into the
// program as they lie there, so that it needs none beside it. They are served without their comments, which were a quarter of them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fundtrail::pages {

struct WebFile {
  std::string_view name;  // "style.css"
  std::string_view body;
};

// By name. ledger/CMakeLists.txt makes its definition.
std::span<const WebFile> WebFiles();
// Null when there is none.
const WebFile* FindWebFile(std::string_view name);
// As it is sent: of a script, without the lines that are comments. Spaces aside, such a line begins with `//`, or begins with `/**` and ends
// with `*/`, or stands between a line that is `/**` and one that ends with `*/`. docs/checking.md has the same as a command.
std::string ServedText(const WebFile& file);
// /modules.json: each file with the SHA-256 of what is sent, in hex, so that a reader can compare what a site sent with what was released.
std::string ModulesText();
// "text/css; charset=utf-8", by the ending.
std::string_view WebType(std::string_view name);

}  // namespace fundtrail::pages
