// Signed notes (C2SP signed-note v1.0.0): a text, a blank line, and lines of signatures.
//
//   — <key name> <base64 of: 4 bytes key ID, signature>
//
// A key is known by its name and ID together. Two types are understood: Ed25519 (01), how a log signs, and
// the timestamped Ed25519 cosignature (04, C2SP tlog-cosignature v1.0.1), how a witness does. Signatures by
// other keys are ignored, whatever they hold; a bad signature by a known key spoils the note.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::tree {

// The bounds of Go's x/mod, which others keep to: what is above them is refused unread.
inline constexpr std::size_t kMaxNoteBytes = 1'000'000;
inline constexpr std::size_t kMaxNoteSignatures = 100;

enum class KeyType : std::uint8_t { kEd25519 = 0x01, kCosignature = 0x04 };

// Whether `name` may be a key's: not empty, UTF-8, no white space (Unicode's), control character or plus
// sign.
bool IsKeyName(std::string_view name);

// A public key with the name it goes by. Make it with MakeVerifier or ParseVkey, which set the ID.
struct Verifier {
  std::string name;
  std::uint32_t key_id = 0;  // SHA-256(name || 0A || type || key), its first four bytes
  KeyType type = KeyType::kEd25519;
  crypto::PublicKey key;
  friend bool operator==(const Verifier&, const Verifier&) = default;
};

// INVALID_ARGUMENT when IsKeyName(name) is false.
StatusOr<Verifier> MakeVerifier(std::string_view name, KeyType type, const crypto::PublicKey& key);
// The vkey text "name+8 hex digits+base64", as it is published. Parsing checks the ID.
StatusOr<Verifier> ParseVkey(std::string_view vkey);
std::string FormatVkey(const Verifier& verifier);

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes bytes;  // what follows the key ID, never empty
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct Note {
  std::string text;  // ends with a line feed
  std::vector<NoteSignature> signatures;
  friend bool operator==(const Note&, const Note&) = default;
};

// Whether it is a note's text: ends with a line feed, UTF-8, no byte below 0x20 but line feeds.
Status CheckNoteText(std::string_view text);
// The form alone: it verifies nothing. What it returns, FormatNote writes back byte for byte.
StatusOr<Note> ParseNote(std::string_view note);
std::string FormatNote(const Note& note);

// `text` signed with a type-01 signature, by the key under that name. INVALID_ARGUMENT when text or name
// cannot be a note's.
StatusOr<NoteSignature> SignNoteText(std::string_view text, std::string_view name,
                                     const crypto::SigningKey& key);

// `text` cosigned with a type-04 signature, by the witness's key under that name. It says that the witness saw the text
// at `timestamp` (seconds since 1970). Only for a checkpoint's text that the witness has checked. INVALID_ARGUMENT when
// text or name cannot be a note's, or the timestamp is above 2^63 - 1.
StatusOr<NoteSignature> CosignNoteText(std::string_view text, std::string_view name,
                                       const crypto::SigningKey& key, std::uint64_t timestamp);

// A signature that verified.
struct GoodSignature {
  std::size_t verifier = 0;     // which of the verifiers that were given
  std::uint64_t timestamp = 0;  // of a cosignature: seconds since 1970, at most 2^63 - 1; else 0
  friend bool operator==(const GoodSignature&, const GoodSignature&) = default;
};

// The good signatures in a note, in its order; of a key's several, the first. INVALID_ARGUMENT when a known
// key's signature is bad, when none is by a known key, or when two verifiers have the same name and ID.
StatusOr<std::vector<GoodSignature>> VerifyNote(const Note& note, std::span<const Verifier> known);

}  // namespace fundtrail::tree
