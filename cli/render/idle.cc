// See idle.h.
#include "cli/render/idle.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/item_names.h"
#include "cli/render/table.h"
#include "cli/render/words.h"

namespace fundtrail::render {
namespace {

std::vector<std::int64_t> AgesOf(const v1::HeldAges& ages) {
  return {ages.under_90_days(), ages.under_1_year(), ages.under_2_years(), ages.over_2_years()};
}

// The lines of one asset.
Shown HeldTable(const v1::IdleAnswer& answer, const std::string& asset, bool by_party, const Style& style) {
  bool projects = false;
  for (const v1::IdleLine& line : answer.lines())
    projects = projects || (line.account().asset() == asset && !line.account().project().empty());
  std::vector<Column> columns = {{"party", false, true}};
  if (!by_party) columns.push_back({"fund", false, true});
  if (projects) columns.push_back({"project", false, true});
  for (const char* title : {"held", "0-89 days", "90-364", "365-729", "730 + days"})
    columns.push_back({title, true});
  columns.insert(columns.end(), {{"oldest"}, {"name"}});
  Table table(columns);
  for (const v1::IdleLine& line : answer.lines()) {
    const v1::Account& account = line.account();
    if (account.asset() != asset) continue;
    std::vector<Cell> cells = {account.party()};
    if (!by_party) cells.emplace_back(account.fund());
    if (projects) cells.emplace_back(account.project());
    cells.emplace_back(Money(line.held(), account.decimals()));
    for (const std::int64_t age : AgesOf(line.ages()))
      cells.emplace_back(age == 0 ? std::string() : Money(age, account.decimals()));
    cells.emplace_back(line.oldest());
    cells.emplace_back(account.party_name());
    table.Add(std::move(cells));
  }
  return table.empty() ? Shown() : table.Text(style);
}

Shown HeldTotalText(const v1::IdleTotal& total, bool by_party) {
  Shown text = Say("{} {} held, the oldest since {}", Money(total.held(), total.decimals()), total.asset(),
                   total.oldest());
  const char* const words[] = {"for 0-89 days", "for 90-364 days", "for 365-729 days",
                               "for 730 days or more"};
  const auto ages = AgesOf(total.ages());
  for (std::size_t i = 0; i < ages.size(); ++i)
    if (ages[i] != 0) text += Say("; {} {}", Money(ages[i], total.decimals()), words[i]);
  text += ".\n";
  if (total.committed() != 0)
    text += Say("{} {} of it is committed and not paid.\n", Money(total.committed(), total.decimals()),
                total.asset());
  if (total.kept() != 0)
    text +=
        Say("{} {} of it is kept by commitments.\n", Money(total.kept(), total.decimals()), total.asset());
  return text + CountText(by_party ? Noun{"body", "bodies"} : Noun{"account", "accounts"},
                          {total.lines() - std::min(total.left_out(), total.lines()), total.lines(),
                           RestOfTop(total.left_out() > 0)});
}

}  // namespace

Shown Text(const v1::IdleAnswer& answer, const v1::IdleRequest& request, const Style& style) {
  const bool by_party = request.of() == v1::IdleRequest::OF_PARTY;
  Shown heading = Say(
      "Held by bodies that pass money on, {}, on {}",
      request.by() == v1::IdleRequest::BY_OLDEST ? "the longest held first" : "the most first", answer.on());
  if (!request.party().empty()) heading += Say(", party {}", request.party());
  if (!request.fund().empty()) heading += Say(", fund {}", request.fund());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  if (answer.totals().empty()) text += "Nothing is held.\n";
  for (const v1::IdleTotal& total : answer.totals()) {
    text += "\n" + Toned(style, Tone::kBold, Safe(total.asset())) + "\n" +
            HeldTable(answer, total.asset(), by_party, style) + HeldTotalText(total, by_party);
  }
  if (!answer.totals().empty())
    text += Toned(style, Tone::kDim,
                  "Held: no further payment is recorded. Ages run from the value date of the transfer that "
                  "brought each unit.\n");
  return text + NamesText(answer.names(), style) + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

std::string IdleCsvHeader() {
  return CsvTitles({"party", "name", "fund", "project", "asset", "accounts", "held", "under_90_days",
                    "under_1_year", "under_2_years", "over_2_years", "oldest", "newest", "committed", "kept",
                    "fund_name", "project_name"});
}

std::string IdleCsvLines(const v1::IdleAnswer& answer, const ItemNames& names, sheets::Cells cells) {
  std::string text;
  for (const v1::IdleLine& line : answer.lines()) {
    const v1::Account& account = line.account();
    std::vector<std::string> values = {account.party(),
                                       account.party_name(),
                                       account.fund(),
                                       account.project(),
                                       account.asset(),
                                       std::to_string(line.accounts()),
                                       PlainMoney(line.held(), account.decimals())};
    for (const std::int64_t age : AgesOf(line.ages())) values.push_back(PlainMoney(age, account.decimals()));
    values.insert(values.end(),
                  {line.oldest(), line.newest(), PlainMoney(line.committed(), account.decimals()),
                   PlainMoney(line.kept(), account.decimals()), names.Fund(account.fund()),
                   names.Project(account.project())});
    text += CsvRow(values, answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
