// See http.h.
#include "server/http.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/log/tile_bytes.h"
#include "ledger/net/address.h"
#include "ledger/net/gzip.h"
#include "ledger/net/range.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/files.h"
#include "ledger/pipeline/workers.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/tiles.h"
#include "server/connect.h"
#include "server/connect_call.h"
#include "server/http_answers.h"
#include "server/packed_page.h"
#include "server/page_headers.h"
#include "server/questions.h"
#include "server/refusals.h"
#include "server/security_txt.h"
#include "server/table_stream.h"

namespace fundtrail::server {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8", kBinary[] = "application/octet-stream";
constexpr char kAtom[] = "application/atom+xml; charset=utf-8";
constexpr char kForGood[] = "public, max-age=31536000, immutable", kShort[] = "public, max-age=5";
constexpr char kReadMethods[] = "GET, HEAD, OPTIONS";
// Files are short reads of the store. Questions and pages have the threads that gRPC's have, since they take a processor.
constexpr unsigned kFileThreads = 32;
constexpr std::size_t kFilesWaiting = 512;  // of one address a quarter

HttpFile NotThere() { return {404, kText, "no-store", "there is no such file\n"}; }
HttpFile Broken() { return {500, kText, "no-store", "the ledger cannot be read\n"}; }

StatusOr<std::uint64_t> SizeIn(std::string_view note) {
  FT_ASSIGN_OR_RETURN(const auto parsed, tree::ParseNote(note));
  FT_ASSIGN_OR_RETURN(const auto checkpoint, tree::ParseCheckpoint(parsed.text));
  return checkpoint.size;
}

// The feed as of the published checkpoint; a page of it when there is a number.
HttpFile AnswerFeed(const store::Reader& rows, std::uint64_t size, std::optional<std::uint64_t> page) {
  auto view = query::MakeView(rows);
  if (!view.ok()) return Broken();
  view->checkpoint.set_size(std::min<std::uint64_t>(size, view->checkpoint.size()));
  if (size == 0) return NotThere();
  const bool full = page.has_value() && *page + 1 < pages::FeedPages(size);
  if (page.has_value() && *page >= pages::FeedPages(size)) return NotThere();
  auto xml = page.has_value() ? pages::FeedPage(*view, *page) : pages::Feed(*view);
  if (!xml.ok()) return Broken();
  return {200, kAtom, full ? kForGood : kShort, *std::move(xml)};
}

// What is asked for with a Range. It means something with GET alone, and nothing with an If-Range, since no file has what one could
// name (RFC 9110 §13.1.5, §14.2).
net::Part Wanted(const net::HttpRequest& request, std::size_t size) {
  if (request.method != "GET" || request.Count("range") != 1 || request.Count("if-range") > 0) return {};
  return net::PartOf(request.Header("range"), size);
}

// In gzip nothing has parts: whoever asks for one gets it of the file as it is.
net::HttpResponse FileResponse(HttpFile file, const net::HttpRequest& request) {
  net::HttpResponse response;
  response.status = file.status;
  response.headers = {{"Content-Type", file.content_type}, {"Cache-Control", file.cache_control}};
  AddCommonHeaders(&response);
  // A browser that has no reader of feeds opens one as a document. The rest is plain text, or bytes.
  if (file.content_type == kAtom)
    response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (IsPackable(file.content_type)) response.headers.emplace_back("Vary", kVariesBy);
  if (file.status == 200 && request.Count("range") == 0 && net::TakesGzip(request)) {
    response.body = Packed(file.content_type, file.body);
    if (!response.body.empty()) {
      response.headers.emplace_back("Content-Encoding", "gzip");
      return response;
    }
  }
  response.headers.emplace_back("Accept-Ranges", "bytes");
  const std::size_t size = file.body.size();
  const net::Part part = file.status == 200 ? Wanted(request, size) : net::Part();
  if (part.kind == net::Part::Kind::kNone) {
    response.status = 416;
    response.headers.emplace_back("Content-Range", absl::StrCat("bytes */", size));
    return response;
  }
  response.body = std::move(file.body);
  if (part.kind == net::Part::Kind::kRange) {
    response.status = 206;
    response.headers.emplace_back("Content-Range",
                                  absl::StrCat("bytes ", part.first, "-", part.last, "/", size));
    response.body = response.body.substr(part.first, part.last - part.first + 1);
  }
  return response;
}

}  // namespace

bool IsArchivePath(std::string_view path) {
  return path == "/checkpoint" || path.rfind("/tile/", 0) == 0 || path.rfind("/feed/", 0) == 0;
}

