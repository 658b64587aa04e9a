// tlog-proof files: the form, byte for byte, and proofs made from tessera's log.
#include "ledger/tree/proof.h"

#include <catch2/catch.hpp>

#include "tests/tree/node_store.h"

namespace fundtrail::tree {
namespace {

TEST_CASE("tlog-proof-syntax.json: what is taken is written back, and the rest refused") {
  const auto file = ReadJson("proof/tlog-proof-syntax.json");
  REQUIRE(file["cases"].size() == 10);
  int good = 0;
  for (const auto& test : file["cases"]) {
    const std::string text = test["text"];
    INFO(text);
    const auto proof = ParseProof(text);
    CHECK(proof.ok() == (test["expect"] == "ok"));
    if (!proof.ok()) continue;
    ++good;
    CHECK(FormatProof(*proof) == text);
    CHECK(proof->index == test["index"].get<std::uint64_t>());
    CHECK(proof->path.size() == test["hashes"].get<std::size_t>());
    CHECK(proof->extra == test.value("extra", ""));
  }
  CHECK(good == 3);
}

TEST_CASE("one text for one proof: every other form is refused, with the line") {
  const std::string hash = "yiM+eia4w1wsk/Ukx7kF56IQVkDW3MWUaUz/VtJu+yU=\n";
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  CHECK(ParseProof(first + "index 18446744073709551615\n\nnote\n").value().index == ~std::uint64_t{0});
  CHECK(ParseProof(first + "index 0\n\n\n").value().checkpoint ==
        "\n");  // the note's form is judged elsewhere
  const struct {
    std::string text, says;
  } kCases[] = {
      {"", "its first line"},
      {"c2sp.org/tlog-proof@v1", "its first line"},
      {"c2sp.org/tlog-proof@v1\r\nindex 0\n\nx\n", "its first line"},
      {"c2sp.org/tlog-proof@v2\nindex 0\n\nx\n", "its first line"},
      {first, "line 2 is not \"index\""},
      {first + "index\n\nx\n", "line 2 is not \"index\""},
      {first + "index \n\nx\n", "line 2 is not \"index\""},
      {first + "index 00\n\nx\n", "line 2 is not \"index\""},
      {first + "index +1\n\nx\n", "line 2 is not \"index\""},
      {first + "index 1 \n\nx\n", "line 2 is not \"index\""},
      {first + "index 18446744073709551616\n\nx\n", "line 2 is not \"index\""},
      {first + "Index 1\n\nx\n", "line 2 is not \"index\""},
      {first + "extra eA==\nindex x\n\nx\n", "line 3 is not \"index\""},
      {first + "extra eA==\nextra eA==\nindex 1\n\nx\n", "line 3 is not \"index\""},
      {first + "index 1\nextra eA==\n\nx\n", "line 3 is not a hash"},
      {first + "extra \nindex 1\n\nx\n", "line 2: what follows \"extra\""},
      {first + "extra eA\nindex 1\n\nx\n", "line 2: what follows \"extra\""},
      {first + "extra eB==\nindex 1\n\nx\n", "line 2: what follows \"extra\""},
      {first + "index 1\n" + hash + "x" + hash + "\nx\n", "line 4 is not a hash"},
      {first + "index 1\neA==\n\nx\n", "line 3 is not a hash"},
      {first + "index 1\n" + hash, "it ends before the empty line"},
      {first + "index 1\n" + hash + "\n", "it has no checkpoint"},
  };
  for (const auto& one : kCases) {
    INFO(one.text);
    const auto proof = ParseProof(one.text);
    REQUIRE_FALSE(proof.ok());
    CHECK(proof.status().message().find("this is not a tlog-proof: " + one.says) == 0);
  }
}

TEST_CASE("the bounds: 64 hashes and 2 MB, and no more") {
  Proof proof{"", 5, std::vector<Hash>(kMaxProofHashes), "note\n"};
  CHECK(ParseProof(FormatProof(proof)).value() == proof);
  proof.path.emplace_back();
  CHECK_FALSE(ParseProof(FormatProof(proof)).ok());
  proof.path.clear();
  proof.checkpoint.insert(0, kMaxProofBytes - FormatProof(proof).size(), 'x');
  CHECK(ParseProof(FormatProof(proof)).ok());
  proof.checkpoint.insert(0, 1, 'x');
  CHECK_FALSE(ParseProof(FormatProof(proof)).ok());
}

TEST_CASE("the proofs of tessera's log verify, and none does after a change") {
  REQUIRE(crypto::Init().ok());
  const auto entries = ReadJson("proof/tessera-derived/entries.json");
  std::string vkey = ReadVector("tessera-log/VKEY");
  vkey.erase(vkey.find_last_not_of('\n') + 1);
  Policy policy;
  policy.logs.push_back({ParseVkey(vkey).value(), ""});
  int proofs = 0;
  for (const int size : {1, 2, 3, 7, 8, 13, 15}) {
    for (int index = 0; index < size; ++index) {
      const std::string name = std::to_string(index) + "-of-" + std::to_string(size) + ".tlog-proof";
      INFO(name);
      const std::string text = ReadVector("proof/tessera-derived/" + name);
      const Proof proof = ParseProof(text).value();
      CHECK(FormatProof(proof) == text);
      const Hash leaf = LeafHash(entries["entries"][static_cast<std::size_t>(index)].get<std::string>());
      CHECK(leaf.hex() == entries["leaf_hash_hex"][static_cast<std::size_t>(index)]);
      const auto accepted = VerifyProof(proof, leaf, policy);
      REQUIRE(accepted.ok());
      CHECK(accepted->checkpoint.size == static_cast<std::uint64_t>(size));
      ++proofs;

      CHECK_FALSE(VerifyProof(proof, LeafHash("another entry"), policy).ok());
      Proof changed = proof;
      changed.index += 1;
      CHECK_FALSE(VerifyProof(changed, leaf, policy).ok());
      changed = proof;
      changed.path.emplace_back();
      CHECK_FALSE(VerifyProof(changed, leaf, policy).ok());
      for (std::size_t i = 0; i < proof.path.size(); ++i) {
        changed = proof;
        changed.path[i].bytes[31] ^= 1;
        CHECK_FALSE(VerifyProof(changed, leaf, policy).ok());
      }
      changed = proof;
      changed.checkpoint.replace(changed.checkpoint.find('\n') + 1, 1, "9");
      CHECK_FALSE(VerifyProof(changed, leaf, policy).ok());
      CHECK_FALSE(VerifyProof(proof, leaf, Policy()).ok());
    }
  }
  CHECK(proofs == 49);
}

TEST_CASE("what is unauthenticated does not change the verdict; a missing quorum does") {
  REQUIRE(crypto::Init().ok());
  Proof proof = ParseProof(ReadVector("proof/tessera-derived/4-of-13.tlog-proof")).value();
  std::string vkey = ReadVector("tessera-log/VKEY");
  vkey.erase(vkey.find_last_not_of('\n') + 1);
  const std::string log = "log " + vkey + "\n";
  const auto key = crypto::SigningKey::FromSeed(std::string(32, 'w')).value();
  const std::string witness =
      FormatVkey(MakeVerifier("w.example", KeyType::kCosignature, key.public_key()).value());
  const Policy policy = ParsePolicy(log + "witness w " + witness + "\nquorum w\n").value();
  proof.extra = "anything";
  CHECK(VerifyProof(proof, LeafHash("five"), ParsePolicy(log + "quorum none\n").value()).ok());
  CHECK(VerifyProof(proof, LeafHash("five"), policy).status().code() ==
        absl::StatusCode::kFailedPrecondition);
  Note note = ParseNote(proof.checkpoint).value();
  note.signatures.push_back(CosignNoteText(note.text, "w.example", key, 1).value());
  proof.checkpoint = FormatNote(note);
  CHECK(VerifyProof(proof, LeafHash("five"), policy).ok());
}

}  // namespace
}  // namespace fundtrail::tree
