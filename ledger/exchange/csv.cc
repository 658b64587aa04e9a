// See csv.h.
#include "ledger/exchange/csv.h"

#include <algorithm>
#include <cassert>

#include "absl/strings/str_cat.h"

namespace fundtrail::exchange {

StatusOr<CsvReader> CsvReader::Open(std::string_view text, char separator) {
  assert(separator == ',' || separator == ';' || separator == '\t');
  if (text.size() > kMaxCsvBytes) {
    return absl::InvalidArgumentError("the file is larger than 1 GiB; split it and import the parts");
  }
  CsvReader reader(text, separator);
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

std::string CsvLine(const std::vector<std::string>& fields, char separator) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i != 0) line.push_back(separator);
    const std::string& field = fields[i];
    const bool spaced = !field.empty() && (field.front() == ' ' || field.back() == ' ');
    const bool quoted = spaced || (fields.size() == 1 && field.empty()) ||
                        field.find_first_of("\"\r\n") != std::string::npos ||
                        field.find(separator) != std::string::npos;
    if (!quoted) {
      line += field;
      continue;
    }
    line.push_back('"');
    for (const char c : field) {
      if (c == '"') line.push_back('"');
      line.push_back(c);
    }
    line.push_back('"');
  }
  line.push_back('\n');
  return line;
}

}  // namespace fundtrail::exchange
