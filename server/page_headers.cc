// See page_headers.h.
#include "server/page_headers.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/net/gzip.h"
#include "server/http_answers.h"

namespace fundtrail::server {
namespace {

constexpr std::size_t kRootBytes = 8;  // of the root, in a tag

// What a page may load: its own, and nothing of anybody else's. An embed has no script, and may stand in any frame.
constexpr char kPagePolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'";
constexpr char kEmbedPolicy[] =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors *; require-trusted-types-for 'script'; trusted-types 'none'";
// A picture that is looked at by itself runs nothing, and is nobody's origin.
constexpr char kPicturePolicy[] = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
// What is no page and no picture is data: nothing is loaded for it.
constexpr char kDataPolicy[] = "default-src 'none'; frame-ancestors 'none'";

const char* PolicyOf(const pages::Page& page) {
  if (page.is_embed && page.is_html) return kEmbedPolicy;
  if (page.is_html) return kPagePolicy;
  return page.content_type.rfind("image/svg", 0) == 0 ? kPicturePolicy : kDataPolicy;
}

// "-6212d7b6" of "example.org/aid+6212d7b6+AYE5…". No name of a ledger has a plus.
std::string KeyIdOf(const std::string& vkey) {
  const auto id = vkey.find('+');
  if (id == std::string::npos) return "";
  return absl::StrCat("-", vkey.substr(id + 1, vkey.find('+', id + 1) - id - 1));
}

pages::Trouble TroubleOf(const net::HttpResponse& response, const Status& status) {
  if (response.status == 429) return pages::Trouble::kTooOften;
  if (response.status == 500) return pages::Trouble::kBroken;
  if (absl::IsDeadlineExceeded(status)) return pages::Trouble::kTooLong;
  return absl::IsResourceExhausted(status) ? pages::Trouble::kTooLarge : pages::Trouble::kBusy;
}

bool IsPartOfPage(const pages::Page& page) {
  return page.content_type.rfind("text/javascript", 0) == 0 || page.content_type.rfind("text/css", 0) == 0;
}

bool IsFound(const pages::Page& page) { return page.status == 200; }

// Whether no later record changes it: of a page that names no key here, the rows say which it is.
bool IsPinned(const pages::Page& page, const MadeOf& of) { return page.pinned && !KeyIdOf(of.vkey).empty(); }

const char* CacheOf(const pages::Page& page, const MadeOf& of) {
  if (page.status >= 400) return "no-store";
  if (IsPinned(page, of)) return "public, max-age=86400";
  return "public, max-age=5, stale-while-revalidate=60";
}

// Whether If-None-Match has this word. Weak or strong is the same there.
bool ListsTag(const net::HttpRequest& request, std::string_view word) {
  for (const auto& header : request.headers) {
    if (header.first != "if-none-match") continue;
    std::string_view list = header.second;
    while (!list.empty()) {
      const auto comma = list.find(',');
      std::string_view one = net::WithoutBlanks(list.substr(0, comma));
      list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
      if (one.rfind("W/", 0) == 0) one.remove_prefix(2);
      if (one == word) return true;
    }
  }
  return false;
}

}  // namespace

std::string EntityTag(const pages::Page& page, const MadeOf& of, bool in_gzip) {
  const std::string rows =
      IsPinned(page, of) ? "pinned"
                         : absl::StrCat(of.checkpoint.size(), "-",
                                        absl::BytesToHexString(of.checkpoint.root().substr(0, kRootBytes)));
  return absl::StrCat("\"", rows, KeyIdOf(of.vkey), "-", of.maker, "-", page.language,
                      in_gzip ? "-gzip\"" : "\"");
}

bool HasTag(const net::HttpRequest& request, const std::string& tag) {
  return ListsTag(request, tag) || ListsTag(request, "*");
}

// A client has a tag of an address from an answer to it. So what the tag says of the rows and of this program is enough.
std::optional<net::HttpResponse> IfUnchanged(const net::HttpRequest& request, const MadeOf& of) {
  pages::Page page;
  if (request.path.rfind("/zh/", 0) == 0) page.language = "zh";
  for (const bool in_gzip : {true, false}) {
    if (in_gzip && !net::TakesGzip(request)) continue;
    for (const bool pinned : {false, true}) {
      page.pinned = pinned;
      const std::string tag = EntityTag(page, of, in_gzip);
      if (!ListsTag(request, tag)) continue;
      net::HttpResponse response;
      response.status = 304;
      response.headers = {{"Cache-Control", CacheOf(page, of)}, {"Vary", kVariesBy}, {"ETag", tag}};
      AddCommonHeaders(&response);
      return response;
    }
  }
  return std::nullopt;
}

net::HttpResponse PageResponse(const PackedPage& packed, const MadeOf& of, const net::HttpRequest& request) {
  const pages::Page& page = packed.page;
  const bool in_gzip = !packed.gzip.empty() && net::TakesGzip(request);
  net::HttpResponse response;
  response.status = page.status;
  response.headers = {{"Cache-Control", CacheOf(page, of)}, {"Vary", kVariesBy}};
  // A script or a style loads nothing by itself, has no links, opens nothing, and is for pages of this site. A first view has some eight.
  if (IsPartOfPage(page)) {
    AddHeadersOfPart(&response);
  } else {
    response.headers.emplace_back("Content-Security-Policy", PolicyOf(page));
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    AddCommonHeaders(&response);
  }
  if (!page.location.empty()) response.headers.emplace_back("Location", page.location);
  if (page.is_html) response.headers.emplace_back("Content-Language", page.language);
  if (page.is_html && page.pinned) response.headers.emplace_back("X-Robots-Tag", "noindex");
  if (IsFound(page)) {
    const std::string tag = EntityTag(page, of, in_gzip);
    response.headers.emplace_back("ETag", tag);
    if (HasTag(request, tag)) {
      response.status = 304;
      return response;
    }
  }
  response.headers.emplace_back("Content-Type", page.content_type);
  if (in_gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = in_gzip ? packed.gzip : page.body;
  return response;
}

net::HttpResponse PageError(const net::HttpRequest& request, const Status& status) {
  net::HttpResponse response = ErrorAnswer(status);
  if (response.status < 429) return response;
  const pages::Trouble trouble = TroubleOf(response, status);
  return InWords(request, std::move(response), trouble);
}

net::HttpResponse InWords(const net::HttpRequest& request, net::HttpResponse refusal, pages::Trouble trouble,
                          std::optional<pages::Language> language) {
  if (!request.path.ends_with('/')) return refusal;
  std::uint64_t seconds = 0;
  for (const auto& [name, value] : refusal.headers)
    if (name == "Retry-After" && !absl::SimpleAtoi(value, &seconds)) seconds = 0;
  const pages::Page page = pages::TroublePage(request.path, trouble, seconds, language);
  for (auto& [name, value] : refusal.headers)
    if (name == "Content-Type") value = page.content_type;
  refusal.headers.emplace_back("Content-Language", page.language);
  refusal.headers.emplace_back("Content-Security-Policy", kPagePolicy);
  refusal.headers.emplace_back("Referrer-Policy", "no-referrer");
  refusal.body = page.body;
  return refusal;
}

}  // namespace fundtrail::server
