// See witness_client.h.
#include "server/witness_client.h"

#include <httplib.h>

#include <exception>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/tree/witness.h"
#include "server/url.h"

namespace fundtrail::server {

class WitnessClient::Http {
 public:
  explicit Http(const std::string& host) : client(host) {}
  httplib::Client client;
};

WitnessClient::WitnessClient(std::unique_ptr<Http> http, std::string path, std::chrono::milliseconds within)
    : http_(std::move(http)), path_(std::move(path)), within_(within) {}
WitnessClient::~WitnessClient() = default;

StatusOr<std::unique_ptr<WitnessClient>> WitnessClient::Make(const std::string& url,
                                                             std::chrono::milliseconds within) {
  const auto wrong = absl::InvalidArgumentError(
      absl::StrCat(Escaped(url), " is no URL of a witness, as https://w.example is"));
  const auto parts = ParseHttpUrl(url);
  if (!parts.has_value()) return wrong;
  try {
    auto http = std::make_unique<Http>(parts->host);
    if (!http->client.is_valid()) return wrong;
    http->client.set_connection_timeout(within);
    http->client.set_read_timeout(within);
    http->client.set_write_timeout(within);
    http->client.set_decompress(false);
    return std::unique_ptr<WitnessClient>(
        new WitnessClient(std::move(http), parts->prefix + "/add-checkpoint", within));
  } catch (const std::exception&) {
    return wrong;
  }
}

StatusOr<WitnessReply> WitnessClient::AddCheckpoint(const std::string& body) {
  const auto until = std::chrono::steady_clock::now() + within_;
  WitnessReply reply;
  bool too_long = false;
  httplib::Request request;
  request.method = "POST";
  request.path = path_;
  request.body = body;
  request.set_header("Content-Type", "text/plain; charset=utf-8");
  // Every time-out of httplib's begins anew with each byte: this one does not.
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    too_long = size > tree::kMaxAddCheckpointBytes - reply.body.size();
    if (!too_long) reply.body.append(data, size);
    return !too_long && std::chrono::steady_clock::now() < until;
  };
  try {
    const auto result = http_->client.send(request);
    if (too_long) return absl::UnavailableError("its answer is too long");
    if (!result)
      return absl::UnavailableError(absl::StrCat("it does not answer (", to_string(result.error()), ")"));
    reply.status = result->status;
    reply.content_type = result->get_header_value("Content-Type");
    return reply;
  } catch (const std::exception& error) {
    return absl::UnavailableError(absl::StrCat("it cannot be asked: ", Escaped(error.what())));
  }
}

void WitnessClient::Stop() { http_->client.stop(); }

}  // namespace fundtrail::server
