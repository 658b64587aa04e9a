// A small ledger served over HTTP in this process, with pages of the test's own.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>

#include "ledger/model/row_keys.h"
#include "ledger/pipeline/question_admission.h"
#include "ledger/pipeline/workers.h"
#include "ledger/store/memory.h"
#include "server/http.h"
#include "server/question_desk.h"
#include "tests/served/raw_http.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {

// The genesis and so many payments of 100 from donor to ministry.
struct HttpDesk {
  explicit HttpDesk(const server::Limits& limits = {}, int payments = 2, server::HttpSettings settings = {},
                    server::PageSource page = {})
      : workers(2, 16),
        admission(&workers, limits.admission, server::LargestAnswer(limits), [] { return 0.0; }),
        desk(ledger->store(), published, &admission, limits) {
    for (int i = 1; i <= payments; ++i) AppendPayment(i);
    settings.listen = "127.0.0.1:0";
    if (!page) {
      page = [](const query::View&, const pages::PageRequest&) -> StatusOr<pages::Page> {
        return absl::InternalError("no page is asked for here");
      };
    }
    auto started = server::HttpServer::Start(
        &desk, settings, [this] { return ledger->store().Get(model::keys::Checkpoint()); }, std::move(page));
    REQUIRE(started.ok());
    http = *std::move(started);
  }
  ~HttpDesk() {
    workers.Stop();
    http.reset();
  }
  void AppendPayment(int id) const {
    testing::Need(
        ledger->AppendOne(PaymentBytes(static_cast<std::uint64_t>(id)), log::SystemClock()).status());
  }
  RawReply Get(const std::string& path, const std::string& headers = "",
               const std::string& method = "GET") const {
    return ReadReply(RawGet(http->port(), path, headers, method));
  }
  // `headers`: lines with their ends.
  RawReply Post(const std::string& path, const std::string& type, const std::string& body,
                const std::string& headers = "") const {
    return HttpPost(http->port(), path, body,
                    (type.empty() ? "" : "Content-Type: " + type + "\r\n") + headers);
  }

  std::unique_ptr<log::Ledger> ledger = [] {
    testing::Need(crypto::Init());
    return testing::Need(NewLedger(store::MakeMemoryStore(), log::SystemClock()));
  }();
  pipeline::Workers workers;
  pipeline::QuestionAdmission admission;
  witness::PublishedCheckpoint published;
  server::QuestionDesk desk;
  std::unique_ptr<server::HttpServer> http;
};

// The value of that header, or nothing.
inline std::string HeaderIn(const RawReply& reply, const std::string& name) {
  const auto at = reply.head.find(name + ": ");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 2;
  return reply.head.substr(from, reply.head.find('\r', from) - from);
}

}  // namespace fundtrail::testing
