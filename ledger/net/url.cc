// See url.h.
#include "ledger/net/url.h"

#include <algorithm>

namespace fundtrail::net {

bool IsHttpUrl(const std::string& text) {
  return text.rfind("http://", 0) == 0 || text.rfind("https://", 0) == 0;
}

std::optional<HttpUrl> ParseHttpUrl(const std::string& url) {
  if (!IsHttpUrl(url) || url.find_first_of(" ?#@\\\"<>\r\n\t") != std::string::npos) return std::nullopt;
  const std::size_t host = url.find("://") + 3;
  const std::size_t path = std::min(url.size(), url.find('/', host));
  if (path == host) return std::nullopt;
  return HttpUrl{url.substr(0, path), url.substr(path, url.find_last_not_of('/') + 1 - path)};
}

}  // namespace fundtrail::net
