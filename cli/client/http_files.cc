// See http_files.h.
#include "cli/client/http_files.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/net/http_client.h"
#include "ledger/net/url.h"

namespace fundtrail::cli {
namespace {

constexpr int kTries = 4;
constexpr std::chrono::milliseconds kFirstPause(250);  // doubled each time
constexpr int kRedirects = 5;

class HttpFiles final : public audit::Files {
 public:
  HttpFiles(std::string url, net::HttpClientOptions options)
      : url_(std::move(url)), options_(std::move(options)), client_(options_) {}

  StatusOr<std::optional<Bytes>> Read(const std::string& path, std::size_t limit) const override {
    const auto until = std::chrono::steady_clock::now() + options_.within;
    const std::string file = absl::StrCat(url_, "/", path);
    auto read = ReadOnce(&client_, file, limit);
    auto pause = kFirstPause;
    for (int tries = 1; absl::IsUnavailable(read.status()) && tries < kTries; ++tries, pause *= 2) {
      net::HttpClientOptions again = options_;
      again.within = std::chrono::duration_cast<std::chrono::milliseconds>(
          until - std::chrono::steady_clock::now() - pause);
      if (again.within <= std::chrono::milliseconds(0)) break;
      again.to_connect = std::min(again.to_connect, again.within);
      std::this_thread::sleep_for(pause);
      net::HttpClient client(again);
      read = ReadOnce(&client, file, limit);
    }
    return read;
  }

  // Nobody lists files over HTTP.
  Status ForEach(const std::function<Status(const std::string&)>&) const override { return absl::OkStatus(); }

 private:
  StatusOr<std::optional<Bytes>> ReadOnce(net::HttpClient* client, const std::string& file,
                                          std::size_t limit) const {
    auto got = client->Get(file, limit);
    if (!got.ok()) {
      return absl::UnavailableError(absl::StrCat("cannot read ", file, " (", got.status().message(),
                                                 "): is the address right, and does the host answer?"));
    }
    if (got->status == 404 || got->status == 410) return std::optional<Bytes>();
    if (got->status != 200)
      return absl::UnavailableError(absl::StrCat("cannot read ", file, ": the host answers ", got->status));
    if (got->too_long)
      return absl::DataLossError(absl::StrCat(file, " has more than the ", limit, " bytes that it may have"));
    return std::optional<Bytes>(std::move(got->body));
  }

  const std::string url_;  // "https://example.org:8443/ledger"
  const net::HttpClientOptions options_;
  mutable net::HttpClient client_;
};

}  // namespace

bool IsUrl(const std::string& text) { return net::IsHttpUrl(text); }

StatusOr<std::unique_ptr<audit::Files>> OpenHttpFiles(const std::string& url, const std::string& ca_file,
                                                      std::chrono::seconds within) {
  const auto parts = net::ParseHttpUrl(url);
  if (!parts.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        Escaped(url),
        " is no URL of an archive, as https://example.org/ledger is: where its `checkpoint` lies"));
  }
  net::HttpClientOptions options;
  options.ca_file = ca_file;
  options.redirects = kRedirects;
  options.within = within;
  options.to_connect = std::min<std::chrono::milliseconds>(options.to_connect, within);
  return std::unique_ptr<audit::Files>(
      std::make_unique<HttpFiles>(absl::StrCat(parts->host, parts->prefix), std::move(options)));
}

}  // namespace fundtrail::cli
