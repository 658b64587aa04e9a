// See table_stream.h.
#include "server/table_stream.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "ledger/pages/long_tables.h"
#include "ledger/pages/page.h"
#include "server/http_answers.h"
#include "server/questions.h"

namespace fundtrail::server {
namespace {

template <typename Request, typename Answer>
class TableStream final : public std::enable_shared_from_this<TableStream<Request, Answer>> {
 public:
  TableStream(QuestionDesk* desk, std::string address, const net::HttpExchange& reply,
              pages::LongTable<Request, Answer> table, typename PagedAnswer<Request, Answer>::Question ask)
      : admission_(desk->admission),
        address_(std::move(address)),
        reply_(reply),
        table_(std::move(table)),
        answer_(
            desk, address_, [reply] { return reply.gone(); }, 0, ask) {}
  ~TableStream() {
    if (!over_) admission_.Count(absl::CancelledError("nobody reads the table"));
  }
  TableStream(const TableStream&) = delete;
  TableStream& operator=(const TableStream&) = delete;

  void Start(net::HttpResponse head) {
    reply_.Begin(std::move(head), [self = this->shared_from_this()] { self->More(); });
  }

 private:
  // The client has all that there was. On the thread of the listener.
  void More() {
    if (over_) return;
    const auto self = this->shared_from_this();
    const Status taken =
        begun_ ? admission_.Continue(address_, [self] { self->Send(); })
               : admission_.Start(
                     address_, [self] { self->Send(); }, [self](const Status& full) { self->Cut(full); });
    begun_ = true;
    if (!taken.ok()) Cut(taken);
  }
  void Send() {
    std::string piece;
    const Status made = admission_.Bounded([&] { return Make(&piece); });
    if (!made.ok()) return Cut(made);
    // Nobody asks for another one between the last piece and the end.
    const bool last = answer_.over();
    if (last && over_.exchange(true)) return;
    reply_.Write(piece);
    if (!last) return;
    admission_.Count(absl::OkStatus());
    reply_.End();
  }
  Status Make(std::string* piece) {
    Answer answer;
    FT_RETURN_IF_ERROR(answer_.Next(table_.request, &answer));
    *piece = table_.csv(table_.address, answer, first_);
    first_ = false;
    return absl::OkStatus();
  }
  void Cut(const Status& why) {
    if (over_.exchange(true)) return;
    admission_.Count(why);
    reply_.Cut();
  }

  pipeline::QuestionAdmission& admission_;
  const std::string address_;
  const net::HttpExchange reply_;
  const pages::LongTable<Request, Answer> table_;
  PagedAnswer<Request, Answer> answer_;
  bool begun_ = false, first_ = true;
  std::atomic<bool> over_{false};
};

StatusOr<query::Pages<v1::ListAnswer>> AskAll(const query::View& view, const v1::ListRequest& request) {
  return query::List(view, request, query::PagingOf(request));
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
    std::make_shared<TableStream<Request, Answer>>(desk, request.address, reply, std::move(one), ask)
        ->Start(std::move(head));
  };
  std::visit(start, *std::move(table));
}

}  // namespace fundtrail::server
