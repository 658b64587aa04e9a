// See import.h. One signed entry after another: gather rows while they fit (gatherer.h), sign, append, go on behind it.
#include "ledger/intake/import.h"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/authority.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/intake/gatherer.h"
#include "ledger/intake/group.h"
#include "ledger/intake/party_names.h"
#include "ledger/model/entry.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::intake {

namespace keys = model::keys;
using model::Refuse;

namespace {

class Importer {
 public:
  Importer(Target* target, const std::string& name, const Hash& digest, const ImportOptions& options,
           const RejectSink& reject, sheets::RowReader rows)
      : ledger_(*target),
        options_(options),
        reject_(reject),
        rows_(std::move(rows)),
        name_(ClipName(name)),
        gatherer_(target, &rows_, options, name_, digest),
        signers_({options.key->public_key()}) {
    summary_.rows = rows_.size();
    summary_.skipped = rows_.skipped();
  }

  StatusOr<ImportSummary> Run() {
    const Status gone = GoThrough();
    if (gone.ok()) return std::move(summary_);
    return summary_.entries + summary_.present == 0 ? gone : BrokenOff(gone);
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
    Group group;
    FT_RETURN_IF_ERROR(gatherer_.Begin(0, std::nullopt, &group));
    for (std::uint64_t i = 0; i < rows_.size(); ++i) {
      const auto& row = rows_.Read(i);
      if (!row.ok()) ++preview.unreadable;
      if (preview.first.size() >= most) continue;
      PreviewedRow seen;
      seen.line = row.ok() ? row->line : rows_.Raw(i).line;
      if (row.ok()) {
        seen.row = *row;
        const auto added = gatherer_.AddRow(i, *row, &group);
        if (!added.ok() && !IsRowsOwn(added.status())) return added.status();
        if (!added.ok()) seen.why = ReasonOf(added.status());
        group.bytes = 0;  // as if each had an entry of its own
        group.entry.clear_actions();
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

  // Whoever reads the error must know whether to pay the rest, and how.
  static Status BrokenOff(const Status& why) {
    auto told = Status(why.code(),
                       absl::StrCat(why.message(),
                                    "; what was recorded of the file before that stays: import the same file "
                                    "again, which goes on there and pays nothing twice"));
    why.ForEachPayload(
        [&](absl::string_view url, const absl::Cord& payload) { told.SetPayload(url, payload); });
    return told;
  }

  Status GoThrough() {
    FT_RETURN_IF_ERROR(CheckAuthor());
    FT_ASSIGN_OR_RETURN(const auto first, log::NeedRecord(ledger_.rows(), RecordIndex(0)));
    gatherer_.SetBegun(DateOf(Timestamp(first.record.recorded_micros())));
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
    FT_RETURN_IF_ERROR(Annotate(ledger_.Settle(), sent_));
    return absl::OkStatus();
  }

  // Said once for the file rather than once for each row.
  Status CheckAuthor() {
    FT_ASSIGN_OR_RETURN(const auto author, books::GetParty(ledger_.rows(), options_.author));
    if (!author.has_value()) {
      return Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "author",
                    absl::StrCat("there is no party ", options_.author));
    }
    books::Authority authority(ledger_.rows(), signers_);
    return authority.Require(options_.author, v1::PERMISSION_UNSPECIFIED, "author");
  }

  // The entry that begins at this row, if the ledger has it.
  StatusOr<std::optional<v1::Entry>> Present(std::uint64_t first_row) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        log::FindEntryId(ledger_.rows(), options_.author, gatherer_.IdOf(first_row)));
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

  // Rows that an earlier run brought in: remembers what they became. Those of them that are not in the entry
  // were rejected then.
  Status PassOver(const v1::Entry& entry, std::uint64_t first_row) {
    gatherer_.PassOver(present_record_);
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
      const auto& row = rows_.Read(i);
      if (!row.ok()) {
        FT_RETURN_IF_ERROR(Reject(i, nullptr, row.status()));
        continue;
      }
      const auto found = by_place.find(Gatherer::PlaceOf(*row));
      if (found == by_place.end()) {
        FT_RETURN_IF_ERROR(RejectAgain(i, *row));
        continue;
      }
      ++summary_.present;
      gatherer_.RememberPresent(i, *row, found->second.refs());
    }
    return absl::OkStatus();
  }

  // A row that an earlier run brought to the rules, and they refused it. What is refused is not recorded, and that run
  // may have ended before it could write its reasons. So the rules are asked again, on what the ledger holds now.
  Status RejectAgain(std::uint64_t i, const sheets::Row& row) {
    Group alone;
    FT_RETURN_IF_ERROR(gatherer_.Begin(i, std::nullopt, &alone));
    const auto added = gatherer_.AddRow(i, row, &alone);
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
    return refusal.has_value() ? absl::StrCat(model::WordOf(refusal->code()), ": ", refusal->sentence())
                               : std::string(why.message());
  }

