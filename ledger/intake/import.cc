// See import.h. One signed entry at a time: gather rows while they fit, sign, append, go on behind it.
#include "ledger/intake/import.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/apply.h"
#include "ledger/books/authority.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/intake/duplicates.h"
#include "ledger/intake/known_names.h"
#include "ledger/intake/party_names.h"
#include "ledger/intake/personal_numbers.h"
#include "ledger/intake/row_actions.h"
#include "ledger/intake/unrecorded.h"
#include "ledger/model/bounds.h"
#include "ledger/model/entry.h"
#include "ledger/model/entry_form.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/overlay.h"

namespace fundtrail::intake {

namespace keys = model::keys;
using model::Refuse;

namespace {

// What the actions of an entry and their outcome may take. The rest of a record's 65,534 bytes is for its
// header, the entry's, and one signature (together under 1,000 bytes).
constexpr std::size_t kMaxGroupBytes = 64'000;
// Tag and length of one embedded message.
constexpr std::size_t kPartOverhead = 4;

// So long before the ledger's first record the date of a payment is taken for a slip: ten years.
constexpr int kFarBackDays = 3'653;
constexpr int kMaxTries = 20;  // to fit an entry to a ledger that others write to
constexpr std::string_view kIdDomain = "fundtrail import v1\n";

// A row that goes into no entry.
struct Rejected {
  std::uint64_t row = 0;
  std::optional<sheets::Row> read;  // when it could be read
  Status why;
};

// Rows that are gathered for one entry.
struct Group {
  std::uint64_t first_row = 0;
  std::uint64_t rows = 0;  // looked at, the rejected ones too
  v1::Entry entry;
  std::uint32_t lines = 0;
  std::size_t bytes = 0;
  RowRefs refs;     // known to the import once the entry is in the ledger
  ItemNames named;  // what it registers
  std::unordered_map<std::size_t, std::uint64_t> cells;  // likewise: the rows by a hash of their cells
  std::vector<Rejected> rejects;
  ImportSummary counts;
};

// The transfers that a row became. What was brought in or moved first, so that it could be paid, is not one of them. But where
// nothing else was done it is the row's own.
class RowTransfers {
 public:
  void Add(const v1::Transfer& transfer, TransferRef ref) {
    (transfer.from() == kUnrecorded     ? brought_
     : transfer.from() == transfer.to() ? moved_
                                        : paid_)
        .push_back(ref);
  }
  const std::vector<TransferRef>& refs() const {
    return !paid_.empty() ? paid_ : !moved_.empty() ? moved_ : brought_;
  }

 private:
  std::vector<TransferRef> paid_, moved_, brought_;
};

class Importer {
 public:
  Importer(Target* target, const std::string& name, const Hash& digest, const ImportOptions& options,
           const RejectSink& reject, sheets::RowReader rows)
      : ledger_(*target),
        digest_(digest),
        options_(options),
        reject_(reject),
        rows_(std::move(rows)),
        name_(ClipName(name)),
        map_digest_(crypto::Sha256(options.map_text)),
        signers_({options.key->public_key()}) {
    summary_.rows = rows_.size();
    summary_.skipped = rows_.skipped();
  }

  StatusOr<ImportSummary> Run() {
    FT_RETURN_IF_ERROR(CheckAuthor());
    FT_ASSIGN_OR_RETURN(const auto first, log::NeedRecord(ledger_.rows(), RecordIndex(0)));
    begun_ = DateOf(Timestamp(first.record.recorded_micros()));
    std::uint64_t at = 0;
    while (at < rows_.size()) {
      FT_ASSIGN_OR_RETURN(const auto present, Present(at));
      if (present.has_value()) {
        FT_RETURN_IF_ERROR(PassOver(*present, at));
        at = present->source().last_row() + 1;
      } else {
        FT_ASSIGN_OR_RETURN(const std::uint64_t taken, ImportGroup(at));
        at += taken;
      }
      if (options_.progress) options_.progress(at, rows_.size());
    }
    return std::move(summary_);
  }

