// See note.h. The form of a note, signing and verifying.
#include "ledger/tree/note.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail::tree {
namespace {

constexpr std::string_view kSignaturePrefix = "\xe2\x80\x94 ";  // an em dash and a space
constexpr std::size_t kKeyIdSize = 4;
constexpr std::size_t kTimestampSize = 8;
constexpr std::uint64_t kMaxTimestamp = std::numeric_limits<std::int64_t>::max();

Status BadNote(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("this is not a signed note: ", why));
}

// `line` without its line feed.
StatusOr<NoteSignature> ParseSignatureLine(std::string_view line) {
  const auto bad = BadNote("after its last blank line, every line must be \"— name base64\"");
  if (line.substr(0, kSignaturePrefix.size()) != kSignaturePrefix) return bad;
  line.remove_prefix(kSignaturePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !IsKeyName(line.substr(0, space))) return bad;
  const auto payload = Base64Decode(line.substr(space + 1));
  if (!payload.ok() || payload->size() <= kKeyIdSize) return bad;
  return NoteSignature{std::string(line.substr(0, space)), ReadBigEndian32(*payload),
                       payload->substr(kKeyIdSize)};
}

Status BadSignature(const Verifier& verifier) {
  return absl::InvalidArgumentError(
      absl::StrCat("the signature by ", Escaped(verifier.name), " does not fit the note's text"));
}

// What a cosignature is over (C2SP tlog-cosignature).
std::string CosignedMessage(std::string_view text, std::uint64_t timestamp) {
  std::string message = absl::StrCat("cosignature/v1\ntime ", timestamp, "\n");
  message += text;
  return message;
}

// The timestamp of a good signature, 0 when it has none.
StatusOr<std::uint64_t> VerifyOne(std::string_view text, const Verifier& verifier, std::string_view bytes) {
  std::uint64_t timestamp = 0;
  std::string cosigned;
  if (verifier.type == KeyType::kCosignature) {
    if (bytes.size() < kTimestampSize) return BadSignature(verifier);
    timestamp = ReadBigEndian64(bytes);
    if (timestamp > kMaxTimestamp) return BadSignature(verifier);
    bytes.remove_prefix(kTimestampSize);
    cosigned = CosignedMessage(text, timestamp);
    text = cosigned;
  }
  const auto signature = crypto::Signature::FromBytes(bytes);
  if (!signature.ok() || !crypto::Verify(verifier.key, text, *signature)) return BadSignature(verifier);
  return timestamp;
}

}  // namespace

Status CheckNoteText(std::string_view text) {
  if (text.empty() || text.back() != '\n') return BadNote("its text must end with a line feed");
  if (text.size() > kMaxNoteBytes) return BadNote("it is longer than 1 MB");
  const bool control = std::any_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
  if (control || !IsUtf8(text)) return BadNote("it holds control characters, or is not UTF-8");
  return absl::OkStatus();
}

StatusOr<Note> ParseNote(std::string_view note) {
  FT_RETURN_IF_ERROR(CheckNoteText(note));
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos) return BadNote("it has no blank line before its signatures");
  Note parsed;
  parsed.text = note.substr(0, blank + 1);
  std::string_view lines = note.substr(blank + 2);
  if (lines.empty()) return BadNote("it has no signatures");
  while (!lines.empty()) {
    if (parsed.signatures.size() == kMaxNoteSignatures) return BadNote("it has more than 100 signatures");
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(line.size() + 1);
    FT_ASSIGN_OR_RETURN(NoteSignature signature, ParseSignatureLine(line));
    parsed.signatures.push_back(std::move(signature));
  }
  return parsed;
}

std::string FormatNote(const Note& note) {
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    Bytes payload;
    AppendBigEndian32(&payload, signature.key_id);
    payload += signature.bytes;
    text += kSignaturePrefix;
    absl::StrAppend(&text, signature.name, " ", Base64Encode(payload), "\n");
  }
  return text;
}

StatusOr<NoteSignature> SignNoteText(std::string_view text, std::string_view name,
                                     const crypto::SigningKey& key) {
  FT_RETURN_IF_ERROR(CheckNoteText(text));
  FT_ASSIGN_OR_RETURN(Verifier signer, MakeVerifier(name, KeyType::kEd25519, key.public_key()));
  return NoteSignature{std::move(signer.name), signer.key_id, Bytes(key.Sign(text).view())};
}

StatusOr<NoteSignature> CosignNoteText(std::string_view text, std::string_view name,
                                       const crypto::SigningKey& key, std::uint64_t timestamp) {
  FT_RETURN_IF_ERROR(CheckNoteText(text));
  FT_ASSIGN_OR_RETURN(Verifier signer, MakeVerifier(name, KeyType::kCosignature, key.public_key()));
  if (timestamp > kMaxTimestamp)
    return absl::InvalidArgumentError("a cosignature's timestamp is at most 2^63 - 1 seconds");
  Bytes bytes;
  AppendBigEndian64(&bytes, timestamp);
  bytes += key.Sign(CosignedMessage(text, timestamp)).view();
  return NoteSignature{std::move(signer.name), signer.key_id, std::move(bytes)};
}

StatusOr<std::vector<GoodSignature>> VerifyNote(const Note& note, std::span<const Verifier> known) {
  std::map<std::pair<std::string_view, std::uint32_t>, std::size_t> by_name;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!by_name.emplace(std::pair(std::string_view(known[i].name), known[i].key_id), i).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("two of the keys to verify with have the same name and ID: ", FormatVkey(known[i])));
    }
  }
  std::vector<GoodSignature> good;
  std::set<std::size_t> seen;
  for (const NoteSignature& signature : note.signatures) {
    const auto found = by_name.find({signature.name, signature.key_id});
    if (found == by_name.end()) continue;
    // One of a key's later signatures may be bad too, and spoils the note as well: so check before skipping.
    FT_ASSIGN_OR_RETURN(const std::uint64_t timestamp,
                        VerifyOne(note.text, known[found->second], signature.bytes));
    if (seen.insert(found->second).second) good.push_back({found->second, timestamp});
  }
  if (good.empty())
    return absl::InvalidArgumentError("the note has no signature by a key that is known here");
  return good;
}

}  // namespace fundtrail::tree
