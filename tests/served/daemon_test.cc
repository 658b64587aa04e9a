// fundtraild and fundtrail --server, the real programs. They give the same answers as from the folder, and refusals with
// their codes. Also one writer, TLS, streams, an import over the network.
#include "tests/served/daemon.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <set>

#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/crypto/key_file.h"
#include "ledger/model/refusal.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/support/certificates.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a server gives the answers that the folder gives, and takes what the folder takes") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk);
  INFO(daemon.Log());
  REQUIRE_FALSE(daemon.address().empty());
  const std::string at = "--server " + daemon.address() + " ";
  REQUIRE(
      desk.Run(at + "pay --from donor --to hub --amount 100 --asset CNY --fund winter --key clerk --as root")
          .exit == 0);
  REQUIRE(
      desk.Run(at +
               "pay --from hub --to village --amount 60.50 --asset CNY --fund winter --key clerk --as root")
          .exit == 0);

  SECTION("the same answers as from the folder") {
    for (const char* question :
         {"show 8", "show 7.1", "list", "list --csv", "list --party village --limit 1", "balance hub",
          "balance donor --as-of 7", "statement hub", "trace from --party donor",
          "trace to 8.1 --format flows", "trace from 7.1 --format paths", "party list", "party tree",
          "party show hub", "fund list", "key list", "key list --party root", "checkpoint"}) {
      INFO(question);
      const auto served = desk.Run(at + question), own = desk.Run(std::string("--ledger l ") + question);
      CHECK(served.exit == 0);
      CHECK(served.out == own.out);
      CHECK_FALSE(served.out.empty());
      const auto json = desk.Run(at + "--json " + question);
      CHECK(json.out == desk.Run(std::string("--ledger l --json ") + question).out);
    }
    CHECK_THAT(desk.Run(at + "trace from --party donor").out,
               Contains("100.00 CNY asked = 60.50 reached recipients + 39.50 held"));
  }
  SECTION("receipts and consistency: the same files as from the folder, checked without the server") {
    desk.write("old", desk.Run(at + "checkpoint").out);
    REQUIRE(desk.Run(at +
                     "pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk --as root "
                     "--receipt r")
                .exit == 0);
    REQUIRE(desk.Run(at + "proof 9 --out p").exit == 0);
    REQUIRE(desk.Run("--ledger l proof 9 --out q").exit == 0);
    CHECK(desk.read("r") == desk.read("p"));
    CHECK(desk.read("r") == desk.read("q"));
    CHECK(desk.Run("receipt verify r --vkey \"$(cat l/vkey)\"").exit == 0);
    CHECK(desk.Run(at + "consistency old --vkey \"$(cat l/vkey)\"").exit == 0);
    CHECK(desk.Run("--server 127.0.0.1:1 consistency old").exit == 3);
    CHECK(desk.Run(at + "proof 99 --out none").exit == 2);
  }
  SECTION("refusals keep their code, field and exit") {
    const auto poor = desk.Run(
        at + "pay --from hub --to village --amount 1000 --asset CNY --fund winter --key clerk --as root");
    CHECK(poor.exit == 1);
    CHECK_THAT(poor.err, Contains("INSUFFICIENT_FUNDS"));
    CHECK_THAT(poor.err, Contains("39.50 CNY"));
    CHECK(desk.Run(at + "show 99").exit == 2);
    CHECK(desk.Run(at + "balance nobody").exit == 2);
    CHECK(desk.Run("--server 127.0.0.1:1 checkpoint").exit == 3);
    CHECK(desk.Run(at + "--ledger l checkpoint").exit == 2);
  }
  SECTION("the same entry again is taken once") {
    const std::string pay =
        "pay --from donor --to hub --amount 7 --asset CNY --fund winter --key clerk --as root --date "
        "2026-02-01 --id "
        "000102030405060708090a0b0c0d0e0f";
    const auto first = desk.Run(at + pay);
    CHECK_THAT(first.out, Contains("Record 9"));
    CHECK_THAT(desk.Run(at + pay).out, Contains("Record 9"));
    CHECK_THAT(desk.Run(at + pay + "0").err, Contains("32 hex digits"));
  }
  SECTION("a dry run writes nothing") {
    desk.write("e.json", R"({"actions":[{"transfer":{"from":"donor","to":"hub","fund":"winter","asset":"CNY",
      "amount":"100","kind":"DONATION"}}]})");
    const auto tried = desk.Run(at + "submit e.json --key clerk --as root --dry-run");
    CHECK_THAT(tried.out, Contains("it would be record 9"));
    CHECK(desk.Run(at + "show 9").exit == 2);
  }
  SECTION("there is one writer, and SIGTERM ends it well") {
    Daemon second(desk);
    CHECK(second.Wait() == 3);
    CHECK_THAT(second.Log(), Contains("another process"));
    CHECK(desk.Run("--ledger l pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk "
                   "--as root")
              .exit == 3);
    CHECK(daemon.Signal(SIGTERM) == 0);
    CHECK_THAT(daemon.Log(), Contains("stopped"));
    CHECK(desk.Run("--ledger l pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk "
                   "--as root")
              .exit == 0);
  }
}