  // Each row on what those before it would leave.
  StatusOr<Preview> Look(std::size_t most) {
    FT_RETURN_IF_ERROR(CheckAuthor());
    Preview preview;
    preview.rows = rows_.size();
    if (rows_.size() > 0) {
      FT_ASSIGN_OR_RETURN(const auto present, Present(0));
      preview.present = present.has_value();
    }
    store::Overlay trial(ledger_.rows());
    std::uint32_t lines = 0;
    for (std::uint64_t i = 0; i < rows_.size(); ++i) {
      const auto row = rows_.Read(i);
      if (!row.ok()) ++preview.unreadable;
      if (preview.first.size() >= most) continue;
      PreviewedRow seen;
      seen.line = row.ok() ? row->line : rows_.Raw(i).line;
      if (row.ok()) {
        seen.row = *row;
        Group alone;
        alone.first_row = i;
        alone.entry = EntryAt(i);
        alone.lines = lines;
        const auto added = AddRow(i, *row, &trial, &alone);
        if (!added.ok() && !IsRowsOwn(added.status())) return added.status();
        if (!added.ok()) seen.why = ReasonOf(added.status());
        lines = alone.lines;
        cells_.merge(alone.cells);
        for (auto& [id, refs] : alone.refs) refs_[id] = std::move(refs);
      } else {
        seen.why = ReasonOf(row.status());
      }
      preview.first.push_back(std::move(seen));
    }
    return preview;
  }

 private:
  static std::string ClipName(const std::string& name) {
    return SingleLine(ClipToWidth(SingleLine(name), 100));
  }

  // Said once for the file rather than once for each row.
  Status CheckAuthor() {
    FT_ASSIGN_OR_RETURN(const auto author, books::GetParty(ledger_.rows(), options_.author));
    if (!author.has_value()) {
      return Refuse(v1::REFERENCE_UNKNOWN, "author", absl::StrCat("there is no party ", options_.author));
    }
    books::Authority authority(ledger_.rows(), signers_);
    return authority.Require(options_.author, v1::PERMISSION_UNSPECIFIED, "author");
  }

  Bytes IdOf(std::uint64_t first_row) const {
    Bytes text(kIdDomain);
    text.append(digest_.view());
    text.append(map_digest_.view());
    AppendBigEndian64(&text, first_row);
    return Bytes(crypto::Sha256(text).view().substr(0, model::kEntryIdBytes));
  }

  // The entry that begins at this row, if the ledger has it.
  StatusOr<std::optional<v1::Entry>> Present(std::uint64_t first_row) {
    FT_ASSIGN_OR_RETURN(const auto row, log::FindEntryId(ledger_.rows(), options_.author, IdOf(first_row)));
    if (!row.has_value()) return std::optional<v1::Entry>();
    FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(ledger_.rows(), row->record));
    v1::Entry entry;
    if (!entry.ParseFromString(stored.record.signed_entry().entry()) || !entry.has_source() ||
        entry.source().first_row() != first_row || entry.source().last_row() < first_row ||
        entry.source().last_row() >= rows_.size()) {
      return absl::FailedPreconditionError(
          absl::StrCat("record ", row->record.value(),
                       " has the id of an import of this file, but was made by something else"));
    }
    present_record_ = row->record;
    return std::optional<v1::Entry>(std::move(entry));
  }

  // Where the row stands, behind the file's name: ":12 voucher".
  static std::string PlaceOf(const sheets::Row& row) {
    return absl::StrCat(":", row.line, row.reference.empty() ? "" : " ", row.reference);
  }

