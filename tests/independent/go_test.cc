// Go's own code (golang.org/x/mod/sumdb, in tests/go) on what the real program publishes, and the real program on what
// it signs.
#include <catch2/catch.hpp>

#include "ledger/crypto/key_file.h"
#include "ledger/tree/checkpoint.h"
#include "tests/cli/real_ledger.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

std::string Quoted(const std::string& vkey) { return " '" + vkey + "' "; }

Ran Go(const Desk& desk, const std::string& arguments) {
  return desk.Shell(FUNDTRAIL_CHECK_ARCHIVE " " + arguments);
}

// The ledger of real payments, whole, and its archive `public`.
void Publish(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    RealLedger ledger(first);
    ledger.ImportTo(1);
    ledger.Archive();
    fs::remove_all(first.path("rows"));
  });
}

// The note with a cosignature by the key in the file, and that witness's vkey.
std::string Cosigned(const Desk& desk, const std::string& checkpoint, const std::string& key_file,
                     std::string* vkey) {
  desk.Run("keygen --out " + key_file);
  const auto key = crypto::ReadKeyFile(desk.path(key_file), std::nullopt).value();
  const auto witness = tree::MakeVerifier("w.example", tree::KeyType::kCosignature, key.public_key()).value();
  *vkey = tree::FormatVkey(witness);
  auto note = tree::ParseNote(checkpoint).value();
  note.signatures.push_back(tree::CosignNoteText(note.text, "w.example", key, 1'767'225'600).value());
  return tree::FormatNote(note);
}

TEST_CASE("Go takes an archive of ours: each record by its proof, each size as a beginning") {
  const Desk desk;
  RealLedger ledger(desk);
  const std::string vkey = Quoted(ledger.vkey());
  ledger.ImportTo(0.3);
  ledger.Archive();
  const auto small = Go(desk, "archive public" + vkey);
  INFO(small.out << small.err);
  CHECK(small.exit == 0);
  desk.write("older", desk.read("public/checkpoint"));

  ledger.ImportTo(1);
  ledger.Archive();
  REQUIRE(fs::exists(desk.path("public/tile/0/000")));
  REQUIRE(fs::exists(desk.path("public/tile/1/000.p/1")));
  const auto whole = Go(desk, "archive public" + vkey);
  INFO(whole.out);
  CHECK(whole.exit == 0);
  CHECK(whole.out != small.out);
  CHECK_THAT(desk.Run("verify public --vkey" + vkey).out,
             Contains(whole.out.substr(0, whole.out.find(' ')) + " records"));
  const auto since = Go(desk, "since public" + vkey + "older");
  INFO(since.out);
  CHECK(since.exit == 0);
}

TEST_CASE("one damaged file of an archive, and Go takes none of it") {
  const Desk desk;
  Publish(desk);
  const std::string vkey = " " + VkeyOf(desk) + " ";
  REQUIRE(Go(desk, "archive public" + vkey).exit == 0);
  std::size_t files = 0;
  for (const auto& file : fs::recursive_directory_iterator(desk.path("public"))) {
    const std::string name = fs::relative(file.path(), desk.path("")).string();
    // The feed is for readers: it is no part of the log, and nobody checks a ledger by it.
    if (!file.is_regular_file() || name.rfind("public/feed/", 0) == 0) continue;
    ++files;
    const std::string bytes = desk.read(name);
    const auto fails = [&](const std::string& damaged) {
      desk.write(name, damaged);
      const auto ran = Go(desk, "archive public" + vkey);
      INFO(name);
      CHECK(ran.exit == 1);
      CHECK_THAT(ran.out, Contains("DOES NOT HOLD"));
    };
    // Not the last letter of the checkpoint's signature: Go ignores the bits behind the last byte.
    for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 10}) {
      INFO("byte " << at);
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ 1);
      fails(flipped);
    }
    fails(bytes.substr(0, bytes.size() - 1));
    fails("");
    desk.write(name, bytes);
  }
  CHECK(files == 6);
  CHECK(Go(desk, "archive public" + vkey).exit == 0);
  desk.Run("keygen --out k2");
  desk.Run("init l2 --name example.org/fts --root-key k2");
  CHECK(Go(desk, "archive public " + VkeyOf(desk, "l2")).exit == 1);
}

TEST_CASE("what our keys sign and cosign, Go takes") {
  const Desk desk;
  Publish(desk);
  const std::string vkey = " " + VkeyOf(desk) + " ";
  REQUIRE(desk.Run("--ledger l proof 260 --out receipt").exit == 0);
  CHECK_THAT(Go(desk, "proof receipt" + vkey).out, Contains("record 260 of "));
  std::string witness, other;
  const std::string plain = desk.read("public/checkpoint");
  const std::string cosigned = Cosigned(desk, plain, "w", &witness);
  CHECK(Go(desk, "archive public" + vkey + Quoted(witness)).exit == 1);
  desk.write("public/checkpoint", cosigned);
  const auto taken = Go(desk, "archive public" + vkey + Quoted(witness));
  INFO(taken.out);
  CHECK(taken.exit == 0);
  const std::string receipt = desk.read("receipt");
  desk.write("receipt", receipt.substr(0, receipt.size() - plain.size()) + cosigned);
  CHECK(Go(desk, "proof receipt" + vkey + Quoted(witness)).exit == 0);

  Cosigned(desk, plain, "w2", &other);
  CHECK(Go(desk, "archive public" + vkey + Quoted(other)).exit == 1);
  // The cosignature covers its time.
  auto note = tree::ParseNote(cosigned).value();
  note.signatures.back().bytes[7] ^= 1;
  desk.write("public/checkpoint", tree::FormatNote(note));
  CHECK(Go(desk, "archive public" + vkey + Quoted(witness)).exit == 1);
}

TEST_CASE("what Go signs, cosigns and proves, our receipts take") {
  const Desk desk;
  Publish(desk);
  for (const char* record : {"0", "1", "255", "256", "290"}) {
    INFO("record " << record);
    const std::string name = std::string("theirs") + record;
    REQUIRE(Go(desk, "make public " + VkeyOf(desk) + " " + record + " " + name).exit == 0);
    const std::string how = " --vkey \"$(cat " + name + ".vkey)\" --policy " + name + ".policy";
    const auto taken = desk.Run("receipt verify " + name + how);
    INFO(taken.out << taken.err);
    CHECK(taken.exit == 0);
    CHECK_THAT(taken.out, Contains("HOLDS  record " + std::string(record) + " of example.org/fts"));
    CHECK_THAT(taken.out, Contains("by go (2026-01-01T00:00:00.000000Z): the policy's quorum \"go\""));

    const std::string text = desk.read(name);
    desk.write("alone", text.substr(0, text.rfind("\xe2\x80\x94 ")));
    CHECK_THAT(desk.Run("receipt verify alone" + how).out, Contains("NO_QUORUM"));
    std::string changed = text;
    changed[text.size() - 20] = changed[text.size() - 20] == 'A' ? 'B' : 'A';  // in the cosignature
    desk.write("changed", changed);
    CHECK_THAT(desk.Run("receipt verify changed" + how).out, Contains("CHECKPOINT_BAD"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
