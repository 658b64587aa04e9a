// Long answers over the network: they come whole, in pages, however small the bound on one answer is. A client that
// takes none of them holds no more than it may.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "ledger/pipeline/retry.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using grpc::StatusCode;

template <typename Request, typename Page>
using Method = std::unique_ptr<grpc::ClientReader<Page>> (v1::Ledger::Stub::*)(grpc::ClientContext*,
                                                                               const Request&);

template <typename Request, typename Page>
std::vector<Page> PagesOf(const std::string& address, Method<Request, Page> method, const Request& request) {
  const auto stub = v1::Ledger::NewStub(OwnChannel(address));
  grpc::ClientContext context;
  const auto reader = ((*stub).*method)(&context, request);
  std::vector<Page> pages;
  for (Page page; reader->Read(&page);) pages.push_back(page);
  const grpc::Status end = reader->Finish();
  INFO(end.error_message());
  CHECK(end.ok());
  return pages;
}

constexpr int kPayments = 1'200, kParties = 700;

// So many payments to the hub, and so many parties below it.
void Fill(const Desk& desk, const std::string& address) {
  const auto submission = v1::Submission::NewStub(OwnChannel(address));
  const auto send = [&](const Bytes& bytes) {
    v1::SubmitRequest request;
    request.set_signed_entry(bytes);
    v1::Receipt receipt;
    grpc::ClientContext context;
    const grpc::Status status = submission->Submit(&context, request, &receipt);
    INFO(status.error_message());
    REQUIRE(status.ok());
  };
  const auto clerk = ClerkOf(desk);
  for (std::uint64_t id = 1; id <= kPayments / 100; ++id)
    send(Signed(clerk, id, Payment("donor", "hub", static_cast<std::int64_t>(id)), 100));
  const auto root = crypto::ReadKeyFile(desk.path("k"), std::nullopt);
  REQUIRE(root.ok());
  for (int n = 0; n < kParties; n += 100) {
    v1::Entry entry;
    entry.set_ledger("example.org/l");
    entry.set_author("root");
    entry.set_id(Bytes(12, 'p') + std::to_string(1'000 + n));
    entry.set_date("2026-03-01");
    for (int i = n; i < n + 100; ++i) {
      auto* party = entry.add_actions()->mutable_register_party();
      party->set_id("household-" + std::to_string(i));
      party->set_name("Household " + std::to_string(i));
      party->set_parent("hub");
      party->set_role(v1::ROLE_RECIPIENT);
    }
    const auto signed_entry = model::SignEntry(entry, *root);
    REQUIRE(signed_entry.ok());
    send(model::SerialiseDeterministic(*signed_entry));
  }
}

TEST_CASE("long answers come whole in pages, where one answer could not hold them") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("c.toml", "listen = \"127.0.0.1:0\"\n[limits]\nanswer_bytes = 66000\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  Fill(desk, daemon.address());
  const std::string at = "--server " + daemon.address() + " ";
  // What is one answer still has the bound.
  const auto large = desk.Run(at + "trace from --party donor --format paths");
  CHECK(large.exit != 0);
  CHECK_THAT(large.err, Contains("more than 66000 bytes"));

  v1::StatementRequest statement;
  statement.set_party("hub");
  const auto statements = PagesOf(daemon.address(), &v1::Ledger::Stub::Statement, statement);
  REQUIRE(statements.size() == 3);
  std::int64_t held = 0;
  int lines = 0;
  for (const auto& page : statements) {
    REQUIRE(page.statements_size() == 1);
    const v1::Statement& part = page.statements(0);
    CHECK(part.lines_size() <= 500);
    CHECK(part.held_before() == held);
    CHECK(part.held_before() + part.total_in() - part.total_out() == part.held_after());
    CHECK(page.next().empty());
    CHECK(page.as_of().size() == statements[0].as_of().size());
    held = part.held_after();
    lines += part.lines_size();
  }
  CHECK(lines == kPayments);
  CHECK(held == 100 * (1 + 12) * 12 / 2);
  v1::RegistersRequest parties;
  parties.set_register_("party");
  CHECK(PagesOf(daemon.address(), &v1::Ledger::Stub::Registers, parties).size() == 2);

  // More needs than fit a page, as one answer.
  REQUIRE(desk.Run(at + "place add here --name Here --key k").exit == 0);
  REQUIRE(desk.Run(at + "category add EDU --name Education --key k").exit == 0);
  std::string rows = "id,owner,place,category,people,severity\n";
  for (int i = 0; i < 600; ++i)
    rows += "n" + std::to_string(i) + ",hub,here,EDU,5," + std::to_string(i % 6) + "\n";
  desk.write("needs.csv", rows);
  REQUIRE(desk.Run(at + "import registers need needs.csv --as root --key k").exit == 0);
  v1::NeedsRequest any;
  any.set_unverified(true);
  const auto needs = PagesOf(daemon.address(), &v1::Ledger::Stub::Needs, any);
  REQUIRE(needs.size() == 2);
  CHECK(needs[0].lines_size() == 500);
  CHECK(needs[0].counts_size() == 1);
  CHECK(needs[1].lines_size() == 100);
  CHECK(needs[1].counts_size() == 0);

  // The command line prints them as one answer, the same as from the folder.
  for (const char* command : {"statement hub", "party list", "party tree", "needs --unverified"}) {
    INFO(command);
    for (const std::string form : {"", "--json "}) {
      const auto served = desk.Run(at + form + command);
      CHECK(served.exit == 0);
      CHECK(served.out == desk.Run("--ledger l " + form + command).out);
    }
  }
  const auto whole = nlohmann::json::parse(desk.Run(at + "--json statement hub").out);
  REQUIRE(whole["statements"].size() == 1);
  CHECK(whole["statements"][0]["lines"].size() == kPayments);
  CHECK(whole["statements"][0]["held_before"] == "0");
  CHECK(whole["statements"][0]["total_in"] == "7800");
  CHECK(whole["statements"][0]["held_after"] == "7800");
  const auto all = nlohmann::json::parse(desk.Run(at + "--json party list").out);
  CHECK(all["lines"].size() == kParties + 4);
  const std::string csv = desk.Run(at + "statement hub --csv").out;
  CHECK(std::count(csv.begin(), csv.end(), '\n') == kPayments + 1);
  CHECK_THAT(desk.Run(at + "statement hub").out, Contains("0.00 + 78.00 in - 0.00 out = 78.00 held"));

  // Part by part, with a payment in between that the rest must not show.
  auto part = nlohmann::json::parse(desk.Run(at + "--json statement hub --limit 700").out);
  CHECK(part["statements"][0]["lines"].size() == 700);
  const std::string as_of = std::to_string(statements[0].as_of().size() - 1);
  REQUIRE(
      desk.Run(at + "pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk --as root")
          .exit == 0);
  const std::string on = "--json statement hub --as-of " + as_of + " --after " + std::string(part["next"]);
  auto rest = nlohmann::json::parse(desk.Run(at + on).out);
  CHECK(rest["statements"][0]["lines"].size() == 500);
  CHECK(rest["statements"][0]["held_before"] == part["statements"][0]["held_after"]);
  CHECK(rest["statements"][0]["held_after"] == "7800");
  CHECK(rest["as_of_record"] == as_of);
  CHECK_FALSE(rest.contains("next"));

  // What is sorted before the first page has the bound of one answer too: about a hundred bytes for each need.
  rows = "id,owner,place,category,people\n";
  for (int i = 0; i < 100; ++i) rows += "more" + std::to_string(i) + ",hub,here,EDU,5\n";
  desk.write("more.csv", rows);
  REQUIRE(desk.Run(at + "import registers need more.csv --as root --key k").exit == 0);
  const auto much = desk.Run(at + "needs --unverified --limit 3");
  CHECK(much.exit != 0);
  CHECK_THAT(much.err, Contains("more than 66000 bytes would be kept"));
  CHECK(desk.Run("--ledger l needs --unverified --limit 3").exit == 0);
}

TEST_CASE("streams of a statement have places and time like others, and what is short needs no place") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("c.toml",
             "listen = \"127.0.0.1:0\"\n[limits]\npage_streams_per_address = 1\npage_seconds = 4\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  FillLarge(desk, daemon.address());
  const auto stub = v1::Ledger::NewStub(OwnChannel(daemon.address()));
  v1::StatementRequest request;
  request.set_party("hub");
  grpc::ClientContext stalled;
  const auto held = stub->Statement(&stalled, request);
  held->WaitForInitialMetadata();  // it has the place, and reads no further
  const auto ask = [&] {
    const auto other = v1::Ledger::NewStub(OwnChannel(daemon.address()));
    grpc::ClientContext context;
    const auto reader = other->Statement(&context, request);
    int lines = 0;
    for (v1::StatementAnswer page; reader->Read(&page);) lines += page.statements(0).lines_size();
    const grpc::Status end = reader->Finish();
    CHECK(lines == (end.ok() ? 5'600 : 0));
    return end;
  };
  const grpc::Status full = ask();
  CHECK(full.error_code() == StatusCode::RESOURCE_EXHAUSTED);
  CHECK_THAT(full.error_message(), Contains("on their way"));
  CHECK(pipeline::RetryDelay(server::FromGrpc(full)).has_value());
  const std::string at = "--server " + daemon.address() + " ";
  CHECK(desk.Run(at + "party list").exit == 0);
  const auto refused = desk.Run(
      at +
      "pay --from hub --to village --amount 900000000 --asset CNY --fund winter --yes --key clerk --as root");
  CHECK(refused.exit == 1);
  CHECK_THAT(refused.err, Contains("INSUFFICIENT_FUNDS"));
  std::this_thread::sleep_for(std::chrono::seconds(6));
  for (v1::StatementAnswer page; held->Read(&page);) {
  }
  const grpc::Status end = held->Finish();
  CHECK(end.error_code() == StatusCode::DEADLINE_EXCEEDED);
  CHECK_THAT(end.error_message(), Contains("nothing of the answer was taken for 4 s"));
  CHECK(ask().ok());
}

TEST_CASE("a page token that is none is refused over the network, whatever its bytes") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk);
  const auto stub = v1::Ledger::NewStub(OwnChannel(daemon.address()));
  for (const std::string& token : {std::string("x"), std::string("\x01\x02"), std::string(20'000, 'x')}) {
    v1::RegistersRequest request;
    request.set_register_("fund");
    request.set_after(token);
    grpc::ClientContext context;
    const auto reader = stub->Registers(&context, request);
    v1::RegistersAnswer page;
    CHECK_FALSE(reader->Read(&page));
    const grpc::Status end = reader->Finish();
    CHECK(end.error_code() == StatusCode::INVALID_ARGUMENT);
    CHECK_THAT(end.error_message(), Contains("no page token of this question"));
  }
  CHECK(daemon.Running());
}

}  // namespace
}  // namespace fundtrail::testing
