// See personal_numbers.h.
#include "ledger/intake/personal_numbers.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/by_type.h"
#include "ledger/model/form.h"
#include "ledger/model/refusal.h"

namespace fundtrail::intake {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLatin(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// The text with full-width digits, hyphens and spaces as plain ones.
std::string Narrow(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view sign = text.substr(i, 3);
    if (sign.size() == 3 && sign[0] == '\xEF' && sign[1] == '\xBC' && sign[2] >= '\x90' &&
        sign[2] <= '\x99') {
      out += static_cast<char>('0' + (sign[2] - '\x90'));
      i += 2;
    } else if (sign == "\uFF0D" || sign == "\u2010" || sign == "\u2011" || sign == "\u2013") {
      out += '-';
      i += 2;
    } else if (sign == "\u3000") {
      out += ' ';
      i += 2;
    } else if (sign == "\uFF38" || sign == "\uFF58") {
      out += 'X';
      i += 2;
    } else if (sign.substr(0, 2) == "\u00A0") {
      out += ' ';
      i += 1;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Digits in one piece.
struct Piece {
  std::size_t begin = 0, end = 0;
};

std::vector<Piece> PiecesOf(const std::string& text) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i])) continue;
    Piece piece{i, i};
    while (piece.end < text.size() && IsDigit(text[piece.end])) ++piece.end;
    pieces.push_back(piece);
    i = piece.end;
  }
  return pieces;
}

// What stands before the first digit, and after the last; a zero byte at an end of the text.
char Before(const std::string& text, std::size_t at) { return at == 0 ? '\0' : text[at - 1]; }
char After(const std::string& text, std::size_t at) { return at == text.size() ? '\0' : text[at]; }

// Whether the digits go on in that direction. Amounts do so after a point or a comma, and the numbers of documents after a
// hyphen or a slash.
bool GoesOn(const std::string& text, std::size_t begin, std::size_t end) {
  const auto joins = [](char c) { return c == '.' || c == ',' || c == '-' || c == '/'; };
  const bool before = begin >= 2 && joins(text[begin - 1]) && IsDigit(text[begin - 2]);
  const bool after = end + 1 < text.size() && joins(text[end]) && IsDigit(text[end + 1]);
  return before || after;
}

// ISO 7064 MOD 11-2 over 17 digits.
char IdentityCheck(const std::string& digits) {
  static constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
  return "10X98765432"[sum % 11];
}

int Number(const std::string& digits, std::size_t at, std::size_t count) {
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) number = number * 10 + (digits[i] - '0');
  return number;
}

bool IsIdentity(const std::string& digits, char check) {
  if (digits.size() != 17) return false;
  static constexpr std::array kProvinces = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                            35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                            53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91};
  if (std::find(kProvinces.begin(), kProvinces.end(), Number(digits, 0, 2)) == kProvinces.end()) return false;
  const int year = Number(digits, 6, 4), month = Number(digits, 10, 2), day = Number(digits, 12, 2);
  static constexpr std::array kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1900 || year > 2039 || month < 1 || month > 12) return false;
  if (day < 1 || day > kDays[static_cast<std::size_t>(month - 1)]) return false;
  return IdentityCheck(digits) == (check == 'x' ? 'X' : check);
}

