// See http.h.
#include "server/http.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/log/tile_bytes.h"
#include "ledger/net/http_listener.h"
#include "ledger/net/range.h"
#include "ledger/pages/atom.h"
#include "ledger/query/view.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/tiles.h"

namespace fundtrail::server {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8", kBinary[] = "application/octet-stream";
constexpr char kAtom[] = "application/atom+xml; charset=utf-8";
constexpr char kForGood[] = "public, max-age=31536000, immutable", kShort[] = "public, max-age=5";

HttpAnswer NotThere() { return {404, kText, "no-store", "there is no such file\n"}; }
HttpAnswer Broken() { return {500, kText, "no-store", "the ledger cannot be read\n"}; }

// What is asked for with a Range. It means something with GET alone, and nothing with an If-Range, since no answer has
// what one could name (RFC 9110 §13.1.5, §14.2).
net::Part Wanted(const httplib::Request& request, std::size_t size) {
  if (request.method != "GET" || request.get_header_value_count("Range") != 1 ||
      request.has_header("If-Range"))
    return {};
  return net::PartOf(request.get_header_value("Range"), size);
}

void Respond(const store::Reader& rows, const NoteSource& published, const httplib::Request& request,
             httplib::Response& response) {
  HttpAnswer answer = AnswerPath(rows, published, request.path);
  const std::size_t size = answer.body.size();
  response.status = answer.status;
  response.set_header("Cache-Control", answer.cache_control);
  response.set_header("Access-Control-Allow-Origin", "*");  // it is public: pages of others may read it
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Accept-Ranges", "bytes");
  const net::Part part = answer.status == 200 ? Wanted(request, size) : net::Part();
  // The request is httplib's own object and not const; it reads the ranges from it after this.
  auto& ranges =
      const_cast<httplib::Request&>(request).ranges;  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  ranges.clear();
  if (part.kind == net::Part::Kind::kNone) {
    response.status = 416;
    response.set_header("Content-Range", absl::StrCat("bytes */", size));
    return;
  }
  if (part.kind == net::Part::Kind::kRange) {
    response.status = 206;
    ranges.emplace_back(part.first, part.last);
  }
  response.set_content(answer.body, answer.content_type);
}

StatusOr<std::uint64_t> SizeIn(std::string_view note) {
  FT_ASSIGN_OR_RETURN(const auto parsed, tree::ParseNote(note));
  FT_ASSIGN_OR_RETURN(const auto checkpoint, tree::ParseCheckpoint(parsed.text));
  return checkpoint.size;
}

// The feed as of the published checkpoint; a page of it when there is a number.
HttpAnswer AnswerFeed(const store::Reader& rows, std::uint64_t size, std::optional<std::uint64_t> page) {
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

}  // namespace

HttpAnswer AnswerPath(const store::Reader& rows, const NoteSource& published, const std::string& path) {
  if (path.empty() || path[0] != '/') return NotThere();
  const std::string_view name = std::string_view(path).substr(1);
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

HttpServer::HttpServer(std::unique_ptr<net::HttpListener> listener) : listener_(std::move(listener)) {}
HttpServer::~HttpServer() = default;

int HttpServer::port() const { return listener_->port(); }

StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const store::Reader& rows, const std::string& listen,
                                                        NoteSource published) {
  FT_ASSIGN_OR_RETURN(auto listener, net::HttpListener::Bind(listen, net::HttpBounds()));
  listener->http().set_payload_max_length(0);  // nobody sends us more than headers
  const auto respond = [&rows, published = std::move(published)](const httplib::Request& request,
                                                                 httplib::Response& response) {
    Respond(rows, published, request, response);
  };
  listener->http().Get(".*", respond);
  // A Range that httplib cannot read comes to nobody: it answers 416 by itself, where the RFC has it ignored.
  listener->http().set_error_handler(httplib::Server::HandlerWithResponse(
      [respond](const httplib::Request& request, httplib::Response& response) {
        const bool reads = request.method == "GET" || request.method == "HEAD";
        if (response.status != 416 || response.has_header("Content-Range"))
          return httplib::Server::HandlerResponse::Unhandled;
        response.status = 404;
        if (reads) respond(request, response);
        return httplib::Server::HandlerResponse::Handled;
      }));
  listener->Start();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(listener)));
}

}  // namespace fundtrail::server
