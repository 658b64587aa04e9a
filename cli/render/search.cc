// See search.h.
#include "cli/render/search.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

std::string FitWord(const v1::SearchHit& hit) {
  if (!v1::SearchHit::Match_IsValid(hit.match())) return "?";
  return absl::StrReplaceAll(absl::AsciiStrToLower(model::WordOf(hit.match())), {{"_", " "}});
}

std::string PartyKindWord(v1::RegisterParty::Kind kind) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(model::WordOf(kind)), {{"_", "-"}});
}

// What stands behind the id: a name, or who paid whom.
Shown HitWords(const v1::SearchHit& hit) {
  Shown words = Say("{}", hit.name());
  if (hit.has_transfer()) {
    const v1::TransferLine& line = hit.transfer();
    words = Say("{}, {} {}, {} → {}", line.date(), Money(line.transfer().amount(), line.decimals()),
                line.transfer().asset(), line.from_name(), line.to_name());
    if (!hit.name().empty()) words += Say(": {}", hit.name());
    if (!line.transfer().reference().empty()) words += Say(", reference {}", line.transfer().reference());
  }
  if (!hit.other_id().empty()) words += Say(", also {}", hit.other_id());
  if (hit.ended()) words += ", ended";
  return words;
}

}  // namespace

Shown Text(const v1::SearchAnswer& answer, const v1::SearchRequest& request, const Style& style) {
  Shown text;
  if (answer.hits().empty()) {
    text = Say("Nothing has \"{}\" in its name, its ids or its purpose.\n", request.text());
  } else {
    Column name{"name"};
    name.below = true;  // it is what people look for
    Table table({{"kind", false, true}, {"id", false, true}, {"fits", false, true}, name});
    for (const v1::SearchHit& hit : answer.hits())
      table.Add({OwnWord(hit.kind()), hit.id(), OwnWord(FitWord(hit)), HitWords(hit)});
    text = table.Text(style);
  }
  Shown counts;
  std::uint64_t all = 0;
  for (const v1::SearchCount& count : answer.counts()) {
    counts +=
        (counts.empty() ? Shown() : Shown(", ")) + Say("{} {}", OwnWord(count.kind()), Number(count.hits()));
    all += count.hits();
  }
  const auto shown = static_cast<std::uint64_t>(answer.hits_size());
  text += CountText({"hit", "hits"}, {shown, all, RestOfTop(all > shown)});
  if (!counts.empty()) text += Say("Found: {}.\n", counts);
  Shown kinds;
  bool known = false;  // where nobody said any kind, there is nothing to tell
  for (const v1::PartyKindCount& count : answer.party_kinds()) {
    const bool said =
        v1::RegisterParty::Kind_IsValid(count.kind()) && count.kind() != v1::RegisterParty::KIND_UNSPECIFIED;
    known = known || said;
    kinds += (kinds.empty() ? Shown() : Shown(", ")) +
             Say("{} {}", Number(count.hits()),
                 OwnWord(said ? PartyKindWord(count.kind()) : "of a kind that nobody said"));
  }
  if (known) text += Say("Kinds of the parties: {}.\n", kinds);
  Shown years;
  for (const v1::YearCount& count : answer.years())
    years += (years.empty() ? Shown() : Shown(", ")) + Say("{} {}", count.year(), Number(count.hits()));
  if (answer.years_size() > 1) text += Say("Years of the transfers: {}.\n", years);
  text += Toned(
      style, Tone::kDim,
      Say("Looked at {} items{} and at {} transfers{}.\n", Number(answer.items_looked()),
          answer.items_left_out() ? ", and not at those after them," : "", Number(answer.transfers_looked()),
          answer.transfers_left_out() ? ", the newest, and not at older ones" : ""));
  return text + AsOf(answer.as_of(), style);
}

std::string SearchCsvHeader() {
  return CsvTitles({"kind", "id", "name", "match", "exact", "other_id", "ended", "date", "amount", "asset",
                    "from", "to", "reference"});
}

std::string SearchCsvLines(const v1::SearchAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::SearchHit& hit : answer.hits()) {
    const v1::Transfer& transfer = hit.transfer().transfer();
    text += CsvRow({hit.kind(), hit.id(), hit.name(), FitWord(hit), hit.exact() ? "true" : "false",
                    hit.other_id(), hit.ended() ? "true" : "false", hit.transfer().date(),
                    hit.has_transfer() ? PlainMoney(transfer.amount(), hit.transfer().decimals()) : "",
                    transfer.asset(), transfer.from(), transfer.to(), transfer.reference()},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