  // Rows that an earlier run brought in: remembers what they became. Those of them that are not in the entry
  // were rejected then.
  Status PassOver(const v1::Entry& entry, std::uint64_t first_row) {
    paid_before_.PassOver(present_record_);
    std::unordered_map<std::string, RowTransfers> by_place;
    std::uint32_t line = 0;
    for (const auto& action : entry.actions()) {
      if (!action.has_transfer()) continue;
      ++line;
      const std::string& reference = action.transfer().reference();
      const std::string& name = entry.source().name();  // the file may have been called otherwise then
      if (reference.compare(0, name.size(), name) != 0) continue;
      by_place[reference.substr(name.size())].Add(action.transfer(), {present_record_, line});
    }
    for (std::uint64_t i = first_row; i <= entry.source().last_row(); ++i) {
      const auto row = rows_.Read(i);
      if (!row.ok()) {
        FT_RETURN_IF_ERROR(Reject(i, nullptr, row.status()));
        continue;
      }
      const auto found = by_place.find(PlaceOf(*row));
      if (found == by_place.end()) {
        FT_RETURN_IF_ERROR(RejectAgain(i, *row));
        continue;
      }
      ++summary_.present;
      if (options_.refuse_duplicates) cells_.emplace(HashOfCells(i), i);
      if (!row->row_id.empty()) refs_[row->row_id] = found->second.refs();
    }
    return absl::OkStatus();
  }

  // A row that an earlier run brought to the rules, and they refused it. What is refused is not recorded, and that run
  // may have ended before it could write its reasons. So the rules are asked again, on what the ledger holds now.
  Status RejectAgain(std::uint64_t i, const sheets::Row& row) {
    Group alone;
    alone.first_row = i;
    alone.entry = EntryAt(i);
    store::Overlay trial(ledger_.rows());
    const auto added = AddRow(i, row, &trial, &alone);
    if (added.ok()) {
      return Reject(
          i, &row,
          absl::FailedPreconditionError(
              "was refused when this file was first imported; the ledger has changed since and would take "
              "it now, from a file of its own"));
    }
    return IsRowsOwn(added.status()) ? Reject(i, &row, added.status()) : added.status();
  }

  static std::string ReasonOf(const Status& why) {
    const auto refusal = model::RefusalOf(why);
    return refusal.has_value()
               ? absl::StrCat(v1::RefusalCode_Name(refusal->code()), ": ", refusal->sentence())
               : std::string(why.message());
  }

  Status Reject(std::uint64_t i, const sheets::Row* row, const Status& why) {
    CountReject(row, why, &summary_);
    return reject_(rows_.Raw(i), ReasonOf(why));
  }

  v1::Entry EntryAt(std::uint64_t first_row) const {
    v1::Entry entry;
    entry.set_ledger(ledger_.name());
    entry.set_author(options_.author);
    entry.set_id(IdOf(first_row));
    entry.set_date(ToString(options_.date));
    auto* source = entry.mutable_source();
    source->set_sha256(std::string(digest_.view()));
    source->set_name(name_);
    source->set_first_row(first_row);
    return entry;
  }

  // How many rows were dealt with: none when another run of this import brought them in meanwhile, for then they are
  // to be passed over.
  StatusOr<std::uint64_t> ImportGroup(std::uint64_t first_row) {
    for (int tries = 1;; ++tries) {
      const std::uint64_t size = ledger_.size();
      FT_ASSIGN_OR_RETURN(Group group, MakeGroup(first_row));
      if (group.lines > 0) {
        const auto written = AppendGroup(&group);
        const auto refusal = model::RefusalOf(written.status());
        if (written.ok() ? !*written : refusal.has_value() && refusal->code() == v1::ID_REUSED) {
          spent_.clear();  // as below
          FT_ASSIGN_OR_RETURN(const auto present, Present(first_row));
          if (present.has_value()) return 0;
          if (written.ok())
            return absl::DataLossError(
                "the ledger says that it has an entry of this import, and does not show it");
        }
        // Others wrote meanwhile, and what it was made on is no more: it is made again on what there is now.
        const bool stale = refusal.has_value() && ledger_.size() > size && tries < kMaxTries;
        if (stale) {
          spent_.clear();               // some of it was by rows that may now be refused
          known_names_ = KnownNames();  // others may have registered items
          continue;
        }
        FT_RETURN_IF_ERROR(written.status());
      }
      for (const auto& rejected : group.rejects) {
        FT_RETURN_IF_ERROR(
            Reject(rejected.row, rejected.read.has_value() ? &*rejected.read : nullptr, rejected.why));
      }
      return group.rows;
    }
  }

