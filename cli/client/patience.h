// Asking again while a server is away for a moment, restarts or is full. Only for what may be asked twice: questions,
// and entries, which are taken once however often they come.
#pragma once

#include <chrono>

#include "cli/client/connection.h"
#include "cli/render/pages.h"

namespace fundtrail::cli {

class Patience {
 public:
  // Begins to wait, for what the connection has left of its --timeout. With --ledger there is nobody to wait for.
  explicit Patience(Connection* connection);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  // After an attempt failed: true when it is worth another one, and has then waited for as long as is decent. False when
  // it will not pass, or the time has gone.
  bool Again(const Status& failed);
  // What to tell of what it failed with at last: for how long a server was waited for that is away, full or silent.
  Status Told(const Status& failed) const;
  // Something was had before it failed: the time begins anew.
  void Progress();

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFirst{100}, kLongest{5'000};
  void Count();  // spends what has gone since it was last counted

  Connection& connection_;
  bool told_ = false;
  Clock::time_point begun_, counted_;
  std::chrono::milliseconds wait_ = kFirst;
};

// `ask` gets what it may take, and is asked again with patience.
template <typename Ask>
auto Patiently(Connection* connection, const Ask& ask) -> decltype(ask(kNoLimit)) {
  Patience patience(connection);
  while (true) {
    auto reply = ask(connection->attempt());
    if (reply.ok()) {
      connection->Answered();
      return reply;
    }
    if (!patience.Again(reply.status())) return patience.Told(reply.status());
  }
}

// A question with one message as answer: Call(connection, connection->ledger(), &v1::Ledger::Stub::Show, request).
template <typename Stub, typename Request, typename Reply>
StatusOr<Reply> Call(Connection* connection, Stub& stub,
                     grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                     const Request& request) {
  return Patiently(connection, [&](Waited most) { return CallOnce(stub, method, request, most); });
}

// A stream of pages, each given to `take`. Asked again until the first of them is there: what was taken is not again.
// Each page may take the --timeout; with `in_all`, all of them together.
template <typename Stub, typename Request, typename Page>
Status Pages(Connection* connection, Stub& stub,
             std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*, const Request&),
             const Request& request, const std::function<Status(Page)>& take, bool in_all = false) {
  if (!in_all) connection->Begin();
  Patience patience(connection);
  bool begun = false;
  const std::function<Status(Page)> take_one = [&](Page page) {
    begun = true;
    connection->Answered();
    if (!in_all) patience.Progress();
    return take(std::move(page));
  };
  while (true) {
    const Waited most = connection->own() != nullptr ? kNoLimit : std::max(connection->Left(), Waited(1));
    Status end = PagesOnce(stub, method, request, take_one, most, in_all);
    if (end.ok() || begun) return end;
    if (!patience.Again(end)) return patience.Told(end);
  }
}

// The same as one answer, where all of it is wanted at once: of a server, of so many bytes at most, as they are in memory.
inline constexpr std::size_t kMostWhole = std::size_t{256} << 20;
inline constexpr std::size_t kMostShort = std::size_t{64} << 20;  // of what is short
Status CountBytes(std::size_t more, std::size_t most_bytes, std::size_t* bytes);
template <typename Stub, typename Request, typename Page>
StatusOr<Page> Whole(Connection* connection, Stub& stub,
                     std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*,
                                                                               const Request&),
                     const Request& request, std::size_t most_bytes = kMostWhole) {
  Page whole;
  std::size_t bytes = 0;
  const std::function<Status(Page)> take = [&](const Page& page) -> Status {
    if (connection->own() == nullptr)
      FT_RETURN_IF_ERROR(CountBytes(page.SpaceUsedLong(), most_bytes, &bytes));
    render::AddPage(page, &whole);
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(Pages(connection, stub, method, request, take, most_bytes <= kMostShort));
  return whole;
}

// The ledger's name, from its checkpoint.
StatusOr<std::string> NameOf(Connection* connection);

// The proof of a record under the newest checkpoint that witnesses cosigned. When they have not come to the record:
// FAILED_PRECONDITION if it `must_be_cosigned`, else the proof under the latest.
StatusOr<v1::ProveAnswer> ProveRecord(Connection* connection, std::uint64_t record, bool must_be_cosigned);

}  // namespace fundtrail::cli
