// `fundtrail witness` as a process: its answers over HTTP, its start and its end, kill -9 under load.
#include "ledger/tree/witness.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "ledger/crypto/sha256.h"
#include "ledger/tree/merkle.h"
#include "tests/served/raw_http.h"
#include "tests/served/witness_process.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

crypto::SigningKey LogKey() {
  REQUIRE(crypto::Init().ok());
  return crypto::SigningKey::FromSeed(std::string(32, 'l')).value();
}
const std::string kOrigin = "log.example/a";
std::string LogVkey() {
  return FormatVkey(tree::MakeVerifier(kOrigin, tree::KeyType::kEd25519, LogKey().public_key()).value());
}

// A log that never ends: every leaf is the same.
class Log {
 public:
  explicit Log(std::string leaf) : leaf_(std::move(leaf)), key_(LogKey()) {
    for (int i = 0; i < 4096; ++i)
      for (const auto& node : frontier_.Append(tree::LeafHash(leaf_)))
        nodes_[{node.level, node.index}] = node.hash;
  }
  std::string Request(std::uint64_t old_size, std::uint64_t size) const {
    const auto reader = [&](int level, std::uint64_t index) -> StatusOr<Hash> {
      return nodes_.at({level, index});
    };
    tree::AddCheckpoint request;
    request.old_size = old_size;
    request.proof = tree::ConsistencyProof(old_size, size, reader).value();
    request.note.text = Text(size);
    request.note.signatures = {tree::SignNoteText(request.note.text, kOrigin, key_).value()};
    return FormatAddCheckpoint(request);
  }
  std::string Text(std::uint64_t size) const {
    const auto reader = [&](int level, std::uint64_t index) -> StatusOr<Hash> {
      return nodes_.at({level, index});
    };
    return tree::FormatCheckpoint({kOrigin, size, tree::RootAt(size, reader).value(), {}});
  }

 private:
  const std::string leaf_;
  const crypto::SigningKey key_;
  tree::Frontier frontier_;
  std::map<std::pair<int, std::uint64_t>, Hash> nodes_;
};

std::string Arguments() { return "--key w.key --listen 127.0.0.1:0 --log '" + LogVkey() + "'"; }
std::string Monitored() { return "/" + crypto::Sha256(kOrigin).hex() + "/checkpoint"; }

TEST_CASE("an honest checkpoint with a made-up proof does not make its ledger look guilty") {
  const Desk desk;
  desk.Run("keygen --out w.key");
  WitnessProcess witness(desk, Arguments() + " --state kept");
  REQUIRE(witness.port() > 0);
  const Log log("one");
  REQUIRE(HttpPost(witness.port(), "/add-checkpoint", log.Request(0, 5)).status == 200);
  // What anybody can make of the checkpoint that the ledger publishes.
  const std::string honest = log.Request(5, 9);
  std::string made_up = "old 5\n";
  for (int i = 0; i < 4; ++i) made_up += Base64Encode(tree::LeafHash(std::to_string(i)).view()) + "\n";
  made_up += honest.substr(honest.find("\n\n") + 1);
  for (int i = 0; i < 5; ++i) CHECK(HttpPost(witness.port(), "/add-checkpoint", made_up).status == 422);
  CHECK(HttpPost(witness.port(), "/add-checkpoint", honest).status == 200);
  const std::string said = witness.Log();
  INFO(said);
  CHECK_THAT(said, Contains("not cosigned " + kOrigin + " size=9: a bad proof: "));
  CHECK_THAT(said, Contains("anybody can send that, it says nothing of the log"));
  CHECK(said.find("a bad proof") == said.rfind("a bad proof"));  // one line a minute, however many come
  for (const char* accusation : {"REFUSED", "histor", "key signed", "does not go on"})
    CHECK_THAT(said, !Contains(accusation));
  CHECK(desk.Shell("ls kept/*.fork").exit != 0);
}

