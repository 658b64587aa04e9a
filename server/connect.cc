// See connect.h.
#include "server/connect.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/connect_call.h"
#include "server/connect_errors.h"
#include "server/connect_stream.h"
#include "server/connect_unary.h"
#include "server/http_answers.h"
#include "server/questions.h"

namespace fundtrail::server {
namespace {

constexpr std::string_view kConnectPrefix = "/fundtrail.v1.", kLedgerPrefix = "/fundtrail.v1.Ledger/";

struct ConnectMethod {
  std::string_view name;
  bool streams;
  void (*ask)(std::shared_ptr<ConnectCall> call);
};

constexpr ConnectMethod kConnectMethods[] = {
#define UNARY(NAME, REQUEST, ANSWER) \
  {#NAME, false,                     \
   [](std::shared_ptr<ConnectCall> call) { AskOnce<v1::REQUEST, v1::ANSWER>(call, FUNDTRAIL_ASK(NAME)); }},
// A lambda names the one function of its name that takes such a request.
#define PAGES(NAME, REQUEST, ANSWER)                                                             \
  {#NAME, true, [](std::shared_ptr<ConnectCall> call) {                                          \
     AskForPages<v1::REQUEST, v1::ANSWER>(std::move(call),                                       \
                                          [](const query::View& view, const v1::REQUEST& own) {  \
                                            return query::NAME(view, own, query::PagingOf(own)); \
                                          });                                                    \
   }},
#include "server/questions.def"
#undef UNARY
#undef PAGES
};

const ConnectMethod* FindMethod(std::string_view path) {
  if (path.rfind(kLedgerPrefix, 0) != 0) return nullptr;
  const std::string_view name = path.substr(kLedgerPrefix.size());
  for (const ConnectMethod& method : kConnectMethods)
    if (method.name == name) return &method;
  return nullptr;
}

}  // namespace

bool IsConnectPath(std::string_view path) { return path.rfind(kConnectPrefix, 0) == 0; }

void AnswerConnect(QuestionDesk* desk, const net::HttpRequest& request, const net::HttpExchange& reply) {
  const ConnectMethod* const method = FindMethod(request.path);
  if (method == nullptr) {
    return RefuseCall(
        reply,
        absl::UnimplementedError("there is no such method: /fundtrail.v1.Ledger/METHOD reads, and "
                                 "docs/services.md has the list"),
        404);
  }
  const std::string allowed = method->streams ? "POST, OPTIONS" : "GET, POST, OPTIONS";
  if (request.method == "OPTIONS") return reply.Send(Preflight(allowed));
  if (request.method != "POST" && (request.method != "GET" || method->streams)) {
    return RefuseCall(reply, absl::UnimplementedError(absl::StrCat("this method takes ", allowed)), 405,
                      {{"Allow", allowed}});
  }
  auto call = method->streams ? ReadStreamCall(desk, request, reply) : ReadUnaryCall(desk, request, reply);
  if (call != nullptr) method->ask(std::move(call));
}

}  // namespace fundtrail::server
