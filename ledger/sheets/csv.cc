// See csv.h.
#include "ledger/sheets/csv.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace fundtrail::sheets {
namespace {

constexpr std::size_t kMaxHeaderBytes = kMaxFieldBytes * 4;  // of these the separator is found out

std::size_t TakeOffGuards(std::vector<std::string>* fields) {
  std::size_t guards = 0;
  for (std::string& field : *fields) {
    if (Unguarded(field).size() == field.size()) continue;
    field.erase(0, 1);
    ++guards;
  }
  return guards;
}

// Below zero, as this program and others write it: "-1,234.00".
bool IsNegativeNumber(std::string_view cell) {
  return cell.size() > 1 && cell[0] == '-' && cell.find_first_of("0123456789") != std::string_view::npos &&
         cell.find_first_not_of("0123456789.,", 1) == std::string_view::npos;
}

}  // namespace

bool RunsAsFormula(std::string_view cell) {
  static constexpr std::string_view kPassedOver[] = {" ", "'", "\"", "\u00a0", "\u3000"};
  static constexpr std::string_view kRun[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
  // Most cells begin with a letter or a digit, which is none of these.
  if (cell.empty() || absl::ascii_isalnum(static_cast<unsigned char>(cell.front()))) return false;
  std::string_view rest = cell;
  const auto begins = [&rest](std::string_view sign) { return rest.substr(0, sign.size()) == sign; };
  while (true) {
    const auto* const passed = std::find_if(std::begin(kPassedOver), std::end(kPassedOver), begins);
    if (passed == std::end(kPassedOver)) break;
    rest.remove_prefix(passed->size());
  }
  return std::any_of(std::begin(kRun), std::end(kRun), begins) && !IsNegativeNumber(rest);
}

std::string Guarded(std::string_view cell) {
  std::string guarded = RunsAsFormula(cell) ? "'" : "";
  return guarded.append(cell);
}

std::string_view Unguarded(std::string_view cell) {
  return !cell.empty() && cell[0] == '\'' && RunsAsFormula(cell.substr(1)) ? cell.substr(1) : cell;
}

namespace {

constexpr std::string_view kWideSemicolon = "；", kWideComma = "，";

// Calls `take` with the place of each sign of the header that stands outside quotes.
template <typename Take>
void EachOfHeader(std::string_view text, const Take& take) {
  bool quoted = false, any = false;
  const std::string_view front = text.substr(0, kMaxHeaderBytes);
  for (std::size_t at = 0; at < front.size(); ++at) {
    if (front[at] == '"') quoted = !quoted;
    if (quoted) continue;
    if (front[at] == '\n' || front[at] == '\r') {
      if (any) break;
      continue;  // an empty line
    }
    any = true;
    take(at);
  }
}

}  // namespace

std::string WithNarrowSeparators(std::string text) {
  std::size_t narrow = 0, semicolons = 0, commas = 0;
  EachOfHeader(text, [&](std::size_t at) {
    narrow += text[at] == ',' || text[at] == ';' || text[at] == '\t' ? 1 : 0;
    semicolons += text.compare(at, kWideSemicolon.size(), kWideSemicolon) == 0 ? 1 : 0;
    commas += text.compare(at, kWideComma.size(), kWideComma) == 0 ? 1 : 0;
  });
  if (narrow > 0 || semicolons + commas == 0) return text;
  const std::string_view wide = semicolons >= commas ? kWideSemicolon : kWideComma;
  std::string out;
  out.reserve(text.size());
  bool quoted = false,
       begins = true;  // a quote opens at the begin of a field, or behind one that has just closed
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"' && (quoted || begins || text[at - 1] == '"')) quoted = !quoted;
    begins = !quoted && (text[at] == '\n' || text[at] == '\r' || text.compare(at, wide.size(), wide) == 0);
    if (quoted || text.compare(at, wide.size(), wide) != 0) {
      out.push_back(text[at]);
      continue;
    }
    out.push_back(wide == kWideSemicolon ? ';' : ',');
    at += wide.size() - 1;
  }
  return out;
}

char FindSeparator(std::string_view text) {
  std::size_t commas = 0, semicolons = 0, tabs = 0;
  EachOfHeader(text, [&](std::size_t at) {
    commas += text[at] == ',' ? 1 : 0;
    semicolons += text[at] == ';' ? 1 : 0;
    tabs += text[at] == '\t' ? 1 : 0;
  });
  if (commas >= semicolons && commas >= tabs) return ',';
  return semicolons >= tabs ? ';' : '\t';
}

