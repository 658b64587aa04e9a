// See http_files.h.
#include "cli/http_files.h"

#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "server/http_client.h"
#include "server/url.h"

namespace fundtrail::cli {
namespace {

constexpr int kTries = 4;
constexpr std::chrono::milliseconds kFirstPause(250);  // doubled each time
constexpr int kRedirects = 5;

class HttpFiles final : public audit::Files {
 public:
  HttpFiles(std::string url, server::HttpClientOptions options)
      : url_(std::move(url)), client_(std::move(options)) {}

  StatusOr<std::optional<Bytes>> Read(const std::string& path, std::size_t limit) const override {
    auto pause = kFirstPause;
    for (int tries = 1;; ++tries, pause *= 2) {
      auto read = ReadOnce(absl::StrCat(url_, "/", path), limit);
      if (!absl::IsUnavailable(read.status()) || tries == kTries) return read;
      std::this_thread::sleep_for(pause);
    }
  }

  // Nobody lists files over HTTP.
  Status ForEach(const std::function<Status(const std::string&)>&) const override { return absl::OkStatus(); }

 private:
  StatusOr<std::optional<Bytes>> ReadOnce(const std::string& file, std::size_t limit) const {
    auto got = client_.Get(file, limit);
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
  mutable server::HttpClient client_;
};

}  // namespace

bool IsUrl(const std::string& text) { return server::IsHttpUrl(text); }

StatusOr<std::unique_ptr<audit::Files>> OpenHttpFiles(const std::string& url, const std::string& ca_file) {
  const auto parts = server::ParseHttpUrl(url);
  if (!parts.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        Escaped(url),
        " is no URL of an archive, as https://example.org/ledger is: where its `checkpoint` lies"));
  }
  server::HttpClientOptions options;
  options.ca_file = ca_file;
  options.redirects = kRedirects;
  return std::unique_ptr<audit::Files>(
      std::make_unique<HttpFiles>(absl::StrCat(parts->host, parts->prefix), std::move(options)));
}

}  // namespace fundtrail::cli
