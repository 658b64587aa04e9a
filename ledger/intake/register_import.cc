// See register_import.h. One signed entry at a time: gather rows while they fit, sign, append, go on.
#include "ledger/intake/register_import.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"
#include "ledger/intake/attest_items.h"
#include "ledger/intake/group.h"
#include "ledger/intake/personal_numbers.h"
#include "ledger/intake/register_cells.h"
#include "ledger/model/bounds.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/store/overlay.h"

namespace fundtrail::intake {
namespace {

constexpr std::string_view kRegisterDomain = "fundtrail register import v1\n";

struct RowPlace {
  std::uint64_t number = 0;  // from 0
  std::uint64_t offset = 0, line = 0;
};

enum class Outcome { kAdded, kAmended, kPresent };

// An action that has the item as the row says it; of one that is there just so, nothing is to be done.
struct Found {
  Outcome outcome;
  v1::Action action;
};

// What a row came to: one of the outcomes, or the reason why it was refused.
struct Tried {
  RowPlace row;
  StatusOr<Outcome> outcome;
  std::string id{};  // of the item, and how it stands then, unless it was refused
  Bytes stands{};
};

class RegisterImporter {
 public:
  RegisterImporter(Target* target, const std::string& name, const Hash& digest,
                   const RegisterImportOptions& options, const RowRejected& reject, sheets::CsvReader reader)
      : target_(*target),
        name_(SingleLine(ClipToWidth(SingleLine(name), 100))),
        digest_(digest),
        options_(options),
        of_(*options.of),
        cells_(of_, options.map, options.author),
        reject_(reject),
        reader_(std::move(reader)) {
    if (options_.dry_run) tried_.emplace(target_.rows());
  }

  StatusOr<RegisterImportSummary> Run() {
    FT_RETURN_IF_ERROR(cells_.FindColumns(name_, reader_.header()));
    summary_.unused = cells_.unused();
    std::vector<RowPlace> rows = FindRows();
    summary_.rows = rows.size();
    // What names an item that comes later in the file is there in the next round.
    while (!rows.empty()) {
      const std::uint64_t before = done_;
      std::vector<Tried> unknown;
      std::size_t at = 0;
      while (at < rows.size()) {
        FT_RETURN_IF_ERROR(ImportGroup(rows, &at, &unknown));
        if (options_.progress) options_.progress(done_, summary_.rows);
      }
      rows.clear();
      for (Tried& tried : unknown) {
        if (done_ > before) {
          rows.push_back(tried.row);
        } else {
          FT_RETURN_IF_ERROR(Reject(tried));
        }
      }
    }
    return std::move(summary_);
  }

 private:
  std::vector<RowPlace> FindRows() {
    std::vector<RowPlace> rows;
    sheets::CsvRecord record;
    while (reader_.Next(&record)) rows.push_back({rows.size(), record.offset, record.line});
    return rows;
  }

  Status Read(const RowPlace& row, sheets::CsvRecord* record) {
    reader_.Seek(row.offset, row.line);
    if (!reader_.Next(record)) return absl::InternalError("a row that was there is not there any more");
    return record->status;
  }

  // The rows of the ledger, and of a dry run all that it would have appended.
  const store::Reader& rows() const {
    return tried_.has_value() ? static_cast<const store::Reader&>(*tried_) : target_.rows();
  }

