// The files of an archive behind a URL.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "ledger/audit/archive_files.h"
#include "ledger/net/http_client.h"

namespace fundtrail::copy {

// http:// or https://, at the front of a text.
bool IsUrl(const std::string& text);

// A file that does not come is asked for again, a few times.
class HttpFiles final : public audit::Files {
 public:
  // `url` is where the archive's `checkpoint` lies: http://host:8080/ledger. With https, the host's certificate must be
  // by the system's authorities or by those in `ca_file`. All tries for one file together take no longer than `within`.
  // INVALID_ARGUMENT when it is not such a URL.
  static StatusOr<std::unique_ptr<HttpFiles>> Open(const std::string& url, const std::string& ca_file,
                                                   std::chrono::seconds within);

  StatusOr<std::optional<Bytes>> Read(const std::string& path, std::size_t limit) const override;
  // Nobody lists files over HTTP.
  Status ForEach(const std::function<Status(const std::string& path)>& take) const override;
  // Whatever is on its way ends soon, and all that is read from then on is UNAVAILABLE; from any thread.
  void End();

 private:
  HttpFiles(std::string url, net::HttpClientOptions options);
  StatusOr<std::optional<Bytes>> ReadOnce(const net::HttpClientOptions& options, const std::string& file,
                                          std::size_t limit) const;
  void Forget() const;

  const std::string url_;  // "https://example.org:8443/ledger"
  const net::HttpClientOptions options_;
  mutable std::mutex mutex_;  // of which client there is, and whether it is to end
  // It keeps its connection, and is made anew after a failure.
  mutable std::unique_ptr<net::HttpClient> client_;
  bool ended_ = false;
  mutable std::condition_variable wake_;  // when it is to end
};

}  // namespace fundtrail::copy
