// The URLs that this program asks: http or https, a host, and a path that others are appended to.
#pragma once

#include <optional>
#include <string>

namespace fundtrail::net {

struct HttpUrl {
  std::string host;    // "https://example.org:8443"
  std::string prefix;  // "/ledger", or nothing; without a slash at its end
};

bool IsHttpUrl(const std::string& text);
// Nothing when it is not such a URL, or has what would change the meaning of a path that is appended.
std::optional<HttpUrl> ParseHttpUrl(const std::string& url);

}  // namespace fundtrail::net
