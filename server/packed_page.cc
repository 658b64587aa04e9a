// See packed_page.h.
#include "server/packed_page.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/net/gzip.h"

namespace fundtrail::server {
namespace {

// What goes into one packet of a network anyhow.
constexpr std::size_t kShortBody = 1'024;
// Without "; charset=utf-8".
constexpr std::string_view kPackable[] = {
    "text/html",        "text/css",          "text/csv",        "text/javascript",
    "application/json", "application/proto", "application/xml", "application/atom+xml",
    "image/svg+xml"};

}  // namespace

bool IsPackable(std::string_view content_type) {
  return std::find(std::begin(kPackable), std::end(kPackable),
                   content_type.substr(0, content_type.find(';'))) != std::end(kPackable);
}

std::string Packed(std::string_view content_type, std::string_view body) {
  if (body.size() < kShortBody || !IsPackable(content_type)) return "";
  std::string gzip = net::Gzipped(body);
  if (gzip.size() >= body.size()) gzip.clear();
  return gzip;
}

// What is no answer is not kept, and is made in no time: to pack it would take longer.
PackedPage::PackedPage(pages::Page made)
    : page(std::move(made)), gzip(page.status == 200 ? Packed(page.content_type, page.body) : "") {}

}  // namespace fundtrail::server
