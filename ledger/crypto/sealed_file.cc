// See sealed_file.h.
#include "ledger/crypto/sealed_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/crypto/unsigned.h"

namespace fundtrail::crypto {
namespace {

constexpr char kSealedHeader[] = "fundtrail sealed v1\n";
// Base64, the fields' names and what seals.
constexpr std::size_t kMaxText = SealedFile::kMaxBytes / 3 * 4 + 4096;

static_assert(SealedFile::Cost().operations == crypto_pwhash_OPSLIMIT_MODERATE &&
              SealedFile::Cost().bytes == crypto_pwhash_MEMLIMIT_MODERATE);
// Of a file: one that somebody else wrote costs no more.
constexpr std::uint64_t kMaxOperations = 16, kLeastMemory = std::uint64_t{8} << 10,
                        kMaxMemory = std::uint64_t{1} << 30;

Status NotWhole(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat(path, " is not a whole sealed file of fundtrail"));
}

bool Consume(std::string_view* text, std::string_view front) {
  if (text->substr(0, front.size()) != front) return false;
  text->remove_prefix(front.size());
  return true;
}

// The next line, which begins so; without that beginning.
bool TakeField(std::string_view* text, std::string_view name, std::string_view* value) {
  const std::size_t end = text->find('\n');
  if (end == std::string_view::npos) return false;
  *value = text->substr(0, end);
  text->remove_prefix(end + 1);
  return Consume(value, name);
}

std::string CostText(const SealedFile::Cost& cost) {
  return absl::StrCat(cost.operations, " ", cost.bytes, " ");
}

// Takes what CostText makes of a cost that a file may have.
bool TakeCost(std::string_view* text, SealedFile::Cost* cost) {
  const std::size_t first = text->find(' ');
  if (first == std::string_view::npos) return false;
  const std::size_t second = text->find(' ', first + 1);
  if (second == std::string_view::npos) return false;
  if (!absl::SimpleAtoi(std::string(text->substr(0, first)), &cost->operations) ||
      !absl::SimpleAtoi(std::string(text->substr(first + 1, second - first - 1)), &cost->bytes))
    return false;
  return cost->operations >= 1 && cost->operations <= kMaxOperations && cost->bytes >= kLeastMemory &&
         cost->bytes <= kMaxMemory && Consume(text, CostText(*cost));
}

// Waits until nobody else has the file open.
StatusOr<int> Lock(const std::string& path) {
  const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0) return SystemError("make", path);
  int locked = 0;
  do {
    locked = ::flock(lock, LOCK_EX);
  } while (locked != 0 && errno == EINTR);
  if (locked == 0) return lock;
  Status failed = SystemError("lock", path);
  ::close(lock);
  return failed;
}

Status CheckOwn(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0)
    return errno == ENOENT ? absl::OkStatus() : SystemError("look at", path);
  if ((info.st_mode & 077) == 0) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat(path, " is open to others than its owner: run chmod 600 ", path));
}

}  // namespace

struct SealedFile::Key {
  Cost cost;
  std::string salt = std::string(crypto_pwhash_SALTBYTES, '\0');
  std::array<unsigned char, crypto_secretbox_KEYBYTES> bytes{};

  Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { sodium_memzero(bytes.data(), bytes.size()); }

  Status Derive(std::string_view passphrase) {
    if (crypto_pwhash(bytes.data(), bytes.size(), passphrase.data(), passphrase.size(), Unsigned(salt),
                      cost.operations, static_cast<std::size_t>(cost.bytes),
                      crypto_pwhash_ALG_ARGON2ID13) == 0)
      return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat(
        "not enough memory to work out the key from the passphrase: ", cost.bytes >> 20, " MiB are needed"));
  }
};

SealedFile::SealedFile(std::string path, RandomSource random, int lock)
    : path_(std::move(path)), random_(std::move(random)), lock_(lock), key_(std::make_unique<Key>()) {}

SealedFile::~SealedFile() {
  sodium_memzero(content_.data(), content_.size());
  ::close(lock_);
}

StatusOr<std::unique_ptr<SealedFile>> SealedFile::Open(const std::string& path, std::string_view passphrase,
                                                       const RandomSource& random) {
  return Open(path, passphrase, random, Cost());
}

StatusOr<std::unique_ptr<SealedFile>> SealedFile::Open(const std::string& path, std::string_view passphrase,
                                                       const RandomSource& random, Cost cost) {
  if (passphrase.empty()) return absl::InvalidArgumentError("the passphrase is empty: give one");
  FT_ASSIGN_OR_RETURN(const int lock, Lock(path + ".lock"));
  std::unique_ptr<SealedFile> file(new SealedFile(path, random, lock));
  FT_RETURN_IF_ERROR(CheckOwn(path));
  FT_ASSIGN_OR_RETURN(const auto kept, ReadKeptFile(path, kMaxText));
  Key& key = *file->key_;
  if (!kept.has_value()) {
    key.cost = cost;
    random({Unsigned(key.salt), key.salt.size()});
    FT_RETURN_IF_ERROR(key.Derive(passphrase));
    return file;
  }
  std::string_view text = *kept, salt_text, box_text;
  if (!Consume(&text, kSealedHeader) || !TakeField(&text, "argon2id ", &salt_text) ||
      !TakeCost(&salt_text, &key.cost) || !TakeField(&text, "box ", &box_text) || !text.empty())
    return NotWhole(path);
  auto salt = Base64Decode(salt_text);
  const auto box = Base64Decode(box_text);
  constexpr std::size_t kAround = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (!salt.ok() || salt->size() != crypto_pwhash_SALTBYTES || !box.ok() || box->size() < kAround)
    return NotWhole(path);
  key.salt = *std::move(salt);
  FT_RETURN_IF_ERROR(key.Derive(passphrase));
  file->content_.resize(box->size() - kAround);
  if (crypto_secretbox_open_easy(Unsigned(file->content_), Unsigned(*box) + crypto_secretbox_NONCEBYTES,
                                 box->size() - crypto_secretbox_NONCEBYTES, Unsigned(*box),
                                 key.bytes.data()) != 0)
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": the passphrase is wrong, or the file is damaged"));
  return file;
}

Status SealedFile::Write(Bytes content) {
  if (content.size() > kMaxBytes)
    return absl::InvalidArgumentError(
        absl::StrCat(path_, " would have more than the ", kMaxBytes, " bytes that it may have"));
  std::string box(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + content.size(), '\0');
  random_({Unsigned(box), crypto_secretbox_NONCEBYTES});
  crypto_secretbox_easy(Unsigned(box) + crypto_secretbox_NONCEBYTES, Unsigned(content), content.size(),
                        Unsigned(box), key_->bytes.data());
  FT_RETURN_IF_ERROR(
      WriteFileAtomically(path_,
                          absl::StrCat(kSealedHeader, "argon2id ", CostText(key_->cost),
                                       Base64Encode(key_->salt), "\nbox ", Base64Encode(box), "\n"),
                          0600));
  sodium_memzero(content_.data(), content_.size());
  content_ = std::move(content);
  return absl::OkStatus();
}

}  // namespace fundtrail::crypto
