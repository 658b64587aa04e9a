// Asking a witness: what its answers mean, when it is new, behind, ahead, wrong, or has seen another history.
#include "ledger/witness/ask_witness.h"

#include <catch2/catch.hpp>

#include "ledger/net/url.h"
#include "ledger/store/memory.h"
#include "ledger/tree/merkle.h"
#include "ledger/witness/published_checkpoint.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

using net::HttpReply;
using witness::AskWitness;
using witness::Candidate;
using witness::WitnessReply;

// A ledger of so many records, and a witness of it that judges as the real one does.
struct Bench {
  explicit Bench(std::uint64_t size) {
    Need(crypto::Init());
    ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    cosigner.emplace(Need(tree::MakeCosigner("w.example", Key(9))));
    log = Need(tree::WitnessedLogs({ledger->vkey()})).front();
    Grow(size);
  }
  void Grow(std::uint64_t size) {
    while (ledger->size() < size)
      Need(ledger->AppendOne(PaymentBytes(ledger->size()), clock.Read()).status());
  }
  Candidate Now() const {
    Candidate candidate{1, Need(tree::ParseNote(ledger->checkpoint())), {}};
    candidate.checkpoint = Need(tree::ParseCheckpoint(candidate.note.text));
    return candidate;
  }
  StatusOr<HttpReply> Post(const std::string& body) {
    ++posts;
    const auto answer =
        tree::AnswerAddCheckpoint(Need(tree::ParseAddCheckpoint(body)), &log, last, *cosigner, 7);
    if (answer.keep.has_value()) last = Need(tree::OpenCosigned(*answer.keep, cosigner->verifier));
    return HttpReply{answer.status, answer.content_type, answer.body};
  }
  StatusOr<WitnessReply> Ask(std::uint64_t known) { return Ask(Now(), known); }
  StatusOr<WitnessReply> Ask(const Candidate& candidate, std::uint64_t known) {
    return AskWitness(ledger->store(), candidate, cosigner->verifier, known,
                      [&](const std::string& body) { return Post(body); });
  }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  std::optional<tree::Cosigner> cosigner;
  tree::WitnessedLog log;
  std::optional<tree::Checkpoint> last;
  int posts = 0;
};

TEST_CASE(
    "a witness is asked with the proof from what it cosigned last, and tells when that is another size") {
  Bench bench(5);
  auto asked = Need(bench.Ask(0));
  CHECK(asked.known == 5);
  REQUIRE(asked.cosignature.has_value());
  CHECK(tree::VerifyNote({bench.Now().note.text, {*asked.cosignature}}, {&bench.cosigner->verifier, 1}).ok());
  bench.Grow(9);
  CHECK(Need(bench.Ask(5)).known == 9);
  CHECK(bench.posts == 2);
  bench.Grow(14);
  CHECK(Need(bench.Ask(0)).cosignature.has_value());  // 409, and again
  CHECK(bench.posts == 4);
  CHECK(Need(bench.Ask(14)).cosignature.has_value());  // the same again
}

TEST_CASE("a witness that has a later checkpoint of the ledger is let be") {
  Bench bench(5);
  const Candidate old = bench.Now();
  bench.Grow(9);
  Need(bench.Ask(0));
  const auto asked = Need(bench.Ask(old, 0));
  CHECK_FALSE(asked.cosignature.has_value());
  CHECK(asked.known == 9);
  CHECK_FALSE(Need(bench.Ask(old, 9)).cosignature.has_value());
}

