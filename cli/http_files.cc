// See http_files.h.
#include "cli/http_files.h"

#include <httplib.h>

#include <chrono>
#include <exception>
#include <thread>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "server/url.h"

namespace fundtrail::cli {
namespace {

constexpr int kTries = 4;
constexpr std::chrono::milliseconds kFirstPause(250);  // doubled each time
constexpr time_t kConnectSeconds = 10, kReadSeconds = 30;

class HttpFiles final : public audit::Files {
 public:
  HttpFiles(const std::string& host, std::string prefix, const std::string& ca_file)
      : host_(host), prefix_(std::move(prefix)), client_(host) {
    client_.set_keep_alive(true);
    client_.set_follow_location(true);
    client_.set_connection_timeout(kConnectSeconds);
    client_.set_read_timeout(kReadSeconds);
    client_.set_write_timeout(kReadSeconds);
    if (!ca_file.empty()) client_.set_ca_cert_path(ca_file);
  }

  bool is_valid() const { return client_.is_valid(); }

  StatusOr<std::optional<Bytes>> Read(const std::string& path, std::size_t limit) const override {
    auto pause = kFirstPause;
    for (int tries = 1;; ++tries, pause *= 2) {
      auto read = ReadOnce(path, limit);
      if (!absl::IsUnavailable(read.status()) || tries == kTries) return read;
      std::this_thread::sleep_for(pause);
    }
  }

  // Nobody lists files over HTTP.
  Status ForEach(const std::function<Status(const std::string&)>&) const override { return absl::OkStatus(); }

 private:
  StatusOr<std::optional<Bytes>> ReadOnce(const std::string& path, std::size_t limit) const {
    const std::string full = absl::StrCat(host_, prefix_, "/", path);
    Bytes body;
    bool too_long = false;
    try {
      const auto got = client_.Get(absl::StrCat(prefix_, "/", path), [&](const char* data, std::size_t size) {
        too_long = size > limit - body.size();
        if (!too_long) body.append(data, size);
        return !too_long;
      });
      if (too_long)
        return absl::DataLossError(
            absl::StrCat(full, " has more than the ", limit, " bytes that it may have"));
      if (!got) {
        return absl::UnavailableError(absl::StrCat("cannot read ", full, " (",
                                                   httplib::to_string(got.error()),
                                                   "): is the address right, and does the host answer?"));
      }
      if (got->status == 404 || got->status == 410) return std::optional<Bytes>();
      if (got->status == 200) return std::optional<Bytes>(std::move(body));
      return absl::UnavailableError(absl::StrCat("cannot read ", full, ": the host answers ", got->status));
    } catch (const std::exception& error) {
      return absl::UnavailableError(absl::StrCat("cannot read ", full, ": ", Escaped(error.what())));
    }
  }

  const std::string host_, prefix_;  // "https://example.org:8443", "/ledger" or nothing
  mutable httplib::Client client_;   // one connection, that is kept
};

}  // namespace

bool IsUrl(const std::string& text) { return server::IsHttpUrl(text); }

StatusOr<std::unique_ptr<audit::Files>> OpenHttpFiles(const std::string& url, const std::string& ca_file) {
  const auto wrong = absl::InvalidArgumentError(absl::StrCat(
      Escaped(url),
      " is no URL of an archive, as https://example.org/ledger is: where its `checkpoint` lies"));
  const auto parts = server::ParseHttpUrl(url);
  if (!parts.has_value()) return wrong;
  try {
    auto files = std::make_unique<HttpFiles>(parts->host, parts->prefix, ca_file);
    if (!files->is_valid()) return wrong;
    return std::unique_ptr<audit::Files>(std::move(files));
  } catch (const std::exception&) {
    return wrong;
  }
}

}  // namespace fundtrail::cli