TEST_CASE("what is not safe is refused before anything is served") {
  const Desk desk;
  desk.MakeLedger();
  const auto says = [&](const std::vector<std::string>& arguments, int exit, const std::string& sentence) {
    Daemon daemon(desk, arguments);
    INFO(daemon.Log());
    CHECK(daemon.Wait() == exit);
    CHECK_THAT(daemon.Log(), Contains(sentence));
  };
  says({"--listen", "0.0.0.0:0"}, 2, "without TLS only this machine may connect");
  says({"--tls-cert", "x.pem"}, 2, "go together");
  says({"--listen", "127.0.0.1:0", "--client-ca", "x.pem"}, 2, "needs TLS");
  says({"--listen", "127.0.0.1:0", "--tls-cert", "no.pem", "--tls-key", "no.pem"}, 2, "cannot read no.pem");
  MakeCertificate(desk.path("."), "one");
  MakeCertificate(desk.path("."), "two");
  const auto tls = [&](const std::string& listen, const std::string& cert, const std::string& key) {
    return std::vector<std::string>{"--listen",      listen,      "--tls-cert",
                                    desk.path(cert), "--tls-key", desk.path(key)};
  };
  says(tls("203.0.113.7:1", "one.pem", "one.key"), 3, "cannot listen");
  says(tls("127.0.0.1:0", "k", "one.key"), 2, desk.path("k") + ": there is no PEM certificate in it");
  says(tls("127.0.0.1:0", "one.pem", "two.key"), 2,
       desk.path("two.key") + ": it is not the key of the first certificate in " + desk.path("one.pem"));
  auto mutual = tls("127.0.0.1:0", "one.pem", "one.key");
  mutual.insert(mutual.end(), {"--client-ca", desk.path("two.key")});
  says(mutual, 2, desk.path("two.key") + ": there is no PEM certificate in it");
  desk.write("c.toml", "listen = \"127.0.0.1:0\"\n[limits]\nbatch_entrys = 5\n");
  says({"--config", desk.path("c.toml")}, 2, "line 3: there is no setting limits.batch_entrys");
  desk.write("c.toml", "[queue]\nentries = \"many\"\n");
  says({"--config", desk.path("c.toml")}, 2, "queue.entries takes a whole number above zero");
}

TEST_CASE("over TLS, with certificates that clients must show") {
  const Desk desk;
  desk.MakeLedger();
  const std::string made = "cd '" + desk.path(".") + R"(' && {
    openssl req -x509 -newkey ed25519 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=ca
    for n in server client; do
      openssl req -newkey ed25519 -nodes -keyout $n.key -out $n.csr -subj /CN=$n
      printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > $n.ext
      openssl x509 -req -in $n.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out $n.pem -extfile $n.ext
    done; } >/dev/null 2>&1)";
  REQUIRE(std::system(made.c_str()) == 0);
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--tls-cert", desk.path("server.pem"), "--tls-key",
                       desk.path("server.key"), "--client-ca", desk.path("ca.pem")});
  INFO(daemon.Log());
  REQUIRE_FALSE(daemon.address().empty());
  const std::string at = "--server " + daemon.address() + " ";
  CHECK(desk.Run(at + "--ca ca.pem --client-cert client.pem --client-key client.key checkpoint").exit == 0);
  CHECK(desk.Run(at + "--ca ca.pem checkpoint").exit == 3);  // shows no certificate
  CHECK(desk.Run(at + "checkpoint").exit == 3);              // speaks plaintext
}

