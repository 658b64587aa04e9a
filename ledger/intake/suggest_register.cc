// See suggest_register.h.
#include "ledger/intake/suggest_register.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "ledger/base/id.h"
#include "ledger/intake/register_words.h"
#include "ledger/model/form.h"
#include "ledger/model/item_text.h"
#include "ledger/sheets/column_words.h"
#include "ledger/sheets/date_text.h"

namespace fundtrail::intake {
namespace {

using model::FieldDescriptor;
using sheets::ShownText;
using sheets::TomlText;

constexpr std::size_t kMaxAsked = 20;  // cells that are asked about, of one field

// The codes of GB/T 2260 and of the towns and villages below: two digits for each of the first three levels, three for others.
bool IsDivisionCode(const std::string& cell) {
  static constexpr std::size_t kLengths[] = {2, 4, 6, 9, 12};
  return std::find(std::begin(kLengths), std::end(kLengths), cell.size()) != std::end(kLengths) &&
         std::all_of(cell.begin(), cell.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class RegisterSuggester {
 public:
  RegisterSuggester(const model::Register& of, const sheets::SheetHead& head)
      : of_(of), item_(model::ItemDescriptor(of)), id_(model::IdField(of)), head_(head) {
    for (std::size_t i = 0; i < head_.titles.size(); ++i) {
      const FieldDescriptor* const field = FieldTitled(of_, head_.titles[i]);
      if (field == nullptr || !columns_.emplace(field->number(), i).second)
        unused_.push_back(head_.titles[i]);
    }
  }

  sheets::MapDraft Map(std::string_view file) {
    draft_.Begin(file, head_, absl::StrCat("registers ", std::string(of_.name)));
    draft_.Heading("[fields]");
    Id();
    for (int i = 0; i < item_.field_count(); ++i)
      if (item_.field(i) != &id_) Field(*item_.field(i));
    draft_.Unused(unused_);
    for (const auto& [field, lines] : replaced_) {
      draft_.Heading(absl::StrCat("[replace.", field->name(), "]"));
      for (const auto& [cell, value] : lines) {
        if (value.has_value()) {
          draft_.Guess(TomlText(cell), TomlText(*value), "what people mean by it, as a rule");
        } else {
          draft_.Ask(absl::StrCat("what does ", ShownText(cell), " stand for in ", field->name(), "? ",
                                  model::FormOf(*field).help()),
                     {absl::StrCat(TomlText(cell), " = \"VALUE\"")});
        }
      }
    }
    return std::move(draft_);
  }

 private:
  const std::string* TitleOf(const FieldDescriptor& field) const {
    const auto found = columns_.find(field.number());
    return found == columns_.end() ? nullptr : &head_.titles[found->second];
  }

  // What stands in the field's column: of a list each of its items.
  std::vector<std::string> CellsOf(const FieldDescriptor& field) const {
    std::vector<std::string> cells;
    const auto found = columns_.find(field.number());
    if (found == columns_.end()) return cells;
    for (const std::string& cell : head_.CellsOf(found->second)) {
      if (!field.is_repeated()) {
        cells.push_back(cell);
        continue;
      }
      for (const absl::string_view part : absl::StrSplit(cell, ';'))
        if (const auto text = absl::StripAsciiWhitespace(part); !text.empty()) cells.emplace_back(text);
    }
    return cells;
  }

  static bool AreIds(const std::vector<std::string>& cells) {
    return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return IsValidId(cell); });
  }
  static bool AreDivisionCodes(const std::vector<std::string>& cells) {
    return !cells.empty() && std::all_of(cells.begin(), cells.end(), IsDivisionCode);
  }

  void Id() {
    const std::string* const title = TitleOf(id_);
    const std::vector<std::string> cells = CellsOf(id_);
    if (title != nullptr && Refers(id_, *title, cells)) return;
    const FieldDescriptor* const name = item_.FindFieldByName("name");
    if (title != nullptr && name != nullptr && !AreIds(cells)) {
      draft_.Told(absl::StrCat("the column ", ShownText(*title),
                               " has what is no id: ids have A-Z a-z 0-9 . _ : - alone"));
    } else if (title != nullptr) {
      draft_.Guess(id_.name(), TomlText(*title), "by its title");
      return;
    }
    const std::string* const names = name == nullptr ? nullptr : TitleOf(*name);
    if (names != nullptr) {
      draft_.Guess(id_.name(), absl::StrCat("{ name_in = ", TomlText(*names), " }"),
                   "no column has ids: they are made of the names, as `add` makes them");
    } else {
      draft_.Ask(
          absl::StrCat("which column has ", id_.name(), "?"),
          {absl::StrCat(id_.name(), " = \"TITLE\""), absl::StrCat(id_.name(), " = { name_in = \"TITLE\" }")});
    }
  }

  // A field that names items, when its cells are codes or names: whether that was settled.
  bool Refers(const FieldDescriptor& field, const std::string& title, const std::vector<std::string>& cells) {
    const std::string to = field.number() == id_.number() && model::FormOf(field).refers_to().empty()
                               ? std::string(of_.name)
                               : model::FormOf(field).refers_to();
    if (to == "place" && AreDivisionCodes(cells)) {
      draft_.Guess(field.name(), absl::StrCat("{ column = ", TomlText(title), ", prefix = \"gbt2260:\" }"),
                   "codes of GB/T 2260, by their digits");
      return true;
    }
    if (&field == &id_ && model::FormOf(field).refers_to().empty()) return false;
    if (to.empty() || field.cpp_type() != FieldDescriptor::CPPTYPE_STRING || AreIds(cells)) return false;
    const auto* const in = model::FindRegister(to);
    if (in == nullptr || model::ItemDescriptor(*in).FindFieldByName("name") == nullptr) return false;
    draft_.Guess(field.name(), absl::StrCat("{ name_in = ", TomlText(title), " }"),
                 "names, which the ledger or this file has");
    return true;
  }

  void Field(const FieldDescriptor& field) {
    const v1::Form& form = model::FormOf(field);
    const std::string* const title = TitleOf(field);
    if (title == nullptr) {
      Missing(field);
      return;
    }
    const std::vector<std::string> cells = CellsOf(field);
    if (Refers(field, *title, cells)) return;
    if (!form.amount_in().empty()) {
      const std::int64_t factor = sheets::FactorNamed(*title);
      if (factor == 1) {
        draft_.Guess(field.name(), TomlText(*title), "by its title");
      } else {
        draft_.Guess(field.name(), absl::StrCat("{ column = ", TomlText(*title), ", factor = ", factor, " }"),
                     absl::StrCat("as the title ", ShownText(*title), " says"));
      }
      return;
    }
    draft_.Guess(field.name(), TomlText(*title), "by its title");
    if (form.shape() == v1::SHAPE_DATE) {
      Dates(cells);
    } else if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
               field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      Words(field, cells);
    }
  }

