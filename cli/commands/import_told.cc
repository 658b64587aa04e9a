// See import_told.h: the words for payments.
#include "cli/commands/import_told.h"

#include <cstddef>
#include <map>

#include "cli/render/messages.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMaxSaid = 20;  // of what may be said of every row of a large file

render::Shown TransfersOf(std::uint64_t count) {
  return count == 1 ? render::Say("1 transfer") : render::Say("{} transfers", render::Number(count));
}
render::Shown PartiesOf(std::uint64_t count) {
  return count == 1 ? render::Say("1 party") : render::Say("{} parties", render::Number(count));
}

// The table of what was taken of each asset.
render::Shown SumsTable(const std::map<std::string, intake::AssetSums>& of, const render::Style& style) {
  render::Table table(
      {{"asset"}, {"imported", true}, {"returned", true}, {"of it unrecorded", true}, {"not taken", true}});
  for (const auto& [asset, sums] : of) {
    const auto money = [decimals = static_cast<std::uint32_t>(sums.decimals)](Amount amount) {
      return render::Money(amount.value(), decimals);
    };
    table.Add(
        {asset, money(sums.imported), money(sums.returned), money(sums.unrecorded), money(sums.rejected)});
  }
  return table.empty() ? render::Shown() : table.Text(style);
}

std::uint64_t UnreadableOf(const intake::ImportSummary& summary) {
  const auto found = summary.reject_codes.find("UNREADABLE");
  return found == summary.reject_codes.end() ? 0 : found->second;
}

// "lines 2, 7, ..."
render::Shown LinesText(const intake::ChangedRows& changed) {
  std::string lines;
  for (std::size_t i = 0; i < changed.lines.size(); ++i) {
    if (i == kMaxSaid) break;
    lines += (i > 0 ? ", " : "") + std::to_string(changed.lines[i]);
  }
  if (changed.rows > kMaxSaid) lines += ", ...";
  return changed.rows == 1 ? render::Say("line {}", lines) : render::Say("lines {}", lines);
}

// Which records were written: nothing where there is none.
render::Shown RecordsText(const intake::ImportSummary& summary) {
  if (!summary.first_record.has_value() || !summary.last_record.has_value()) return {};
  if (*summary.first_record == *summary.last_record)
    return render::Say("  in record {}\n", *summary.first_record);
  return render::Say("  in records {} to {}\n", *summary.first_record, *summary.last_record);
}

// "红十字会 is hong-shi-zi-hui": an id has no blanks.
render::Shown FoundByName(const std::string& words) {
  constexpr std::string_view kIs = " is ";
  const std::size_t at = words.rfind(kIs);
  if (at == std::string::npos) return render::Say("    {}\n", words);
  return render::Say("    {} is {}\n", words.substr(0, at), words.substr(at + kIs.size()));
}

}  // namespace

render::Shown PaymentsText(const std::string& file, const intake::ImportSummary& summary,
                           const std::string& rejects, const render::Style& style) {
  render::Shown text = render::Say("{}: {}, {} imported as {} in {}", file, RowsOf(summary.rows),
                                   render::Number(summary.imported), TransfersOf(summary.transfers),
                                   EntriesOf(summary.entries));
  if (summary.present > 0)
    text += render::Say(", {} were in the ledger already", render::Number(summary.present));
  text += render::Say("; {} registered, {} rejected\n", PartiesOf(summary.parties), RowsOf(summary.rejected));
  for (const auto& skip : summary.skipped) {
    if (skip.rows > 0)
      text += render::Say("  left out by the map: {} where {}\n", RowsOf(skip.rows), skip.rule);
  }
  for (const auto& [change, changed] : summary.changed)
    text += render::Say("  changed: in {} {} ({})\n", RowsOf(changed.rows),
                        render::Told(sheets::Describe(change)), LinesText(changed));
  if (summary.odd_dates.rows > 0)
    text +=
        render::Say("  dates to look at: {} in the future or long ago ({}); --strict-dates rejects them\n",
                    RowsOf(summary.odd_dates.rows), LinesText(summary.odd_dates));
  if (summary.alike > 0)
    text += render::Say(
        "  names to look at: {} registered with a name that reads like another's or mixes scripts\n",
        PartiesOf(summary.alike));
  std::size_t same = 0;
  for (const std::string& words : summary.same_ids) {
    if (++same > kMaxSaid) break;
    text += render::Say("  one party, two names: {}; give one an id under [parties] if they are two\n",
                        render::Told(words));
  }
  if (summary.same_ids.size() > kMaxSaid)
    text += render::Say("  and {} more names like that (--json lists them)\n",
                        summary.same_ids.size() - kMaxSaid);
  if (!summary.by_name.empty()) {
    text += render::Say("  found by name, where no id was given: {}\n", summary.by_name.size());
  }
  std::size_t named = 0;
  for (const std::string& words : summary.by_name)
    if (++named <= kMaxSaid) text += FoundByName(words);
  text += SumsTable(summary.sums, style);
  if (const std::uint64_t unreadable = UnreadableOf(summary); unreadable > 0)
    text += render::Say("  in none of these sums: {} that could not be read\n", RowsOf(unreadable));
  for (const auto& [asset, sums] : summary.sums) {
    if (sums.in_projects.is_zero()) continue;
    const auto money = [decimals = static_cast<std::uint32_t>(sums.decimals)](Amount amount) {
      return render::Money(amount.value(), decimals);
    };
    text += render::Say(
        "  in projects: {} {} of what was imported: {} from sources, {} drawn from the projects, "
        "{} put in from general money, {} unrecorded\n",
        money(sums.in_projects), asset, money(sums.from_sources), money(sums.drawn), money(sums.put_in),
        money(sums.unrecorded_in));
  }
  for (const auto& [asset, sums] : summary.sums) {
    if (sums.committed.is_zero()) continue;
    text +=
        render::Say("  committed, not paid: {} {} of what was imported\n",
                    render::Money(sums.committed.value(), static_cast<std::uint32_t>(sums.decimals)), asset);
  }
  for (const auto& [code, rows] : summary.reject_codes) {
    text += render::Say("  rejected, {}: {}\n", code, RowsOf(rows));
    if (code == model::WordOf(v1::REFUSAL_CODE_INSUFFICIENT_FUNDS))
      text += render::Say(
          "    they pay more than the payer holds: a payer that brings money in has the role source; "
          "--open-missing "
          "says of what is missing that its origin is not recorded\n");
  }
  if (!rejects.empty()) text += render::Say("  the rejected rows and why: {}\n", rejects);
  return text + RecordsText(summary);
}