StatusOr<CsvReader> CsvReader::Open(std::string_view text, char separator, Cells cells) {
  assert(separator == ',' || separator == ';' || separator == '\t');
  if (text.size() > kMaxCsvBytes) {
    return absl::InvalidArgumentError("the file is larger than 1 GiB; split it and import the parts");
  }
  CsvReader reader(text, separator, cells);
  CsvRecord record;
  if (!reader.Next(&record)) return absl::InvalidArgumentError("the file is empty: it needs a header line");
  if (!record.status.ok())
    return Annotate(record.status, absl::StrCat("line ", record.line, " (the header)"));
  reader.header_ = std::move(record.fields);
  return reader;
}

void CsvReader::Seek(std::uint64_t offset, std::uint64_t line) {
  assert(offset <= text_.size());
  at_ = static_cast<std::size_t>(offset);
  line_ = line;
}

bool CsvReader::AtLineEnd() const {
  if (at_ >= text_.size()) return true;
  return text_[at_] == '\n' || text_[at_] == '\r';
}

void CsvReader::SkipLineEnd() {
  if (at_ >= text_.size()) return;
  const bool both = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
  at_ += both ? 2 : 1;
  ++line_;
}

bool CsvReader::Next(CsvRecord* record) {
  while (at_ < text_.size() && AtLineEnd()) SkipLineEnd();
  if (at_ >= text_.size()) return false;
  record->line = line_;
  record->offset = at_;
  record->status = absl::OkStatus();
  unterminated_ = false;
  ReadRecord(record);
  record->guards = cells_ == Cells::kGuarded ? TakeOffGuards(&record->fields) : 0;
  if (record->status.ok() && !header_.empty() && record->fields.size() != header_.size()) {
    record->status = absl::InvalidArgumentError(
        absl::StrCat("has ", record->fields.size(), " fields where the header has ", header_.size()));
  }
  return true;
}

void CsvReader::ReadRecord(CsvRecord* record) {
  std::size_t count = 0;
  std::string beyond;  // fields past the bound are read, so that the record's end is found, and dropped
  while (true) {
    if (count < kMaxFields && count == record->fields.size()) record->fields.emplace_back();
    std::string* const field = count < kMaxFields ? &record->fields[count] : &beyond;
    field->clear();
    ++count;
    if (at_ < text_.size() && text_[at_] == '"') {
      ReadQuoted(field, record);
    } else {
      ReadPlain(field);
    }
    if (field->size() > kMaxFieldBytes) {
      field->resize(kMaxFieldBytes);
      if (record->status.ok()) {
        record->status = absl::InvalidArgumentError(absl::StrCat("field ", count, " is larger than 64 KiB"));
      }
    }
    if (AtLineEnd()) break;
    ++at_;  // the separator
  }
  SkipLineEnd();
  record->fields.resize(std::min(count, kMaxFields));
  if (count > kMaxFields && record->status.ok()) {
    record->status = absl::InvalidArgumentError(
        absl::StrCat("has ", count, " fields; at most ", kMaxFields, " can be read"));
  }
}

void CsvReader::ReadPlain(std::string* field) {
  const std::size_t start = at_;
  while (!AtLineEnd() && text_[at_] != separator_) ++at_;
  field->append(text_.substr(start, std::min(at_ - start, kMaxFieldBytes + 1)));
}

void CsvReader::ReadQuoted(std::string* field, CsvRecord* record) {
  const std::uint64_t began = line_;
  ++at_;
  while (true) {
    const std::size_t quote = text_.find('"', at_);
    const std::size_t end = std::min(quote, text_.size());
    const std::string_view part = text_.substr(at_, end - at_);
    line_ += static_cast<std::uint64_t>(std::count(part.begin(), part.end(), '\n'));
    if (field->size() <= kMaxFieldBytes) field->append(part.substr(0, kMaxFieldBytes + 1));
    at_ = end;
    if (quote == std::string_view::npos) {
      unterminated_ = true;
      record->status = absl::InvalidArgumentError(
          absl::StrCat("the quote that opens on line ", began, " is never closed"));
      return;
    }
    ++at_;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    if (field->size() <= kMaxFieldBytes) field->push_back('"');
    ++at_;
  }
  if (AtLineEnd() || text_[at_] == separator_) return;
  if (record->status.ok()) {
    record->status = absl::InvalidArgumentError(
        absl::StrCat("has text after the closing quote of the field that begins on line ", began,
                     "; a quote inside quotes is written twice"));
  }
  ReadPlain(field);
}

