// See http.h.
#include "server/http.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/log/tile_bytes.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/tiles.h"
#include "server/http_listener.h"

namespace fundtrail::server {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8", kBinary[] = "application/octet-stream";
constexpr char kForGood[] = "public, max-age=31536000, immutable", kShort[] = "public, max-age=5";

HttpAnswer NotThere() { return {404, kText, "no-store", "there is no such file\n"}; }
HttpAnswer Broken() { return {500, kText, "no-store", "the ledger cannot be read\n"}; }

// httplib takes ranges as they come: without bounds on their number, and past the end. One within the body is left for
// it to cut out; a request for several gets the whole, as RFC 9110 §14.2 allows.
bool BoundRanges(httplib::Ranges* ranges, std::size_t size) {
  if (ranges->size() != 1) {
    ranges->clear();
    return true;
  }
  auto& [first, last] = ranges->front();
  const auto end = static_cast<ssize_t>(size);
  if (first < 0) {  // the last so many
    first = last > 0 ? std::max<ssize_t>(0, end - last) : end;
    last = end - 1;
  } else if (last < 0 || last >= end) {
    last = end - 1;
  }
  if (first < end && first <= last) return true;
  ranges->clear();
  return false;
}

void Respond(const store::Reader& rows, const NoteSource& published, const httplib::Request& request,
             httplib::Response& response) {
  HttpAnswer answer = AnswerPath(rows, published, request.path);
  const std::size_t size = answer.body.size();
  response.status = answer.status;
  response.set_header("Cache-Control", answer.cache_control);
  response.set_header("Access-Control-Allow-Origin", "*");  // it is public: pages of others may read it
  response.set_header("X-Content-Type-Options", "nosniff");
  // The request is httplib's own object and not const; it reads the ranges from it after this.
  auto& ranges =
      const_cast<httplib::Request&>(request).ranges;  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  if (answer.status != 200) {
    ranges.clear();
  } else if (!BoundRanges(&ranges, size)) {
    response.status = 416;
    response.set_header("Content-Range", absl::StrCat("bytes */", size));
    return;
  } else if (!ranges.empty()) {
    response.status = 206;
  }
  response.set_content(answer.body, answer.content_type);
}

StatusOr<std::uint64_t> SizeIn(std::string_view note) {
  FT_ASSIGN_OR_RETURN(const auto parsed, tree::ParseNote(note));
  FT_ASSIGN_OR_RETURN(const auto checkpoint, tree::ParseCheckpoint(parsed.text));
  return checkpoint.size;
}

}  // namespace

HttpAnswer AnswerPath(const store::Reader& rows, const NoteSource& published, const std::string& path) {
  if (path.empty() || path[0] != '/') return NotThere();
  const std::string_view name = std::string_view(path).substr(1);
  const bool is_checkpoint = name == "checkpoint";
  const auto tile = tree::ParseTilePath(name);
  if (!is_checkpoint && !tile.ok()) return NotThere();
  const auto note = published();
  if (!note.ok()) return Broken();
  if (!note->has_value()) return NotThere();
  if (is_checkpoint) return {200, kText, kShort, **note};
  const auto size = SizeIn(**note);
  if (!size.ok()) return Broken();
  if (tree::FilledWidth(*tile, *size) < tile->width) return NotThere();
  auto bytes = log::TileBytes(rows, *tile);
  if (!bytes.ok()) return Broken();
  return {200, kBinary, kForGood, *std::move(bytes)};
}

HttpServer::HttpServer(std::unique_ptr<HttpListener> listener) : listener_(std::move(listener)) {}
HttpServer::~HttpServer() = default;

int HttpServer::port() const { return listener_->port(); }

StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const store::Reader& rows, const std::string& listen,
                                                        NoteSource published) {
  FT_ASSIGN_OR_RETURN(auto listener, HttpListener::Bind(listen, HttpBounds()));
  listener->http().set_payload_max_length(0);  // nobody sends us more than headers
  listener->http().Get(".*", [&rows, published = std::move(published)](const httplib::Request& request,
                                                                       httplib::Response& response) {
    Respond(rows, published, request, response);
  });
  listener->Start();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(listener)));
}

}  // namespace fundtrail::server
