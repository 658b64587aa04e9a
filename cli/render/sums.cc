// See sums.h.
#include "cli/render/sums.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"

namespace fundtrail::render {
namespace {

using MoneySums = v1::MoneySums;

struct SumColumn {
  const char* title;
  std::int64_t (MoneySums::*amount)() const;
};

// What stands in a text, in this order.
constexpr SumColumn kTextColumns[] = {
    {"before", &MoneySums::before},      {"brought in", &MoneySums::brought_in},
    {"received", &MoneySums::received},  {"paid", &MoneySums::paid},
    {"moved", &MoneySums::moved},        {"held", &MoneySums::held},
    {"reached", &MoneySums::reached},    {"ends here", &MoneySums::ends_here},
    {"came back", &MoneySums::returned},
};

// What stands in a CSV, by the names of the fields.
constexpr SumColumn kCsvColumns[] = {
    {"before", &MoneySums::before},
    {"brought_in", &MoneySums::brought_in},
    {"unrecorded", &MoneySums::unrecorded},
    {"received", &MoneySums::received},
    {"paid", &MoneySums::paid},
    {"moved", &MoneySums::moved},
    {"held", &MoneySums::held},
    {"reached", &MoneySums::reached},
    {"ends_here", &MoneySums::ends_here},
    {"returned", &MoneySums::returned},
    {"committed_brought_in", &MoneySums::committed_brought_in},
    {"committed_received", &MoneySums::committed_received},
    {"committed_paid", &MoneySums::committed_paid},
    {"committed_moved", &MoneySums::committed_moved},
};

// A line of a table: what stands in front of the sums, and behind them.
struct SummedLine {
  Shown front;
  const MoneySums* sums = nullptr;
  std::uint32_t decimals = 0;
  Shown back;
};

Shown SumTable(const char* front, bool has_back, const std::vector<SummedLine>& lines, const Style& style) {
  std::vector<const SumColumn*> shown;
  for (const SumColumn& column : kTextColumns) {
    const bool any = std::any_of(lines.begin(), lines.end(), [&column](const SummedLine& line) {
      return (line.sums->*column.amount)() != 0;
    });
    if (any) shown.push_back(&column);
  }
  std::vector<Column> columns = {{front, false, true}};
  for (const SumColumn* column : shown) columns.push_back({column->title, true});
  columns.push_back({"transfers", true});
  if (has_back) columns.push_back({"name"});
  Table table(columns);
  for (const SummedLine& line : lines) {
    std::vector<Cell> cells = {line.front};
    for (const SumColumn* column : shown)
      cells.emplace_back(Money((line.sums->*column->amount)(), line.decimals));
    cells.emplace_back(Number(line.sums->transfers()));
    if (has_back) cells.emplace_back(line.back);
    table.Add(std::move(cells));
  }
  return table.Text(style);
}

// "Party hub, recipient by inference"
Shown BodyWords(const v1::TopLine& line) {
  if (line.role() == v1::ROLE_UNSPECIFIED) return Safe(line.party_name());  // no party
  const std::string role =
      v1::Role_IsValid(line.role()) ? absl::AsciiStrToLower(model::WordOf(line.role())) : "?";
  return Say("{}, {}{}", line.party_name(), OwnWord(role), line.role_inferred() ? " by inference" : "");
}

Shown BodyTable(const google::protobuf::RepeatedPtrField<v1::TopLine>& lines, const std::string& asset,
                const Style& style, const char* of = "body") {
  std::vector<SummedLine> shown;
  for (const v1::TopLine& line : lines) {
    if (line.asset() == asset)
      shown.push_back({line.party().empty() ? Shown("none") : Safe(line.party()), &line.sums(),
                       line.decimals(), BodyWords(line)});
  }
  return shown.empty() ? Shown() : SumTable(of, true, shown, style);
}

// "1,000.00 brought in = 400.00 reached + 600.00 held"
Shown Equation(const v1::AssetSums& asset) {
  const MoneySums& sums = asset.sums();
  const auto side = [&asset](std::initializer_list<std::pair<std::int64_t, const char*>> parts) {
    Shown words;
    for (const auto& [amount, what] : parts) {
      if (amount == 0) continue;
      words += (words.empty() ? Shown() : Shown(" + ")) + Say("{} {}", Money(amount, asset.decimals()), what);
    }
    return words.empty() ? Shown("nothing") : words;
  };
  return side({{sums.brought_in(), "brought in"}, {sums.received(), "by exchange"}}) + " = " +
         side({{sums.reached(), "reached recipients"},
               {sums.ends_here(), "ends here"},
               {sums.held(), "held"},
               {sums.returned(), "came back to sources"},
               {sums.paid(), "went by exchange"}});
}

// What of the sums is no money yet, or of no recorded origin; empty when there is nothing to say.
Shown Caveats(const v1::AssetSums& asset) {
  const MoneySums& sums = asset.sums();
  const std::pair<std::int64_t, const char*> parts[] = {
      {sums.unrecorded(), "of what was brought in is of unrecorded origin"},
      {sums.committed_brought_in(), "of what was brought in is committed and not paid"},
      {sums.committed_received(), "of what was received is committed and not paid"},
      {sums.committed_paid(), "of what was paid is committed and not paid"},
      {sums.committed_moved(), "of what moved is committed and not paid"},
  };
  Shown words;
  for (const auto& [amount, what] : parts)
    if (amount != 0) words += Say("{} {} {}.\n", Money(amount, asset.decimals()), asset.asset(), what);
  return words;
}

Shown DaysWords(const std::string& since, const std::string& until) {
  Shown words;
  if (!since.empty()) words += Say(", from {}", since);
  if (!until.empty()) words += Say(", until {}", until);
  return words;
}

template <typename Answer>
Shown RecordWords(const Answer& answer) {
  return answer.has_as_of_record() ? Say(", as of record {}", answer.as_of_record()) : Shown();
}

const char* RankWords(v1::TopRequest::By by) {
  switch (by) {
    case v1::TopRequest::BY_BROUGHT_IN:
      return "by what they brought in";
    case v1::TopRequest::BY_PAID:
      return "by what they paid to others";
    case v1::TopRequest::BY_HELD:
      return "by what is there";
    default:
      return "by what they received from others";
  }
}

// "3 parties, 2 funds (1 ended)"
Shown RegisterWords(const v1::SummaryAnswer& answer) {
  Shown words;
  for (const v1::RegisterCount& count : answer.registers()) {
    words += (words.empty() ? Shown() : Shown(", ")) +
             Say("{} {}", RegisterWord(count.register_()), Number(count.items()));
    if (count.ended() > 0) words += Say(" ({} ended)", Number(count.ended()));
  }
  return words;
}

Shown SummaryOfAsset(const v1::AssetSummary& asset, const Style& style) {
  const std::string& code = asset.all().asset();
  Shown text =
      "\n" + Toned(style, Tone::kBold, Safe(code)) + "\n" + Equation(asset.all()) + "\n" +
      Say("{} went from hand to hand, in {} transfers.\n",
          Money(asset.all().sums().moved(), asset.all().decimals()), Number(asset.all().sums().transfers())) +
      Caveats(asset.all());
  const auto add = [&](const char* what, std::uint64_t count,
                       const google::protobuf::RepeatedPtrField<v1::TopLine>& lines) {
    if (lines.empty()) return;
    text += Say("The largest {} of {}:\n", what, Number(count)) + BodyTable(lines, code, style);
  };
  add("donors", asset.donor_count(), asset.donors());
  add("recipients", asset.recipient_count(), asset.recipients());
  return text;
}

std::vector<std::string> SumTitles(std::vector<std::string> titles) {
  for (const SumColumn& column : kCsvColumns) titles.emplace_back(column.title);
  titles.insert(titles.end(), {"transfers", "committed_transfers"});
  return titles;
}

void AddSumCells(const MoneySums& sums, std::uint32_t decimals, std::vector<std::string>* cells) {
  for (const SumColumn& column : kCsvColumns) cells->push_back(PlainMoney((sums.*column.amount)(), decimals));
  cells->push_back(std::to_string(sums.transfers()));
  cells->push_back(std::to_string(sums.committed_transfers()));
}

}  // namespace

Shown Text(const v1::SummaryAnswer& answer, const Style& style) {
  Shown text = Toned(style, Tone::kBold,
                     Say("{}: {} records, the last on {}{}", answer.as_of().ledger(),
                         Number(answer.records()), answer.last_day(), RecordWords(answer))) +
               "\n" + Say("{} transfers", Number(answer.transfers()));
  if (answer.committed_transfers() > 0)
    text += Say(", {} of them committed and not paid", Number(answer.committed_transfers()));
  text += ".\n";
  if (!answer.registers().empty()) text += "Registers: " + RegisterWords(answer) + ".\n";
  for (const v1::AssetSummary& asset : answer.assets()) text += SummaryOfAsset(asset, style);
  if (!answer.newest().empty()) {
    text += "\nThe newest transfers:\n";
    Table table({{"ref", false, true}, {"date"}, {"amount", true}, {"asset"}, {"from"}, {"to"}, {"purpose"}});
    for (const v1::TransferLine& line : answer.newest()) {
      table.Add({model::RefText(line.ref()), line.date(), Money(line.transfer().amount(), line.decimals()),
                 line.transfer().asset(), line.from_name(), line.to_name(), line.transfer().purpose()});
    }
    text += table.Text(style);
  }
  return text + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

Shown Text(const v1::TopAnswer& answer, const v1::TopRequest& request, const Style& style) {
  Shown heading = Say("Who got what, {}", RankWords(request.by()));
  if (!request.fund().empty()) heading += Say(", fund {}", Named(request.fund(), answer.fund_name()));
  heading += DaysWords(request.since(), request.until()) + RecordWords(answer);
  const bool programmes = answer.of() == v1::TopRequest::OF_PROGRAMMES,
             kinds = answer.of() == v1::TopRequest::OF_KINDS;
  const char* const of = programmes ? "programme" : kinds ? "kind" : "body";
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  if (answer.totals().empty()) text += "No money.\n";
  for (const v1::TopTotal& total : answer.totals()) {
    text += "\n" + Toned(style, Tone::kBold, Safe(total.all().asset())) + "\n" +
            BodyTable(answer.lines(), total.all().asset(), style, of) +
            CountText(programmes || kinds ? Noun{"line", "lines"} : Noun{"body", "bodies"},
                      {total.bodies() - std::min(total.left_out(), total.bodies()), total.bodies(),
                       RestOfTop(total.left_out() > 0)}) +
            Caveats(total.all());
  }
  if (!answer.totals().empty() && (programmes || kinds))
    text += Toned(
        style, Tone::kDim,
        "Received and paid: from and to accounts of other lines. Moved: among accounts of one line. Money "
        "that passes through several lines is in the figures of each.\n");
  else if (!answer.totals().empty())
    text +=
        Toned(style, Tone::kDim,
              "Received and paid: from and to other bodies. Moved: among its own accounts. Money that passes "
              "through several hands is in the figures of each.\n");
  return text + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

Shown Text(const v1::SeriesAnswer& answer, const v1::SeriesRequest& request, const Style& style) {
  const char* const by = answer.by() == v1::SeriesRequest::BY_DAY    ? "day"
                         : answer.by() == v1::SeriesRequest::BY_YEAR ? "year"
                                                                     : "month";
  Shown heading = answer.party().empty() ? Shown("All bodies") : Named(answer.party(), answer.party_name());
  if (!answer.fund().empty()) heading += Say(", fund {}", Named(answer.fund(), answer.fund_name()));
  if (!answer.programme().empty())
    heading += Say(", programme {}", Named(answer.programme(), answer.programme_name()));
  heading += Say(", by {}", by) + DaysWords(request.since(), request.until()) + RecordWords(answer);
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  if (answer.lines().empty()) text += "No money.\n";
  for (int i = 0; i < answer.lines_size();) {
    const std::string& asset = answer.lines(i).sums().asset();
    std::vector<SummedLine> lines;
    for (; i < answer.lines_size() && answer.lines(i).sums().asset() == asset; ++i) {
      const v1::SeriesLine& line = answer.lines(i);
      lines.push_back({Safe(line.period()), &line.sums().sums(), line.sums().decimals(), ""});
    }
    text += "\n" + Toned(style, Tone::kBold, Safe(asset)) + "\n" + SumTable(by, false, lines, style);
  }
  if (!answer.lines().empty())
    text +=
        Toned(style, Tone::kDim,
              "By value date. Moved: among these accounts. In a period that is not shown nothing moved.\n");
  return text + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

std::string TopCsvHeader() {
  return CsvTitles(SumTitles({"party", "name", "role", "role_inferred", "asset"}));
}

std::string TopCsvLines(const v1::TopAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::TopLine& line : answer.lines()) {
    std::vector<std::string> values = {line.party(), line.party_name(),
                                       line.role() == v1::ROLE_UNSPECIFIED
                                           ? std::string()
                                           : absl::AsciiStrToLower(model::WordOf(line.role())),
                                       line.role_inferred() ? "true" : "false", line.asset()};
    AddSumCells(line.sums(), line.decimals(), &values);
    text += CsvRow(std::move(values), answer.as_of(), cells);
  }
  return text;
}

std::string SeriesCsv(const v1::SeriesAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles(SumTitles({"period", "asset"}));
  for (const v1::SeriesLine& line : answer.lines()) {
    std::vector<std::string> values = {line.period(), line.sums().asset()};
    AddSumCells(line.sums().sums(), line.sums().decimals(), &values);
    text += CsvRow(std::move(values), answer.as_of(), cells);
  }
  return text;
}

std::string SummaryCsv(const v1::SummaryAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles(SumTitles({"asset", "records", "donors", "recipients"}));
  for (const v1::AssetSummary& asset : answer.assets()) {
    std::vector<std::string> values = {asset.all().asset(), std::to_string(answer.records()),
                                       std::to_string(asset.donor_count()),
                                       std::to_string(asset.recipient_count())};
    AddSumCells(asset.all().sums(), asset.all().decimals(), &values);
    text += CsvRow(std::move(values), answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