TEST_CASE("a client in Python, made from the .proto files alone, signs, submits and traces") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk);
  const std::string client = "cd '" + desk.path(".") +
                             "' && /usr/bin/python3 " FUNDTRAIL_SOURCE_DIR "/examples/python/client.py " +
                             daemon.address() + " clerk root ";
  REQUIRE(std::system((client + "donor hub 12345 CNY winter >out 2>err").c_str()) == 0);
  INFO(desk.read("out") << desk.read("err"));
  CHECK_THAT(desk.read("out"), Contains("record 7, leaf hash "));
  CHECK_THAT(desk.read("out"), Contains("12345 asked = 0 reached + 0 ends here + 12345 held"));
  CHECK(std::system((client + "hub village 99999 CNY winter >out 2>err").c_str()) != 0);
  CHECK_THAT(desk.read("err"), Contains("refused: INSUFFICIENT_FUNDS at actions[0].transfer.amount"));
}

TEST_CASE("malformed and hostile calls are refused in words, and the server goes on") {
  REQUIRE(crypto::Init().ok());
  const Desk desk;
  desk.MakeLedger();
  desk.write(
      "c.toml",
      "listen = \"127.0.0.1:0\"\n[limits]\nrequest_bytes = 100000\nbatch_entries = 3\nquestion_burst = 50\n"
      "questions_per_second = 1\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  INFO(daemon.Log());
  const auto channel = grpc::CreateChannel(daemon.address(), grpc::InsecureChannelCredentials());
  const auto stub = v1::Submission::NewStub(channel);
  const auto submit = [&](const std::string& bytes) {
    v1::SubmitRequest request;
    request.set_signed_entry(bytes);
    v1::Receipt receipt;
    grpc::ClientContext context;
    return stub->Submit(&context, request, &receipt);
  };
  const auto bad = submit("rubbish");
  CHECK(bad.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  const auto refusal = model::RefusalOf(server::FromGrpc(bad));
  REQUIRE(refusal.has_value());
  CHECK(refusal->code() == v1::REFUSAL_CODE_MALFORMED);
  CHECK(submit(std::string(70'000, 'x')).error_code() == grpc::StatusCode::OUT_OF_RANGE);
  CHECK(submit(std::string(200'000, 'x')).error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  v1::SubmitBatchRequest batch;
  v1::SubmitBatchAnswer answer;
  for (int i = 0; i < 4; ++i) batch.add_signed_entries("x");
  grpc::ClientContext context;
  CHECK(stub->SubmitBatch(&context, batch, &answer).error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  // More questions than one address may ask.
  const auto ledger = v1::Ledger::NewStub(channel);
  int turned_away = 0;
  for (int i = 0; i < 80; ++i) {
    grpc::ClientContext each;
    v1::CheckpointAnswer checkpoint;
    if (ledger->GetCheckpoint(&each, {}, &checkpoint).error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED)
      ++turned_away;
  }
  CHECK(turned_away >= 20);
  CHECK(daemon.Running());
  CHECK(daemon.Signal(SIGTERM) == 0);
}

TEST_CASE("a stream gives a result for each entry, good or bad") {
  REQUIRE(crypto::Init().ok());
  const Desk desk;
  desk.MakeLedger();
  auto key = crypto::ReadKeyFile(desk.path("clerk"), std::nullopt);
  REQUIRE(key.ok());
  Daemon daemon(desk);
  const auto stub =
      v1::Submission::NewStub(grpc::CreateChannel(daemon.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const auto stream = stub->SubmitStream(&context);
  const std::uint64_t entries = 2000;
  std::thread writer([&] {
    for (std::uint64_t i = 0; i < entries; ++i) {
      v1::SubmitRequest request;
      request.set_signed_entry(i % 10 == 9 ? Bytes("bad") : Signed(*key, i, Payment("donor", "hub", 1)));
      stream->Write(request);
    }
    stream->WritesDone();
  });
  std::set<std::uint64_t> receipts, errors;
  v1::SubmitResult result;
  while (stream->Read(&result)) (result.has_receipt() ? receipts : errors).insert(result.number());
  writer.join();
  CHECK(stream->Finish().ok());
  CHECK(receipts.size() == entries * 9 / 10);
  CHECK(errors.size() == entries / 10);
  CHECK(errors.count(9) == 1);
}

TEST_CASE(
    "an import over the network goes on whenever its server goes: before its first answer, and in the "
    "middle") {
  const Desk desk;
  desk.Run("keygen --out k");
  desk.Run("init l --name example.org/l --root-key k --date 2026-01-01");
  std::string rows = "date,from,to,amount,asset\n";
  for (int i = 0; i < 1500; ++i)
    rows += "2026-01-0" + std::to_string(1 + i % 9) + ",payer " + std::to_string(i % 50) + ",payee " +
            std::to_string(i % 70) + "," + std::to_string(1 + i % 900) + ".25,USD\n";
  desk.write("rows.csv", rows);
  const std::string how =
      " --json import csv rows.csv --key k --as root --register --open-missing --date 2026-01-01";
  auto daemon = std::make_unique<Daemon>(desk);
  const std::string address = daemon->address();
  REQUIRE_FALSE(address.empty());
  daemon->Signal(SIGTERM);
  std::atomic<bool> over{false};
  std::vector<std::uint64_t> killed_at;  // with so many records
  std::thread keeper([&] {
    // The import asks in vain; then each server lives until two more records are there, and the last one on.
    std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
    std::uint64_t records = 1;
    while (true) {
      daemon.reset();
      daemon = std::make_unique<Daemon>(desk, std::vector<std::string>{"--listen", address});
      if (killed_at.size() == 2) return;
      const auto stub = v1::Ledger::NewStub(OwnChannel(address));
      for (const std::uint64_t enough = records + 2; records < enough && !over;) {
        v1::CheckpointAnswer answer;
        grpc::ClientContext context;
        if (stub->GetCheckpoint(&context, {}, &answer).ok()) records = answer.as_of().size();
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      if (over) return;
      daemon->Signal(SIGKILL);
      killed_at.push_back(records);
    }
  });
  const auto ran = desk.Run("--server " + address + how);
  over = true;
  keeper.join();
  INFO(ran.out << ran.err << daemon->Log());
  CHECK(ran.exit == 0);
  CHECK(killed_at.size() == 2);
  CHECK_THAT(ran.out, Contains("\"rejected\": \"0\""));
  const auto again = desk.Run("--server " + address + how);
  CHECK_THAT(again.out, Contains("\"imported\": \"0\""));
  CHECK_THAT(again.out, Contains("\"present\": \"1500\""));
  // The same rows from a folder give the same books.
  desk.Run("init m --name example.org/l --root-key k --date 2026-01-01");
  const auto own = desk.Run("--ledger m" + how);
  CHECK(own.exit == 0);
  // The last cell is the root, which another run's ids make another.
  const auto books = [&](const std::string& where) {
    const std::string csv = desk.Run(where + " balance payee-7 --csv").out;
    REQUIRE(csv.find("\npayee-7,") != std::string::npos);
    return csv.substr(0, csv.rfind(','));
  };
  CHECK(books("--ledger m") == books("--server " + address));
}

TEST_CASE("a pipe that nobody writes to in the place of settings or certificates ends the start in words") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Shell("mkfifo pipe").exit == 0);
  for (const char* with : {"--config pipe", "--tls-cert pipe --tls-key pipe", "--policy pipe"}) {
    INFO(with);
    const auto ran = desk.Shell("timeout 10 " + ServerProgram() + " --ledger l --listen 127.0.0.1:0 " + with);
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("pipe") != std::string::npos);
  }
}

}  // namespace
}  // namespace fundtrail::testing
