// What a client would rather have, as Accept-Encoding and Accept-Language list it (RFC 9110 §12.4, §12.5).
#pragma once

#include <string_view>
#include <vector>

#include "ledger/net/http_message.h"

namespace fundtrail::net {

struct Preference {
  std::string_view name;  // "gzip", "zh-CN", "*", in the letters in which it came
  int weight = 0;         // in thousandths, at most 1,000; 0: it is not wanted, or its weight cannot be read
};

// In the order in which they came. Several headers of that name are one list. The names are parts of the request.
std::vector<Preference> PreferencesIn(const HttpRequest& request, std::string_view header);

}  // namespace fundtrail::net
