// See table_stream.h.
#include "server/table_stream.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "ledger/pages/long_tables.h"
#include "ledger/pages/page.h"
#include "ledger/query/least_amount.h"
#include "server/http_answers.h"
#include "server/page_headers.h"
#include "server/page_message.h"
#include "server/questions.h"

namespace fundtrail::server {
namespace {

template <typename Request, typename Answer>
class TableStream final : public std::enable_shared_from_this<TableStream<Request, Answer>> {
 public:
  TableStream(QuestionDesk* desk, const net::HttpRequest& request, const net::HttpExchange& reply,
              net::HttpResponse head, pages::LongTable<Request, Answer> table,
              typename PagedAnswer<Request, Answer>::Question ask)
      : admission_(desk->admission),
        request_(request),
        reply_(reply),
        head_(std::move(head)),
        table_(std::move(table)),
        answer_(
            desk, request.address, [reply] { return reply.gone(); }, 0, ask) {}
  ~TableStream() {
    if (!over_) admission_.Count(absl::CancelledError("nobody reads the table"));
  }
  TableStream(const TableStream&) = delete;
  TableStream& operator=(const TableStream&) = delete;

  // The head goes out with the first piece: whoever finds no place is told so in words.
  void Start() {
    const auto self = this->shared_from_this();
    const Status taken = admission_.Start(
        request_.address, [self] { self->Send(); }, [self](const Status& full) { self->Fail(full); });
    if (!taken.ok()) Fail(taken);
  }

 private:
  // The client has all that there was. On the thread of the listener.
  void More() {
    if (over_) return;
    const Status taken =
        admission_.Continue(request_.address, [self = this->shared_from_this()] { self->Send(); });
    if (!taken.ok()) Fail(taken);
  }
  void Send() {
    std::string piece;
    const Status made = admission_.Bounded([&] { return Make(&piece); });
    if (!made.ok()) return Fail(made);
    // Nobody asks for another one between the last piece and the end.
    const bool last = answer_.over();
    if (last && over_.exchange(true)) return;
    Give(std::move(piece));
    if (!last) return;
    admission_.Count(absl::OkStatus());
    reply_.End();
  }
  // From here on More may be called, unless this is the last one.
  void Give(std::string piece) {
    if (begun_) return reply_.Write(piece);
    begun_ = true;
    head_.body = std::move(piece);
    reply_.Begin(std::move(head_), [self = this->shared_from_this()] { self->More(); });
  }
  Status Make(std::string* piece) {
    PageMessage<Answer> message;
    Answer* const answer = message.Fresh();
    FT_RETURN_IF_ERROR(answer_.Next(table_.request, answer));
    *piece = table_.csv(table_.address, *answer, first_);
    first_ = false;
    return absl::OkStatus();
  }
  void Fail(const Status& why) {
    if (over_.exchange(true)) return;
    admission_.Count(why);
    if (begun_) return reply_.Cut();
    reply_.Send(PageError(request_, why));
  }

  pipeline::QuestionAdmission& admission_;
  const net::HttpRequest request_;
  const net::HttpExchange reply_;
  net::HttpResponse head_;  // until it went out
  const pages::LongTable<Request, Answer> table_;
  PagedAnswer<Request, Answer> answer_;
  bool begun_ = false, first_ = true;
  std::atomic<bool> over_{false};
};

StatusOr<query::Pages<v1::ListAnswer>> AskAll(const query::View& view, const v1::ListRequest& request) {
  v1::ListRequest asked = request;
  FT_RETURN_IF_ERROR(query::NameOnlyAsset(view, &asked));
  return query::List(view, asked, query::PagingOf(asked));
}
StatusOr<query::Pages<v1::StatementAnswer>> AskAll(const query::View& view,
                                                   const v1::StatementRequest& request) {
  return query::Statement(view, request, query::PagingOf(request));
}

}  // namespace

void SendInPieces(QuestionDesk* desk, const net::HttpRequest& request, const net::HttpExchange& reply,
                  net::HttpResponse head, std::uint64_t as_of) {
  if (request.method == "HEAD") {
    reply.Begin(std::move(head), [] {});
    return reply.End();
  }
  pages::PageRequest asked;
  asked.path = request.path;
  asked.query = request.query;
  auto table = pages::LongTableAt(asked, as_of);
  if (!table.has_value())
    return reply.Send(ErrorAnswer(absl::InternalError("there is no long table at this address")));
  const auto start = [&]<typename Request, typename Answer>(pages::LongTable<Request, Answer> one) {
    const typename PagedAnswer<Request, Answer>::Question ask = AskAll;
    std::make_shared<TableStream<Request, Answer>>(desk, request, reply, std::move(head), std::move(one), ask)
        ->Start();
  };
  std::visit(start, *std::move(table));
}

}  // namespace fundtrail::server
