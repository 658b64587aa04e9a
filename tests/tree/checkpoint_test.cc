// Checkpoints: the text, signing and opening.
#include "ledger/tree/checkpoint.h"

#include <catch2/catch.hpp>

#include "tests/tree/node_store.h"

namespace fundtrail::tree {
namespace {

struct Log {
  crypto::SigningKey key = crypto::SigningKey::FromSeed(std::string(32, 'L')).value();
  Verifier verifier = MakeVerifier("ledger.example/wuhan", KeyType::kEd25519, key.public_key()).value();
};

Log MakeLog() {
  REQUIRE(crypto::Init().ok());
  return {};
}

const Checkpoint kCheckpoint{"ledger.example/wuhan", 7, LeafHash("root"), {}};

TEST_CASE("checkpoint-bodies.json: one text for one checkpoint, and all else refused") {
  int good = 0;
  const auto file = ReadJson("notes/checkpoint-bodies.json");
  REQUIRE(file["cases"].size() == 13);
  for (const auto& test : file["cases"]) {
    const std::string body = test["body"];
    INFO(body);
    const auto checkpoint = ParseCheckpoint(body);
    CHECK(checkpoint.ok() == (test["expect"] == "ok"));
    if (!checkpoint.ok()) continue;
    CHECK(FormatCheckpoint(*checkpoint) == body);
    ++good;
  }
  CHECK(good == 3);
}

TEST_CASE("the size is a plain decimal below 2^64") {
  const std::string root = "\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  CHECK(ParseCheckpoint("o\n18446744073709551615" + root).value().size == ~std::uint64_t{0});
  CHECK(ParseCheckpoint("o\n0" + root).value().size == 0);
  for (const std::string size : {"18446744073709551616", "00", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "１"}) {
    INFO(size);
    CHECK_FALSE(ParseCheckpoint("o\n" + size + root).ok());
  }
}

TEST_CASE("a signed checkpoint opens with its log's key, and with no other") {
  const Log log = MakeLog();
  Checkpoint checkpoint = kCheckpoint;
  const std::string note = SignCheckpoint(checkpoint, log.key).value();
  CHECK(note.substr(0, note.find("\n\n") + 1) == FormatCheckpoint(checkpoint));
  CHECK(OpenCheckpoint(note, log.verifier).value() == checkpoint);
  checkpoint.extensions = {"one", "two words"};
  CHECK(OpenCheckpoint(SignCheckpoint(checkpoint, log.key).value(), log.verifier).value() == checkpoint);

  const auto stranger = crypto::SigningKey::FromSeed(std::string(32, 'M')).value();
  const auto same_name = MakeVerifier(log.verifier.name, KeyType::kEd25519, stranger.public_key()).value();
  CHECK_FALSE(OpenCheckpoint(note, same_name).ok());
  const auto as_witness =
      MakeVerifier(log.verifier.name, KeyType::kCosignature, log.key.public_key()).value();
  CHECK_FALSE(OpenCheckpoint(note, as_witness).ok());
  for (std::size_t i = 0; i < note.size(); ++i) {
    INFO("byte " << i << " changed");
    std::string changed = note;
    changed[i] ^= 1;
    CHECK_FALSE(OpenCheckpoint(changed, log.verifier).ok());
  }
}

TEST_CASE("a key that signs for another origin does not open as this log") {
  const Log log = MakeLog();
  const std::string text = FormatCheckpoint({"another.example", 7, LeafHash("root"), {}});
  const Note note{text, {SignNoteText(text, log.verifier.name, log.key).value()}};
  CHECK(VerifyNote(note, std::vector{log.verifier}).ok());
  const Status status = OpenCheckpoint(FormatNote(note), log.verifier).status();
  CHECK(status.message() == "the checkpoint is of the log another.example, not of ledger.example/wuhan");
}

TEST_CASE("the empty tree has one root") {
  const Log log = MakeLog();
  Checkpoint empty{log.verifier.name, 0, EmptyRoot(), {}};
  CHECK(OpenCheckpoint(SignCheckpoint(empty, log.key).value(), log.verifier).value() == empty);
  empty.root = LeafHash("x");
  CHECK_FALSE(SignCheckpoint(empty, log.key).ok());
  const std::string text = FormatCheckpoint(empty);
  const Note note{text, {SignNoteText(text, log.verifier.name, log.key).value()}};
  CHECK_FALSE(OpenCheckpoint(FormatNote(note), log.verifier).ok());
}

TEST_CASE("what cannot be read back is not signed") {
  const Log log = MakeLog();
  for (const std::string origin : {"", "two words", "a+b", "a\nb", "a\n5\nx", "tab\t"}) {
    INFO(origin);
    Checkpoint checkpoint = kCheckpoint;
    checkpoint.origin = origin;
    CHECK_FALSE(SignCheckpoint(checkpoint, log.key).ok());
  }
  for (const std::string extension : {"", "a\nb", "a\n", "\x01"}) {
    INFO(extension);
    Checkpoint checkpoint = kCheckpoint;
    checkpoint.extensions = {extension};
    CHECK_FALSE(SignCheckpoint(checkpoint, log.key).ok());
  }
}

}  // namespace
}  // namespace fundtrail::tree
