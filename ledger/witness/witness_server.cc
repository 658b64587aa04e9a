// See witness_server.h.
#include "ledger/witness/witness_server.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/net/http_listener.h"

namespace fundtrail::witness {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8";
constexpr std::size_t kHeaderBytes = std::size_t{16} << 10;
constexpr std::string_view kAdd = "/add-checkpoint", kCheckpoint = "/checkpoint";
constexpr std::size_t kHashDigits = 64;

// "log.example size=12", for a line.
std::string About(const Witness::Judged& judged) {
  return absl::StrCat(judged.origin, " size=", judged.size);
}

// Anybody can send bad proofs, as many as they like: at most a line a minute tells of them.
class BadProofs {
 public:
  explicit BadProofs(const LogSink& sink) : sink_(sink) {}

  void Tell(const Witness::Judged& judged, const std::string& why) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    ++since_;
    if (told_.has_value() && now < *told_ + std::chrono::minutes(1)) return;
    const std::string more =
        since_ > 1 ? absl::StrCat(" (", since_, " such since the last of these lines)") : "";
    sink_(Severity::kInfo,
          Escaped(absl::StrCat("not cosigned ", About(judged), ": ", why,
                               "; anybody can send that, it says nothing of the log", more)));
    told_ = now;
    since_ = 0;
  }

 private:
  const LogSink& sink_;
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> told_;
  std::uint64_t since_ = 0;
};

}  // namespace

class WitnessServer::Serving {
 public:
  Serving(Witness* witness, LogSink sink) : witness_(*witness), sink_(std::move(sink)), bad_proofs_(sink_) {}

  Status Start(const std::string& listen) {
    net::HttpBounds bounds;
    bounds.request_bytes = tree::kMaxAddCheckpointBytes + kHeaderBytes;
    bounds.requests_a_connection = 1;  // what a refused request has left unread is nobody's next one
    FT_ASSIGN_OR_RETURN(listener_, net::HttpListener::Bind(listen, bounds));
    listener_->http().Post(".*",
                           [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& read) { Add(request, response, read); });
    listener_->http().Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
      Show(request, response);
    });
    listener_->Start();
    return absl::OkStatus();
  }
  int port() const { return listener_->port(); }

 private:
  void Add(const httplib::Request& request, httplib::Response& response, const httplib::ContentReader& read) {
    response.set_header("Cache-Control", "no-store");
    if (!absl::EndsWith(request.path, std::string(kAdd))) {
      response.status = 404;
      return response.set_content("here is only .../add-checkpoint\n", kText);
    }
    if (request.has_header("Content-Encoding")) {
      response.status = 415;
      return response.set_content("send it as it is, without a Content-Encoding\n", kText);
    }
    std::string body;
    bool too_long = false;
    const bool whole = read([&](const char* data, std::size_t size) {
      too_long = size > tree::kMaxAddCheckpointBytes - body.size();
      if (!too_long) body.append(data, size);
      return !too_long;
    });
    if (too_long || !whole) {
      response.status = too_long ? 413 : 400;
      return response.set_content("the request did not come whole, or is too long\n", kText);
    }
    const auto judged = witness_.Add(body);
    Tell(judged);
    response.status = judged.answer.status;
    response.set_content(judged.answer.body, judged.answer.content_type);
  }

  void Show(const httplib::Request& request, httplib::Response& response) const {
    response.set_header("Access-Control-Allow-Origin", "*");
    response.set_header("X-Content-Type-Options", "nosniff");
    std::optional<std::string> note;
    // .../<64 hex digits>/checkpoint
    if (absl::EndsWith(request.path, std::string(kCheckpoint)) &&
        request.path.size() > kHashDigits + kCheckpoint.size()) {
      const std::size_t at = request.path.size() - kCheckpoint.size() - kHashDigits;
      if (request.path[at - 1] == '/') note = witness_.Latest(request.path.substr(at, kHashDigits));
    }
    response.status = note.has_value() ? 200 : 404;
    response.set_header("Cache-Control", note.has_value() ? "public, max-age=5" : "no-store");
    response.set_content(note.value_or("nothing was cosigned of that log\n"), kText);
  }

  // What the operator of a witness wants to read: what was cosigned, and what was signed by a log and could not be.
  void Tell(const Witness::Judged& judged) {
    const std::string why = judged.answer.body.substr(0, judged.answer.body.find('\n'));
    if (judged.answer.keep.has_value()) {
      sink_(Severity::kInfo, Escaped(absl::StrCat("cosigned ", About(judged))));
    } else if (judged.answer.two_histories) {
      sink_(Severity::kError,
            Escaped(absl::StrCat("REFUSED ", About(judged), ": ", why,
                                 ". The log's key signed this checkpoint, and the one that was cosigned: ",
                                 judged.evidence.empty()
                                     ? "the request that proves it could not be kept"
                                     : "the request that proves it is in " + judged.evidence)));
    } else if (judged.answer.status == 422) {
      bad_proofs_.Tell(judged, why);
    } else if (judged.answer.status == 500) {
      sink_(Severity::kError, Escaped(absl::StrCat("FAILED ", About(judged), ": ", why)));
    }
  }

  Witness& witness_;
  const LogSink sink_;
  BadProofs bad_proofs_;
  std::unique_ptr<net::HttpListener> listener_;  // goes first: its threads call what stands above
};

WitnessServer::WitnessServer(std::unique_ptr<Serving> serving) : serving_(std::move(serving)) {}
WitnessServer::~WitnessServer() = default;

int WitnessServer::port() const { return serving_->port(); }

StatusOr<std::unique_ptr<WitnessServer>> WitnessServer::Start(const std::string& listen, Witness* witness,
                                                              LogSink sink) {
  auto serving = std::make_unique<Serving>(witness, std::move(sink));
  FT_RETURN_IF_ERROR(serving->Start(listen));
  return std::unique_ptr<WitnessServer>(new WitnessServer(std::move(serving)));
}

}  // namespace fundtrail::witness
