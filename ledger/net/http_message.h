// What a server hears and says over HTTP/1.1 (RFC 9112), apart from sockets.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fundtrail::net {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;
  std::string path;     // without its %XX: any bytes, and begins with '/', or is "*"
  std::string query;    // after the '?', as it came
  HttpHeaders headers;  // names in small letters, values without the spaces around them
  std::string body;
  std::string address;            // of the other end, as AddressOf has it
  bool is_old = false;            // HTTP/1.0
  bool keeps_alive = false;       // the client may ask again on this connection
  bool body_is_too_long = false;  // and was not read

  // How often the header is there; its first value, empty when there is none. `name` is in small letters.
  std::size_t Count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(headers.begin(), headers.end(), [&](const auto& one) { return one.first == name; }));
  }
  std::string_view Header(std::string_view name) const {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return one.first == name; });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
};

// A header's value without the spaces and tabs at its ends.
inline std::string_view WithoutBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// A text without its %XX. False when a '%' has no two digits after it.
bool PercentDecoded(std::string_view text, std::string* decoded);

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;  // without Date, Content-Length, Transfer-Encoding and Connection
  std::string body;
  std::shared_ptr<void> held;  // what is given back when the client has the answer, or has gone; may be null
};

// What a server refuses by itself, before anybody is asked: what is no request or passes a bound, or that for which there is no room.
struct HttpRefusal {
  int status = 0;
  std::string why;      // a sentence, in English
  HttpRequest request;  // as much of it as could be read: its path is empty as long as none came
};

}  // namespace fundtrail::net
