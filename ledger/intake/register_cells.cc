// See register_cells.h.
#include "ledger/intake/register_cells.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/decimal.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"
#include "ledger/model/form.h"
#include "ledger/model/refusal.h"
#include "ledger/sheets/column_words.h"
#include "ledger/sheets/date_text.h"
#include "ledger/sheets/party_id.h"

namespace fundtrail::intake {
namespace {

using model::FieldDescriptor;

// A title as a field's name has it: "Valid from" is valid_from.
std::string FieldTitle(std::string_view title) {
  std::string text = model::Dashed(SingleLine(title));
  std::replace(text.begin(), text.end(), ' ', '-');
  return text;
}

std::optional<std::size_t> ColumnTitled(const std::vector<std::string>& header, const std::string& title) {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (FieldTitle(header[i]) == FieldTitle(title)) return i;
  return std::nullopt;
}

bool IsAmountField(const FieldDescriptor& field) { return !model::FormOf(field).amount_in().empty(); }

// "12.5" that counts 10,000, as units: "125000".
StatusOr<std::string> InUnits(const std::string& text, int zeros) {
  FT_ASSIGN_OR_RETURN(const Amount amount, ParseDecimal(text, sheets::kMaxFactorZeros));
  return FormatPlain(amount, sheets::kMaxFactorZeros - zeros);
}

// The decimals of the asset that an amount counts, as the ledger has it.
model::DecimalsOf DecimalsIn(const store::Reader& state) {
  return [&state](const FieldDescriptor& field, const std::string& code) -> StatusOr<int> {
    const std::string& beside = model::FormOf(field).amount_in();
    if (code.empty())
      return model::Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field.name(),
                           absl::StrCat("needs `", beside, "`, whose amount it is"));
    FT_ASSIGN_OR_RETURN(const auto asset, books::GetAsset(state, code));
    if (!asset.has_value())
      return model::Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, beside.empty() ? field.name() : beside,
                           absl::StrCat("there is no asset ", Escaped(code)));
    return static_cast<int>(asset->decimals());
  };
}

std::string NameIn(const v1::RegisterRow& row) {
  return SingleLine(model::TextIn(model::ItemOf(row.action()), "name"));
}

}  // namespace

std::string RegisterCells::FieldNames() const {
  const auto& item = model::ItemDescriptor(of_);
  std::string names;
  for (int i = 0; i < item.field_count(); ++i)
    absl::StrAppend(&names, i > 0 ? ", " : "", item.field(i)->name());
  return names;
}

// The register of the items that a field names; of an item's own id, its own.
StatusOr<const model::Register*> RegisterCells::NamedBy(const FieldDescriptor& field) const {
  const v1::Form& form = model::FormOf(field);
  const model::Register* of = form.refers_to().empty() ? nullptr : model::FindRegister(form.refers_to());
  if (form.refers_to().empty() && form.id()) of = &of_;
  if (of != nullptr && model::ItemDescriptor(*of).FindFieldByName("name") != nullptr) return of;
  return absl::InvalidArgumentError(absl::StrCat(
      "the map says name_in for \"", field.name(),
      "\": it goes with the id of an item that has a name, and with fields that name such an item"));
}

Status RegisterCells::FindMapped(const std::string& file, const std::vector<std::string>& header) {
  for (const auto& [name, source] : map_.fields) {
    Column column;
    column.field = model::ItemDescriptor(of_).FindFieldByName(name);
    if (column.field == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("the map names the field \"", Escaped(name),
                                                     "\", and a ", std::string(of_.name), " has ",
                                                     FieldNames()));
    }
    column.prefix = source.prefix;
    column.value = source.value.value_or("");
    if (source.is_name) {
      FT_ASSIGN_OR_RETURN(column.named, NamedBy(*column.field));
    }
    if (!source.value.has_value()) {
      column.at = ColumnTitled(header, source.column);
      if (!column.at.has_value())
        return absl::InvalidArgumentError(
            absl::StrCat(file, " has no column \"", Escaped(source.column), "\", which the map names"));
    }
    if (source.factor.has_value() && !IsAmountField(*column.field))
      return absl::InvalidArgumentError(
          absl::StrCat("the map has a factor for \"", Escaped(name), "\", which is no amount"));
    for (std::int64_t left = source.factor.value_or(1); left > 1; left /= 10) ++column.zeros;
    columns_.push_back(std::move(column));
  }
  return absl::OkStatus();
}

