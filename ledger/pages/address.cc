// See address.h.
#include "ledger/pages/address.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "ledger/base/text.h"
#include "ledger/pages/escapes.h"

namespace fundtrail::pages {
namespace {

// No page takes so many keys. Each is looked for among those before it.
constexpr std::size_t kMostKeys = 24;
// Below this many folders there is no page. An address of thousands would stand before every link of the page that says so.
constexpr std::size_t kDeepestPage = 8;
constexpr std::string_view kChinesePart = "zh", kEmbedPart = "embed";

// How the address of a file ends.
constexpr std::pair<const char*, Form> kEndings[] = {
    {".csv", Form::kCsv}, {".json", Form::kJson}, {".svg", Form::kSvg}, {".png", Form::kPng}};

// What networks call who opens a shared link, beside all that begins with "utm_".
constexpr std::string_view kFollowers[] = {"fbclid", "gclid",  "dclid",  "gbraid", "wbraid", "msclkid",
                                           "twclid", "ttclid", "igshid", "yclid",  "mc_cid", "mc_eid"};

bool IsFollower(std::string_view key) {
  return key.starts_with("utm_") ||
         std::find(std::begin(kFollowers), std::end(kFollowers), key) != std::end(kFollowers);
}

// Of "@412": the number, written in the one way.
std::optional<std::uint64_t> RecordIn(std::string_view part) {
  std::uint64_t record = 0;
  if (part.size() < 2 || part[0] != '@' || !absl::SimpleAtoi(Abseil(part.substr(1)), &record) ||
      absl::StrCat("@", record) != part)
    return std::nullopt;
  return record;
}

bool ReadQuery(std::string_view query, Address* address) {
  if (query.empty()) return true;
  for (const absl::string_view pair : absl::StrSplit(Abseil(query), '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(pair, absl::MaxSplits('=', 1));
    const auto key = UnescapedUri({halves.first.data(), halves.first.size()}, ' ');
    if (key.has_value() && IsFollower(*key)) {
      address->followed = address->followed || !halves.second.empty();
      continue;
    }
    const auto value = UnescapedUri({halves.second.data(), halves.second.size()}, ' ');
    if (!key.has_value() || !value.has_value() || !IsUtf8(*value)) return false;
    if (value->empty()) continue;  // a field of a form that was left empty
    if (key->empty() || !address->Asked(*key).empty() || address->query.size() == kMostKeys) return false;
    address->query.emplace_back(*key, *value);
  }
  return true;
}

}  // namespace

std::string Address::Asked(std::string_view key) const {
  for (const auto& [name, value] : query)
    if (name == key) return value;
  return "";
}

std::string Address::Path() const {
  std::string path;
  for (const std::string& part : parts) absl::StrAppend(&path, EscapedPart(part), "/");
  return path;
}

std::string Address::QueryWith(const std::vector<std::pair<std::string, std::string>>& instead) const {
  std::string text;
  const auto add = [&text](const std::string& key, const std::string& value) {
    if (!value.empty())
      absl::StrAppend(&text, text.empty() ? "?" : "&", EscapedPart(key), "=", EscapedPart(value));
  };
  for (const auto& [key, value] : query) {
    bool replaced = false;
    for (const auto& other : instead) replaced = replaced || other.first == key;
    if (!replaced) add(key, value);
  }
  for (const auto& [key, value] : instead) add(key, value);
  return text;
}

std::string Address::Front() const {
  std::string front;
  if (language == Language::kChinese) absl::StrAppend(&front, Abseil(kChinesePart), "/");
  if (as_of.has_value()) absl::StrAppend(&front, "@", *as_of, "/");
  return front;
}

std::string Address::Text() const {
  std::string text = absl::StrCat("/", Front());
  if (embed) absl::StrAppend(&text, Abseil(kEmbedPart), "/");
  text += Path();
  for (const auto& [ending, of] : kEndings) {
    if (of != form) continue;
    text.pop_back();  // the slash
    text += ending;
  }
  return text + QueryWith({});
}

std::string Address::ToRoot() const {
  if (depth > kDeepestPage) return "/";
  std::string root;
  for (std::size_t i = 0; i < depth; ++i) root += "../";
  return root.empty() ? "./" : root;
}

std::optional<Address> ReadAddress(std::string_view path, std::string_view query) {
  Address address;
  if (path.empty() || path[0] != '/' || !ReadQuery(query, &address)) return std::nullopt;
  path.remove_prefix(1);
  address.folder = path.empty() || path.back() == '/';
  if (path == "/") return std::nullopt;  // two slashes
  if (!path.empty() && address.folder) path.remove_suffix(1);
  std::vector<std::string> parts;
  if (!path.empty()) {
    for (const absl::string_view part : absl::StrSplit(Abseil(path), '/')) {
      auto text = UnescapedUri({part.data(), part.size()});
      if (!text.has_value() || text->empty() || !IsUtf8(*text)) return std::nullopt;
      parts.push_back(*std::move(text));
    }
  }
  address.depth = parts.size() - (address.folder || parts.empty() ? 0 : 1);
  if (!address.folder && !parts.empty()) {
    absl::string_view last = parts.back();
    for (const auto& [ending, form] : kEndings) {
      if (!absl::ConsumeSuffix(&last, ending)) continue;
      address.form = form;
      break;
    }
    if (last.empty()) return std::nullopt;
    parts.back() = std::string(last);
  }
  auto next = parts.begin();
  if (next != parts.end() && *next == kChinesePart) {
    address.language = Language::kChinese;
    ++next;
  }
  if (next != parts.end() && (*next)[0] == '@') {
    address.as_of = RecordIn(*next);
    if (!address.as_of.has_value()) return std::nullopt;
    ++next;
  }
  if (next != parts.end() && *next == kEmbedPart) {
    address.embed = true;
    ++next;
  }
  address.parts.assign(next, parts.end());
  return address;
}

std::string PartyPath(std::string_view id) { return absl::StrCat("party/", EscapedPart(id), "/"); }
std::string FundPath(std::string_view id) { return absl::StrCat("fund/", EscapedPart(id), "/"); }
std::string ProjectPath(std::string_view id) { return absl::StrCat("project/", EscapedPart(id), "/"); }
std::string ProgrammePath(std::string_view id) { return absl::StrCat("programme/", EscapedPart(id), "/"); }
std::string NeedPath(std::string_view id) { return absl::StrCat("need/", EscapedPart(id), "/"); }
std::string PlacePath(std::string_view id) { return absl::StrCat("place/", EscapedPart(id), "/"); }
std::string PaymentPath(std::uint64_t record, std::uint32_t line) {
  return absl::StrCat("payment/", record, ".", line, "/");
}

std::string PicturePath(std::string_view page, std::string_view asset) {
  if (asset == "went" || asset == "came") return "";
  if (!asset.empty()) return absl::StrCat(Abseil(page), EscapedPart(asset), ".svg");
  page.remove_suffix(1);  // its slash
  return absl::StrCat(Abseil(page), ".svg");
}

}  // namespace fundtrail::pages