std::string CsvLine(const std::vector<std::string>& fields, Cells cells, char separator) {
  const std::vector<std::string_view> views(fields.begin(), fields.end());
  std::string line;
  AppendCsvLine(views, cells, &line, separator);
  return line;
}

namespace {

// Whether a cell needs no guard, and no quotes for what stands at its ends. Cells that begin with another sign may need none either.
bool HasPlainEnds(std::string_view field) {
  if (field.empty()) return true;
  const auto first = static_cast<unsigned char>(field.front());
  // Of what is no ASCII these bytes begin the blanks and the signs in full width that RunsAsFormula knows.
  const bool letter =
      absl::ascii_isalnum(first) || (first >= 0x80 && first != 0xc2 && first != 0xe3 && first != 0xef);
  return letter && field.back() != ' ' && field.back() != '\t';
}

// How many separators the text has; nothing where it has a quote or a line break. Eight bytes are looked at together.
std::optional<std::size_t> SeparatorsAlone(std::string_view text, char separator) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kLow = 0x7f7f7f7f7f7f7f7f;
  // The high bit of each byte that is that sign.
  const auto places = [](std::uint64_t bytes, char sign) {
    const std::uint64_t differ = bytes ^ (kOnes * static_cast<unsigned char>(sign));
    return ~(((differ & kLow) + kLow) | differ | kLow);
  };
  std::size_t separators = 0, at = 0;
  for (std::uint64_t bytes = 0; at + sizeof bytes <= text.size(); at += sizeof bytes) {
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    if ((places(bytes, '"') | places(bytes, '\r') | places(bytes, '\n')) != 0) return std::nullopt;
    // Their sum stands in the highest byte. Not every processor can count bits by itself.
    separators += static_cast<std::size_t>(((places(bytes, separator) >> 7) * kOnes) >> 56);
  }
  for (const char c : text.substr(at)) {
    if (c == '"' || c == '\r' || c == '\n') return std::nullopt;
    if (c == separator) ++separators;
  }
  return separators;
}

// Most lines: every cell stands as it is. False, and nothing is written, where that may not be so.
bool AppendPlainLine(std::span<const std::string_view> fields, std::string* text, char separator) {
  if (fields.size() < 2 || !std::all_of(fields.begin(), fields.end(), HasPlainEnds)) return false;
  const std::size_t begin = text->size();
  std::size_t bytes = fields.size();
  for (const std::string_view field : fields) bytes += field.size();
  text->resize(begin + bytes);
  char* at = text->data() + begin;
  for (const std::string_view field : fields) {
    at = std::copy(field.begin(), field.end(), at);
    *at++ = separator;
  }
  const std::string_view line = std::string_view(*text).substr(begin);
  const bool plain = SeparatorsAlone(line, separator) == fields.size();
  if (plain)
    text->back() = '\n';
  else
    text->resize(begin);
  return plain;
}

}  // namespace

void AppendCsvLine(std::span<const std::string_view> fields, Cells cells, std::string* text, char separator) {
  if (AppendPlainLine(fields, text, separator)) return;
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  const auto is_special = [separator](char c) {
    return c == '"' || c == '\r' || c == '\n' || c == separator;
  };
  bool is_first = true;
  for (const std::string_view field : fields) {
    if (!std::exchange(is_first, false)) text->push_back(separator);
    const bool guarded = cells == Cells::kGuarded && RunsAsFormula(field);
    // A guard stands before what it guards, so that a blank there is none at the end of the cell.
    const bool spaced = !field.empty() && ((is_blank(field.front()) && !guarded) || is_blank(field.back()));
    const bool quoted = spaced || (fields.size() == 1 && field.empty()) ||
                        std::any_of(field.begin(), field.end(), is_special);
    if (quoted) text->push_back('"');
    if (guarded) text->push_back('\'');
    if (!quoted) {
      text->append(field);
      continue;
    }
    for (const char c : field) {
      if (c == '"') text->push_back('"');
      text->push_back(c);
    }
    text->push_back('"');
  }
  text->push_back('\n');
}

}  // namespace fundtrail::sheets