bool PassesLuhn(const std::string& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

// How cards begin, and how long such a card is.
bool BeginsAsCard(const std::string& digits) {
  const std::size_t size = digits.size();
  if (size < 13 || size > 19) return false;
  const int two = Number(digits, 0, 2), four = Number(digits, 0, 4);
  if (two == 62) return size >= 16;                                   // UnionPay
  if (four == 9558 || four == 9559) return size == 19 || size == 16;  // older Chinese debit cards
  if (digits[0] == '4') return size == 16;                            // Visa
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return size == 16;  // Mastercard
  if (two == 34 || two == 37) return size == 15;                                      // American Express
  if (four >= 3528 && four <= 3589) return size == 16;                                // JCB
  if (two == 36) return size == 14;                                                   // Diners
  return (four == 6011 || two == 65) && size == 16;                                   // Discover
}

bool IsRound(const std::string& digits) { return digits.substr(digits.size() - 5) == "00000"; }

bool IsMobile(std::string digits) {
  if (digits.size() == 15 && digits.substr(0, 4) == "0086") digits = digits.substr(4);
  if (digits.size() == 13 && digits.substr(0, 2) == "86") digits = digits.substr(2);
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && !IsRound(digits);
}

// Pieces next to each other, with the same sign between any two of them, read as one number.
struct Candidate {
  std::string digits;
  std::vector<std::size_t> sizes;  // of the pieces
  std::size_t begin = 0, end = 0;  // in the text
};

using Sizes = std::vector<std::size_t>;

bool AreFours(const Sizes& sizes) {
  return std::all_of(sizes.begin(), sizes.end() - 1, [](std::size_t size) { return size == 4; }) &&
         sizes.back() <= 4;
}

bool IsMobileGrouping(Sizes sizes, const std::string& digits) {
  if (sizes.size() > 1 && (digits.rfind("86", 0) == 0 || digits.rfind("0086", 0) == 0) &&
      (sizes[0] == 2 || sizes[0] == 4) && digits.size() - sizes[0] == 11)
    sizes.erase(sizes.begin());
  return sizes.size() == 1 || sizes == Sizes{3, 4, 4} || sizes == Sizes{4, 3, 4} || sizes == Sizes{3, 8};
}

bool Is(PersonalNumber kind, const std::string& text, const Candidate& candidate) {
  const char before = Before(text, candidate.begin), after = After(text, candidate.end);
  if (IsLatin(before)) return false;
  const auto& sizes = candidate.sizes;
  const bool ends_well = !IsLatin(after) && !GoesOn(text, candidate.begin, candidate.end);
  switch (kind) {
    case PersonalNumber::kIdentity: {
      if (candidate.digits.size() == 17 && (after == 'x' || after == 'X')) {
        const char next = After(text, candidate.end + 1);
        return !IsLatin(next) && !IsDigit(next) && !GoesOn(text, candidate.begin, candidate.end) &&
               (sizes.size() == 1 || sizes == Sizes{6, 8, 3}) && IsIdentity(candidate.digits, after);
      }
      return ends_well && candidate.digits.size() == 18 && (sizes.size() == 1 || sizes == Sizes{6, 8, 4}) &&
             IsIdentity(candidate.digits.substr(0, 17), candidate.digits.back());
    }
    case PersonalNumber::kBankCard:
      return ends_well && (sizes.size() == 1 || AreFours(sizes)) && BeginsAsCard(candidate.digits) &&
             PassesLuhn(candidate.digits);
    case PersonalNumber::kMobile:
      return ends_well && IsMobileGrouping(sizes, candidate.digits) && IsMobile(candidate.digits);
  }
  return false;
}

// Whether some pieces from this one on are such a number. Of all the groupings none has more than five pieces.
bool BeginsAt(PersonalNumber kind, const std::string& text, const std::vector<Piece>& pieces,
              std::size_t first) {
  Candidate candidate;
  candidate.begin = pieces[first].begin;
  char between = '\0';
  for (std::size_t i = first; i < pieces.size() && i < first + 5; ++i) {
    if (i > first) {
      const std::size_t gap = pieces[i].begin - pieces[i - 1].end;
      const char sign = text[pieces[i - 1].end];
      if (gap != 1 || (sign != ' ' && sign != '-') || (between != '\0' && sign != between)) return false;
      between = sign;
    }
    const std::size_t size = pieces[i].end - pieces[i].begin;
    if (candidate.digits.size() + size > 19) return false;
    candidate.digits += text.substr(pieces[i].begin, size);
    candidate.sizes.push_back(size);
    candidate.end = pieces[i].end;
    if (Is(kind, text, candidate)) return true;
  }
  return false;
}

// A number has 11 digits at least, plain or full-width. Between two of them stand at most a space or a hyphen, of ASCII or wide: any
// other sign of ASCII ends it.
bool MayHold(std::string_view raw) {
  int digits = 0;
  for (const char c : raw) {
    if (IsDigit(c) || c == '\xEF') {
      if (++digits >= 11) return true;
    } else if (static_cast<unsigned char>(c) < 0x80 && c != ' ' && c != '-') {
      digits = 0;
    }
  }
  return false;
}

bool Holds(PersonalNumber kind, std::string_view raw) {
  if (!MayHold(raw)) return false;
  const std::string text = Narrow(raw);
  const std::vector<Piece> pieces = PiecesOf(text);
  for (std::size_t first = 0; first < pieces.size(); ++first)
    if (BeginsAt(kind, text, pieces, first)) return true;
  return false;
}

// What of a text field is looked for.
enum class Look { kNothing, kIdentity, kAll };

Look LookOf(const FieldDescriptor& field) {
  const v1::Form& form = model::FormOf(field);
  const std::string& message = field.containing_type()->name();
  if (form.id()) return Look::kIdentity;
  if (message == "AlternativeId" && field.name() == "id") return Look::kIdentity;
  if (field.name() == "reference") return Look::kIdentity;
  if (form.shape() == v1::SHAPE_NAME) return Look::kAll;
  // What is bound by a hash, or names a payment, has no room for more.
  if (form.shape() == v1::SHAPE_TEXT && form.max_bytes() > 64) return Look::kAll;
  // Of those without a form beside them, the texts.
  static const std::array kTexts = {"memo",    "title",         "reason", "root_name",
                                    "purpose", "project_words", "note"};
  const bool is_text = std::find(kTexts.begin(), kTexts.end(), field.name()) != kTexts.end();
  return is_text ? Look::kAll : Look::kNothing;
}

std::optional<PersonalNumber> FindIn(Look look, const std::string& text) {
  if (look == Look::kAll) return FindPersonalNumber(text);
  if (look == Look::kIdentity && HoldsIdentityNumber(text)) return PersonalNumber::kIdentity;
  return std::nullopt;
}

// A field that is looked at: a text, or messages that have such fields.
struct Looked {
  const FieldDescriptor* field = nullptr;
  Look look = Look::kNothing;  // of a text
};

bool IsMessage(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

// The fields of such a message that are looked at, in their order.
using Plan = std::vector<Looked>;

Plan PlanOf(const Descriptor& message) {
  Plan plan;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    if (IsMessage(*field) && field->message_type() != v1::ImportSource::descriptor()) {
      plan.push_back({field, Look::kNothing});
    } else if (field->type() == FieldDescriptor::TYPE_STRING) {
      const Look look = LookOf(*field);
      if (look != Look::kNothing) plan.push_back({field, look});
    }
  }
  std::sort(plan.begin(), plan.end(),
            [](const Looked& a, const Looked& b) { return a.field->number() < b.field->number(); });
  return plan;
}

std::optional<PersonalNumberAt> FindInMessage(const Message& message);

// The field is named from this message on.
std::optional<PersonalNumberAt> FindPlanned(const Message& message, const Plan& plan) {
  const auto* read = message.GetReflection();
  std::string scratch;
  // Of fields of which one stands, as in an action, only that one is asked for.
  const bool has_oneof = message.GetDescriptor()->real_oneof_decl_count() == 1;
  const auto* one =
      has_oneof ? read->GetOneofFieldDescriptor(message, message.GetDescriptor()->oneof_decl(0)) : nullptr;
  for (const auto& [field, look] : plan) {
    if (has_oneof && field->real_containing_oneof() != nullptr && field != one) continue;
    const bool list = field->is_repeated(), is_message = IsMessage(*field);
    const int count = list         ? read->FieldSize(message, field)
                      : is_message ? read->HasField(message, field)
                                   : 1;
    for (int i = 0; i < count; ++i) {
      std::optional<PersonalNumberAt> found;
      if (is_message) {
        found = FindInMessage(list ? read->GetRepeatedMessage(message, field, i)
                                   : read->GetMessage(message, field));
      } else {
        const std::string& text = list ? read->GetRepeatedStringReference(message, field, i, &scratch)
                                       : read->GetStringReference(message, field, &scratch);
        if (!MayHold(text)) continue;
        if (const auto kind = FindIn(look, text)) found = PersonalNumberAt{"", *kind};
      }
      if (!found.has_value()) continue;
      found->field = absl::StrCat(field->name(), list ? absl::StrCat("[", i, "]") : "",
                                  found->field.empty() ? "" : ".", found->field);
      return found;
    }
  }
  return std::nullopt;
}

std::optional<PersonalNumberAt> FindInMessage(const Message& message) {
  static const model::ByType<Plan> plans(PlanOf);
  return plans.With(message, [&](const Plan& plan) { return FindPlanned(message, plan); });
}

std::string Sentence(PersonalNumber kind) {
  return absl::StrCat("holds what reads as ", NameOf(kind),
                      ", and a ledger forgets nothing: take it out, or say --not-personal where it is none");
}

}  // namespace

