// See registers.h.
#include "cli/render/registers.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/text.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/form.h"

namespace fundtrail::render {
namespace {

using model::FieldDescriptor;
using model::Message;

constexpr std::uint32_t kMaxLevels = 24;  // levels of a tree; what is deeper stands below the last

std::string FieldText(const Message& item, const FieldDescriptor& field,
                      const model::AmountDecimals& decimals) {
  return absl::StrJoin(model::FieldTexts(item, field, decimals), "; ");
}

std::vector<const FieldDescriptor*> FieldsOf(const model::Descriptor& message) {
  std::vector<const FieldDescriptor*> fields;
  fields.reserve(message.field_count());
  for (int i = 0; i < message.field_count(); ++i) fields.push_back(message.field(i));
  return fields;
}

std::vector<const FieldDescriptor*> FieldsOf(const model::Register& of) {
  return FieldsOf(model::ItemDescriptor(of));
}

// Fields whose names are other words in other answers: what they say.
constexpr struct {
  std::string_view field;
  const char* words;
} kFieldWords[] = {
    {"from", "the first day"},     {"to", "the last day"},  {"under", "the party that stands for both"},
    {"source", "how it is known"}, {"of", "what it is of"}, {"staff", "people at work for pay"},
};

// The text whose Chinese the name of the field has.
const char* WordsOfField(const FieldDescriptor& field) {
  for (const auto& known : kFieldWords)
    if (known.field == field.name()) return known.words;
  const Translation* const found = TranslationOf(model::Dashed(field.name()));
  return found != nullptr ? found->english.data() : field.name().c_str();
}

// "valid-from", as the option has it.
Shown FieldLabel(const FieldDescriptor& field) {
  return Shown::Made(model::Dashed(field.name()), std::string(ChineseOf(WordsOfField(field))));
}

// Whether its values are words of this program.
bool IsClosed(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
}

// A text with amounts, whose decimals may be unknown (model/item_text.h).
Shown WithUnits(const Shown& text) {
  constexpr std::string_view kUnit = " (smallest unit)";
  return Shown::Made(text.str(),
                     absl::StrReplaceAll(text.str(), {{Abseil(kUnit), Abseil(ChineseOf(kUnit))}}));
}

// What the field says. Words of a closed list are told in Chinese too.
Shown FieldShown(const Message& item, const FieldDescriptor& field, const model::AmountDecimals& decimals) {
  const bool is_text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  if (!IsClosed(field)) {
    const Shown words = Safe(FieldText(item, field, decimals));
    return is_text ? words : WithUnits(words);
  }
  Shown words;
  for (const std::string& text : model::FieldTexts(item, field, decimals))
    words += (words.empty() ? Shown() : Shown("; ")) + OwnWord(text);
  return words;
}

// Of a field that names other items: "Food (FSC)", where the answer has the name.
Shown NamedShown(const Message& item, const FieldDescriptor& field, const ItemNames& names) {
  Shown words;
  for (const std::string& id : model::TextsOf(item, field)) {
    const std::string& name = names.Of(model::FormOf(field).refers_to(), id);
    words += words.empty() ? Shown() : Shown("; ");
    words += name.empty() || name == id ? Safe(id) : Say("{} ({})", name, id);
  }
  return words;
}

bool NamesItems(const FieldDescriptor& field) {
  return !model::FormOf(field).refers_to().empty() && field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

Shown LineText(const v1::RegisterLine& line, const FieldDescriptor& field, const ItemNames& names) {
  const Message& item = model::ItemOf(line.action());
  return NamesItems(field) ? NamedShown(item, field, names) : FieldShown(item, field, DecimalsOf(line));
}

bool HasName(const model::Register& of) {
  return model::ItemDescriptor(of).FindFieldByName("name") != nullptr;
}

// What an item without a name of its own may be called: by those of its place, its category and whatever else it names in a
// table. Empty where the answer has none of them.
Shown TitleOf(const model::Register& of, const v1::RegisterLine& line, const ItemNames& names) {
  Shown title;
  if (HasName(of)) return title;
  for (const FieldDescriptor* field : FieldsOf(of)) {
    const v1::Form& form = model::FormOf(*field);
    if (!NamesItems(*field) || !form.column() || form.id() || form.refers_to() == "party") continue;
    for (const std::string& id : model::TextsOf(model::ItemOf(line.action()), *field)) {
      const std::string& name = names.Of(form.refers_to(), id);
      if (name.empty()) continue;
      if (!title.empty()) title += ", ";
      title += Safe(name);
    }
  }
  return title;
}

bool IsNumber(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
}

// An attestation in a few words: what it says, then who says so, and of which version.
Shown AttestationWords(const model::Attestation& of, const v1::Action& action,
                       const model::AmountDecimals& decimals) {
  const Message& said = model::AttestationIn(action);
  Shown words =
      Say("{} {} {}", OwnWord(of.verb), OwnWord(model::FindRegister(of.about)->name), model::AboutOf(action));
  std::vector<const FieldDescriptor*> fields = FieldsOf(*said.GetDescriptor());
  std::stable_partition(fields.begin(), fields.end(),
                        [](const FieldDescriptor* field) { return field->name() != "by"; });
  const char* before = ": ";
  for (const FieldDescriptor* field : fields) {
    const v1::Form& form = model::FormOf(*field);
    Shown value = form.about() || form.version() ? Shown() : FieldShown(said, *field, decimals);
    // Here "no" is an answer, as to whether somebody is satisfied.
    if (value.empty() && field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) value = OwnWord("no");
    // A number that nobody said is none.
    if (value.empty() || (IsNumber(*field) && !said.GetReflection()->HasField(said, field))) continue;
    words += Say("{}{} {}", Shown(before), FieldLabel(*field), value);
    before = "; ";
  }
  const FieldDescriptor* version = model::VersionField(of);
  if (version != nullptr)
    words +=
        Say("{}of the version of record {}", Shown(before), said.GetReflection()->GetUInt64(said, version));
  return words;
}

// The decimals of amounts in what was said about an item. Of another version than the line's the asset may be another.
model::AmountDecimals DecimalsOfSaid(const v1::RegisterLine& line, const v1::Action& action) {
  const model::Attestation* of = model::FindAttestation(action.action_case());
  const FieldDescriptor* version = of == nullptr ? nullptr : model::VersionField(*of);
  if (version != nullptr) {
    const Message& said = model::AttestationIn(action);
    if (said.GetReflection()->GetUInt64(said, version) != line.record()) return {};
  }
  return DecimalsOf(line);
}

// What was said about an item, newest first.
Shown SaidAbout(const v1::RegisterLine& line) {
  Shown text;
  for (const v1::Attestation& said : line.attestations()) {
    text += Say("  {:<16} record {}, signed by {}: {}\n", "said about it", said.record(), said.author(),
                ItemWords(said.action(), DecimalsOfSaid(line, said.action())));
  }
  if (line.more_attestations() > 0) text += Say("  {:<16} and {} more\n", "", line.more_attestations());
  return text;
}

Shown EndingOf(const v1::RegisterLine& line) {
  if (!line.has_ended()) return "";
  return Say("record {}{}{}", line.ended().record(), line.ended().reason().empty() ? "" : ": ",
             line.ended().reason());
}

// What stands above an answer that is not of now.
Shown Then(const v1::RegistersAnswer& answer) {
  return answer.has_as_of_record() ? Say("As of record {}:\n", answer.as_of_record()) : Shown();
}

Shown Ending(const Noun& of, const v1::RegistersAnswer& answer, bool continued, const Style& style) {
  return CountThen(of, answer.lines_size(), answer, continued) + AsOf(answer.as_of(), style);
}

}  // namespace

Shown RegisterTable(const model::Register& of, const v1::RegistersAnswer& answer, const Style& style,
                    bool continued) {
  const Noun noun{of.name, of.plural};
  if (answer.lines().empty())
    return Say("No {}.\n", OwnWord(of.plural)) + Ending(noun, answer, continued, style);
  std::vector<const FieldDescriptor*> fields = FieldsOf(of);
  fields.erase(std::remove_if(fields.begin(), fields.end(),
                              [](const FieldDescriptor* field) { return !model::FormOf(*field).column(); }),
               fields.end());
  // People look for a name.
  std::stable_partition(fields.begin(), fields.end(),
                        [](const FieldDescriptor* field) { return field->name() == "name"; });
  const bool ended = std::any_of(answer.lines().begin(), answer.lines().end(),
                                 [](const v1::RegisterLine& line) { return line.has_ended(); });
  std::vector<Column> columns;
  for (const FieldDescriptor* field : fields) {
    Column column{field->name().c_str(), IsNumber(*field), model::FormOf(*field).id()};
    column.name = field->name() == "name";
    column.folds = !column.name && !column.right && !column.whole;
    column.means = WordsOfField(*field);
    columns.push_back(column);
  }
  columns.push_back({"record", true});
  if (ended) columns.push_back({"ended"});
  Table table(columns);
  const ItemNames names(answer.names());
  // People find an item that has a name by it. Of others the names of what they name say which one it is.
  const bool named = HasName(of);
  for (const v1::RegisterLine& line : answer.lines()) {
    std::vector<Cell> cells;
    for (const FieldDescriptor* field : fields) {
      const bool first = cells.empty();  // where a tree is drawn
      const std::string below(first ? std::size_t{2} * std::min(line.depth(), kMaxLevels) : 0, ' ');
      if (IsClosed(*field) || (!named && NamesItems(*field))) {
        cells.emplace_back(Shown::Made(below) + LineText(line, *field, names));
      } else {
        cells.emplace_back(below + FieldText(model::ItemOf(line.action()), *field, DecimalsOf(line)));
      }
    }
    cells.emplace_back(std::to_string(line.record()));
    if (ended) cells.emplace_back(EndingOf(line));
    table.Add(std::move(cells));
  }
  return Then(answer) + table.Text(style) + Ending(noun, answer, continued, style);
}

Shown RegisterItem(const v1::RegisterLine& line, const ItemNames& names, const Style& style) {
  const model::Register& of = *model::FindRegister(line.action().action_case());
  const Shown title = TitleOf(of, line, names);
  Shown heading = Say("{} {}", OwnWord(of.name), model::IdOf(line.action()));
  if (!title.empty()) heading += Say(": {}", title);
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  for (const FieldDescriptor* field : FieldsOf(of)) {
    const Shown value = LineText(line, *field, names);
    if (!value.empty() && !model::FormOf(*field).id())
      text += Say("  {:<16} {}\n", FieldLabel(*field), value);
  }
  text += Say("  {:<16} {}\n", "record", line.record());
  if (line.opened() != line.record()) text += Say("  {:<16} record {}\n", "opened", line.opened());
  if (!line.action().amends().reason().empty())
    text += Say("  {:<16} {}\n", "amended because", line.action().amends().reason());
  if (line.has_ended()) text += Say("  {:<16} {}\n", "ended", EndingOf(line));
  return text + SaidAbout(line);
}

Shown RegisterItems(const v1::RegistersAnswer& answer, const Style& style, bool continued) {
  Shown text;
  std::set<std::string> ids;
  const ItemNames names(answer.names());
  for (const v1::RegisterLine& line : answer.lines()) {
    text += RegisterItem(line, names, style);
    ids.insert(model::IdOf(line.action()));
  }
  text = Then(answer) + text;
  // Whoever asked for one item need not count.
  if (answer.lines_size() <= 1 && answer.next().empty()) return text + AsOf(answer.as_of(), style);
  const auto* of =
      answer.lines().empty() ? nullptr : model::FindRegister(answer.lines(0).action().action_case());
  const Noun noun = of == nullptr || ids.size() < static_cast<std::size_t>(answer.lines_size())
                        ? Noun{"version", "versions"}
                        : Noun{of->name, of->plural};
  return text + Ending(noun, answer, continued, style);
}

model::AmountDecimals DecimalsOf(const v1::RegisterLine& line) {
  model::AmountDecimals decimals = PrintableDecimals(line.decimals());
  for (const v1::AssetDecimals& asset : line.asset_decimals())
    decimals.of_assets[asset.asset()] = PrintableDecimals(asset.decimals());
  return decimals;
}

Shown ItemWords(const v1::Action& action, const model::AmountDecimals& decimals) {
  if (const model::Attestation* said = model::FindAttestation(action.action_case()))
    return AttestationWords(*said, action, decimals);
  const model::Register* of = model::FindRegister(action.action_case());
  if (of == nullptr) return "an action that this program does not know";
  const Message& item = model::ItemOf(action);
  Shown words = Say("{} {}", OwnWord(of->name), model::IdOf(action));
  const char* before = ": ";
  for (const FieldDescriptor* field : FieldsOf(*of)) {
    const Shown value = FieldShown(item, *field, decimals);
    if (model::FormOf(*field).id() || value.empty()) continue;
    words += field->name() == "name" ? Say("{}{}", Shown(before), value)
                                     : Say("{}{} {}", Shown(before), FieldLabel(*field), value);
    before = "; ";
  }
  if (action.has_amends()) words += Say("; amends record {}", action.amends().record());
  if (!action.amends().reason().empty()) words += Say(": {}", action.amends().reason());
  return words;
}

std::string RegisterCsvHeader(const model::Register& of) {
  std::vector<std::string> names;
  for (const FieldDescriptor* field : FieldsOf(of)) names.push_back(field->name());
  names.insert(names.end(), {"record", "opened", "ended", "reason"});
  return CsvTitles(std::move(names));
}

std::string RegisterCsvLines(const v1::RegistersAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::RegisterLine& line : answer.lines()) {
    const Message& item = model::ItemOf(line.action());
    model::AmountDecimals decimals = DecimalsOf(line);
    decimals.commas = false;
    std::vector<std::string> values;
    for (const FieldDescriptor* field : FieldsOf(*model::FindRegister(line.action().action_case())))
      values.push_back(FieldText(item, *field, decimals));
    values.push_back(std::to_string(line.record()));
    values.push_back(std::to_string(line.opened()));
    values.push_back(line.has_ended() ? std::to_string(line.ended().record()) : "");
    values.push_back(line.has_ended() ? line.ended().reason() : line.action().amends().reason());
    text += CsvRow(std::move(values), answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