Status RegisterCells::FindReplacements() {
  for (const auto& [name, cells] : map_.replace) {
    if (model::ItemDescriptor(of_).FindFieldByName(name) == nullptr)
      return absl::InvalidArgumentError(absl::StrCat("the map names the field \"", Escaped(name),
                                                     "\", and a ", std::string(of_.name), " has ",
                                                     FieldNames()));
    for (Column& column : columns_)
      if (column.field->name() == name) column.replace = &cells;
  }
  return absl::OkStatus();
}

// An amount of 1 in a column of 万元 would be 1 元.
Status RegisterCells::CheckUnits(const std::vector<std::string>& header) const {
  for (const Column& column : columns_) {
    if (!column.at.has_value() || !IsAmountField(*column.field)) continue;
    const auto source = map_.fields.find(column.field->name());
    if (source != map_.fields.end() && source->second.factor.has_value()) continue;
    const std::string& title = header[*column.at];
    const std::int64_t factor = sheets::FactorNamed(title);
    if (factor == 1) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the column \"", Escaped(title), "\" seems to count in units of ", factor,
                     "; say factor = ", factor, " in the map if it does, and factor = 1 if not"));
  }
  return absl::OkStatus();
}

Status RegisterCells::CheckTwice(const std::string& file, const std::vector<std::string>& header) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    for (const Column& column : columns_) {
      if (column.at.has_value() && *column.at < i && FieldTitle(header[*column.at]) == FieldTitle(header[i]))
        return absl::InvalidArgumentError(
            absl::StrCat(file, " has the column \"", Escaped(header[i]), "\" twice"));
    }
    const bool used =
        std::any_of(columns_.begin(), columns_.end(), [&](const Column& column) { return column.at == i; });
    if (!used) unused_.push_back(header[i]);
  }
  return absl::OkStatus();
}

Status RegisterCells::FindColumns(const std::string& file, const std::vector<std::string>& header) {
  const auto& item = model::ItemDescriptor(of_);
  FT_RETURN_IF_ERROR(FindMapped(file, header));
  for (int i = 0; map_.fields.empty() && i < item.field_count(); ++i) {
    const auto at = ColumnTitled(header, item.field(i)->name());
    if (!at.has_value()) continue;
    columns_.emplace_back();
    columns_.back().field = item.field(i);
    columns_.back().at = at;
  }
  FT_RETURN_IF_ERROR(FindReplacements());
  FT_RETURN_IF_ERROR(CheckUnits(header));
  FT_RETURN_IF_ERROR(CheckTwice(file, header));
  const FieldDescriptor* id = &model::IdField(of_);
  if (std::any_of(columns_.begin(), columns_.end(), [&](const Column& column) { return column.field == id; }))
    return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      file, " has no column for `", id->name(), "`: name it in a map (--map); --suggest writes a first one"));
}

// What a cell says of a field: the items of a list are separated by semicolons.
std::vector<std::string> RegisterCells::TextsIn(const Column& column, const sheets::CsvRecord& record) {
  const std::string& cell = column.at.has_value() ? record.fields[*column.at] : column.value;
  std::vector<std::string> texts;
  if (!column.field->is_repeated()) {
    texts = {std::string(absl::StripAsciiWhitespace(cell))};
  } else {
    for (const absl::string_view part : absl::StrSplit(cell, ';'))
      texts.emplace_back(absl::StripAsciiWhitespace(part));
  }
  const auto drop_empty = [&] { texts.erase(std::remove(texts.begin(), texts.end(), ""), texts.end()); };
  drop_empty();
  if (column.replace != nullptr) {
    for (std::string& text : texts)
      if (const auto read = column.replace->find(text); read != column.replace->end()) text = read->second;
    drop_empty();
  }
  for (std::string& text : texts) {
    text.insert(0, column.prefix);
    // "2026/1/5" is clear, and only written in another form.
    if (model::FormOf(*column.field).shape() != v1::SHAPE_DATE) continue;
    if (const auto day = sheets::ParseClearDate(text); day.ok()) text = ToString(*day);
  }
  return texts;
}