  StatusOr<Group> MakeGroup(std::uint64_t first_row) {
    Group group;
    group.first_row = first_row;
    group.entry = EntryAt(first_row);
    store::Overlay trial(ledger_.rows());
    for (std::uint64_t i = first_row; i < rows_.size(); ++i) {
      const auto row = rows_.Read(i);
      if (!row.ok()) {
        group.rejects.push_back({i, std::nullopt, row.status()});
      } else {
        const auto added = AddRow(i, *row, &trial, &group);
        if (added.ok() && !*added) break;  // full: this row begins the next entry
        if (!added.ok()) {
          if (!IsRowsOwn(added.status())) return added.status();
          group.rejects.push_back({i, *row, added.status()});
        }
      }
      ++group.rows;
    }
    return group;
  }

  // A reason to reject one row, and no failure of the import.
  static bool IsRowsOwn(const Status& status) {
    return model::RefusalOf(status).has_value() || IsDoubt(status);
  }

  std::size_t HashOfCells(std::uint64_t i) {
    std::string text;
    for (const std::string& cell : rows_.Raw(i).fields) absl::StrAppend(&text, cell.size(), ":", cell);
    return std::hash<std::string>()(text);
  }

  const std::unordered_map<std::size_t, std::uint64_t>* known_cells() const { return &cells_; }

  // The row's date is in the future or long ago.
  bool IsOdd(Date date) const {
    return options_.today.has_value() &&
           (date > *options_.today || date.days() <= begun_.days() - kFarBackDays);
  }

  // A doubt when the row may be a payment that was made before.
  Status CheckNotPaid(std::uint64_t i, std::size_t hash, const sheets::Row& row, const v1::Entry& made,
                      const Group& group) {
    const std::string way =
        "; where it is another payment, import the rejected rows with --accept-duplicates";
    for (const auto* cells : {known_cells(), &group.cells}) {
      const auto same = cells->find(hash);
      if (same == cells->end() || same->second == i) continue;
      const sheets::RawRow before = rows_.Raw(same->second);
      if (before.fields == rows_.Raw(i).fields)
        return Doubt("DUPLICATE_SUSPECTED",
                     absl::StrCat("line ", before.line, " of the file has the same cells", way));
    }
    // What is brought in so that it can be paid is not the payment, unless there is no other.
    bool pays = false;
    for (const auto& action : made.actions())
      pays = pays || (action.has_transfer() && action.transfer().from() != kUnrecorded);
    for (const auto& action : made.actions()) {
      if (!action.has_transfer()) continue;
      const v1::Transfer& transfer = action.transfer();
      if (transfer.from() == transfer.to() || (pays && transfer.from() == kUnrecorded)) continue;
      FT_ASSIGN_OR_RETURN(const auto before, paid_before_.Find(ledger_.rows(), transfer, row.date,
                                                               options_.own_numbers ? row.reference : ""));
      if (before.has_value())
        return Doubt("DUPLICATE_SUSPECTED",
                     absl::StrCat(model::RefText(*before), " pays as much from ", transfer.from(), " to ",
                                  transfer.to(), " on ", ToString(row.date), way));
    }
    return absl::OkStatus();
  }

