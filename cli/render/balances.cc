// Balances (answers.h).
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/render/accounts.h"
#include "cli/render/answers.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/item_names.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/wide.h"
#include "ledger/model/unrecorded.h"

namespace fundtrail::render {
namespace {

// Where the money of a balance lies, by the role of whose account it is.
struct BalancePlace {
  const char* title;
  const char* words;
  Wide (*amount)(const v1::BalanceLine& line);
};
constexpr std::array<BalancePlace, 4> kPlaces = {{
    {"held", "held",
     [](const v1::BalanceLine& line) {
       return Wide{line.held()} - line.reached() - line.ends_here() - line.returned();
     }},
    {"reached", "reached recipients", [](const v1::BalanceLine& line) { return Wide{line.reached()}; }},
    {"ends here", "ends here", [](const v1::BalanceLine& line) { return Wide{line.ends_here()}; }},
    {"came back", "came back to sources", [](const v1::BalanceLine& line) { return Wide{line.returned()}; }},
}};

constexpr std::size_t kEndsHere = 2;

// Which of them an answer shows: those where something lies, or else that nothing is held.
class PlacesShown {
 public:
  explicit PlacesShown(const v1::BalanceAnswer& answer) {
    for (std::size_t i = 0; i < kPlaces.size(); ++i) {
      has_[i] = std::any_of(answer.lines().begin(), answer.lines().end(),
                            [i](const v1::BalanceLine& line) { return kPlaces[i].amount(line) != 0; });
    }
    if (std::none_of(has_.begin(), has_.end(), [](bool has) { return has; })) has_.front() = true;
  }
  bool Has(std::size_t place) const { return has_[place]; }