  // A field that no column has, when it must be there, or can never be mended.
  void Missing(const FieldDescriptor& field) {
    const v1::Form& form = model::FormOf(field);
    if (!form.usual().empty()) return;
    const bool counted = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 && form.fixed();
    if (!form.required() && form.shape() != v1::SHAPE_NAME && !counted) return;
    if (counted) {
      draft_.Ask(absl::StrCat("no column has ", field.name(), ", which is fixed for ever (", form.help(),
                              "). Is it the same for all rows?"),
                 {absl::StrCat(field.name(), " = { value = \"0\" }")});
    } else {
      draft_.Ask(
          absl::StrCat("which column has ", field.name(), "?"),
          {absl::StrCat(field.name(), " = \"TITLE\""), absl::StrCat(field.name(), " = { value = \"\" }")});
    }
  }

  void Dates(const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) {
      if (sheets::ParseClearDate(cell).ok()) continue;
      draft_.Told(
          absl::StrCat("the date ", ShownText(cell),
                       " has no clear form: write it as 2026-01-05 in the file, or its row is rejected"));
      return;
    }
  }

  // Whether the field takes the text as it stands.
  bool Takes(const FieldDescriptor& field, const std::string& text) const {
    v1::Action action;
    return model::SetField(model::MutableItemOf(of_, &action), field, {text}).ok();
  }

  // Words of a closed list, numbers, yes and no: what the field does not take as it stands is replaced, or asked about.
  void Words(const FieldDescriptor& field, const std::vector<std::string>& cells) {
    std::set<std::string> seen;
    for (const std::string& cell : cells) {
      if (seen.size() >= kMaxAsked || !seen.insert(cell).second || Takes(field, cell)) continue;
      auto value = ValueWritten(field, cell);
      if (value.has_value() && !Takes(field, *value)) value.reset();
      replaced_[&field][cell] = std::move(value);
    }
  }

  struct ByNumber {
    bool operator()(const FieldDescriptor* a, const FieldDescriptor* b) const {
      return a->number() < b->number();
    }
  };

  const model::Register& of_;
  const model::Descriptor& item_;
  const FieldDescriptor& id_;
  const sheets::SheetHead& head_;
  std::map<int, std::size_t> columns_;  // by the field's number
  std::vector<std::string> unused_;
  // What cells are read as; nothing where that is asked.
  std::map<const FieldDescriptor*, std::map<std::string, std::optional<std::string>>, ByNumber> replaced_;
  sheets::MapDraft draft_;
};

}  // namespace

StatusOr<sheets::MapDraft> SuggestRegisterMap(const model::Register& of, std::string_view file_name,
                                              const std::string& bytes, std::string_view encoding,
                                              sheets::Cells cells) {
  FT_ASSIGN_OR_RETURN(const sheets::SheetHead head, sheets::ReadSheetHead(bytes, encoding, cells));
  return RegisterSuggester(of, head).Map(file_name);
}

}  // namespace fundtrail::intake