  // The action of the row. Refused when the ledger has another one.
  StatusOr<Found> ActionFor(const sheets::CsvRecord& record, std::uint64_t number,
                            const store::Reader& state) {
    v1::Action action;
    model::Message* item = model::MutableItemOf(of_, &action);
    FT_RETURN_IF_ERROR(cells_.Fill(record, true, state, rows(), item));
    FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(state, of_.action, model::IdOf(action)));
    if (!row.has_value()) return Found{Outcome::kAdded, std::move(action)};
    if (row->has_ended()) {
      return model::Refuse(v1::REFUSAL_CODE_REFERENCE_ENDED, model::IdField(of_).name(),
                           absl::StrCat(std::string(of_.name), " ", model::IdOf(action),
                                        " ended with record ", row->ended().record()));
    }
    v1::Action amended = row->action();
    amended.clear_amends();
    FT_RETURN_IF_ERROR(cells_.Fill(record, false, state, rows(), model::MutableItemOf(of_, &amended)));
    if (google::protobuf::util::MessageDifferencer::Equals(model::ItemOf(amended),
                                                           model::ItemOf(row->action()))) {
      rows_of_.emplace(model::IdOf(action), number);
      return Found{Outcome::kPresent, std::move(amended)};
    }
    const auto before = rows_of_.find(model::IdOf(action));
    if (before != rows_of_.end() && before->second != number) {
      return model::Refuse(v1::REFUSAL_CODE_ID_TAKEN, model::IdField(of_).name(),
                           absl::StrCat(std::string(of_.name), " ", model::IdOf(action),
                                        " stands in an earlier row of this file"));
    }
    if (options_.amend) {
      amended.mutable_amends()->set_record(row->record());
      return Found{Outcome::kAmended, std::move(amended)};
    }
    return model::Refuse(
        v1::REFUSAL_CODE_ID_TAKEN, "",
        absl::StrCat(std::string(of_.name), " ", model::IdOf(action),
                     " is in the ledger, and not as the row has it; --amend takes the row's"));
  }

  v1::Entry Empty() const {
    return EmptyEntry(target_, options_.author, options_.date, options_.key->public_key());
  }

  // Rows from `*at` on, as many as fit into one entry; appended. Those that name what is not there go to `unknown`.
  Status ImportGroup(const std::vector<RowPlace>& rows, std::size_t* at, std::vector<Tried>* unknown) {
    for (int tries = 1;; ++tries) {
      std::size_t next = *at;
      std::vector<Tried> tried;
      v1::Entry entry = Empty();
      FT_RETURN_IF_ERROR(Gather(rows, &next, &tried, &entry));
      if (tried_.has_value() && !entry.actions().empty()) {
        cells_.Add(entry);
        ++summary_.entries;
      } else if (!entry.actions().empty()) {
        const auto repeated = Append(&entry, tried);
        // Others wrote meanwhile, and something does not fit any more; or they wrote this very entry, which is not ours to
        // count. It is made again, on what is there now.
        if (model::RefusalOf(repeated.status()).has_value() && tries < kMaxTries) continue;
        FT_RETURN_IF_ERROR(repeated.status());
        if (*repeated && tries < kMaxTries) continue;
        ++summary_.entries;
      }
      *at = next;
      return Count(tried, unknown);
    }
  }

  Status Gather(const std::vector<RowPlace>& rows, std::size_t* next, std::vector<Tried>* tried,
                v1::Entry* entry) {
    store::Overlay alone(target_.rows());
    store::Overlay& trial = tried_.has_value() ? *tried_ : alone;
    std::size_t bytes = 0;
    sheets::CsvRecord record;
    for (; *next < rows.size(); ++*next) {
      const RowPlace& row = rows[*next];
      const Status read = Read(row, &record);
      if (!read.ok()) {
        tried->push_back(
            {row, model::Refuse(v1::REFUSAL_CODE_FIELD_INVALID, "", std::string(read.message()))});
        continue;
      }
      const auto found = ActionFor(record, row.number, trial);
      if (found.ok() && found->outcome == Outcome::kPresent) {
        tried->push_back({row, Outcome::kPresent, model::IdOf(found->action), StandsAs(found->action)});
        continue;
      }
      Status applied = found.status();
      if (applied.ok()) {
        const std::size_t more = BytesInGroup(found->action);
        const auto size = static_cast<std::size_t>(entry->actions_size());
        if (more > kMaxGroupBytes) {
          tried->push_back(
              {row, model::Refuse(v1::REFUSAL_CODE_RECORD_TOO_LARGE, "",
                                  absl::StrCat("this row alone would need ", more,
                                               " bytes; a record has room for ", kMaxGroupBytes))});
          continue;
        }
        if (size > 0 && (bytes + more > kMaxGroupBytes || size == model::kMaxActions)) break;
        bytes += more;
        if (!options_.not_personal) applied = RefusePersonalNumber(FindPersonalNumber(found->action));
        if (applied.ok()) {
          applied =
              TryAction(target_, Empty(), found->action, options_.date, options_.key->public_key(), &trial);
        }
      }
      if (!applied.ok() && !model::RefusalOf(applied).has_value()) return applied;  // the disk, not the row
      if (applied.ok()) {
        rows_of_.emplace(model::IdOf(found->action), row.number);
        tried->push_back({row, found->outcome, model::IdOf(found->action), StandsAs(found->action)});
        *entry->add_actions() = found->action;
      } else {
        tried->push_back({row, applied});
      }
    }
    return absl::OkStatus();
  }

