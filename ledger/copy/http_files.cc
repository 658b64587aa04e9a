// See http_files.h.
#include "ledger/copy/http_files.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/net/url.h"

namespace fundtrail::copy {
namespace {

constexpr int kTries = 4;
constexpr std::chrono::milliseconds kFirstPause(250);  // doubled each time
constexpr int kRedirects = 5;

}  // namespace

bool IsUrl(const std::string& text) { return net::IsHttpUrl(text); }

HttpFiles::HttpFiles(std::string url, net::HttpClientOptions options)
    : url_(std::move(url)), options_(std::move(options)) {}

StatusOr<std::unique_ptr<HttpFiles>> HttpFiles::Open(const std::string& url, const std::string& ca_file,
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
  return std::unique_ptr<HttpFiles>(
      new HttpFiles(absl::StrCat(parts->host, parts->prefix), std::move(options)));
}

StatusOr<std::optional<Bytes>> HttpFiles::Read(const std::string& path, std::size_t limit) const {
  const auto until = std::chrono::steady_clock::now() + options_.within;
  const std::string file = absl::StrCat(url_, "/", path);
  auto read = ReadOnce(options_, file, limit);
  auto pause = kFirstPause;
  for (int tries = 1; absl::IsUnavailable(read.status()) && tries < kTries; ++tries, pause *= 2) {
    net::HttpClientOptions again = options_;
    again.within = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now() - pause);
    if (again.within <= std::chrono::milliseconds(0)) break;
    again.to_connect = std::min(again.to_connect, again.within);
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, pause, [this] { return ended_; })) break;
    }
    read = ReadOnce(again, file, limit);
    Forget();  // the next file has the whole time again
  }
  return read;
}

StatusOr<std::optional<Bytes>> HttpFiles::ReadOnce(const net::HttpClientOptions& options,
                                                   const std::string& file, std::size_t limit) const {
  net::HttpClient* client = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return absl::UnavailableError(absl::StrCat("cannot read ", file, ": this program ends"));
    if (client_ == nullptr) client_ = std::make_unique<net::HttpClient>(options);
    client = client_.get();
  }
  auto got = client->Get(file, limit);
  if (!got.ok()) {
    Forget();
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

void HttpFiles::Forget() const {
  const std::lock_guard lock(mutex_);
  client_.reset();
}

Status HttpFiles::ForEach(const std::function<Status(const std::string&)>&) const { return absl::OkStatus(); }

void HttpFiles::End() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  wake_.notify_all();
  if (client_ != nullptr) client_->Stop();
}

}  // namespace fundtrail::copy
