// Key files: what is written can be read by its owner alone, and damage never gives a wrong key.
#include "ledger/crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fundtrail::crypto {
namespace {

class KeyFolder {
 public:
  KeyFolder() {
    REQUIRE(Init().ok());
    std::string name = (std::filesystem::temp_directory_path() / "fundtrail-keys-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~KeyFolder() { std::filesystem::remove_all(folder_); }
  KeyFolder(const KeyFolder&) = delete;
  KeyFolder& operator=(const KeyFolder&) = delete;
  std::string path(const std::string& name = "clerk.key") const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

SigningKey TestKey() { return SigningKey::FromSeed(std::string(32, 'S')).value(); }

// A source that counts up, so that salt and nonce can be foretold.
RandomSource Counting() {
  return [next = std::uint8_t{0}](std::span<std::uint8_t> out) mutable {
    for (std::uint8_t& byte : out) byte = next++;
  };
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void Put(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string PlainText() {
  return "fundtrail key v1\npublic " + TestKey().public_key().hex() +
         "\nseed U1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1NTU1M=\n";
}

TEST_CASE("a plain key file has the documented text, mode 0600, and reads back") {
  const KeyFolder folder;
  REQUIRE(WriteKeyFile(folder.path(), TestKey(), std::nullopt, SystemRandom()).ok());
  CHECK(ReadAll(folder.path()) == PlainText());
  struct stat info {};
  REQUIRE(::stat(folder.path().c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
  CHECK(ReadKeyFile(folder.path(), std::nullopt).value().public_key() == TestKey().public_key());
}

TEST_CASE("a key is never overwritten") {
  const KeyFolder folder;
  Put(folder.path(), "precious");
  const Status status = WriteKeyFile(folder.path(), TestKey(), std::nullopt, SystemRandom());
  CHECK(status.code() == absl::StatusCode::kAlreadyExists);
  CHECK(std::string(status.message()).find("never overwritten") != std::string::npos);
  CHECK(ReadAll(folder.path()) == "precious");

  REQUIRE(::symlink(folder.path("elsewhere").c_str(), folder.path("link").c_str()) == 0);
  CHECK(WriteKeyFile(folder.path("link"), TestKey(), std::nullopt, SystemRandom()).code() ==
        absl::StatusCode::kAlreadyExists);
  CHECK_FALSE(std::filesystem::exists(folder.path("elsewhere")));
}

TEST_CASE("a sealed key opens with its passphrase only, and the file does not show the seed") {
  const KeyFolder folder;
  REQUIRE(WriteKeyFile(folder.path(), TestKey(), "correct horse", Counting()).ok());
  const std::string text = ReadAll(folder.path());
  CHECK(text.find("U1NTU1NT") == std::string::npos);
  CHECK(text.find("\nargon2id AAECAwQFBgcICQoLDA0ODw==\nbox EBESExQVFhcYGRobHB0eHyAhIiMkJSYn") !=
        std::string::npos);

  CHECK(ReadKeyFile(folder.path(), "correct horse").value().public_key() == TestKey().public_key());
  const Status wrong = ReadKeyFile(folder.path(), "correct horsf").status();
  CHECK(wrong.code() == absl::StatusCode::kInvalidArgument);
  CHECK(wrong.message() == folder.path() + ": the passphrase is wrong, or the file is damaged");
  CHECK(ReadKeyFile(folder.path(), std::nullopt).status().message() ==
        folder.path() +
            ": the key is sealed with a passphrase, and none was given: --passphrase-file FILE gives it");

  Put(folder.path("flipped"), Replaced(text, "box EBES", "box EBET"));
  CHECK_FALSE(ReadKeyFile(folder.path("flipped"), "correct horse").ok());
  Put(folder.path("short-salt"), Replaced(text, "argon2id AAEC", "argon2id "));
  CHECK_FALSE(ReadKeyFile(folder.path("short-salt"), "correct horse").ok());
}

TEST_CASE("an empty passphrase is refused before a file is made") {
  const KeyFolder folder;
  CHECK(WriteKeyFile(folder.path(), TestKey(), "", SystemRandom()).code() ==
        absl::StatusCode::kInvalidArgument);
  CHECK_FALSE(std::filesystem::exists(folder.path()));
}

TEST_CASE("a file that others may touch is refused, and the error says chmod 600") {
  const KeyFolder folder;
  REQUIRE(WriteKeyFile(folder.path(), TestKey(), std::nullopt, SystemRandom()).ok());
  for (const mode_t mode : {0640, 0620, 0610, 0604, 0602, 0601, 0644}) {
    INFO("mode " << std::oct << mode);
    REQUIRE(::chmod(folder.path().c_str(), mode) == 0);
    const Status status = ReadKeyFile(folder.path(), std::nullopt).status();
    CHECK(status.code() == absl::StatusCode::kPermissionDenied);
    CHECK(std::string(status.message()).find("chmod 600 " + folder.path()) != std::string::npos);
  }
  REQUIRE(::chmod(folder.path().c_str(), 0400) == 0);
  CHECK(ReadKeyFile(folder.path(), std::nullopt).ok());
}

TEST_CASE("damaged or foreign files are refused with the reason") {
  const KeyFolder folder;
  const std::string plain = PlainText();
  const struct {
    std::string text;
    std::string why;
  } cases[] = {
      {"", "cut off"},
      {plain.substr(0, plain.size() - 1), "cut off"},
      {Replaced(plain, "key v1", "key v2"), "first line"},
      {Replaced(plain, "seed ", "sead "), "fields"},
      {plain + "comment hello\n", "fields"},
      {plain + plain.substr(plain.find("seed")), "repeats"},
      {plain + "\n", "not a field"},
      {Replaced(plain, "public ", "public x"), "public key"},
      {Replaced(plain, "seed U1N", "seed U1M"), "does not belong"},
      {Replaced(plain, "U1M=", "U1N="), "seed cannot be read"},
      {Replaced(plain, "U1NTU1M=", "U1M="), "seed cannot be read"},
      {Replaced(plain, "seed ", "seed  "), "seed cannot be read"},
      {plain + std::string(2000, 'x') + "\n", "too long"},
  };
  for (const auto& [text, why] : cases) {
    INFO(text);
    Put(folder.path(), text);
    const Status status = ReadKeyFile(folder.path(), std::nullopt).status();
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    INFO(status.message());
    CHECK(std::string(status.message()).find(why) != std::string::npos);
  }
  Put(folder.path(), plain);
  CHECK(ReadKeyFile(folder.path(), std::nullopt).ok());
}

TEST_CASE("what is no file is refused and never waited for") {
  const KeyFolder folder;
  CHECK(ReadKeyFile(folder.path("none"), std::nullopt).status().code() == absl::StatusCode::kNotFound);
  CHECK(ReadKeyFile(folder.path(""), std::nullopt).status().code() == absl::StatusCode::kInvalidArgument);
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  CHECK(ReadKeyFile(folder.path("pipe"), std::nullopt).status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(WriteKeyFile(folder.path("no/such/folder.key"), TestKey(), std::nullopt, SystemRandom()).code() ==
        absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace fundtrail::crypto