  // True when the row is in the group, false when the group has no room for it. A refusal or a doubt is the row's own.
  StatusOr<bool> AddRow(std::uint64_t i, const sheets::Row& row, store::Overlay* trial, Group* group) {
    const bool odd = IsOdd(row.date);
    if (odd && options_.strict_dates) {
      return Doubt("DATE_UNLIKELY",
                   absl::StrCat("the date ", ToString(row.date),
                                row.date > *options_.today
                                    ? " is in the future"
                                    : " is ten years or more before the ledger's first record"));
    }
    const RecordIndex record(ledger_.size());
    RowContext context;
    context.author = options_.author;
    context.register_unknown = options_.register_unknown;
    context.open_missing = options_.open_missing;
    context.ignore_unusable_draws = options_.map.ignore_unusable_draws;
    context.ignore_unknown_projects = options_.map.ignore_unknown_projects;
    context.own_is_unrecorded = options_.map.own_is_unrecorded;
    context.reference = name_ + PlaceOf(row);
    context.record = record;
    context.spent = &spent_;
    context.find_refs = [&](const std::string& id) -> const std::vector<TransferRef>* {
      for (const RowRefs* refs : {&group->refs, &refs_}) {
        const auto found = refs->find(id);
        if (found != refs->end()) return &found->second;
      }
      return nullptr;
    };
    context.called = [&](v1::Action::ActionCase kind, const std::string& name,
                         bool exactly) -> StatusOr<std::vector<std::string>> {
      FT_ASSIGN_OR_RETURN(std::vector<std::string> ids,
                          known_names_.Called(ledger_.rows(), kind, name, exactly));
      for (std::string& id : group->named.Called(kind, name, exactly))
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
      return ids;
    };
    FT_ASSIGN_OR_RETURN(RowActions made, ActionsFor(*trial, row, context));

    v1::Entry alone;
    alone.set_ledger(ledger_.name());
    alone.set_author(options_.author);
    alone.set_id(group->entry.id());
    alone.set_date(group->entry.date());
    alone.add_signers(std::string(signers_.front().view()));
    for (auto& action : made.actions) *alone.add_actions() = std::move(action);
    if (!options_.not_personal) FT_RETURN_IF_ERROR(RefusePersonalNumber(FindPersonalNumber(alone)));
    FT_RETURN_IF_ERROR(model::CheckEntry(alone));
    const bool asks = options_.refuse_duplicates && row.amount > Amount(0);
    const std::size_t hash = asks ? HashOfCells(i) : 0;
    if (asks) FT_RETURN_IF_ERROR(CheckNotPaid(i, hash, row, alone, *group));

    store::Overlay changes(static_cast<const store::Reader&>(*trial));
    FT_ASSIGN_OR_RETURN(const auto version, books::RulesInForce(changes));
    FT_ASSIGN_OR_RETURN(const auto rules, books::FindRules(books::KnownRules(), version));
    // It is recorded when it is sent: soon, and for the trial on the entries' day.
    const books::Moment moment{record, options_.date, rules};
    FT_ASSIGN_OR_RETURN(const auto outcome,
                        books::ApplyActions(&changes, moment, alone, group->lines, signers_));

    std::size_t bytes = 0;
    for (const auto& action : alone.actions()) bytes += action.ByteSizeLong() + kPartOverhead;
    for (const auto& transfer : outcome.transfers()) bytes += transfer.ByteSizeLong() + kPartOverhead;
    if (bytes > kMaxGroupBytes) {
      return Refuse(v1::RECORD_TOO_LARGE, "",
                    absl::StrCat("this row alone would need a record of over ", bytes, " bytes"));
    }
    if (group->bytes + bytes > kMaxGroupBytes || static_cast<std::size_t>(group->entry.actions_size()) +
                                                         static_cast<std::size_t>(alone.actions_size()) >
                                                     model::kMaxActions) {
      return false;
    }

    changes.MergeInto(trial);
    group->bytes += bytes;
    group->named.Add(alone);
    CountRow(row, made, outcome, &group->counts);
    if (odd) {
      ++group->counts.odd_dates.rows;
      if (group->counts.odd_dates.lines.size() < kMaxTold) group->counts.odd_dates.lines.push_back(row.line);
    }
    if (asks) group->cells.emplace(hash, i);
    RowTransfers transfers;
    for (auto& action : *alone.mutable_actions()) {
      if (action.has_transfer()) transfers.Add(action.transfer(), {record, ++group->lines});
      *group->entry.add_actions() = std::move(action);
    }
    if (!row.row_id.empty()) group->refs[row.row_id] = transfers.refs();
    return true;
  }

