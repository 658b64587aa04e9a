// What a ledger shows over HTTP, straight from its rows. It only reads, and all of it is public; nothing is written
// anywhere.
//
//   checkpoint, tile/…, feed/…    the archive's paths (ledger/tree/tiles.h, ledger/pages/atom.h), for other people's verifiers,
//                                 `fundtrail verify` and `fundtrail clone`
//   feed/atom.xml?kind=…          the feed of a choice (pages::ReadFeedQuery): a question, as a page is
//   /fundtrail.v1.Ledger/METHOD   questions of programs, over Connect (server/connect.h)
//   all others                    pages for people, and the files beside them (ledger/pages/site.h, server/page_answers.h)
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/net/http_listener.h"
#include "ledger/store/store.h"
#include "server/page_answers.h"
#include "server/question_desk.h"

namespace fundtrail::server {

// A file of the archive. Known apart from the network, for tests.
struct HttpFile {
  int status = 404;
  std::string content_type, cache_control;
  std::string body;
};
// The checkpoint that is published now; nothing when there is none yet.
using NoteSource = std::function<StatusOr<std::optional<std::string>>()>;
// Whether the path, of any length and form, is the archive's. Only what the published checkpoint covers is there.
bool IsArchivePath(std::string_view path);
HttpFile AnswerFile(const store::Reader& rows, const NoteSource& published, std::string_view path);

struct HttpSettings {
  std::string listen;  // HOST:PORT, port 0 for any free one
  std::string base;    // scheme://host of the site, as people reach it; may be empty
  std::string proxy;   // the IP address of a web server in front, whose X-Forwarded-For counts; may be empty
  // The key that signs checkpoints now, for pages to name; from any thread. Empty: pages do not know it.
  std::function<std::string()> vkey;
  // What makes pages beside the rows and the key: the program, the operator's settings, whether it is a copy. Other bytes of a page have
  // another word. From any thread; without it, the program alone (build_id.h).
  std::function<PageMaker()> maker = {};
  net::HttpBounds bounds = {};
  std::string security_txt = {};  // what is at kSecurityTxtPath (security_txt.h); empty: nothing is
};

class HttpServer {
 public:
  // UNAVAILABLE when the address cannot be had, INVALID_ARGUMENT for a proxy that is no IP address. The desk must
  // outlive it, and its admission must have ended when this goes away or be there still.
  static StatusOr<std::unique_ptr<HttpServer>> Start(QuestionDesk* desk, const HttpSettings& settings,
                                                     NoteSource published, PageSource page);
  ~HttpServer();  // finishes what is being answered
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;
  net::HttpCounts counts() const;
  pipeline::AnswerCacheCounts page_counts() const;

 private:
  class Serving;
  explicit HttpServer(std::unique_ptr<Serving> serving);
  const std::unique_ptr<Serving> serving_;
};

}  // namespace fundtrail::server