nlohmann::json PaymentsJson(const std::string& file, const intake::ImportSummary& summary,
                            const std::string& rejects) {
  nlohmann::json json = {{"file", file},
                         {"rows", std::to_string(summary.rows)},
                         {"imported", std::to_string(summary.imported)},
                         {"present", std::to_string(summary.present)},
                         {"rejected", std::to_string(summary.rejected)},
                         {"transfers", std::to_string(summary.transfers)},
                         {"entries", std::to_string(summary.entries)},
                         {"parties", std::to_string(summary.parties)},
                         {"rejects_file", rejects},
                         {"same_ids", summary.same_ids},
                         {"odd_dates", std::to_string(summary.odd_dates.rows)},
                         {"by_name", summary.by_name},
                         {"alike", std::to_string(summary.alike)},
                         {"alike_names", summary.alike_names},
                         {"changed", nlohmann::json::array()},
                         {"assets", nlohmann::json::array()},
                         {"left_out", nlohmann::json::array()}};
  if (summary.first_record.has_value()) json["first_record"] = std::to_string(*summary.first_record);
  if (summary.last_record.has_value()) json["last_record"] = std::to_string(*summary.last_record);
  for (const auto& [change, changed] : summary.changed) {
    auto lines = nlohmann::json::array();
    for (const std::uint64_t line : changed.lines) lines.push_back(std::to_string(line));
    json["changed"].push_back(
        {{"what", sheets::Describe(change)}, {"rows", std::to_string(changed.rows)}, {"lines", lines}});
  }
  for (const auto& skip : summary.skipped)
    json["left_out"].push_back({{"rule", skip.rule}, {"rows", std::to_string(skip.rows)}});
  for (const auto& [asset, sums] : summary.sums) {
    json["assets"].push_back({{"asset", asset},
                              {"decimals", sums.decimals},
                              {"imported", std::to_string(sums.imported.value())},
                              {"committed", std::to_string(sums.committed.value())},
                              {"returned", std::to_string(sums.returned.value())},
                              {"unrecorded", std::to_string(sums.unrecorded.value())},
                              {"in_projects", std::to_string(sums.in_projects.value())},
                              {"from_sources_in_projects", std::to_string(sums.from_sources.value())},
                              {"drawn_in_projects", std::to_string(sums.drawn.value())},
                              {"put_in_projects", std::to_string(sums.put_in.value())},
                              {"unrecorded_in_projects", std::to_string(sums.unrecorded_in.value())},
                              {"rejected", std::to_string(sums.rejected.value())}});
  }
  for (const auto& [code, rows] : summary.reject_codes) json["reject_codes"][code] = std::to_string(rows);
  return json;
}

void AddToTotals(const intake::ImportSummary& summary, PaymentTotals* totals) {
  ++totals->files;
  intake::ImportSummary& all = totals->all;
  all.rows += summary.rows;
  all.present += summary.present;
  all.rejected += summary.rejected;
  all.entries += summary.entries;
  if (!all.first_record.has_value()) all.first_record = summary.first_record;
  if (summary.last_record.has_value()) all.last_record = summary.last_record;
  for (const auto& [code, rows] : summary.reject_codes) all.reject_codes[code] += rows;
  intake::AddCounts(summary, &all);
}

ImportedFile TotalOf(const PaymentTotals& totals, const render::Style& style) {
  const intake::ImportSummary& all = totals.all;
  ImportedFile total;
  total.text = render::Say("All {}: {}, {} taken, {} in the ledger already, {} rejected; {} registered\n",
                           FilesOf(totals.files), RowsOf(all.rows), render::Number(all.imported),
                           render::Number(all.present), render::Number(all.rejected), PartiesOf(all.parties));
  total.text += SumsTable(all.sums, style);
  if (const std::uint64_t unreadable = UnreadableOf(all); unreadable > 0)
    total.text += render::Say("  in none of these sums: {} that could not be read\n", RowsOf(unreadable));
  total.text += RecordsText(all);
  total.json = PaymentsJson("", all, "");
  for (const char* of_one : {"file", "rejects_file"}) total.json.erase(of_one);
  total.json["files"] = std::to_string(totals.files);
  return total;
}

}  // namespace fundtrail::cli