  // Whether somebody else had sent the same entry.
  StatusOr<bool> Append(v1::Entry* entry, const std::vector<Tried>& tried) {
    auto* source = entry->mutable_source();
    source->set_sha256(std::string(digest_.view()));
    source->set_name(name_);
    // Those that the entry holds: a row before or after them may have been in the ledger already, or been refused.
    std::optional<std::uint64_t> first;
    std::uint64_t last = 0;
    for (const Tried& each : tried) {
      if (!each.outcome.ok() || *each.outcome == Outcome::kPresent) continue;
      first = std::min(first.value_or(each.row.number), each.row.number);
      last = std::max(last, each.row.number);
    }
    source->set_first_row(first.value_or(0));
    source->set_last_row(last);
    auto repeated = AppendGroup(&target_, kRegisterDomain, *options_.key, entry);
    if (repeated.ok()) cells_.Add(*entry);
    return repeated;
  }

  Status Count(const std::vector<Tried>& tried, std::vector<Tried>* unknown) {
    for (const Tried& each : tried) {
      if (!each.outcome.ok()) {
        const auto refusal = model::RefusalOf(each.outcome.status());
        if (refusal->code() == v1::REFUSAL_CODE_REFERENCE_UNKNOWN) {
          unknown->push_back(each);
        } else {
          FT_RETURN_IF_ERROR(Reject(each));
        }
        continue;
      }
      ++done_;
      summary_.items.insert_or_assign(each.id, each.stands);
      if (*each.outcome == Outcome::kAdded) ++summary_.added;
      if (*each.outcome == Outcome::kAmended) ++summary_.amended;
      if (*each.outcome == Outcome::kPresent) ++summary_.present;
    }
    return absl::OkStatus();
  }

  Status Reject(const Tried& tried) {
    ++summary_.rejected;
    const auto refusal = model::RefusalOf(tried.outcome.status());
    ++summary_.reject_codes[model::WordOf(refusal->code())];
    sheets::CsvRecord record;
    (void)Read(tried.row, &record);  // a row that is at fault is told as far as it could be read
    // Of "actions[0].declare_place.level" the field: a row is one action.
    const std::string field = refusal->field().substr(refusal->field().rfind('.') + 1);
    return reject_({tried.row.line, record.fields},
                   absl::StrCat(model::WordOf(refusal->code()), field.empty() ? "" : " at ", field, ": ",
                                refusal->sentence()));
  }

  Target& target_;
  const std::string name_;
  const Hash digest_;
  const RegisterImportOptions& options_;
  const model::Register& of_;
  RegisterCells cells_;
  const RowRejected& reject_;
  sheets::CsvReader reader_;
  std::optional<store::Overlay> tried_;           // of a dry run: all that was tried
  std::map<std::string, std::uint64_t> rows_of_;  // the row that has each id
  std::uint64_t done_ = 0;
  RegisterImportSummary summary_;
};

}  // namespace

StatusOr<RegisterImportSummary> ImportRegister(Target* target, const std::string& name, std::string_view text,
                                               const Hash& digest, const RegisterImportOptions& options,
                                               const RowRejected& reject) {
  auto reader = sheets::CsvReader::Open(text, options.map.separator.value_or(sheets::FindSeparator(text)),
                                        options.cells);
  if (!reader.ok()) return Annotate(reader.status(), name);
  return RegisterImporter(target, name, digest, options, reject, *std::move(reader)).Run();
}

}  // namespace fundtrail::intake
