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
#include "ledger/pipeline/workers.h"

namespace fundtrail::witness {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8";
constexpr unsigned kThreads = 8;       // requests that are judged at a time
constexpr std::size_t kWaiting = 256;  // more that wait; of one address a quarter
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
  Serving(Witness* witness, LogSink sink)
      : witness_(*witness), sink_(std::move(sink)), bad_proofs_(sink_), workers_(kThreads, kWaiting) {}
  // What waits is answered while the listener can send it still; then nothing of ours is called any more.
  ~Serving() {
    workers_.Stop();
    listener_.reset();
  }

  Status Start(const std::string& listen) {
    net::HttpBounds bounds;
    bounds.read.header_bytes = kHeaderBytes;
    bounds.read.body_bytes = [](const net::HttpRequest& head) {
      return head.method == "POST" ? tree::kMaxAddCheckpointBytes : 0;
    };
    FT_ASSIGN_OR_RETURN(listener_, net::HttpListener::Bind(listen, bounds));
    listener_->Start([this](net::HttpRequest request, const net::HttpExchange& reply) {
      const std::string address = request.address;
      const auto full = [reply](const Status& why) {
        reply.Send(Text(503, std::string(why.message()) + "\n"));
      };
      const Status taken = workers_.Start(
          address, [this, reply, request = std::move(request)] { reply.Send(Answer(request)); }, full);
      if (!taken.ok()) full(taken);
    });
    return absl::OkStatus();
  }
  int port() const { return listener_->port(); }

 private:
  // A writer's answer, or a refusal: nobody keeps it.
  static net::HttpResponse Text(int status, std::string body, std::string type = kText) {
    net::HttpResponse response;
    response.status = status;
    response.headers = {{"Content-Type", std::move(type)}, {"Cache-Control", "no-store"}};
    if (status == 503) response.headers.emplace_back("Retry-After", "1");
    response.body = std::move(body);
    return response;
  }

  net::HttpResponse Answer(const net::HttpRequest& request) {
    if (request.method == "POST") return Add(request);
    if (request.method == "GET" || request.method == "HEAD") return Show(request);
    net::HttpResponse response = Text(405, "POST .../add-checkpoint, or GET .../checkpoint\n");
    response.headers.emplace_back("Allow", "GET, HEAD, POST");
    return response;
  }

  net::HttpResponse Add(const net::HttpRequest& request) {
    if (!absl::EndsWith(request.path, std::string(kAdd)))
      return Text(404, "here is only .../add-checkpoint\n");
    if (request.Count("content-encoding") > 0)
      return Text(415, "send it as it is, without a Content-Encoding\n");
    if (request.body_is_too_long) return Text(413, "the request is too long\n");
    const auto judged = witness_.Add(request.body);
    Tell(judged);
    return Text(judged.answer.status, judged.answer.body, judged.answer.content_type);
  }

  net::HttpResponse Show(const net::HttpRequest& request) const {
    std::optional<std::string> note;
    // .../<64 hex digits>/checkpoint
    if (absl::EndsWith(request.path, std::string(kCheckpoint)) &&
        request.path.size() > kHashDigits + kCheckpoint.size()) {
      const std::size_t at = request.path.size() - kCheckpoint.size() - kHashDigits;
      if (request.path[at - 1] == '/') note = witness_.Latest(request.path.substr(at, kHashDigits));
    }
    net::HttpResponse response;
    response.status = note.has_value() ? 200 : 404;
    response.headers = {{"Access-Control-Allow-Origin", "*"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Content-Type", kText},
                        {"Cache-Control", note.has_value() ? "public, max-age=5" : "no-store"}};
    response.body = note.value_or("nothing was cosigned of that log\n");
    return response;
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
  pipeline::Workers workers_;
  std::unique_ptr<net::HttpListener> listener_;
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