HttpFile AnswerFile(const store::Reader& rows, const NoteSource& published, std::string_view path) {
  if (path.empty() || path[0] != '/') return NotThere();
  const std::string_view name = path.substr(1);
  const bool is_checkpoint = name == "checkpoint";
  const bool is_feed = name == pages::kFeedPath;
  const auto feed_page = pages::ParseFeedPagePath(name);
  const auto tile = tree::ParseTilePath(name);
  if (!is_checkpoint && !is_feed && !feed_page.has_value() && !tile.ok()) return NotThere();
  const auto note = published();
  if (!note.ok()) return Broken();
  if (!note->has_value()) return NotThere();
  if (is_checkpoint) return {200, kText, kShort, **note};
  const auto size = SizeIn(**note);
  if (!size.ok()) return Broken();
  if (is_feed || feed_page.has_value()) return AnswerFeed(rows, *size, feed_page);
  if (tree::FilledWidth(*tile, *size) < tile->width) return NotThere();
  auto bytes = log::TileBytes(rows, *tile);
  if (!bytes.ok()) return Broken();
  return {200, kBinary, kForGood, *std::move(bytes)};
}

class HttpServer::Serving {
 public:
  Serving(QuestionDesk* desk, const HttpSettings& settings, NoteSource published, PageSource page)
      : desk_(*desk),
        settings_(settings),
        published_(std::move(published)),
        pages_(std::make_shared<PageAnswers>(desk, std::move(page), settings.base, settings.vkey,
                                             settings.maker)),
        files_(kFileThreads, kFilesWaiting) {}
  // What waits is answered while the listener can send it still; then nothing of ours is called any more.
  ~Serving() {
    files_.Stop();
    listener_.reset();
  }

  Status Start() {
    if (!settings_.proxy.empty()) {
      const auto address = net::AddressOfIp(settings_.proxy);
      if (!address.has_value())
        return absl::InvalidArgumentError("http_behind takes an IP address, as 127.0.0.1");
      proxy_ = *address;
    }
    net::HttpBounds bounds = settings_.bounds;
    bounds.proxy = proxy_;
    bounds.read.body_bytes = [](const net::HttpRequest& head) {
      return head.method == "POST" && IsConnectPath(head.path) ? kConnectBytes : 0;
    };
    bounds.refuse = RefusalAnswer;
    FT_ASSIGN_OR_RETURN(listener_, net::HttpListener::Bind(settings_.listen, bounds));
    listener_->Start([this](net::HttpRequest request, const net::HttpExchange& reply) {
      request.address = ClientOf(request);
      Serve(std::make_shared<const net::HttpRequest>(std::move(request)), reply);
    });
    return absl::OkStatus();
  }
  int port() const { return listener_->port(); }
  net::HttpCounts counts() const { return listener_->counts(); }
  pipeline::AnswerCacheCounts page_counts() const { return pages_->counts(); }

 private:
  using Request = std::shared_ptr<const net::HttpRequest>;

  // Of what a web server in front tells, only the last address is its own word: the others came from the client.
  std::string ClientOf(const net::HttpRequest& request) const {
    if (proxy_.empty() || request.address != proxy_) return request.address;
    std::string last;
    for (const auto& header : request.headers)
      if (header.first == "x-forwarded-for") last = header.second;
    last.erase(0, last.rfind(',') == std::string::npos ? 0 : last.rfind(',') + 1);
    last.erase(0, last.find_first_not_of(' '));
    return net::AddressOfIp(last).value_or(request.address);
  }

  void Serve(const Request& request, const net::HttpExchange& reply) {
    if (IsConnectPath(request->path)) return AnswerConnect(&desk_, *request, reply);
    if (request->method == "OPTIONS") return reply.Send(Preflight(kReadMethods));
    if (request->method != "GET" && request->method != "HEAD") {
      net::HttpResponse response =
          TextAnswer(405, "here is only to read: GET, or POST to /fundtrail.v1.Ledger/METHOD");
      response.headers.emplace_back("Allow", kReadMethods);
      return reply.Send(InWords(*request, std::move(response), pages::Trouble::kOnlyRead));
    }
    if (request->body_is_too_long) {
      return reply.Send(
          InWords(*request, TextAnswer(413, "a request to read has no body"), pages::Trouble::kBrought));
    }
    if (!request->query.empty() && request->path.substr(1) == pages::kFeedPath)
      return ServeFeed(request, reply);
    if (request->path == kSecurityTxtPath && !settings_.security_txt.empty()) {
      return ServeFile(request, reply, [this, request](const PageAnswers::Done& done) {
        done(PageAnswer{FileResponse({200, kText, kShort, settings_.security_txt}, *request), std::nullopt});
      });
    }
    if (IsArchivePath(request->path)) {
      return ServeFile(request, reply, [this, request](const PageAnswers::Done& done) {
        done(PageAnswer{FileResponse(AnswerFile(desk_.store, published_, request->path), *request),
                        std::nullopt});
      });
    }
    if (pages::IsPlainFile(request->path)) {
      return ServeFile(request, reply, [pages = pages_, request, reply](const PageAnswers::Done& done) {
        pages->Answer(
            request, [reply] { return reply.gone(); }, done);
      });
    }
    ServePage(request, reply);
  }

  // What is read, and costs little: no question of whoever asks. Addresses take turns all the same.
  void ServeFile(const Request& request, const net::HttpExchange& reply,
                 std::function<void(const PageAnswers::Done& done)> make) {
    const auto refuse = [reply](const Status& why) { reply.Send(ErrorAnswer(why)); };
    const Status taken = files_.Start(
        request->address,
        [make = std::move(make), reply, refuse] {
          make([reply, refuse](StatusOr<PageAnswer> answer) {
            if (!answer.ok()) return refuse(answer.status());
            reply.Send(std::move(answer->response));
          });
        },
        refuse);
    if (!taken.ok()) refuse(taken);
  }

