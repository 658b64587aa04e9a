// See personal_store.h.
#include "ledger/intake/personal_store.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/model/form.h"
#include "ledger/model/personal.h"

namespace fundtrail::intake {
namespace {

constexpr std::string_view kProofHeader = "fundtrail personal proof v1";
constexpr std::size_t kMaxPersons = 1'000'000;

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Status Malformed(const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("this is no ", what, " of fundtrail"));
}

// Salt and value as their hash says.
bool IsHashOf(const PersonalField& field) {
  return field.salt.size() == model::kPersonalSaltBytes &&
         model::PersonalCommitment(field.salt, field.field, field.value).hex() == field.hash;
}

StatusOr<PersonalField> FieldFrom(const std::vector<std::string_view>& words) {
  PersonalField field;
  field.field = std::string(words[2]);
  if (words[0] == "field" && words.size() == 6) {
    const auto salt = HexDecode(words[3]), value = HexDecode(words[4]);
    if (!salt.ok() || !value.ok()) return Malformed("store of persons");
    field.salt = *salt;
    field.value = *value;
    field.hash = std::string(words[5]);
    if (!IsHashOf(field)) return Malformed("store of persons");
    return field;
  }
  if (words.size() != 4 || (words[0] != "erased" && words[0] != "told")) return Malformed("store of persons");
  field.state = words[0] == "erased" ? PersonalField::State::kErased : PersonalField::State::kTold;
  field.hash = std::string(words[3]);
  if (!model::IsLowerHexHash(field.hash)) return Malformed("store of persons");
  return field;
}

std::string LineOf(const std::string& id, const PersonalField& field) {
  if (field.state == PersonalField::State::kKept) {
    return absl::StrCat("field ", id, " ", field.field, " ", HexEncode(field.salt), " ",
                        HexEncode(field.value), " ", field.hash, "\n");
  }
  return absl::StrCat(field.state == PersonalField::State::kErased ? "erased " : "told ", id, " ",
                      field.field, " ", field.hash, "\n");
}

Status NoPerson(std::string_view id) {
  return absl::NotFoundError(absl::StrCat("the store has no person ", Escaped(id)));
}

// 26 letters and digits of RFC 4648's base32, each from five random bits.
std::string RandomName(const crypto::RandomSource& random) {
  constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
  std::array<std::uint8_t, 26> bytes{};
  random(bytes);
  std::string name = "hh-";
  for (const std::uint8_t byte : bytes) name += kDigits[byte % kDigits.size()];
  return name;
}

}  // namespace

std::string ProofText(const PersonalProof& proof) {
  return absl::StrCat(std::string(kProofHeader), "\nparty ", proof.party, "\nfield ", proof.field, "\nsalt ",
                      HexEncode(proof.salt), "\nvalue ", proof.value, "\n");
}

StatusOr<PersonalProof> ParseProof(std::string_view text) {
  const auto lines = Split(text, '\n');
  if (lines.size() != 6 || lines[0] != kProofHeader || !lines[5].empty())
    return Malformed("proof of a field");
  PersonalProof proof;
  const std::array<std::pair<std::string_view, Bytes*>, 4> fields = {
      {{"party ", &proof.party}, {"field ", &proof.field}, {"salt ", &proof.salt}, {"value ", &proof.value}}};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& [name, to] = fields[i];
    if (lines[i + 1].substr(0, name.size()) != name) return Malformed("proof of a field");
    *to = std::string(lines[i + 1].substr(name.size()));
  }
  auto salt = HexDecode(proof.salt);
  if (!salt.ok() || salt->size() != model::kPersonalSaltBytes) return Malformed("proof of a field");
  proof.salt = *std::move(salt);
  FT_RETURN_IF_ERROR(model::CheckId("party", proof.party));
  FT_RETURN_IF_ERROR(model::CheckId("field", proof.field));
  return proof;
}

std::string HashOf(const PersonalProof& proof) {
  return model::PersonalCommitment(proof.salt, proof.field, proof.value).hex();
}

StatusOr<PersonalBook> PersonalBook::Parse(std::string_view text) {
  PersonalBook book;
  if (text.empty()) return book;
  if (text.back() != '\n') return Malformed("store of persons");
  text.remove_suffix(1);
  std::map<std::string, std::size_t, std::less<>> places;
  for (const std::string_view line : Split(text, '\n')) {
    const auto words = Split(line, ' ');
    if (words.size() < 3) return Malformed("store of persons");
    if (words[0] == "person") {
      const auto ref = HexDecode(words[2]);
      if (words.size() != 3 || !ref.ok() || !places.emplace(words[1], book.persons_.size()).second)
        return Malformed("store of persons");
      book.persons_.push_back({std::string(words[1]), *ref, {}});
      continue;
    }
    const auto place = places.find(words[1]);
    if (place == places.end()) return Malformed("store of persons");
    FT_ASSIGN_OR_RETURN(auto field, FieldFrom(words));
    book.persons_[place->second].fields.push_back(std::move(field));
  }
  return book;
}

