// See questions.h.
#include "cli/client/questions.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/calls.h"
#include "cli/client/client_retry.h"
#include "cli/client/stubs.h"
#include "cli/render/pages.h"
#include "cli/render/waiting.h"

namespace fundtrail::cli {
namespace {

// Says so while it is there, on a terminal.
void WaitFor(const Connection& connection, std::optional<render::Waiting>* waiting) {
  waiting->emplace(connection.language(), isatty(STDERR_FILENO) != 0,
                   [](const std::string& text) { std::fputs(text.c_str(), stderr); });
}

// `ask` gets what it may take, and is asked again while a server is away.
template <typename Ask>
auto Patiently(Connection* connection, const Ask& ask) -> decltype(ask(kNoLimit)) {
  ClientRetry retry(connection);
  std::optional<render::Waiting> waiting;
  while (true) {
    WaitFor(*connection, &waiting);
    auto reply = ask(connection->attempt());
    waiting.reset();
    if (reply.ok()) {
      connection->Answered();
      return reply;
    }
    if (!retry.WaitForNext(reply.status())) return retry.LastError(reply.status());
  }
}

// `of`: which of the stubs. They are another server's after each attempt, where there are several.
template <typename Stub, typename Request, typename Reply>
StatusOr<Reply> Call(Connection* connection, std::unique_ptr<Stub> Stubs::*of,
                     grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                     const Request& request) {
  return Patiently(connection, [&](Waited most) {
    return CallOnce(*(connection->stubs().*of), method, request, most, connection->min_size());
  });
}

// With `in_all`, all pages together may take the --timeout.
template <typename Stub, typename Request, typename Page>
Status Pages(Connection* connection, std::unique_ptr<Stub> Stubs::*of,
             std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*, const Request&),
             const Request& request, const std::function<Status(const Page&)>& take, bool in_all = false) {
  if (!in_all) connection->Begin();
  ClientRetry retry(connection);
  std::optional<render::Waiting> waiting;  // for the first page
  bool begun = false;
  const std::function<Status(const Page&)> take_one = [&](const Page& page) {
    waiting.reset();
    begun = true;
    connection->Answered();
    if (!in_all) retry.Progress();
    return take(page);
  };
  while (true) {
    const Waited most = connection->own() != nullptr ? kNoLimit : std::max(connection->Left(), Waited(1));
    WaitFor(*connection, &waiting);
    Status end = PagesOnce(*(connection->stubs().*of), method, request, take_one, most, in_all,
                           connection->min_size());
    waiting.reset();
    if (end.ok() || begun) return end;
    if (!retry.WaitForNext(end)) return retry.LastError(end);
  }
}

template <typename Stub, typename Request, typename Page>
StatusOr<Page> Whole(Connection* connection, std::unique_ptr<Stub> Stubs::*of,
                     std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*,
                                                                               const Request&),
                     const Request& request, std::size_t most_bytes) {
  Page whole;
  std::size_t bytes = 0;
  const std::function<Status(const Page&)> take = [&](const Page& page) -> Status {
    if (connection->own() == nullptr)
      FT_RETURN_IF_ERROR(CountBytes(page.SpaceUsedLong(), most_bytes, &bytes));
    render::AddPage(page, &whole);
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(Pages(connection, of, method, request, take, most_bytes <= kMaxShort));
  return whole;
}

}  // namespace

Status CountBytes(std::size_t more, std::size_t most_bytes, std::size_t* bytes) {
  *bytes += more;
  if (*bytes <= most_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("the answer has more than ", most_bytes,
                                                   " bytes: ask for part of it, with --limit and --after"));
}

#define UNARY(NAME, REQUEST, ANSWER)                                                   \
  StatusOr<v1::ANSWER> Ask##NAME(Connection* connection, const v1::REQUEST& request) { \
    return Call(connection, &Stubs::ledger, &v1::Ledger::Stub::NAME, request);         \
  }
#define PAGES(NAME, REQUEST, ANSWER)                                                        \
  Status PagesOf##NAME(Connection* connection, const v1::REQUEST& request,                  \
                       const std::function<Status(const v1::ANSWER&)>& take) {              \
    return Pages(connection, &Stubs::ledger, &v1::Ledger::Stub::NAME, request, take);       \
  }                                                                                         \
  StatusOr<v1::ANSWER> Whole##NAME(Connection* connection, const v1::REQUEST& request,      \
                                   std::size_t most_bytes) {                                \
    return Whole(connection, &Stubs::ledger, &v1::Ledger::Stub::NAME, request, most_bytes); \
  }
#include "server/questions.def"
#undef UNARY
#undef PAGES

StatusOr<v1::Record> AskTry(Connection* connection, const v1::SubmitRequest& request) {
  return Call(connection, &Stubs::submission, &v1::Submission::Stub::Try, request);
}

StatusOr<v1::Receipt> SubmitOnce(Connection* connection, const v1::SubmitRequest& request) {
  return CallOnce(*connection->stubs().submission, &v1::Submission::Stub::Submit, request,
                  connection->attempt());
}

Status ReadRecordsOnce(Connection* connection, const v1::RecordsRequest& request,
                       const std::function<Status(const v1::RecordsAnswer&)>& take) {
  return PagesOnce(*connection->stubs().ledger, &v1::Ledger::Stub::Records, request, take, connection->page(),
                   false, connection->min_size());
}

StatusOr<std::string> NameOf(Connection* connection) {
  FT_ASSIGN_OR_RETURN(const auto answer, AskGetCheckpoint(connection, v1::CheckpointRequest()));
  return answer.as_of().ledger();
}

StatusOr<v1::ProveAnswer> ProveRecord(Connection* connection, std::uint64_t record, bool must_be_cosigned) {
  v1::ProveRequest request;
  request.set_record(record);
  request.set_cosigned(true);
  auto answer = AskProve(connection, request);
  if (must_be_cosigned || !absl::IsFailedPrecondition(answer.status())) return answer;
  request.set_cosigned(false);
  return AskProve(connection, request);
}

}  // namespace fundtrail::cli
