// Pages as they are kept and sent: with their bytes in gzip too, where that is worth it. Nothing in them is a secret, so that their length
// may tell what they say.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ledger/pages/page.h"

namespace fundtrail::server {

// Whether a client may get what has this type in gzip: text, data, messages and pictures of ours. Proofs and checkpoints are not: hashes and
// signatures do not get shorter.
bool IsPackable(std::string_view content_type);
// What it varies by, then: the header Vary, without which a cache would hand gzip to whoever does not take it.
inline constexpr char kVariesBy[] = "Accept-Encoding";
// The body in gzip; empty where it is short, of another type, or would not get shorter.
std::string Packed(std::string_view content_type, std::string_view body);

struct PackedPage {
  pages::Page page;
  std::string gzip;  // its body; empty: it is sent as it is

  explicit PackedPage(pages::Page made);
  std::size_t bytes() const { return page.body.size() + gzip.size(); }
};

}  // namespace fundtrail::server