Bytes PersonalBook::Text() const {
  Bytes text;
  for (const Person& person : persons_) {
    absl::StrAppend(&text, "person ", person.id, " ", HexEncode(person.ref), "\n");
    for (const PersonalField& field : person.fields) text += LineOf(person.id, field);
  }
  return text;
}

const Person* PersonalBook::Find(std::string_view id_or_ref) const {
  for (const Person& person : persons_)
    if (person.id == id_or_ref) return &person;
  for (const Person& person : persons_)
    if (!person.ref.empty() && person.ref == id_or_ref) return &person;
  return nullptr;
}

Person* PersonalBook::FindOwn(std::string_view id) { return const_cast<Person*>(Find(id)); }

StatusOr<std::string> PersonalBook::Add(std::string_view ref, const crypto::RandomSource& random) {
  if (!ref.empty()) FT_RETURN_IF_ERROR(CheckText("the name", ref, 300));
  if (!ref.empty() && Find(ref) != nullptr)
    return absl::AlreadyExistsError(absl::StrCat("the store has a person ", Escaped(ref), " already"));
  if (persons_.size() >= kMaxPersons)
    return absl::InvalidArgumentError(absl::StrCat("the store has ", persons_.size(),
                                                   " persons, the most that one may have: begin another"));
  std::string id = RandomName(random);
  if (Find(id) != nullptr) return absl::InternalError("the random source gave the same id twice");
  persons_.push_back({id, std::string(ref), {}});
  return id;
}

StatusOr<std::string> PersonalBook::Commit(std::string_view id, std::string_view field,
                                           std::string_view value, const crypto::RandomSource& random) {
  Person* person = FindOwn(id);
  if (person == nullptr) return NoPerson(id);
  FT_RETURN_IF_ERROR(model::CheckId("the field", std::string(field)));
  FT_RETURN_IF_ERROR(CheckText(field, value, kMaxValueBytes));
  if (person->fields.size() >= 16 * kMaxPersonalFields)
    return absl::InvalidArgumentError(absl::StrCat(person->id, " has too many values: begin another person"));
  PersonalField made;
  made.field = std::string(field);
  made.value = std::string(value);
  made.salt.resize(model::kPersonalSaltBytes);
  random({reinterpret_cast<std::uint8_t*>(made.salt.data()), made.salt.size()});
  made.hash = model::PersonalCommitment(made.salt, made.field, made.value).hex();
  person->fields.push_back(made);
  if (CommitmentOptions(*person).size() <= kMaxPersonalFields) return made.hash;
  person->fields.pop_back();
  return absl::InvalidArgumentError(absl::StrCat("a party has at most ", kMaxPersonalFields,
                                                 " commitments, and ", person->id, " has them"));
}

StatusOr<PersonalProof> PersonalBook::Prove(std::string_view id, std::string_view field) const {
  const Person* person = Find(id);
  if (person == nullptr) return NoPerson(id);
  for (auto each = person->fields.rbegin(); each != person->fields.rend(); ++each) {
    if (each->field == field && each->state == PersonalField::State::kKept)
      return PersonalProof{person->id, each->field, each->salt, each->value};
  }
  return absl::NotFoundError(absl::StrCat("the store keeps no field ", Escaped(field), " of ", person->id));
}

StatusOr<int> PersonalBook::Erase(std::string_view id, std::string_view field) {
  Person* person = FindOwn(id);
  if (person == nullptr) return NoPerson(id);
  int erased = 0;
  bool known = field.empty();
  for (PersonalField& each : person->fields) {
    if (!field.empty() && each.field != field) continue;
    known = true;
    if (each.state != PersonalField::State::kKept) continue;
    each.state = PersonalField::State::kErased;
    each.salt.clear();
    each.value.clear();
    ++erased;
  }
  if (!known)
    return absl::NotFoundError(absl::StrCat("the store has no field ", Escaped(field), " of ", person->id));
  // The body's own name for the person goes with the last value.
  const bool all = std::none_of(person->fields.begin(), person->fields.end(), [](const PersonalField& each) {
    return each.state == PersonalField::State::kKept;
  });
  if (all) person->ref.clear();
  return erased;
}

void PersonalBook::Told(std::string_view id) {
  Person* person = FindOwn(id);
  if (person == nullptr) return;
  for (PersonalField& each : person->fields)
    if (each.state == PersonalField::State::kErased) each.state = PersonalField::State::kTold;
}

std::vector<std::string> CommitmentOptions(const Person& person) {
  std::vector<std::string> order;
  std::map<std::string, std::string> newest;
  for (const PersonalField& each : person.fields) {
    if (each.state != PersonalField::State::kKept) continue;
    if (newest.count(each.field) == 0) order.push_back(each.field);
    newest[each.field] = each.hash;
  }
  std::vector<std::string> options;
  options.reserve(order.size());
  for (const std::string& field : order)
    options.push_back(absl::StrCat("--commitment ", field, "=", newest[field]));
  return options;
}

}  // namespace fundtrail::intake