TEST_CASE("the witness: what it is asked and answers over HTTP") {
  const Desk desk;
  desk.Run("keygen --out w.key");
  WitnessProcess witness(desk, Arguments() + " --name w.example --state kept");
  INFO(witness.Log());
  REQUIRE(witness.port() > 0);
  const Log log("one"), other("other");
  const auto key = tree::ParseVkey(witness.vkey());
  REQUIRE(key.ok());
  CHECK(key->type == tree::KeyType::kCosignature);
  CHECK(key->name == "w.example");
  CHECK(HttpGet(witness.port(), Monitored()).status == 404);

  const auto first = HttpPost(witness.port(), "/add-checkpoint", log.Request(0, 5));
  CHECK(first.status == 200);
  CHECK_THAT(first.head, Contains("Cache-Control: no-store"));
  CHECK(tree::CosignatureIn(first.body, log.Text(5), *key).ok());
  const auto conflict = HttpPost(witness.port(), "/under/a/prefix/add-checkpoint", log.Request(0, 9));
  CHECK(conflict.status == 409);
  CHECK_THAT(conflict.head, Contains("Content-Type: text/x.tlog.size\r\n"));
  CHECK(conflict.body == "5\n");
  CHECK(HttpPost(witness.port(), "/add-checkpoint", other.Request(5, 9)).status == 422);
  CHECK_THAT(witness.Log(), Contains("REFUSED " + kOrigin + " size=9: two histories by one key: "));
  CHECK_THAT(witness.Log(),
             Contains("the request that proves it is in kept/" + crypto::Sha256(kOrigin).hex() + ".fork"));
  CHECK(desk.read("kept/" + crypto::Sha256(kOrigin).hex() + ".fork") == other.Request(5, 9));
  CHECK(HttpPost(witness.port(), "/add-checkpoint", log.Request(5, 9)).status == 200);
  CHECK_THAT(witness.Log(), Contains("cosigned " + kOrigin + " size=9"));
  CHECK(HttpPost(witness.port(), "/add-checkpoint", "nonsense").status == 400);
  CHECK(HttpPost(witness.port(), "/add-checkpoint", "").status == 400);
  CHECK(HttpPost(witness.port(), "/", log.Request(9, 10)).status == 404);
  CHECK(HttpPost(witness.port(), "/xadd-checkpoint", log.Request(9, 10)).status == 404);

  for (const char* prefix : {"", "/prefix"}) {
    const auto latest = HttpGet(witness.port(), std::string(prefix) + Monitored());
    CHECK(latest.status == 200);
    CHECK_THAT(latest.head, Contains("Content-Type: text/plain; charset=utf-8\r\n"));
    CHECK(tree::OpenCosigned(latest.body, *key).value().size == 9);
    CHECK(tree::OpenCheckpoint(latest.body, tree::ParseVkey(LogVkey()).value()).ok());
    CHECK(latest.body == desk.read("kept/" + crypto::Sha256(kOrigin).hex()));
  }
  for (const std::string& path :
       {std::string("/"), std::string("/checkpoint"), "/" + crypto::Sha256("b").hex() + "/checkpoint",
        Monitored().substr(0, 60), "/.." + Monitored() + "x", std::string("/../w.key"),
        std::string("/%00/checkpoint")})
    CHECK(HttpGet(witness.port(), path).status == 404);

  SECTION("what is too long, too slow or not HTTP is cut off, and does no harm") {
    CHECK(HttpPost(witness.port(), "/add-checkpoint", std::string(1'000'000, 'x')).status != 200);
    CHECK(HttpPost(witness.port(), "/add-checkpoint", std::string(70'000, 'x')).status == 413);
    CHECK(HttpPost(witness.port(), "/add-checkpoint", log.Request(9, 10), "Content-Encoding: gzip\r\n")
              .status == 415);
    std::string headers;
    for (int i = 0; i < 100'000; ++i) headers += "X-H" + std::to_string(i) + ": y\r\n";
    CHECK(HttpPost(witness.port(), "/add-checkpoint", log.Request(9, 10), headers).status != 200);
    CHECK(ReadReply(RawHttp(witness.port(),
                            "POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n20000\r\n" +
                                std::string(0x20000, 'x')))
              .status != 200);
    (void)RawHttp(witness.port(), std::string("\x16\x03\x01\0\0", 5) + std::string(300, 'x') + "\r\n\r\n");
    CHECK(HttpPost(witness.port(), "/add-checkpoint", log.Request(9, 10)).status == 200);
  }
  SECTION("those who connect and are silent are let go") {
    std::vector<int> silent;
    for (int i = 0; i < 8; ++i) {
      silent.push_back(socket(AF_INET, SOCK_STREAM, 0));
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(witness.port()));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      REQUIRE(connect(silent.back(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
      if (i % 2 == 0) (void)send(silent.back(), "POST /add-ch", 12, MSG_NOSIGNAL);
    }
    CHECK(HttpPost(witness.port(), "/add-checkpoint", log.Request(9, 10)).status == 200);
    for (const int one : silent) close(one);
  }
  CHECK(witness.Signal(SIGTERM) == 0);
}

TEST_CASE("the witness starts with what it needs, and says what is wrong") {
  const Desk desk;
  desk.Run("keygen --out w.key");
  desk.Run("keygen --out other.key");
  SECTION("the shortest form; its name and its folder are made from its key") {
    WitnessProcess witness(desk, Arguments());
    REQUIRE(witness.port() > 0);
    CHECK(HttpPost(witness.port(), "/add-checkpoint", Log("one").Request(0, 5)).status == 200);
    CHECK(std::filesystem::exists(desk.path("w.key.state/" + crypto::Sha256(kOrigin).hex())));
    const auto name = tree::ParseVkey(witness.vkey()).value().name;
    CHECK(name.rfind("witness-", 0) == 0);
    CHECK(name.size() == 16);
    WitnessProcess second(desk, Arguments(), "second");
    CHECK(second.Wait() == 3);
    CHECK_THAT(second.Log(), Contains("another process writes to"));
    CHECK(witness.Signal(SIGINT) == 0);
    WitnessProcess again(desk, Arguments());
    CHECK(again.vkey() == witness.vkey());
    CHECK(HttpPost(again.port(), "/add-checkpoint", Log("one").Request(0, 6)).body == "5\n");
    again.Signal(SIGTERM);
    // Not with another key, nor with another name: that would be another witness.
    for (const char* change : {"--key other.key --state w.key.state", "--key w.key --name another"}) {
      const auto ran =
          desk.Run(std::string("witness --listen 127.0.0.1:0 --log '") + LogVkey() + "' " + change);
      CHECK(ran.exit == 3);
      CHECK_THAT(ran.err, Contains("does not start"));
    }
    desk.write("w.key.state/" + crypto::Sha256(kOrigin).hex(), "damaged");
    const auto damaged = desk.Run("witness " + Arguments());
    CHECK(damaged.exit == 3);
    CHECK_THAT(damaged.err, Contains("it was damaged, or is another witness's"));
  }
  SECTION("usage") {
    const std::string log = " --log '" + LogVkey() + "'";
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"witness --key w.key", "--log is required"},
        {"witness" + log, "--key is required"},
        {"witness --key none.key" + log, "none.key"},
        {"witness --key w.key --log nonsense", "three parts"},
        {"witness --key w.key" + log + log, "given twice"},
        {"witness --key w.key --name 'a b'" + log, "cannot name a key"},
        {"witness --key w.key --listen 0.0.0.0:0" + log, "--public"},
    };
    for (const auto& [arguments, says] : wrong) {
      const auto ran = desk.Run(arguments);
      INFO(arguments << "\n" << ran.err);
      CHECK(ran.exit == 2);
      CHECK_THAT(ran.err, Contains(says));
    }
    WitnessProcess witness(desk, Arguments());
    const auto taken =
        desk.Run("witness --key other.key --listen 127.0.0.1:" + std::to_string(witness.port()) + log);
    CHECK(taken.exit == 3);
    CHECK_THAT(taken.err, Contains("cannot listen on"));
  }
}

TEST_CASE(
    "kill -9 of the witness, again and again under load: it never goes back, nor vouches for two histories") {
  const Desk desk;
  desk.Run("keygen --out w.key");
  const Log one("one"), other("other");
  std::mutex mutex;
  std::map<std::uint64_t, std::string> cosigned;  // the text that was, by size
  std::uint64_t newest = 0;
  bool wrong = false;
  std::mt19937 random(std::random_device{}());
  int kills = 0;
  for (; kills < 30; ++kills) {
    WitnessProcess witness(desk, Arguments());
    REQUIRE(witness.port() > 0);
    const auto key = tree::ParseVkey(witness.vkey()).value();
    const auto kept = HttpGet(witness.port(), Monitored());
    if (newest > 0) {
      REQUIRE(kept.status == 200);
      REQUIRE(tree::OpenCosigned(kept.body, key).value().size >= newest);
    }
    std::atomic<bool> over{false};
    std::vector<std::thread> clients;
    for (unsigned c = 0; c < 4; ++c) {
      clients.emplace_back([&, c] {
        std::mt19937 own(c + static_cast<unsigned>(kills) * 10);
        std::uint64_t known = 0;
        while (!over && known + 10 < 4096) {
          // Two of the clients show another history.
          const Log& log = c % 2 == 0 ? one : other;
          const std::uint64_t size = known + own() % 3;
          if (size == 0) continue;
          const auto answer = HttpPost(witness.port(), "/add-checkpoint", log.Request(known, size));
          if (answer.status == 409) known = tree::SizeIn(answer.body).value_or(0);
          if (answer.status != 200 || answer.body.empty()) continue;
          const std::string text = log.Text(size);
          const bool good = tree::CosignatureIn(answer.body, text, key).ok();
          const std::lock_guard lock(mutex);
          // The client may have been killed off in the middle of the line.
          if (!good) continue;
          const auto [had, fresh] = cosigned.emplace(size, text);
          if (!fresh && had->second != text) wrong = true;
          newest = std::max(newest, size);
          known = size;
        }
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + random() % 60));
    witness.Signal(SIGKILL);
    over = true;
    for (auto& client : clients) client.join();
    REQUIRE_FALSE(wrong);
  }
  CHECK(cosigned.size() > 15);
  // All of one history.
  std::set<bool> histories;
  for (const auto& [size, text] : cosigned) histories.insert(text == one.Text(size));
  CHECK(histories.size() == 1);
}

}  // namespace
}  // namespace fundtrail::testing
