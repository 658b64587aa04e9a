// Signed notes, verifier keys and cosignatures against x/mod's, C2SP's, sunlight's and witness's examples.
#include "ledger/tree/note.h"

#include <catch2/catch.hpp>

#include "tests/tree/node_store.h"

namespace fundtrail::tree {
namespace {

std::vector<Verifier> Verifiers(const nlohmann::json& vkeys) {
  std::vector<Verifier> verifiers;
  for (const auto& vkey : vkeys) verifiers.push_back(ParseVkey(vkey.get<std::string>()).value());
  return verifiers;
}

crypto::SigningKey Key(char letter) {
  REQUIRE(crypto::Init().ok());
  return crypto::SigningKey::FromSeed(std::string(32, letter)).value();
}

TEST_CASE("notes.json: what opens, and with how many signatures") {
  REQUIRE(crypto::Init().ok());
  int good = 0;
  const auto cases = ReadJson("notes/notes.json");
  REQUIRE(cases.size() == 24);
  for (const auto& test : cases) {
    INFO(test["id"]);
    const std::string text = test.contains("note")
                                 ? test["note"].get<std::string>()
                                 : Base64Decode(test["note_base64"].get<std::string>()).value();
    const auto note = ParseNote(text);
    if (note.ok()) CHECK(FormatNote(*note) == text);
    const auto verified = note.ok() ? VerifyNote(*note, Verifiers(test["vkeys"])) : note.status();
    CHECK(verified.ok() == (test["expect"] == "ok"));
    if (!verified.ok()) continue;
    CHECK(verified->size() == test["verified_signatures"].get<std::size_t>());
    ++good;
  }
  CHECK(good > 5);
}

TEST_CASE("vkeys.json: good keys are read and written back; bad ones, and parts of good ones, are refused") {
  const auto keys = ReadJson("notes/vkeys.json");
  REQUIRE(keys["good"].size() == 7);
  for (const std::string vkey : keys["good"]) {
    INFO(vkey);
    const auto verifier = ParseVkey(vkey);
    REQUIRE(verifier.ok());
    CHECK(FormatVkey(*verifier) == vkey);
    CHECK(MakeVerifier(verifier->name, verifier->type, verifier->key).value() == *verifier);
    for (std::size_t from = 0; from < vkey.size(); ++from) {
      for (std::size_t length = 0; length <= vkey.size() - from; ++length) {
        if (length != vkey.size()) REQUIRE_FALSE(ParseVkey(vkey.substr(from, length)).ok());
      }
    }
    for (std::size_t i = 0; i < vkey.size(); ++i) {
      std::string changed = vkey;
      ++changed[i];
      CHECK_FALSE(ParseVkey(changed).ok());
    }
  }
  for (const std::string vkey : keys["bad"]) {
    INFO(vkey);
    CHECK_FALSE(ParseVkey(vkey).ok());
  }
  CHECK_FALSE(ParseVkey("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").ok());
}

TEST_CASE("cosignatures.json: cosigned notes verify, with their timestamps, and unknown types are ignored") {
  REQUIRE(crypto::Init().ok());
  int good = 0;
  for (const auto& test : ReadJson("cosignature/cosignatures.json")) {
    INFO(test["id"]);
    if (!test.contains("note")) continue;
    const auto note = ParseNote(test["note"].get<std::string>());
    REQUIRE(note.ok());
    if (test["vkeys"].empty()) continue;
    const auto verifiers = Verifiers(test["vkeys"]);
    CHECK(VerifyNote(*note, verifiers).value() ==
          std::vector<GoodSignature>{{0, test["timestamp"].get<std::uint64_t>()}});
    ++good;

    Note changed = *note;
    changed.text.insert(0, "x");
    CHECK_FALSE(VerifyNote(changed, verifiers).ok());
    changed = *note;
    ++changed.signatures.back().bytes[7];  // the timestamp is signed too
    CHECK_FALSE(VerifyNote(changed, verifiers).ok());
    // As a plain signature by the same key it must not pass: the ID holds the type.
    const auto plain = MakeVerifier(verifiers[0].name, KeyType::kEd25519, verifiers[0].key).value();
    CHECK_FALSE(VerifyNote(*note, std::vector{plain}).ok());
  }
  CHECK(good == 3);
}

TEST_CASE("a cosignature's timestamp is at most 2^63 - 1, and its length is right") {
  const auto key = Key('w');
  const auto witness = MakeVerifier("w.example", KeyType::kCosignature, key.public_key()).value();
  const std::string text = "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n";
  const auto cosigned = [&](std::uint64_t timestamp) {
    Bytes bytes;
    AppendBigEndian64(&bytes, timestamp);
    bytes += key.Sign("cosignature/v1\ntime " + std::to_string(timestamp) + "\n" + text).view();
    return Note{text, {{"w.example", witness.key_id, bytes}}};
  };
  const std::uint64_t most = (std::uint64_t{1} << 63) - 1;
  CHECK(VerifyNote(cosigned(most), std::vector{witness}).value() == std::vector<GoodSignature>{{0, most}});
  CHECK(VerifyNote(cosigned(0), std::vector{witness}).ok());
  CHECK_FALSE(VerifyNote(cosigned(most + 1), std::vector{witness}).ok());
  Note note = cosigned(5);
  note.signatures[0].bytes += "x";
  CHECK_FALSE(VerifyNote(note, std::vector{witness}).ok());
  note.signatures[0].bytes.resize(3);
  CHECK_FALSE(VerifyNote(note, std::vector{witness}).ok());
}

TEST_CASE("what is cosigned here is what the standard says, and opens here") {
  const auto key = Key('w');
  const auto witness = MakeVerifier("w.example", KeyType::kCosignature, key.public_key()).value();
  const std::string text = "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n";
  const std::uint64_t most = (std::uint64_t{1} << 63) - 1;
  for (const std::uint64_t timestamp : {std::uint64_t{0}, std::uint64_t{1'763'000'000}, most}) {
    const auto signature = CosignNoteText(text, "w.example", key, timestamp).value();
    Bytes bytes;
    AppendBigEndian64(&bytes, timestamp);
    bytes += key.Sign("cosignature/v1\ntime " + std::to_string(timestamp) + "\n" + text).view();
    CHECK(signature == NoteSignature{"w.example", witness.key_id, bytes});
    CHECK(VerifyNote({text, {signature}}, std::vector{witness}).value() ==
          std::vector<GoodSignature>{{0, timestamp}});
  }
  CHECK_FALSE(CosignNoteText(text, "w.example", key, most + 1).ok());
  CHECK_FALSE(CosignNoteText("no line feed", "w.example", key, 1).ok());
  CHECK_FALSE(CosignNoteText(text, "w example", key, 1).ok());
}

TEST_CASE("what is signed here opens here, and survives text with blank lines") {
  const auto key = Key('a');
  const auto verifier = MakeVerifier("ledger.example/wuhan", KeyType::kEd25519, key.public_key()).value();
  for (const std::string text : {"one line\n", "\n", "a\n\nb\n", "a\n\n", "金额\n"}) {
    INFO(text);
    const Note note{text, {SignNoteText(text, "ledger.example/wuhan", key).value()}};
    const auto parsed = ParseNote(FormatNote(note));
    REQUIRE(parsed.ok());
    CHECK(*parsed == note);
    CHECK(VerifyNote(*parsed, std::vector{verifier}).value() == std::vector<GoodSignature>{{0, 0}});
  }
  for (const std::string text : {"", "no line feed", "tab\t\n", "cr\r\n", "\xff\n"}) {
    INFO(text);
    CHECK_FALSE(SignNoteText(text, "ledger.example", key).ok());
  }
  for (const std::string name :
       {"", "a b", "a+b", "a\xc2\xa0z", "a\xe3\x80\x80z", "a\nz", "\xff", "a\x01z"}) {
    INFO(name);
    CHECK_FALSE(IsKeyName(name));
    CHECK_FALSE(SignNoteText("text\n", name, key).ok());
  }
}

TEST_CASE("the caps: 100 signatures and 1 MB, and no more") {
  const auto key = Key('a');
  const std::string text = "text\n";
  Note note{text, std::vector(100, SignNoteText(text, "a", key).value())};
  CHECK(ParseNote(FormatNote(note)).ok());
  note.signatures.push_back(note.signatures.front());
  CHECK_FALSE(ParseNote(FormatNote(note)).ok());

  note.signatures.resize(1);
  note.text = "\n";
  const std::size_t rest = kMaxNoteBytes - FormatNote(note).size();
  note.text = std::string(rest, 'x') + "\n";
  REQUIRE(FormatNote(note).size() == kMaxNoteBytes);
  CHECK(ParseNote(FormatNote(note)).ok());
  note.text.insert(0, "x");
  CHECK_FALSE(ParseNote(FormatNote(note)).ok());
}

TEST_CASE("a known key's bad signature spoils the note, even after a good one; two keys alike are refused") {
  const auto key = Key('a');
  const auto verifier = MakeVerifier("a", KeyType::kEd25519, key.public_key()).value();
  const std::string text = "text\n";
  Note note{text, {SignNoteText(text, "a", key).value()}};
  note.signatures.push_back(note.signatures.front());
  CHECK(VerifyNote(note, std::vector{verifier}).value().size() == 1);
  note.signatures.back().bytes[3] ^= 1;
  CHECK_FALSE(VerifyNote(note, std::vector{verifier}).ok());
  note.signatures.pop_back();
  CHECK_FALSE(VerifyNote(note, std::vector{verifier, verifier}).ok());
  CHECK_FALSE(VerifyNote(note, {}).ok());
}

TEST_CASE("a malformed signature line spoils the note, whoever's it is") {
  const auto key = Key('a');
  const std::string good = FormatNote({"text\n", {SignNoteText("text\n", "a", key).value()}});
  REQUIRE(ParseNote(good).ok());
  for (const std::string line :
       {"- b AAAAAAE=", "\xe2\x80\x94 b", "\xe2\x80\x94 b ", "\xe2\x80\x94 b AAAAAA==",
        "\xe2\x80\x94 b AAAAAAE", "\xe2\x80\x94 b AAAAAAF=", "\xe2\x80\x94 b  AAAAAAE=",
        "\xe2\x80\x94 b AAAAAAE= ", "\xe2\x80\x94 b+c AAAAAAE=", "\xe2\x80\x94  AAAAAAE="}) {
    INFO(line);
    CHECK_FALSE(ParseNote(good + line + "\n").ok());
  }
  CHECK(ParseNote(good + "\xe2\x80\x94 b AAAAAAE=\n").ok());
}

}  // namespace
}  // namespace fundtrail::tree
