// See import_summary.h.
#include "ledger/intake/import_summary.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"

namespace fundtrail::intake {
namespace {

Amount Magnitude(Amount amount) {
  // The smallest integer has no positive; it is far outside what a row that is counted can hold.
  return amount.value() < 0 && amount.value() != std::numeric_limits<std::int64_t>::min()
             ? Amount(-amount.value())
             : amount;
}

void AddTo(Amount* sum, Amount amount) {
  *sum = CheckedAdd(*sum, amount).value_or(Amount(std::numeric_limits<std::int64_t>::max()));
}

}  // namespace

void CountRow(const sheets::Row& row, const RowActions& made, const v1::Outcome& outcome, ImportSummary* to) {
  ++to->imported;
  to->parties += made.parties;
  to->same_ids.insert(made.same_ids.begin(), made.same_ids.end());
  to->by_name.insert(made.by_name.begin(), made.by_name.end());
  to->transfers += static_cast<std::uint64_t>(outcome.transfers_size());
  std::set<sheets::Change> changes = row.changes;
  if (made.draws_left_out) changes.insert(sheets::Change::kDraws);
  if (made.project_left_out) changes.insert(sheets::Change::kProject);
  if (made.from_project_left_out) changes.insert(sheets::Change::kFromProject);
  for (const sheets::Change change : changes) {
    ChangedRows& changed = to->changed[change];
    ++changed.rows;
    if (changed.lines.size() < kMaxTold) changed.lines.push_back(row.line);
  }
  AssetSums& sums = to->sums[row.asset];
  sums.decimals = row.decimals;
  AddTo(row.amount > Amount(0) ? &sums.imported : &sums.returned, Magnitude(row.amount));
  if (row.committed && row.amount > Amount(0)) AddTo(&sums.committed, row.amount);
  AddTo(&sums.unrecorded, made.unrecorded);
  AddTo(&sums.in_projects, made.in_project);
  AddTo(&sums.drawn, made.drawn);
  AddTo(&sums.put_in, made.put_in);
  if (made.in_project.is_zero()) return;
  AddTo(&sums.unrecorded_in, made.unrecorded);
  AddTo(&sums.from_sources, made.in_project - made.drawn - made.put_in - made.unrecorded);
}

Status Doubt(const std::string& code, const std::string& sentence) {
  return absl::AlreadyExistsError(absl::StrCat(code, ": ", sentence));
}

bool IsDoubt(const Status& status) {
  return absl::IsAlreadyExists(status) && !model::RefusalOf(status).has_value();
}

void CountReject(const sheets::Row* row, const Status& why, ImportSummary* to) {
  ++to->rejected;
  const auto refusal = model::RefusalOf(why);
  ++to->reject_codes[refusal.has_value() ? model::WordOf(refusal->code())
                     : IsDoubt(why)      ? std::string(why.message().substr(0, why.message().find(':')))
                     : row == nullptr    ? "UNREADABLE"
                                         : "REFUSED_BEFORE"];
  if (row == nullptr) return;
  AssetSums& sums = to->sums[row->asset];
  sums.decimals = row->decimals;
  AddTo(&sums.rejected, Magnitude(row->amount));
}

void CountEntry(std::uint64_t record, ImportSummary* to) {
  ++to->entries;
  to->first_record = std::min(record, to->first_record.value_or(record));
  to->last_record = std::max(record, to->last_record.value_or(record));
}

void AddCounts(const ImportSummary& from, ImportSummary* to) {
  to->odd_dates.rows += from.odd_dates.rows;
  for (const std::uint64_t line : from.odd_dates.lines)
    if (to->odd_dates.lines.size() < kMaxTold) to->odd_dates.lines.push_back(line);
  to->imported += from.imported;
  to->transfers += from.transfers;
  to->parties += from.parties;
  to->alike += from.alike;
  for (const std::string& words : from.alike_names)
    if (to->alike_names.size() < kMaxTold) to->alike_names.push_back(words);
  to->same_ids.insert(from.same_ids.begin(), from.same_ids.end());
  to->by_name.insert(from.by_name.begin(), from.by_name.end());
  for (const auto& [change, changed] : from.changed) {
    ChangedRows& all = to->changed[change];
    all.rows += changed.rows;
    for (const std::uint64_t line : changed.lines)
      if (all.lines.size() < kMaxTold) all.lines.push_back(line);
  }
  for (const auto& [asset, sums] : from.sums) {
    AssetSums& all = to->sums[asset];
    all.decimals = sums.decimals;
    AddTo(&all.imported, sums.imported);
    AddTo(&all.committed, sums.committed);
    AddTo(&all.returned, sums.returned);
    AddTo(&all.unrecorded, sums.unrecorded);
    AddTo(&all.in_projects, sums.in_projects);
    AddTo(&all.from_sources, sums.from_sources);
    AddTo(&all.drawn, sums.drawn);
    AddTo(&all.put_in, sums.put_in);
    AddTo(&all.unrecorded_in, sums.unrecorded_in);
    AddTo(&all.rejected, sums.rejected);
  }
}

}  // namespace fundtrail::intake