TEST_CASE("what a witness says of another history is its word, and accuses nobody") {
  Bench longer(9), bench(5);
  Need(longer.Ask(0));
  bench.last = longer.last;
  auto asked = bench.Ask(0);
  const auto is_its_word = [](const Status& status) {
    const std::string words(status.message());
    CHECK(status.code() == absl::StatusCode::kFailedPrecondition);
    CHECK(words.find("That is its word. If it is true, ") != std::string::npos);
    CHECK(words.find("the proof would be a checkpoint by the ledger's key") != std::string::npos);
    return words;
  };
  CHECK(is_its_word(asked.status()).find("it says that it has cosigned 9 records, and there are only 5") ==
        0);
  bench.last = {kLedgerName, 3, tree::LeafHash("another history"), {}};
  asked = bench.Ask(3);
  CHECK(is_its_word(asked.status()).find("it answers 422 to the proof that 5 records go on from the 3") == 0);
  // One that lies, about a ledger that is honest.
  Bench honest(5);
  for (const HttpReply& lie : {HttpReply{422, "", "your key signed another history\n"},
                               HttpReply{409, "", "18446744073709551615\n"}})
    is_its_word(AskWitness(honest.ledger->store(), honest.Now(), honest.cosigner->verifier, 0,
                           [&](const std::string&) { return lie; })
                    .status());
}

TEST_CASE("answers that are wrong count for nothing") {
  Bench bench(5);
  const auto ask = [&](const HttpReply& reply) {
    const auto asked = AskWitness(bench.ledger->store(), bench.Now(), bench.cosigner->verifier, 0,
                                  [&](const std::string&) { return reply; });
    REQUIRE_FALSE(asked.ok());
    CHECK(asked.status().code() == absl::StatusCode::kUnavailable);
    return std::string(asked.status().message());
  };
  CHECK(ask({200, "", ""}).find("its cosignature is not good") == 0);
  const auto by_another = Need(tree::CosignNoteText(bench.Now().note.text, "w.example", Key(8), 7));
  CHECK(ask({200, "", tree::FormatNote({"", {by_another}}).substr(1)}).find("its cosignature is not good") ==
        0);
  auto forged = by_another;
  forged.key_id = bench.cosigner->verifier.key_id;
  CHECK(ask({200, "", tree::FormatNote({"", {forged}}).substr(1)}).find("its cosignature is not good") == 0);
  CHECK(ask({404, "", "unknown\x1b[2J log\nmore"}) == "it answers 404: unknown\\u{001B}[2J log");
  CHECK(ask({403, "", ""}) == "it answers 403: ");
  CHECK(ask({409, "text/x.tlog.size", "many\n"}) == "it answers 409: many");
  CHECK(ask({409, "text/x.tlog.size", "0\n"}) == "it answers 409: 0");  // what it was asked with
  CHECK(ask({500, "", std::string(1000, 'x')}).size() < 250);
  // One that tells another size each time is not asked for ever.
  int asked_with = 0;
  const auto turning = AskWitness(bench.ledger->store(), bench.Now(), bench.cosigner->verifier, 0,
                                  [&](const std::string&) -> StatusOr<HttpReply> {
                                    ++asked_with;
                                    return HttpReply{409, "", asked_with % 2 == 1 ? "3\n" : "2\n"};
                                  });
  CHECK(turning.status().code() == absl::StatusCode::kUnavailable);
  CHECK(asked_with == 3);
}

TEST_CASE("what is published does not go back") {
  Bench bench(3);
  witness::PublishedCheckpoint published;
  CHECK(published.newest() == nullptr);
  const std::string three = bench.ledger->checkpoint();
  bench.Grow(4);
  CHECK(published.Set(bench.ledger->checkpoint()).ok());
  CHECK(published.Set(three).code() == absl::StatusCode::kFailedPrecondition);
  CHECK_FALSE(published.Set("nonsense").ok());
  CHECK(published.newest()->size() == 4);
}

TEST_CASE("URLs are http or https, with a host, and nothing that changes the path behind them") {
  const auto url = net::ParseHttpUrl("https://w.example:8443/a/b/");
  REQUIRE(url.has_value());
  CHECK(url->host == "https://w.example:8443");
  CHECK(url->prefix == "/a/b");
  CHECK(net::ParseHttpUrl("http://w.example")->prefix.empty());
  for (const char* wrong : {"", "w.example", "ftp://w.example", "http://", "http:///a", "http://a@b",
                            "http://a?b", "http://a/#b", "http://a b", "http://a\r\nX: y"})
    CHECK_FALSE(net::ParseHttpUrl(wrong).has_value());
}

}  // namespace
}  // namespace fundtrail::testing