  // False when the ledger had it already, from another run.
  StatusOr<bool> AppendGroup(Group* group) {
    group->entry.mutable_source()->set_last_row(group->first_row + group->rows - 1);
    FT_ASSIGN_OR_RETURN(const auto signed_entry, model::SignEntry(group->entry, *options_.key));
    const RecordIndex made_for(ledger_.size());
    FT_ASSIGN_OR_RETURN(const auto alike, names_.Judge(ledger_.rows(), group->entry, options_.warn));
    group->counts.alike += alike.size();
    for (const std::string& words : alike)
      if (group->counts.alike_names.size() < kMaxTold) group->counts.alike_names.push_back(words);
    const auto receipt = ledger_.Append(model::SerialiseDeterministic(signed_entry));
    if (!receipt.ok()) {
      return Annotate(receipt.status(), absl::StrCat(name_, " rows ", group->first_row, " to ",
                                                     group->first_row + group->rows - 1));
    }
    if (receipt->repeated) return false;
    for (auto& [id, refs] : group->refs) {
      for (TransferRef& ref : refs) {
        if (ref.record == made_for) ref.record = receipt->record;
      }
    }
    names_.Add(group->entry);
    known_names_.Add(group->entry);
    refs_.merge(group->refs);
    cells_.merge(group->cells);
    paid_before_.PassOver(receipt->record);
    AddCounts(group->counts, &summary_);
    ++summary_.entries;
    return true;
  }

  Target& ledger_;
  const Hash digest_;
  const ImportOptions& options_;
  const RejectSink& reject_;
  sheets::RowReader rows_;
  const std::string name_;
  const Hash map_digest_;
  const std::vector<crypto::PublicKey> signers_;
  PartyNames names_;
  KnownNames known_names_;
  RowRefs refs_;
  Spent spent_;
  RecordIndex present_record_;
  Date begun_;  // the day of the ledger's first record
  PaidBefore paid_before_;
  std::unordered_map<std::size_t, std::uint64_t> cells_;  // of rows in the ledger: by a hash of their cells
  ImportSummary summary_;
};

// An asset that the ledger has counts as it does there; what the map says of it by name must be the same. Its name in the
// register stands for its code, where no other has that name and the map says nothing else of it.
Status TakeDecimals(const store::Reader& rows, sheets::ImportMap* map) {
  const Bytes prefix = keys::ItemsOf(v1::Action::kDeclareAsset);
  const auto cursor = rows.Scan(prefix, store::PrefixEnd(prefix));
  std::map<std::string, std::vector<std::string>> named;  // the codes by the name
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
    const v1::DeclareAsset& asset = row.action().declare_asset();
    map->decimals.emplace(asset.code(), static_cast<int>(asset.decimals()));
    if (!asset.name().empty()) named[SingleLine(asset.name())].push_back(asset.code());
  }
  FT_RETURN_IF_ERROR(cursor->status());
  auto& replace = map->replace[static_cast<std::size_t>(sheets::Field::kAsset)];
  for (const auto& [name, codes] : named)
    if (codes.size() == 1 && map->decimals.count(name) == 0) replace.emplace(name, codes.front());
  return absl::OkStatus();
}

}  // namespace

StatusOr<ImportSummary> ImportCsv(Target* target, const std::string& name, std::string_view text,
                                  const Hash& digest, const ImportOptions& options,
                                  const RejectSink& reject) {
  ImportOptions own = options;
  FT_RETURN_IF_ERROR(TakeDecimals(target->rows(), &own.map));
  auto rows = sheets::RowReader::Open(text, own.map, own.cells, own.lines);
  if (!rows.ok()) return Annotate(rows.status(), name);
  return Importer(target, name, digest, own, reject, *std::move(rows)).Run();
}

StatusOr<Preview> PreviewCsv(Target* target, const std::string& name, std::string_view text,
                             const Hash& digest, const ImportOptions& options, std::size_t most) {
  ImportOptions own = options;
  FT_RETURN_IF_ERROR(TakeDecimals(target->rows(), &own.map));
  auto rows = sheets::RowReader::Open(text, own.map, own.cells, own.lines);
  if (!rows.ok()) return Annotate(rows.status(), name);
  const RejectSink reject = [](const sheets::RawRow&, const std::string&) { return absl::OkStatus(); };
  return Importer(target, name, digest, own, reject, *std::move(rows)).Look(most);
}

}  // namespace fundtrail::intake
