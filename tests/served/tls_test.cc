// What goes over TLS, in amounts: both ways at once, more than any buffer on the way holds.
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/certificates.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

std::shared_ptr<grpc::Channel> Secure(const std::string& address, const std::string& authority) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authority;
  return grpc::CreateChannel(address, grpc::SslCredentials(options));
}

TEST_CASE("entries and long answers pass through TLS whole, also to a client that takes its time") {
  const Desk desk;
  desk.MakeLedger();
  MakeCertificate(desk.path(""), "s");
  Daemon daemon(
      desk, {"--listen", "127.0.0.1:0", "--tls-cert", desk.path("s.pem"), "--tls-key", desk.path("s.key")});
  REQUIRE_FALSE(daemon.address().empty());
  const auto channel = Secure(daemon.address(), desk.read("s.pem"));
  const auto submission = v1::Submission::NewStub(channel);
  const auto key = ClerkOf(desk);

  // One stream of entries, 5 MB, whose results come back meanwhile.
  constexpr std::uint64_t kEntries = 100;
  std::vector<Bytes> sent;
  for (std::uint64_t id = 1; id <= kEntries; ++id) {
    auto transfer = Payment("donor", "hub", static_cast<std::int64_t>(id));
    transfer.set_purpose(std::string(1'900, 'p'));
    sent.push_back(Signed(key, id, transfer, 28));
  }
  grpc::ClientContext context;
  const auto stream = submission->SubmitStream(&context);
  std::thread writer([&] {
    for (const Bytes& entry : sent) {
      v1::SubmitRequest request;
      request.set_signed_entry(entry);
      if (!stream->Write(request)) return;
    }
    stream->WritesDone();
  });
  std::uint64_t receipts = 0;
  for (v1::SubmitResult result; stream->Read(&result);) receipts += result.has_receipt() ? 1 : 0;
  writer.join();
  CHECK(stream->Finish().ok());
  CHECK(receipts == kEntries);

  // And all of it back, slowly at first.
  const auto ledger = v1::Ledger::NewStub(channel);
  grpc::ClientContext asking;
  const auto reader = ledger->Records(&asking, {});
  std::size_t found = 0;
  for (v1::RecordsAnswer page; reader->Read(&page);) {
    if (found < 40) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    for (const auto& bytes : page.records()) {
      v1::Record record;
      REQUIRE(record.ParseFromString(bytes));
      if (found < sent.size() && model::SerialiseDeterministic(record.signed_entry()) == sent[found]) ++found;
    }
  }
  CHECK(reader->Finish().ok());
  CHECK(found == sent.size());
  CHECK(daemon.Signal(SIGTERM) == 0);
}

TEST_CASE("where TLS is missing, too much, or by an unknown authority, the error names the option") {
  const Desk desk;
  desk.MakeLedger();
  MakeCertificate(desk.path(""), "s");
  MakeCertificate(desk.path(""), "other");
  const auto told = [&](const std::string& options, const char* words) {
    const auto ran = desk.Run("--timeout 5 " + options + " checkpoint");
    INFO(options << ": " << ran.err);
    CHECK(ran.exit == 3);
    CHECK_THAT(ran.err, Contains("the server does not answer: ") && Contains(words));
  };
  {
    Daemon daemon(
        desk, {"--listen", "127.0.0.1:0", "--tls-cert", desk.path("s.pem"), "--tls-key", desk.path("s.key")});
    REQUIRE_FALSE(daemon.address().empty());
    const std::string at = "--server " + daemon.address();
    told(at, "give --tls, or --ca FILE");
    told(at + " --tls", "vouches for its certificate: give --ca FILE");
    told(at + " --ca other.pem", "vouches for its certificate: give --ca FILE");
    CHECK(desk.Run(at + " --ca s.pem checkpoint").exit == 0);
    CHECK(desk.Shell("FUNDTRAIL_CA=s.pem " + Program() + " " + at + " checkpoint").exit == 0);
    const auto no_pem = desk.Run(at + " --ca s.key.none checkpoint");
    CHECK(no_pem.exit == 2);
    desk.write("text", "no certificate\n");
    const auto text = desk.Run(at + " --ca text checkpoint");
    CHECK(text.exit == 2);
    CHECK_THAT(text.err, Contains("--ca: text is no PEM file"));
    CHECK(daemon.Signal(SIGTERM) == 0);
  }
  Daemon plain(desk);
  REQUIRE_FALSE(plain.address().empty());
  told("--server " + plain.address() + " --ca s.pem", "it speaks no TLS");
}

TEST_CASE("a server whose name has no address is told in words that say what to do") {
  const Desk desk;
  const auto ran = desk.Run("--timeout 5 --server no..such.invalid:7450 checkpoint");
  INFO(ran.err);
  CHECK(ran.exit == 3);
  CHECK_THAT(ran.err,
             Contains("no address is known for the server no..such.invalid:7450: is its name spelled right, "
                      "and has this machine a network?"));
  CHECK_THAT(ran.err, !Contains("DNS") && !Contains("ARES"));
  CHECK_THAT(desk.Run("--lang zh --timeout 5 --server no..such.invalid:7450 checkpoint").err,
             Contains("找不到服务器 no..such.invalid:7450 的地址"));
}

TEST_CASE("a client of TLS that speaks something else than HTTP/2, or no TLS at all, gets no further") {
  const Desk desk;
  desk.MakeLedger();
  MakeCertificate(desk.path(""), "s");
  Daemon daemon(
      desk, {"--listen", "127.0.0.1:0", "--tls-cert", desk.path("s.pem"), "--tls-key", desk.path("s.key")});
  const auto dial = [&](const std::string& more) {
    return desk.Shell(
        "timeout 10 openssl s_client -connect " + daemon.address() + " -CAfile s.pem -quiet " + more,
        "GET / HTTP/1.1\r\n\r\n");
  };
  CHECK_THAT(dial("-alpn h2").out, Contains("this port speaks gRPC, over HTTP/2"));
  CHECK_THAT(dial("-alpn http/1.1").err, Contains("no application protocol"));
  CHECK_THAT(dial("-alpn h2 -tls1_1").err, Contains("alert"));
  const auto plain = v1::Ledger::NewStub(OwnChannel(daemon.address()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  v1::CheckpointAnswer answer;
  CHECK_FALSE(plain->GetCheckpoint(&context, {}, &answer).ok());
  const auto good = v1::Ledger::NewStub(Secure(daemon.address(), desk.read("s.pem")));
  grpc::ClientContext again;
  CHECK(good->GetCheckpoint(&again, {}, &answer).ok());
}

}  // namespace
}  // namespace fundtrail::testing