// The id of the item that a cell names; of the row's own item that may be a new one.
StatusOr<std::string> RegisterCells::IdNamed(const Column& column, const std::string& text,
                                             const store::Reader& state, const store::Reader& recorded) {
  const model::Register& in = *column.named;
  const std::string& field = column.field->name();
  const bool own = &in == &of_ && column.field == &model::IdField(of_);
  if (!own && IsValidId(text)) {
    FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(state, in.action, text));
    if (row.has_value()) return text;
  }
  const std::string name = SingleLine(text);
  FT_ASSIGN_OR_RETURN(const auto called, known_.Called(recorded, in.action, name, true));
  std::vector<std::string> ids, ended;
  for (const std::string& id : called) {
    FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(state, in.action, id));
    if (!row.has_value() || NameIn(*row) != name) continue;  // it was renamed since
    (row->has_ended() ? ended : ids).push_back(id);
  }
  // What has ended is meant only where nothing of its name goes on.
  if (ids.empty()) ids = std::move(ended);
  if (ids.size() > 1) {
    std::sort(ids.begin(), ids.end());
    return model::Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                         absl::StrCat("several ", std::string(in.plural), " are called ", Escaped(name), ", ",
                                      ids[0], " and ", ids[1], " among them: write the id"));
  }
  if (ids.size() == 1) return ids.front();
  const std::string made = sheets::ReadableId(name);
  FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(state, in.action, made));
  if (row.has_value() && NameIn(*row) == name) return made;  // by a row of this very entry
  if (own && row.has_value())
    return model::Refuse(v1::REFUSAL_CODE_ID_TAKEN, field,
                         absl::StrCat("the id that this name makes, ", made, ", is that of ",
                                      Escaped(NameIn(*row)), ": give the rows a column of ids"));
  if (own) return made;
  return model::Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, field,
                       absl::StrCat("there is no ", std::string(in.name), " called ", Escaped(name)));
}

Status RegisterCells::Fill(const sheets::CsvRecord& record, bool is_new, const store::Reader& state,
                           const store::Reader& recorded, model::Message* item) {
  const model::FieldFault tell = [](const FieldDescriptor& field, const Status& status) {
    return model::Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field.name(), std::string(status.message()));
  };
  std::vector<const FieldDescriptor*> stated;
  std::vector<model::FieldValue> values;
  for (const Column& column : columns_) {
    std::vector<std::string> texts = TextsIn(column, record);
    for (std::string& text : texts) {
      if (column.named != nullptr) {
        FT_ASSIGN_OR_RETURN(text, IdNamed(column, text, state, recorded));
      }
      if (column.zeros == 0) continue;
      auto units = InUnits(text, column.zeros);
      if (!units.ok()) return tell(*column.field, units.status());
      text = *std::move(units);
    }
    // An empty cell states that a field is empty; of a new item, and where something is usual, it states nothing.
    const bool states = !texts.empty() || (!is_new && model::FormOf(*column.field).usual().empty());
    if (states) stated.push_back(column.field);
    if (states || is_new) values.push_back({column.field, std::move(texts)});
  }
  FT_RETURN_IF_ERROR(model::SetFields(item, values, DecimalsIn(state), tell));
  if (is_new) return model::FillUsual(item, stated, author_);
  model::EmptyVoid(item, stated);
  return absl::OkStatus();
}

}  // namespace fundtrail::intake
