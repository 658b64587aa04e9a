// See fragmentation.h.
#include "cli/render/fragmentation.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

constexpr int kMaxNamed = 3;

std::string KindWords(v1::FragmentationLine::Kind kind) {
  switch (kind) {
    case v1::FragmentationLine::KIND_POLICIES:
      return "policies in force";
    case v1::FragmentationLine::KIND_DUTIES:
      return "bodies with a duty";
    case v1::FragmentationLine::KIND_FUNDS:
      return "funds with money there";
    case v1::FragmentationLine::KIND_PROJECTS:
      return "open projects";
    case v1::FragmentationLine::KIND_IMPLEMENTERS:
      return "implementers with money there";
    case v1::FragmentationLine::KIND_TEAMS:
      return "parties with a team";
    case v1::FragmentationLine::KIND_AUTHORS:
      return "authors of needs";
    case v1::FragmentationLine::KIND_ANNOUNCERS:
      return "announcers";
    default:
      return "?";
  }
}

Shown PartsText(const v1::FragmentationLine& line, std::uint32_t decimals) {
  Shown text;
  int named = 0;
  for (const v1::FragmentationPart& part : line.parts()) {
    if (named == kMaxNamed) break;
    text += (named == 0 ? Shown() : Shown("; ")) + Say("{} ({})", part.name(), part.id());
    if (part.amount() != 0) text += Say(" {}", Money(part.amount(), decimals));
    ++named;
  }
  const auto shown = static_cast<std::uint64_t>(named);
  if (line.count() > shown && shown > 0) text += Say("; and {} more", line.count() - shown);
  return text;
}

}  // namespace

Shown Text(const v1::FragmentationAnswer& answer, const Style& style) {
  const auto named = [](const std::string& id, const std::string& name) {
    return name.empty() ? Say("{}", id) : Say("{} ({})", name, id);
  };
  Shown heading =
      Say("In how many hands: {}, {}, on {}",
          answer.place().empty() ? Shown("every place") : named(answer.place(), answer.place_name()),
          answer.category().empty() ? Shown("all help") : named(answer.category(), answer.category_name()),
          answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Table table({{"what"}, {"how many", true}, {"effective", true}, {"largest", true}, {"which"}});
  for (const v1::FragmentationLine& line : answer.lines()) {
    Shown kind = OwnWord(KindWords(line.kind()));
    if (line.has_leads()) kind += Say(", {} {}", line.leads(), line.leads() == 1 ? "lead" : "leads");
    table.Add({kind, std::to_string(line.count()), line.has_effective() ? Money(line.effective(), 3) : "",
               line.has_largest() ? Money(line.largest(), 2) + "%" : "", PartsText(line, answer.decimals())});
  }
  Shown text = Toned(style, Tone::kBold, heading) + "\n" + table.Text(style);
  text += answer.asset().empty() ? Shown("No need and no project counts an asset.\n")
                                 : Say("Money that is placed there: {} {}\n",
                                       Money(answer.placed(), answer.decimals()), answer.asset());
  text += Toned(style, Tone::kDim,
                "Effective: as many as if all had the same. Announcers: in the last 90 days.\n");
  return text + AsOf(answer.as_of(), style);
}

std::string FragmentationCsv(const v1::FragmentationAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({"kind", "count", "effective", "largest", "id", "name", "amount", "leads"});
  for (const v1::FragmentationLine& line : answer.lines()) {
    const auto add = [&](const std::string& id, const std::string& name, const std::string& amount) {
      text += CsvRow({absl::AsciiStrToLower(model::WordOf(line.kind())), std::to_string(line.count()),
                      line.has_effective() ? PlainMoney(line.effective(), 3) : "",
                      line.has_largest() ? PlainMoney(line.largest(), 4) : "", id, name, amount,
                      line.has_leads() ? std::to_string(line.leads()) : ""},
                     answer.as_of(), cells);
    };
    if (line.parts().empty()) add("", "", "");
    for (const v1::FragmentationPart& part : line.parts())
      add(part.id(), part.name(), PlainMoney(part.amount(), answer.decimals()));
  }
  return text;
}

}  // namespace fundtrail::render