  Status Reject(std::uint64_t i, const sheets::Row* row, const Status& why) {
    CountReject(row, why, &summary_);
    return reject_(rows_.Raw(i), ReasonOf(why));
  }

  // How many rows were dealt with: none when another run of this import brought them in meanwhile, for then they are
  // to be passed over.
  StatusOr<std::uint64_t> ImportGroup(std::uint64_t first_row) {
    for (int tries = 1;; ++tries) {
      const std::uint64_t size = ledger_.size();
      Group group;
      FT_RETURN_IF_ERROR(gatherer_.Fill(first_row, &group));
      if (group.judge->lines() > 0 && group.place.has_value()) {
        FT_RETURN_IF_ERROR(HandOver(&group));
      } else if (group.judge->lines() > 0) {
        const auto written = AppendGroup(&group);
        const auto refusal = model::RefusalOf(written.status());
        if (written.ok() ? !*written : refusal.has_value() && refusal->code() == v1::REFUSAL_CODE_ID_REUSED) {
          gatherer_.ForgetSpent();  // as below
          FT_ASSIGN_OR_RETURN(const auto present, Present(first_row));
          if (present.has_value()) return 0;
          if (written.ok())
            return absl::DataLossError(
                "the ledger says that it has an entry of this import, and does not show it");
        }
        // Others wrote meanwhile, and what it was made on is no more: it is made again on what there is now.
        const bool stale = refusal.has_value() && ledger_.size() > size && tries < kMaxTries;
        if (stale) {
          gatherer_.ForgetSpent();  // some of it was by rows that may now be refused
          gatherer_.ForgetNames();  // others may have registered items
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

  // Signs it, and tells what there is to say of the names in it.
  StatusOr<v1::SignedEntry> Sign(Group* group) {
    group->entry.mutable_source()->set_last_row(group->first_row + group->rows - 1);
    FT_ASSIGN_OR_RETURN(auto signed_entry, model::SignMade(group->entry, *options_.key));
    FT_ASSIGN_OR_RETURN(const auto alike, names_.Judge(ledger_.rows(), group->entry, options_.warn));
    group->counts.alike += alike.size();
    for (const std::string& words : alike)
      if (group->counts.alike_names.size() < kMaxTold) group->counts.alike_names.push_back(words);
    return signed_entry;
  }

  std::string RowsOf(const Group& group) const {
    return absl::StrCat(name_, " rows ", group.first_row, " to ", group.first_row + group.rows - 1);
  }

  // False when the ledger had it already, from another run.
  StatusOr<bool> AppendGroup(Group* group) {
    FT_ASSIGN_OR_RETURN(const auto signed_entry, Sign(group));
    const auto receipt = ledger_.Append(model::SerialiseDeterministic(signed_entry));
    if (!receipt.ok()) return Annotate(receipt.status(), RowsOf(*group));
    if (receipt->repeated) return false;
    Remember(receipt->record, group);
    return true;
  }

  // Of a group that was judged for its place. While it is on its way the next one is made.
  Status HandOver(Group* group) {
    FT_ASSIGN_OR_RETURN(const auto signed_entry, Sign(group));
    log::Judged judged;
    judged.place = *group->place;
    judged.entry = crypto::Sha256(signed_entry.entry());
    judged.outcome = group->judge->TakeOutcome();
    FT_RETURN_IF_ERROR(Annotate(ledger_.Settle(), sent_));
    sent_ = RowsOf(*group);
    FT_RETURN_IF_ERROR(Annotate(ledger_.AppendJudged(model::SerialiseDeterministic(signed_entry),
                                                     std::move(judged), group->judge->TakeRows()),
                                sent_));
    Remember(group->place->record, group);
    return absl::OkStatus();
  }

  // What the next rows need to know of a group that is in the ledger as that record.
  void Remember(RecordIndex record, Group* group) {
    gatherer_.Remember(record, group);
    names_.AddJudged();
    AddCounts(group->counts, &summary_);
    CountEntry(record.value(), &summary_);
  }

  Target& ledger_;
  const ImportOptions& options_;
  const RejectSink& reject_;
  sheets::RowReader rows_;
  const std::string name_;
  Gatherer gatherer_;
  const std::vector<crypto::PublicKey> signers_;
  PartyNames names_;
  RecordIndex present_record_;
  std::string sent_;  // the rows that were handed over last
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
