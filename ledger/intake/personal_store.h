// What a body keeps of natural persons beside the ledger, so that it can be shown, proved and erased. It has for each
// value a salt, and the hash that the ledger has of it (model/personal.h). docs/privacy.md is the page for people.
//
// PersonalBook is the content, without the disk. It is text that a sealed file holds (crypto/sealed_file.h):
//
//   person ID REF               a person, and the body's own name for it
//   field ID FIELD SALT VALUE HASH
//   erased ID FIELD HASH        the salt and the value are gone; the ledger does not say so yet
//   told ID FIELD HASH          and the ledger says so
//
// in the order in which it came about. REF, SALT and VALUE are hex.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::intake {

inline constexpr std::size_t kMaxValueBytes = 2000;
inline constexpr std::size_t kMaxPersonalFields =
    64;  // of a person at a time, as a party may have commitments

struct PersonalField {
  enum class State { kKept, kErased, kTold };
  std::string field, hash;  // the hash in hex
  State state = State::kKept;
  Bytes salt, value;  // empty unless it is kept
};

struct Person {
  std::string id, ref;
  std::vector<PersonalField> fields;  // a field that was committed to again is listed again
};

// What one auditor is given: with it anybody can check one hash, and learns one value.
struct PersonalProof {
  std::string party, field;
  Bytes salt, value;
};
std::string ProofText(const PersonalProof& proof);
// INVALID_ARGUMENT when it is not what ProofText makes.
StatusOr<PersonalProof> ParseProof(std::string_view text);
// The hash that the ledger has when the proof is right, in hex.
std::string HashOf(const PersonalProof& proof);

class PersonalBook {
 public:
  // INVALID_ARGUMENT when it is none, or a hash is not that of its salt and value.
  static StatusOr<PersonalBook> Parse(std::string_view text);
  Bytes Text() const;

  const std::vector<Person>& persons() const { return persons_; }
  // By its id, or by the body's own name for it; null when there is none.
  const Person* Find(std::string_view id_or_ref) const;

  // A new person; the answer is its id: "hh-" and 26 random letters and digits of base32, lower case (130 bits).
  // ALREADY_EXISTS when another has that name. INVALID_ARGUMENT when the name is not one line of text.
  StatusOr<std::string> Add(std::string_view ref, const crypto::RandomSource& random);
  // Keeps a value under a salt of its own, and gives its hash in hex. The same field before stays, and is erased with it.
  // NOT_FOUND; INVALID_ARGUMENT when field or value are not of their form, or there are too many.
  StatusOr<std::string> Commit(std::string_view id, std::string_view field, std::string_view value,
                               const crypto::RandomSource& random);
  // The newest value of a field. NOT_FOUND when none is kept.
  StatusOr<PersonalProof> Prove(std::string_view id, std::string_view field) const;
  // Erases the salts and values of a field, or of all where `field` is empty; their hashes stay. How many; NOT_FOUND
  // when there is no such person or field.
  StatusOr<int> Erase(std::string_view id, std::string_view field);
  // The ledger says of all that was erased that it is.
  void Told(std::string_view id);

 private:
  Person* FindOwn(std::string_view id);

  std::vector<Person> persons_;
};

// The newest commitment of each field that is kept, in the order of the fields' first. They are as the options of `party
// add` and `party amend` have them: "--commitment name=<hash>".
std::vector<std::string> CommitmentOptions(const Person& person);

}  // namespace fundtrail::intake