  // What is worked out is a question: of it and of gRPC's together one address may ask so many.
  void ServePage(const Request& request, const net::HttpExchange& reply) {
    const auto answer = std::make_shared<PageAnswer>();
    desk_.admission.AnswerLater(
        CallerOf(request, reply), 1,
        [pages = pages_, request, reply, answer](const pipeline::QuestionAdmission::End& end) {
          pages->Answer(
              request, [reply] { return reply.gone(); },
              [answer, end](StatusOr<PageAnswer> made) {
                if (!made.ok()) return end(made.status());
                *answer = *std::move(made);
                end(answer->response.body.size());
              });
        },
        [desk = &desk_, request, reply, answer](const Status& end, std::shared_ptr<void> memory) {
          if (!end.ok()) return reply.Send(PageError(*request, end));
          if (answer->in_pieces_as_of.has_value())
            return SendInPieces(desk, *request, reply, std::move(answer->response), *answer->in_pieces_as_of);
          answer->response.held = std::move(memory);
          reply.Send(std::move(answer->response));
        });
  }
  void ServeFeed(const Request& request, const net::HttpExchange& reply) {
    Ask(request, reply, [desk = &desk_, published = published_, request, reply] {
      return MakeFeed(*desk, published, *request, reply);
    });
  }

  void Ask(const Request& request, const net::HttpExchange& reply,
           std::function<StatusOr<net::HttpResponse>()> make) {
    const auto response = std::make_shared<net::HttpResponse>();
    desk_.admission.Answer(
        CallerOf(request, reply), 1,
        [make = std::move(make), response]() -> StatusOr<std::size_t> {
          FT_ASSIGN_OR_RETURN(*response, make());
          return response->body.size();
        },
        Sender(request, reply, response));
  }

  static pipeline::Caller CallerOf(const Request& request, const net::HttpExchange& reply) {
    return {request->address, [reply] { return reply.gone(); }};
  }
  // Sends what was put into the response, or why there is none.
  static pipeline::QuestionAdmission::Done Sender(const Request& request, const net::HttpExchange& reply,
                                                  const std::shared_ptr<net::HttpResponse>& response) {
    return [request, reply, response](const Status& end, std::shared_ptr<void> memory) {
      if (!end.ok()) return reply.Send(PageError(*request, end));
      response->held = std::move(memory);
      reply.Send(std::move(*response));
    };
  }

  // The feed of a choice, as of the published checkpoint: what it links to is there.
  static StatusOr<net::HttpResponse> MakeFeed(const QuestionDesk& desk, const NoteSource& published,
                                              const net::HttpRequest& request,
                                              const net::HttpExchange& reply) {
    FT_ASSIGN_OR_RETURN(const auto filter, pages::ReadFeedQuery(request.query));
    FT_ASSIGN_OR_RETURN(const auto note, published());  // before the rows, which must not be behind it
    if (!note.has_value()) return FileResponse(NotThere(), request);
    FT_ASSIGN_OR_RETURN(const std::uint64_t size, SizeIn(*note));
    if (size == 0) return FileResponse(NotThere(), request);
    const auto rows = desk.store.Snapshot();
    FT_ASSIGN_OR_RETURN(auto view, BoundedView(
                                       desk, *rows, nullptr, [reply] { return reply.gone(); },
                                       std::min(kPageSeconds, desk.limits.question_seconds)));
    view.checkpoint.set_size(std::min<std::uint64_t>(size, view.checkpoint.size()));
    FT_ASSIGN_OR_RETURN(std::string xml, pages::FilteredFeed(view, filter));
    if (xml.size() > desk.limits.answer_bytes) return TooLarge(desk.limits.answer_bytes);
    return FileResponse({200, kAtom, kShort, std::move(xml)}, request);
  }

  QuestionDesk& desk_;
  const HttpSettings settings_;
  const NoteSource published_;
  const std::shared_ptr<PageAnswers> pages_;  // shared with what is being answered
  std::string proxy_;                         // as AddressOf has it
  pipeline::Workers files_;
  std::unique_ptr<net::HttpListener> listener_;
};

HttpServer::HttpServer(std::unique_ptr<Serving> serving) : serving_(std::move(serving)) {}
HttpServer::~HttpServer() = default;

int HttpServer::port() const { return serving_->port(); }
net::HttpCounts HttpServer::counts() const { return serving_->counts(); }
pipeline::AnswerCacheCounts HttpServer::page_counts() const { return serving_->page_counts(); }

StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(QuestionDesk* desk, const HttpSettings& settings,
                                                        NoteSource published, PageSource page) {
  auto serving = std::make_unique<Serving>(desk, settings, std::move(published), std::move(page));
  FT_RETURN_IF_ERROR(serving->Start());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(serving)));
}

}  // namespace fundtrail::server
