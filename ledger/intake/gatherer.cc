// See gatherer.h.
#include "ledger/intake/gatherer.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/intake/group.h"
#include "ledger/intake/personal_numbers.h"
#include "ledger/intake/unrecorded.h"
#include "ledger/model/bounds.h"
#include "ledger/model/entry.h"
#include "ledger/model/entry_form.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"

namespace fundtrail::intake {

using model::Refuse;

namespace {

// Tag and length of one embedded message.
constexpr std::size_t kPartOverhead = 4;

// So long before the ledger's first record the date of a payment is taken for a slip: ten years.
constexpr int kFarBackDays = 3'653;
constexpr std::string_view kIdDomain = "fundtrail import v1\n";

}  // namespace

void RowTransfers::Add(const v1::Transfer& transfer, TransferRef ref) {
  (transfer.from() == kUnrecorded     ? brought_
   : transfer.from() == transfer.to() ? moved_
                                      : paid_)
      .push_back(ref);
}

bool IsRowsOwn(const Status& status) { return model::RefusalOf(status).has_value() || IsDoubt(status); }

Gatherer::Gatherer(Target* target, sheets::RowReader* rows, const ImportOptions& options, std::string name,
                   const Hash& digest)
    : ledger_(*target),
      rows_(*rows),
      options_(options),
      name_(std::move(name)),
      digest_(digest),
      map_digest_(crypto::Sha256(options.map_text)),
      signers_({options.key->public_key()}) {}

Bytes Gatherer::IdOf(std::uint64_t first_row) const {
  Bytes text(kIdDomain);
  text.append(digest_.view());
  text.append(map_digest_.view());
  AppendBigEndian64(&text, first_row);
  return Bytes(crypto::Sha256(text).view().substr(0, model::kEntryIdBytes));
}

std::string Gatherer::PlaceOf(const sheets::Row& row) {
  return absl::StrCat(":", row.line, row.reference.empty() ? "" : " ", row.reference);
}

v1::Entry Gatherer::EntryAt(std::uint64_t first_row) const {
  v1::Entry entry;
  entry.set_ledger(ledger_.name());
  entry.set_author(options_.author);
  entry.set_id(IdOf(first_row));
  entry.set_date(ToString(options_.date));
  auto* source = entry.mutable_source();
  source->set_sha256(std::string(digest_.view()));
  source->set_name(name_);
  source->set_first_row(first_row);
  entry.add_signers(std::string(signers_.front().view()));
  return entry;
}

Status Gatherer::Begin(std::uint64_t first_row, const std::optional<log::Place>& place, Group* group) {
  group->first_row = first_row;
  group->entry = EntryAt(first_row);
  group->place = place;
  const store::Reader& rows = ledger_.rows();
  FT_ASSIGN_OR_RETURN(const auto version, books::RulesInForce(rows));
  FT_ASSIGN_OR_RETURN(const auto rules, books::FindRules(books::KnownRules(), version));
  // What is only tried is recorded when it is sent: soon, and for the trial on the entries' day.
  const books::Moment moment = place.has_value()
                                   ? books::Moment{place->record, DateOf(place->recorded), rules}
                                   : books::Moment{RecordIndex(ledger_.size()), options_.date, rules};
  group->judge = std::make_unique<books::GrowingEntry>(rows, moment, signers_, &items_);
  if (place.has_value()) FT_RETURN_IF_ERROR(group->judge->CheckHead(group->entry));

  group->alone.set_ledger(ledger_.name());
  group->alone.set_author(options_.author);
  group->alone.set_id(group->entry.id());
  group->alone.set_date(group->entry.date());
  *group->alone.mutable_signers() = group->entry.signers();

  RowContext& context = group->context;
  context.author = options_.author;
  context.register_unknown = options_.register_unknown;
  context.open_missing = options_.open_missing;
  context.ignore_unusable_draws = options_.map.ignore_unusable_draws;
  context.ignore_unknown_projects = options_.map.ignore_unknown_projects;
  context.own_is_unrecorded = options_.map.own_is_unrecorded;
  context.record = moment.record;
  context.spent = &spent_;
  context.items = &items_;
  context.find_refs = [this, group](const std::string& id) -> const std::vector<TransferRef>* {
    for (const RowRefs* refs : {&group->refs, &refs_}) {
      const auto found = refs->find(id);
      if (found != refs->end()) return &found->second;
    }
    return nullptr;
  };
  context.called = [this, group](v1::Action::ActionCase kind, const std::string& name,
                                 bool exactly) -> StatusOr<std::vector<std::string>> {
    FT_ASSIGN_OR_RETURN(std::vector<std::string> ids,
                        known_names_.Called(ledger_.rows(), kind, name, exactly));
    for (std::string& id : group->named.Called(kind, name, exactly))
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    return ids;
  };
  return absl::OkStatus();
}

Status Gatherer::Fill(std::uint64_t first_row, Group* group) {
  FT_ASSIGN_OR_RETURN(const auto place, ledger_.NextPlace());
  FT_RETURN_IF_ERROR(Begin(first_row, place, group));
  for (std::uint64_t i = first_row; i < rows_.size(); ++i) {
    const auto& row = rows_.Read(i);
    if (!row.ok()) {
      group->rejects.push_back({i, std::nullopt, row.status()});
    } else {
      const auto added = AddRow(i, *row, group);
      if (added.ok() && !*added) break;  // full: this row begins the next entry
      if (!added.ok()) {
        if (!IsRowsOwn(added.status())) return added.status();
        group->rejects.push_back({i, *row, added.status()});
      }
    }
    ++group->rows;
  }
  return absl::OkStatus();
}

std::size_t Gatherer::HashOfCells(std::uint64_t i) {
  std::string text;
  for (const std::string& cell : rows_.CellsOf(i)) absl::StrAppend(&text, cell.size(), ":", cell);
  return std::hash<std::string>()(text);
}

bool Gatherer::IsOdd(Date date) const {
  return options_.today.has_value() &&
         (date > *options_.today || date.days() <= begun_.days() - kFarBackDays);
}

Status Gatherer::CheckNotPaid(std::uint64_t i, std::size_t hash, const sheets::Row& row,
                              const v1::Entry& made, const Group& group) {
  const std::string way = "; where it is another payment, import the rejected rows with --accept-duplicates";
  for (const auto* cells : {&std::as_const(cells_), &group.cells}) {
    const auto same = cells->find(hash);
    if (same == cells->end() || same->second == i) continue;
    const sheets::RawRow before = rows_.Raw(same->second);
    if (before.fields == rows_.Raw(i).fields)
      return Doubt("DUPLICATE_SUSPECTED",
                   absl::StrCat("line ", before.line, " of the file has the same cells", way));
  }
  // Whom the row itself registers has paid nothing before.
  const auto is_new = [&made](const std::string& party) {
    return std::any_of(made.actions().begin(), made.actions().end(), [&](const v1::Action& action) {
      return action.has_register_party() && !action.has_amends() && action.register_party().id() == party;
    });
  };
  // What is brought in so that it can be paid is not the payment, unless there is no other.
  bool pays = false;
  for (const auto& action : made.actions())
    pays = pays || (action.has_transfer() && action.transfer().from() != kUnrecorded);
  for (const auto& action : made.actions()) {
    if (!action.has_transfer()) continue;
    const v1::Transfer& transfer = action.transfer();
    if (transfer.from() == transfer.to() || (pays && transfer.from() == kUnrecorded) ||
        is_new(transfer.from()))
      continue;
    FT_ASSIGN_OR_RETURN(const auto before, paid_before_.Find(ledger_.rows(), transfer, row.date,
                                                             options_.own_numbers ? row.reference : ""));
    if (before.has_value())
      return Doubt("DUPLICATE_SUSPECTED",
                   absl::StrCat(model::RefText(*before), " pays as much from ", transfer.from(), " to ",
                                transfer.to(), " on ", ToString(row.date), way));
  }
  return absl::OkStatus();
}

StatusOr<bool> Gatherer::AddRow(std::uint64_t i, const sheets::Row& row, Group* group) {
  const bool odd = IsOdd(row.date);
  if (odd && options_.strict_dates) {
    return Doubt(
        "DATE_UNLIKELY",
        absl::StrCat("the date ", ToString(row.date),
                     row.date > *options_.today ? " is in the future"
                                                : " is ten years or more before the ledger's first record"));
  }
  books::GrowingEntry& judge = *group->judge;
  group->context.reference = name_ + PlaceOf(row);
  FT_ASSIGN_OR_RETURN(RowActions made, ActionsFor(judge.rows(), row, group->context));

  v1::Entry& alone = group->alone;
  alone.clear_actions();
  for (auto& action : made.actions) *alone.add_actions() = std::move(action);
  if (!options_.not_personal) FT_RETURN_IF_ERROR(RefusePersonalNumber(FindPersonalNumber(alone)));
  FT_RETURN_IF_ERROR(model::CheckEntry(alone));
  const bool asks = options_.refuse_duplicates && row.amount > Amount(0);
  const std::size_t hash = asks ? HashOfCells(i) : 0;
  if (asks) FT_RETURN_IF_ERROR(CheckNotPaid(i, hash, row, alone, *group));

  FT_ASSIGN_OR_RETURN(const v1::Outcome* const outcome, judge.Try(alone));

  std::size_t bytes = 0;
  for (const auto& action : alone.actions()) bytes += action.ByteSizeLong() + kPartOverhead;
  for (const auto& transfer : outcome->transfers()) bytes += transfer.ByteSizeLong() + kPartOverhead;
  if (bytes > kMaxGroupBytes) {
    judge.Drop();
    return Refuse(v1::REFUSAL_CODE_RECORD_TOO_LARGE, "",
                  absl::StrCat("this row alone would need a record of over ", bytes, " bytes"));
  }
  if (group->bytes + bytes > kMaxGroupBytes ||
      static_cast<std::size_t>(group->entry.actions_size()) + static_cast<std::size_t>(alone.actions_size()) >
          model::kMaxActions) {
    judge.Drop();
    return false;
  }

  group->bytes += bytes;
  group->named.Add(alone);
  CountRow(row, made, *outcome, &group->counts);
  std::uint32_t line = judge.lines();
  judge.Keep();
  if (odd) {
    ++group->counts.odd_dates.rows;
    if (group->counts.odd_dates.lines.size() < kMaxTold) group->counts.odd_dates.lines.push_back(row.line);
  }
  if (asks) group->cells.emplace(hash, i);
  RowTransfers transfers;
  for (auto& action : *alone.mutable_actions()) {
    if (action.has_transfer()) transfers.Add(action.transfer(), {judge.moment().record, ++line});
    *group->entry.add_actions() = std::move(action);
  }
  if (!row.row_id.empty()) group->refs[row.row_id] = transfers.refs();
  return true;
}

void Gatherer::Remember(RecordIndex record, Group* group) {
  const RecordIndex made_for = group->judge->moment().record;
  for (auto& [id, refs] : group->refs) {
    for (TransferRef& ref : refs) {
      if (ref.record == made_for) ref.record = record;
    }
  }
  known_names_.Add(std::move(group->named));
  refs_.merge(group->refs);
  cells_.merge(group->cells);
  paid_before_.PassOver(record);
  if (!group->place.has_value() || !options_.refuse_duplicates) return;
  for (const auto& action : group->entry.actions())
    if (action.has_register_party() && !action.has_amends())
      paid_before_.AddNew(action.register_party().id());
}

void Gatherer::RememberPresent(std::uint64_t i, const sheets::Row& row,
                               const std::vector<TransferRef>& refs) {
  if (options_.refuse_duplicates) cells_.emplace(HashOfCells(i), i);
  if (!row.row_id.empty()) refs_[row.row_id] = refs;
}

}  // namespace fundtrail::intake
