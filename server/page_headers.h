// What a page carries over HTTP beside its body: what a browser may do with it, and for how long it may be kept.
#pragma once

#include <optional>
#include <string>

#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/base/status.h"
#include "ledger/net/http_message.h"
#include "ledger/pages/page.h"
#include "ledger/pages/trouble.h"
#include "ledger/pages/words.h"
#include "server/packed_page.h"

namespace fundtrail::server {

// Seconds that one page may take.
inline constexpr double kPageSeconds = 2;

// What a page follows from, beside its address.
struct MadeOf {
  const v1::CheckpointRef& checkpoint;
  const std::string& vkey;
  const std::string& maker;  // the program and its settings (HttpSettings)
};

// "<size>-<16 hex digits of the root>-<id of the key>-<maker>-<language>" in quotation marks. While all that a page is made of is the
// same, so are its bytes. Of a pinned page no later record changes anything but the key that it names for the browser's check. Its tag has
// "pinned" in place of size and root, beside the key's id. Where no key could be read its id is left out, and the rows say which key it is.
// Then a pinned page has size and root as well, and is kept no longer than others. In gzip the bytes are others, and the tag ends with
// "-gzip" (RFC 9110 §8.8.3.3).
std::string EntityTag(const pages::Page& page, const MadeOf& of, bool in_gzip);

// Whether If-None-Match, a list of tags or "*", has it (RFC 9110 §13.1.2).
bool HasTag(const net::HttpRequest& request, const std::string& tag);

// 304 when the client says that it has what this address answers now, as it is or in gzip if it takes that, and nothing needs to be
// worked out; else nothing.
std::optional<net::HttpResponse> IfUnchanged(const net::HttpRequest& request, const MadeOf& of);

// The page, in gzip where it is packed and the client takes that, or 304 when the client has it so.
net::HttpResponse PageResponse(const PackedPage& packed, const MadeOf& of, const net::HttpRequest& request);

// What an error is told with to whoever reads a page, in the language of its address. An address that is no page's gets a line of text, as
// programs read it.
net::HttpResponse PageError(const net::HttpRequest& request, const Status& status);
// The same of a refusal that is ready: its status and headers stay, and for whoever reads a page it is told in words.
// `language`: another one than that of the address.
net::HttpResponse InWords(const net::HttpRequest& request, net::HttpResponse refusal, pages::Trouble trouble,
                          std::optional<pages::Language> language = std::nullopt);

}  // namespace fundtrail::server
