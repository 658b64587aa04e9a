// A client's bytes over HTTP, cut in two ways: the same requests are read, or the same refusal. What is taken is within its bounds.
#include <algorithm>
#include <string>
#include <vector>

#include "ledger/net/http_reader.h"
#include "tests/fuzz/fuzz.h"

namespace {

using fundtrail::net::HttpReader;
using fundtrail::net::HttpRequest;

fundtrail::net::HttpReadBounds FuzzBounds() {
  fundtrail::net::HttpReadBounds bounds;
  bounds.line_bytes = 200;
  bounds.header_bytes = 300;
  bounds.headers = 8;
  bounds.body_bytes = [](const HttpRequest& head) -> std::size_t { return head.method == "POST" ? 50 : 0; };
  return bounds;
}

// All of a request, so that two can be compared; and what must hold of any.
std::string Shown(const HttpRequest& request) {
  FUZZ_CHECK(!request.method.empty() && request.method.size() <= 32);
  FUZZ_CHECK(request.path == "*" || request.path.front() == '/');
  FUZZ_CHECK(request.path.size() + request.query.size() <= 200);
  FUZZ_CHECK(request.headers.size() <= 8);
  FUZZ_CHECK(request.body.size() <= 50 && (request.method == "POST" || request.body.empty()));
  FUZZ_CHECK(!request.body_is_too_long || !request.keeps_alive);
  FUZZ_CHECK(request.is_old || request.Count("host") == 1);
  FUZZ_CHECK(request.Count("transfer-encoding") + request.Count("content-length") <= 1);
  std::string shown =
      request.method + "\n" + request.path + "\n" + request.query + "\n" + request.body + "\n";
  std::size_t bytes = 0;
  for (const auto& [name, value] : request.headers) {
    FUZZ_CHECK(!name.empty() && (name + value).find_first_of(std::string("\r\n\0", 3)) == std::string::npos);
    bytes += name.size() + value.size();
    shown += name + ":" + value + "\n";
  }
  FUZZ_CHECK(bytes <= 300);
  return shown + (request.keeps_alive ? "k" : "") + (request.is_old ? "o" : "") +
         (request.body_is_too_long ? "l" : "");
}

std::vector<std::string> Read(std::string_view said, std::size_t part) {
  const auto bounds = FuzzBounds();
  HttpReader reader(&bounds);
  std::vector<std::string> heard;
  std::string held;
  while (!held.empty() || !said.empty()) {
    if (held.empty()) {
      held = said.substr(0, part);
      said.remove_prefix(held.size());
    }
    const std::size_t used = reader.Take(held);
    FUZZ_CHECK(used <= held.size());
    held.erase(0, used);
    if (reader.state() == HttpReader::State::kRefused) {
      FUZZ_CHECK(reader.refusal() >= 400 && reader.refusal() <= 505 && !reader.why().empty());
      heard.push_back(std::to_string(reader.refusal()));
      break;
    }
    if (reader.state() == HttpReader::State::kWhole) {
      heard.push_back(Shown(reader.TakeRequest()));
    } else {
      FUZZ_CHECK(held.empty());
    }
  }
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view said = AsText(data, size);
  FUZZ_CHECK(Read(said, said.size() + 1) == Read(said, 1 + size % 13));
  return 0;
}