 private:
  std::array<bool, kPlaces.size()> has_{};
};

// Of several accounts in one asset, what they come to.
Shown SumsText(const v1::BalanceAnswer& answer, const Style& style) {
  struct Sums {
    int lines = 0;
    std::uint32_t decimals = 0;
    Wide received = 0, drawn = 0;
    std::array<Wide, kPlaces.size()> lies{};
  };
  std::map<std::string, Sums> sums;
  for (const auto& line : answer.lines()) {
    Sums& of = sums[line.account().asset()];
    ++of.lines;
    of.decimals = line.account().decimals();
    of.received += line.received();
    of.drawn += line.drawn();
    for (std::size_t i = 0; i < kPlaces.size(); ++i) of.lies[i] += kPlaces[i].amount(line);
  }
  const PlacesShown shown(answer);
  Shown text;
  for (const auto& [asset, of] : sums) {
    if (of.lines < 2 ||
        std::max({of.received, of.drawn, *std::max_element(of.lies.begin(), of.lies.end())}) > kMaxInt64)
      continue;
    const auto money = [decimals = of.decimals](Wide amount) {
      return Money(static_cast<std::int64_t>(amount), decimals);
    };
    Shown lies;
    for (std::size_t i = 0; i < kPlaces.size(); ++i) {
      if (shown.Has(i))
        lies += (lies.empty() ? Shown() : Shown(" + ")) + Say("{} {}", money(of.lies[i]), kPlaces[i].words);
    }
    text += Toned(style, Tone::kBold,
                  Say("Together: {} {} received - {} paid out = {}", money(of.received), asset,
                      money(of.drawn), lies)) +
            "\n";
  }
  return text;
}

}  // namespace

Shown Text(const v1::BalanceAnswer& answer, const Style& style) {
  if (answer.lines().empty())
    return "No money: no transfer from it or to it fits the question.\n" + JoinedText(answer.joined()) +
           AsOf(answer.as_of(), style);
  const std::string& name = answer.lines(0).account().party_name();
  Shown text =
      Toned(style, Tone::kBold, Safe(name)) +
      (answer.as_of_date().empty() ? Shown() : Say(", by the value dates up to {}", answer.as_of_date())) +
      (answer.has_as_of_record() ? Say(", as of record {}", answer.as_of_record()) : Shown()) + "\n";
  // What this party pays out as a SOURCE is said to come from it only if it is one that somebody named.
  const bool unrecorded =
      std::any_of(answer.lines().begin(), answer.lines().end(), [](const v1::BalanceLine& line) {
        return line.minted() != 0 && model::IsUnrecordedOrigin(line.account().party());
      });
  const bool projects =
      std::any_of(answer.lines().begin(), answer.lines().end(),
                  [](const v1::BalanceLine& line) { return !line.account().project().empty(); });
  Column asset{"asset"};
  asset.folds = true;
  std::vector<Column> columns = {{"fund"}, asset, {"received", true}, {"paid out", true}};
  const PlacesShown shown(answer);
  for (std::size_t i = 0; i < kPlaces.size(); ++i)
    if (shown.Has(i)) columns.push_back({kPlaces[i].title, true});
  columns.push_back({unrecorded ? "of unrecorded origin" : "brought in", true});
  if (projects) columns.insert(columns.begin() + 1, {"project"});
  Table table(columns);
  Shown committed;
  for (const auto& line : answer.lines()) {
    const auto money = [&](std::int64_t amount) { return Money(amount, line.account().decimals()); };
    std::vector<Cell> cells = {line.account().fund(), line.account().asset(), money(line.received()),
                               money(line.drawn())};
    for (std::size_t i = 0; i < kPlaces.size(); ++i)
      if (shown.Has(i)) cells.emplace_back(money(static_cast<std::int64_t>(kPlaces[i].amount(line))));
    cells.emplace_back(line.minted() == 0 ? std::string() : money(line.minted()));
    if (projects) cells.insert(cells.begin() + 1, line.account().project());
    table.Add(std::move(cells));
    if (line.frozen() != 0) {
      committed += Say("Frozen by a verdict in {}: {} {} of what is held, which can only be sent back",
                       FundOf(line.account()), money(line.frozen()), line.account().asset());
      committed += line.frozen_kept() == 0 ? Shown(".\n")
                                           : Say("; commitments keep {} of it.\n", money(line.frozen_kept()));
    }
    if (line.held() < 0 && !answer.as_of_date().empty()) {
      committed +=
          Say("Below zero in {}: by value dates, more {} had gone out by that day than come in. In the order "
              "of the records "
              "there was always enough.\n",
              FundOf(line.account()), line.account().asset());
    }
    if (line.between() != 0) {
      committed += Say("Between joined parties in {}: {} {} of what was received.\n", FundOf(line.account()),
                       money(line.between()), line.account().asset());
    }
    if (line.kept() != 0 && !line.has_spendable()) {
      committed += Say("Kept by commitments in {}: {} {} of what is held.\n", FundOf(line.account()),
                       money(line.kept()), line.account().asset());
    } else if (line.kept() != 0) {
      committed +=
          Say("Kept by commitments in {}: {} {} of what is held; spendable: {}.\n", FundOf(line.account()),
              money(line.kept()), line.account().asset(), money(line.spendable()));
    }
    if (line.undone_received() != 0 || line.undone_drawn() != 0) {
      committed +=
          Say("Undone in {}: {} {} of what was received, {} of what was paid out.\n", FundOf(line.account()),
              money(line.undone_received()), line.account().asset(), money(line.undone_drawn()));
      // A reversal stands on both sides, and so does what it undid. By value dates one may be there without the other.
      const Wide undone = Wide{line.undone_received()} + line.undone_drawn();
      if (line.received() >= undone && line.drawn() >= undone) {
        committed += Say("  Without the reversals and what they undid: {} received, {} paid out.\n",
                         money(static_cast<std::int64_t>(line.received() - undone)),
                         money(static_cast<std::int64_t>(line.drawn() - undone)));
      }
    }
    if (line.committed_received() == 0 && line.committed_drawn() == 0 && line.committed_held() == 0) continue;
    committed += Say("Committed, not paid, in {}: {} {} of what was received, {} of what went out",
                     FundOf(line.account()), money(line.committed_received()), line.account().asset(),
                     money(line.committed_drawn()));
    const bool ends = line.reached() != 0 || line.ends_here() != 0 || line.returned() != 0;
    committed += !line.has_committed_held() ? Shown(".\n")
                 : ends                     ? Say(", {} of what lies there.\n", money(line.committed_held()))
                                            : Say(", {} of what is held.\n", money(line.committed_held()));
  }
  // As in a trace.
  const Shown legend =
      shown.Has(kEndsHere)
          ? Toned(style, Tone::kDim,
                  "Ends here: no further payment is recorded. Nobody stated that the party is a "
                  "recipient.\n")
          : Shown();
  return text + table.Text(style) + SumsText(answer, style) + committed + legend +
         NamesText(answer.names(), style) + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

std::string BalanceCsv(const v1::BalanceAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({"party",
                                "fund",
                                "asset",
                                "received",
                                "drawn",
                                "held",
                                "minted",
                                "committed_received",
                                "committed_drawn",
                                "committed_held",
                                "project",
                                "frozen",
                                "kept",
                                "spendable",
                                "undone_received",
                                "undone_drawn",
                                "reached",
                                "ends_here",
                                "returned",
                                "fund_name",
                                "project_name"});
  const ItemNames names(answer.names());
  for (const auto& line : answer.lines()) {
    const auto money = [&](std::int64_t amount) { return PlainMoney(amount, line.account().decimals()); };
    const auto part = [&](std::int64_t amount) { return line.has_spendable() ? money(amount) : ""; };
    text += CsvRow({line.account().party(),
                    line.account().fund(),
                    line.account().asset(),
                    money(line.received()),
                    money(line.drawn()),
                    money(line.held()),
                    money(line.minted()),
                    money(line.committed_received()),
                    money(line.committed_drawn()),
                    line.has_committed_held() ? money(line.committed_held()) : "",
                    line.account().project(),
                    part(line.frozen()),
                    part(line.kept()),
                    part(line.spendable()),
                    money(line.undone_received()),
                    money(line.undone_drawn()),
                    money(line.reached()),
                    money(line.ends_here()),
                    money(line.returned()),
                    names.Fund(line.account().fund()),
                    names.Project(line.account().project())},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
