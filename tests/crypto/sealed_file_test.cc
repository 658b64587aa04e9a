// Sealed files: whoever has no passphrase learns nothing, and what is cut short leaves the old content or the new one.
#include "ledger/crypto/sealed_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "tests/support/temp_dir.h"

namespace fundtrail::crypto {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The usual cost takes a second each time.
constexpr SealedFile::Cost kCheap = {1, std::uint64_t{8} << 10};

StatusOr<std::unique_ptr<SealedFile>> Open(const std::string& path, const std::string& passphrase) {
  return SealedFile::Open(path, passphrase, SystemRandom(), kCheap);
}

unsigned ModeOf(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

void Put(const std::string& path, const std::string& content) {
  auto file = Open(path, "correct horse");
  REQUIRE(file.ok());
  REQUIRE((*file)->Write(content).ok());
}

absl::StatusCode CodeOf(const std::string& path, const std::string& passphrase) {
  return Open(path, passphrase).status().code();
}

TEST_CASE("a sealed file gives back what was written, to its owner with the passphrase alone") {
  REQUIRE(Init().ok());
  const testing::TempDir dir;
  const std::string path = dir / "persons";
  {
    auto file = Open(path, "correct horse");
    REQUIRE(file.ok());
    CHECK((*file)->content().empty());
    CHECK_FALSE(std::filesystem::exists(path));  // nothing is made before something is written
    REQUIRE((*file)->Write("Li Si").ok());
    CHECK((*file)->content() == "Li Si");
    const std::string first = ReadAll(path);
    CHECK(ModeOf(path) == 0600);
    CHECK(first.find("Li Si") == std::string::npos);
    REQUIRE((*file)->Write("Li Si").ok());
    CHECK(ReadAll(path) != first);  // another nonce
    CHECK((*file)->Write(Bytes(SealedFile::kMaxBytes + 1, 'x')).code() == absl::StatusCode::kInvalidArgument);
    CHECK((*file)->content() == "Li Si");
  }
  CHECK((*Open(path, "correct horse"))->content() == "Li Si");
  CHECK(CodeOf(path, "wrong horse") == absl::StatusCode::kInvalidArgument);
  CHECK(CodeOf(path, "") == absl::StatusCode::kInvalidArgument);
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  CHECK(CodeOf(path, "correct horse") == absl::StatusCode::kPermissionDenied);
}

TEST_CASE("a sealed file has its own cost, and a new one libsodium's moderate") {
  REQUIRE(Init().ok());
  const testing::TempDir dir;
  const std::string path = dir / "persons";
  Put(path, "Li Si");
  const std::string cheap = ReadAll(path);
  CHECK(cheap.find("\nargon2id 1 8192 ") != std::string::npos);
  CHECK((*SealedFile::Open(path, "correct horse", SystemRandom()))->content() == "Li Si");
  // No cost that is too low, too high, or written otherwise; and another cost is another key.
  for (const char* cost : {"0 8192", "17 8192", "1 8191", "1 1073741825", "01 8192", "1 +8192", "1",
                           "-1 8192", "18446744073709551617 8192", "2 8192"}) {
    INFO(cost);
    std::string changed = cheap;
    changed.replace(changed.find("1 8192"), 6, cost);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << changed;
    CHECK(CodeOf(path, "correct horse") == absl::StatusCode::kInvalidArgument);
  }
  const std::string usual = dir / "usual";
  auto file = SealedFile::Open(usual, "correct horse", SystemRandom());
  REQUIRE(file.ok());
  REQUIRE((*file)->Write("Li Si").ok());
  CHECK(ReadAll(usual).find("\nargon2id 3 268435456 ") != std::string::npos);
}

TEST_CASE("a changed or cut sealed file is refused") {
  REQUIRE(Init().ok());
  const testing::TempDir dir;
  const std::string path = dir / "persons";
  Put(path, "Li Si");
  const std::string whole = ReadAll(path);
  const auto put = [&](const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
  };
  for (const std::size_t cut : {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 1}) {
    INFO("cut to " << cut);
    put(whole.substr(0, cut));
    CHECK(CodeOf(path, "correct horse") == absl::StatusCode::kInvalidArgument);
  }
  std::string changed = whole;
  char& sign = changed[whole.size() - 8];
  sign = sign == 'A' ? 'B' : 'A';
  put(changed);
  CHECK(CodeOf(path, "correct horse") == absl::StatusCode::kInvalidArgument);
  put(whole + "more\n");
  CHECK(CodeOf(path, "correct horse") == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a write that is cut short leaves the old content, and the next one puts the new in its place") {
  REQUIRE(Init().ok());
  const testing::TempDir dir;
  const std::string path = dir / "persons";
  Put(path, "old");
  // What a process that was killed in the middle of a write leaves beside the file.
  std::ofstream(path + ".part", std::ios::binary) << "fundtrail sealed v1\nargon2id";
  CHECK((*Open(path, "correct horse"))->content() == "old");
  Put(path, "new");
  CHECK((*Open(path, "correct horse"))->content() == "new");
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
  // A folder that takes no new file: the old content stays, and the error is told. Root may write anywhere.
  if (::geteuid() == 0) return;
  auto file = Open(path, "correct horse");
  REQUIRE(file.ok());
  REQUIRE(::chmod((dir / "").c_str(), 0500) == 0);
  CHECK((*file)->Write("newer").code() == absl::StatusCode::kUnavailable);
  CHECK((*file)->content() == "new");
  REQUIRE(::chmod((dir / "").c_str(), 0700) == 0);
}

}  // namespace
}  // namespace fundtrail::crypto
