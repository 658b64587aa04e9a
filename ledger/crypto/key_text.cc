// See key_text.h.
#include "ledger/crypto/key_text.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/unsigned.h"

namespace fundtrail::crypto {
namespace {

constexpr char kHeader[] = "fundtrail key v1";
constexpr std::size_t kBoxSize =
    crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + SigningKey::kSeedSize;

// N secret bytes, wiped when they go.
template <std::size_t N>
struct Secret {
  std::array<unsigned char, N> bytes{};
  Secret() = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { sodium_memzero(bytes.data(), N); }
  ByteView view() const { return {reinterpret_cast<const char*>(bytes.data()), N}; }
};
using BoxKey = Secret<crypto_secretbox_KEYBYTES>;
using Seed = Secret<SigningKey::kSeedSize>;

Status DeriveBoxKey(std::string_view passphrase, std::string_view salt, BoxKey* key) {
  if (crypto_pwhash(key->bytes.data(), key->bytes.size(), passphrase.data(), passphrase.size(),
                    Unsigned(salt), crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return absl::UnavailableError(
        "not enough memory to work out the key from the passphrase: 256 MiB are needed");
  }
  return absl::OkStatus();
}

Status AppendSealed(const SigningKey& key, std::string_view passphrase, const RandomSource& random,
                    SecretText* text) {
  if (passphrase.empty()) {
    return absl::InvalidArgumentError("the passphrase is empty: give one, or store the key without");
  }
  std::string salt(crypto_pwhash_SALTBYTES, '\0');
  std::string box(kBoxSize, '\0');
  random({Unsigned(salt), salt.size()});
  random({Unsigned(box), crypto_secretbox_NONCEBYTES});
  BoxKey box_key;
  FT_RETURN_IF_ERROR(DeriveBoxKey(passphrase, salt, &box_key));
  crypto_secretbox_easy(Unsigned(box) + crypto_secretbox_NONCEBYTES, Unsigned(key.seed()), key.seed().size(),
                        Unsigned(box), box_key.bytes.data());
  text->Append(absl::StrCat("argon2id ", Base64Encode(salt), "\nbox ", Base64Encode(box), "\n"));
  return absl::OkStatus();
}

void AppendPlain(const SigningKey& key, SecretText* text) {
  text->Append("seed ");
  constexpr std::size_t kEncoded =
      sodium_base64_ENCODED_LEN(SigningKey::kSeedSize, sodium_base64_VARIANT_ORIGINAL);
  sodium_bin2base64(text->free_space(), kEncoded, Unsigned(key.seed()), key.seed().size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text->grow(kEncoded - 1);  // without its NUL
  text->Append("\n");
}

// The fields under the header, each once: name to value.
using Fields = std::map<std::string_view, std::string_view>;

Status BadKeyText(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("this is not a whole fundtrail key file: ", why));
}

StatusOr<Fields> ReadFields(std::string_view text) {
  if (text.size() > kMaxKeyText) return BadKeyText("it is too long");
  if (text.empty() || text.back() != '\n') return BadKeyText("its last line is cut off");
  Fields fields;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() + 1);
    if (number == 1) {
      if (line != kHeader) return BadKeyText(absl::StrCat("its first line is not \"", kHeader, "\""));
      continue;
    }
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return BadKeyText(absl::StrCat("line ", number, " is not a field"));
    if (!fields.emplace(line.substr(0, space), line.substr(space + 1)).second) {
      return BadKeyText(absl::StrCat("line ", number, " repeats a field"));
    }
  }
  const bool sealed = fields.count("box") != 0;
  const std::vector<std::string_view> expected =
      sealed ? std::vector<std::string_view>{"argon2id", "box", "public"}
             : std::vector<std::string_view>{"public", "seed"};
  const bool whole = fields.size() == expected.size() &&
                     std::all_of(expected.begin(), expected.end(),
                                 [&](std::string_view name) { return fields.count(name) != 0; });
  if (!whole) return BadKeyText("its fields must be public and seed, or public, argon2id and box");
  return fields;
}

Status ReadPlain(const Fields& fields, Seed* seed) {
  const std::string_view text = fields.at("seed");
  std::size_t size = 0;
  if (sodium_base642bin(seed->bytes.data(), seed->bytes.size(), text.data(), text.size(), nullptr, &size,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) != 0 ||
      size != seed->bytes.size()) {
    return BadKeyText("the seed cannot be read");
  }
  return absl::OkStatus();
}

Status OpenSealed(const Fields& fields, std::optional<std::string_view> passphrase, Seed* seed) {
  if (!passphrase.has_value()) {
    return absl::InvalidArgumentError(
        "the key is sealed with a passphrase, and none was given: --passphrase-file FILE gives it");
  }
  const auto salt = Base64Decode(fields.at("argon2id"));
  const auto box = Base64Decode(fields.at("box"));
  if (!salt.ok() || salt->size() != crypto_pwhash_SALTBYTES || !box.ok() || box->size() != kBoxSize) {
    return BadKeyText("the sealed part cannot be read");
  }
  BoxKey box_key;
  FT_RETURN_IF_ERROR(DeriveBoxKey(*passphrase, *salt, &box_key));
  if (crypto_secretbox_open_easy(seed->bytes.data(), Unsigned(*box) + crypto_secretbox_NONCEBYTES,
                                 box->size() - crypto_secretbox_NONCEBYTES, Unsigned(*box),
                                 box_key.bytes.data()) != 0) {
    return absl::InvalidArgumentError("the passphrase is wrong, or the file is damaged");
  }
  return absl::OkStatus();
}

}  // namespace

SecretText::~SecretText() { sodium_memzero(bytes_.data(), bytes_.size()); }

void SecretText::Append(std::string_view text) {
  assert(text.size() <= free_size());
  std::copy(text.begin(), text.end(), free_space());
  grow(text.size());
}

Status WriteKeyText(const SigningKey& key, std::optional<std::string_view> passphrase,
                    const RandomSource& random, SecretText* text) {
  text->Append(absl::StrCat(kHeader, "\npublic ", key.public_key().hex(), "\n"));
  if (passphrase.has_value()) return AppendSealed(key, *passphrase, random, text);
  AppendPlain(key, text);
  return absl::OkStatus();
}

StatusOr<SigningKey> ReadKeyText(std::string_view text, std::optional<std::string_view> passphrase) {
  FT_ASSIGN_OR_RETURN(const Fields fields, ReadFields(text));
  const auto public_key = PublicKey::FromHex(fields.at("public"));
  if (!public_key.ok()) return BadKeyText("the public key cannot be read");
  Seed seed;
  if (fields.count("box") != 0) {
    FT_RETURN_IF_ERROR(OpenSealed(fields, passphrase, &seed));
  } else {
    FT_RETURN_IF_ERROR(ReadPlain(fields, &seed));
  }
  FT_ASSIGN_OR_RETURN(SigningKey key, SigningKey::FromSeed(seed.view()));
  if (key.public_key() != *public_key) return BadKeyText("the seed does not belong to the public key");
  return key;
}

}  // namespace fundtrail::crypto
