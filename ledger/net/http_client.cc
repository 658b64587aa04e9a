// See http_client.h.
#include "ledger/net/http_client.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/net/libcurl.h"

namespace fundtrail::net {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{64}
                                        << 10;  // of all answers on the way, redirects among them
constexpr std::size_t kMaxSkipped = std::size_t{256} << 10;  // of a page that says why there is no answer
constexpr long kSilentSeconds = 30;
constexpr char kProtocols[] = "http,https";

// What arrives of one answer.
struct Arriving {
  const LibCurl* lib = nullptr;
  CURL* curl = nullptr;
  const std::atomic<bool>* stopped = nullptr;
  std::size_t most_bytes = 0;
  bool any_status = false;
  std::size_t header_bytes = 0, skipped = 0;
  HttpReply reply;

  std::size_t Header(std::size_t size) {
    header_bytes += size;
    return header_bytes <= kMaxHeaderBytes ? size : 0;
  }
  std::size_t Body(const char* data, std::size_t size) {
    long status = 0;
    lib->curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 && !any_status) {
      skipped += size;
      return skipped <= kMaxSkipped ? size : 0;
    }
    reply.too_long = size > most_bytes - reply.body.size();
    if (reply.too_long) return 0;
    reply.body.append(data, size);
    return size;
  }
};

// libcurl's call-backs: less than `size` ends the transfer.
std::size_t OnHeader(char* /*data*/, std::size_t /*one*/, std::size_t size, void* arriving) {
  return static_cast<Arriving*>(arriving)->Header(size);
}
std::size_t OnBody(char* data, std::size_t /*one*/, std::size_t size, void* arriving) {
  return static_cast<Arriving*>(arriving)->Body(data, size);
}
int OnProgress(void* arriving, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<Arriving*>(arriving)->stopped ? 1 : 0;
}

}  // namespace

class HttpClient::Curl {
 public:
  explicit Curl(const LibCurl& loaded) : lib(loaded), handle(loaded.curl_easy_init()) {}
  ~Curl() {
    lib.curl_slist_free_all(headers);
    lib.curl_easy_cleanup(handle);
  }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;

  const LibCurl& lib;
  CURL* const handle;
  curl_slist* headers = nullptr;  // of a Post
};

HttpClient::HttpClient(HttpClientOptions options) : options_(std::move(options)) {}
HttpClient::~HttpClient() = default;

Status HttpClient::Prepare() {
  if (curl_ == nullptr) {
    FT_RETURN_IF_ERROR(TheLibCurl().status());
    curl_ = std::make_unique<Curl>(*TheLibCurl());
  }
  if (curl_->handle == nullptr) return absl::UnavailableError("libcurl cannot be used");
  curl_->lib.curl_easy_reset(curl_->handle);
  return absl::OkStatus();
}

StatusOr<HttpReply> HttpClient::Get(const std::string& url, std::size_t most_bytes) {
  FT_RETURN_IF_ERROR(Prepare());
  curl_->lib.curl_easy_setopt(curl_->handle, CURLOPT_FOLLOWLOCATION, options_.redirects > 0 ? 1L : 0L);
  curl_->lib.curl_easy_setopt(curl_->handle, CURLOPT_MAXREDIRS, static_cast<long>(options_.redirects));
  curl_->lib.curl_easy_setopt(curl_->handle, CURLOPT_ACCEPT_ENCODING,
                              "gzip");  // unpacked piece by piece: the bound holds
  return Ask(url, most_bytes, false);
}

StatusOr<HttpReply> HttpClient::Post(const std::string& url, const std::string& body,
                                     const std::string& content_type, std::size_t most_bytes) {
  FT_RETURN_IF_ERROR(Prepare());
  curl_->lib.curl_slist_free_all(std::exchange(curl_->headers, nullptr));
  curl_->headers =
      curl_->lib.curl_slist_append(nullptr, absl::StrCat("Content-Type: ", content_type).c_str());
  curl_->headers = curl_->lib.curl_slist_append(curl_->headers, "Expect:");  // no waiting for a 100
  curl_->lib.curl_easy_setopt(curl_->handle, CURLOPT_HTTPHEADER, curl_->headers);
  curl_->lib.curl_easy_setopt(curl_->handle, CURLOPT_POSTFIELDSIZE_LARGE,
                              static_cast<curl_off_t>(body.size()));
  curl_->lib.curl_easy_setopt(curl_->handle, CURLOPT_POSTFIELDS, body.data());
  return Ask(url, most_bytes, true);
}

StatusOr<HttpReply> HttpClient::Ask(const std::string& url, std::size_t most_bytes, bool any_status) {
  const LibCurl& lib = curl_->lib;
  CURL* const curl = curl_->handle;
  Arriving arriving;
  arriving.lib = &lib;
  arriving.curl = curl;
  arriving.stopped = &stopped_;
  arriving.most_bytes = most_bytes;
  arriving.any_status = any_status;
  std::array<char, CURL_ERROR_SIZE> why{};
  lib.curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  lib.curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, kProtocols);
  lib.curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, kProtocols);
  lib.curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  lib.curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why.data());
  lib.curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.within.count()));
  lib.curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.to_connect.count()));
  lib.curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  lib.curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSilentSeconds);
  if (!options_.ca_file.empty()) lib.curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
  lib.curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, OnHeader);
  lib.curl_easy_setopt(curl, CURLOPT_HEADERDATA, &arriving);
  lib.curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnBody);
  lib.curl_easy_setopt(curl, CURLOPT_WRITEDATA, &arriving);
  lib.curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  lib.curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, OnProgress);
  lib.curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &arriving);
  const CURLcode end = lib.curl_easy_perform(curl);
  if (end != CURLE_OK && !arriving.reply.too_long) {
    // libcurl calls it out of memory when a line of the head is longer than it takes.
    if (arriving.header_bytes > kMaxHeaderBytes || end == CURLE_OUT_OF_MEMORY)
      return absl::UnavailableError("it sends more headers than anybody needs");
    const std::string reason = why[0] != '\0' ? why.data() : lib.curl_easy_strerror(end);
    return absl::UnavailableError(Escaped(reason));
  }
  long status = 0;
  lib.curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  arriving.reply.status = static_cast<int>(status);
  const char* content_type = nullptr;
  lib.curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &content_type);
  if (content_type != nullptr) arriving.reply.content_type = content_type;
  return std::move(arriving.reply);
}

}  // namespace fundtrail::net