std::string NameOf(PersonalNumber kind) {
  switch (kind) {
    case PersonalNumber::kIdentity:
      return "an identity number";
    case PersonalNumber::kBankCard:
      return "a bank-card number";
    case PersonalNumber::kMobile:
      return "a mobile number";
  }
  return "a number of a person";
}

std::optional<PersonalNumber> FindPersonalNumber(std::string_view text) {
  for (const auto kind : {PersonalNumber::kIdentity, PersonalNumber::kBankCard, PersonalNumber::kMobile})
    if (Holds(kind, text)) return kind;
  return std::nullopt;
}

bool HoldsIdentityNumber(std::string_view text) { return Holds(PersonalNumber::kIdentity, text); }

std::optional<PersonalNumberAt> FindPersonalNumber(const v1::Entry& entry) { return FindInMessage(entry); }
std::optional<PersonalNumberAt> FindPersonalNumber(const v1::Action& action) { return FindInMessage(action); }

Status TellPersonalNumber(const std::optional<PersonalNumberAt>& found) {
  if (!found.has_value()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(found->field, " ", Sentence(found->kind)));
}

Status RefusePersonalNumber(const std::optional<PersonalNumberAt>& found) {
  if (!found.has_value()) return absl::OkStatus();
  const std::string field = found->field.substr(found->field.rfind('.') + 1);
  return model::Refuse(v1::REFUSAL_CODE_FIELD_INVALID, found->field,
                       absl::StrCat("the field ", field, " ", Sentence(found->kind)));
}

}  // namespace fundtrail::intake
