// See replay.h.
#include "ledger/audit/replay.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/without_outcome.h"

namespace fundtrail::audit {

namespace keys = model::keys;

namespace {

// What of the stored record is not as the rules make it from the same entry, at the same time.
std::string Difference(const v1::Record& stored, const v1::Record& sealed) {
  const auto &given = stored.outcome(), &right = sealed.outcome();
  if (given.transfers_size() != right.transfers_size())
    return absl::StrCat("its outcome has ", given.transfers_size(), " transfers, and the rules give ",
                        right.transfers_size());
  for (int i = 0; i < given.transfers_size(); ++i) {
    if (model::SerialiseDeterministic(given.transfers(i)) !=
        model::SerialiseDeterministic(right.transfers(i)))
      return absl::StrCat("the outcome of transfer ", sealed.index(), ".", i + 1,
                          " is not what the rules give");
  }
  return "its bytes are not as a record is written: something was added, or is written otherwise";
}

}  // namespace

void CheckAlone(CheckedRecord* checked) {
  checked->record = log::ParseRecord(model::WithoutOutcome(checked->bytes));
  if (!checked->record.ok()) return;
  checked->entry = model::DecodeSignedEntry(model::SerialiseDeterministic(checked->record->signed_entry()));
}

std::uint64_t TransfersIn(const CheckedRecord& taken) {
  const auto& actions = taken.entry->entry.actions();
  return static_cast<std::uint64_t>(
      std::count_if(actions.begin(), actions.end(),
                    [](const v1::Action& action) { return action.action_case() == v1::Action::kTransfer; }));
}

StatusOr<std::optional<std::string>> Replay::Take(const CheckedRecord& checked) {
  const auto problem = [](auto... parts) { return std::optional<std::string>(absl::StrCat(parts...)); };
  const RecordIndex index = tip_.next();
  if (checked.key != keys::Record(index)) return problem("is missing, or its key is damaged");
  if (!checked.record.ok()) return problem("its bytes cannot be read");
  const v1::Record& record = *checked.record;
  if (record.index() != index.value()) return problem("states another number, ", record.index());
  if (record.previous() != tip_.previous.view())
    return problem("states another hash for the record before it");
  FT_RETURN_IF_ERROR(CheckRules(record));  // before what only a program that knows them can read
  if (!checked.entry.ok()) return problem(std::string(checked.entry.status().message()));
  // The rules compare later entries with genesis; genesis itself is compared with the key that was given.
  if (checked.entry->entry.ledger() != name_)
    return problem("is signed for the ledger ", Escaped(checked.entry->entry.ledger()), ", not for ", name_);
  const Timestamp recorded(record.recorded_micros());
  if (!log::MayBeRecorded(recorded)) return problem("states a time that is none, ", recorded.micros(), " µs");
  if (tip_.tree.size() > 0 && recorded <= tip_.recorded)
    return problem("is not later than the record before it");
  FT_ASSIGN_OR_RETURN(const auto before,
                      log::FindEntryId(changes_, checked.entry->entry.author(), checked.entry->entry.id()));
  if (before.has_value()) return problem("holds an entry id that record ", before->record.value(), " had");
  const auto sealed = log::Seal(&changes_, &tip_, *checked.entry, recorded, known_, &items_);
  if (!sealed.ok()) {
    if (!model::RefusalOf(sealed.status()).has_value()) return sealed.status();
    return problem("its entry is against the rules: ", std::string(sealed.status().message()));
  }
  if (*sealed != checked.bytes) {
    const auto shown = log::ParseRecord(checked.bytes);
    if (!shown.ok()) return problem("its bytes cannot be read");
    FT_ASSIGN_OR_RETURN(const v1::Record right, log::ParseRecord(*sealed));
    return problem(Difference(*shown, right));
  }
  held_bytes_ += checked.bytes.size();
  if (most_held_.has_value() && held_bytes_ > most_held_->record_bytes)
    return absl::OutOfRangeError(
        absl::StrCat("the records up to ", index.value(), " have more bytes than are held at a time"));
  if (most_held_.has_value() && changes_.pending().size() > most_held_->rows)
    return absl::OutOfRangeError(
        absl::StrCat("the records up to ", index.value(), " make more rows than are held at a time"));
  EndInMemoryWhenFull();
  const std::size_t rows = changes_.aside() + (StaysInMemory() ? 0 : changes_.pending().size());
  if (!most_held_.has_value() && rows > rows_at_once_) FT_RETURN_IF_ERROR(StartFlush());
  return std::optional<std::string>();
}

Status Replay::CheckRules(const v1::Record& record) {
  v1::Entry entry;
  // Genesis names its own rules. Of newer ones, it may have more than is read here.
  if (tip_.next() == RecordIndex(0)) (void)entry.ParseFromString(record.signed_entry().entry());
  FT_ASSIGN_OR_RETURN(const std::uint32_t version, log::RulesFor(changes_, tip_.next(), entry));
  if (version == 0) return absl::OkStatus();  // no genesis, which is told as what is wrong
  const Status known = books::FindRules(known_, version).status();
  if (!known.ok()) needs_rules_ = version;
  return Annotate(known, absl::StrCat("record ", tip_.next().value()));
}

Status Replay::FinishUnder(Bytes checkpoint) {
  changes_.Put(keys::Checkpoint(), std::move(checkpoint));
  return Finish();
}

Status Replay::Finish() {
  in_memory_.reset();
  FT_RETURN_IF_ERROR(StartFlush());
  return writing_.get();
}

StatusOr<const store::Reader*> Replay::FinishReading() {
  if (!StaysInMemory()) {
    FT_RETURN_IF_ERROR(Finish());
    return &scratch_;
  }
  if (writing_.valid()) FT_RETURN_IF_ERROR(writing_.get());
  FT_RETURN_IF_ERROR(AddToSum(changes_.TakeAside()));
  changes_.MergeInto(&in_flight_);  // where nothing is laid aside: all ranges can be read
  return &in_flight_;
}

void Replay::DoNotStore(const Unstored& kinds, const crypto::SumKey& key, store::RowsAside* read_by_key) {
  for (const std::string_view kinds_of : {kinds.summed, kinds.dropped}) {
    for (const char& kind : kinds_of) {
      const std::string_view one(&kind, 1);
      if (kReadByKeyKinds.find(kind) != std::string_view::npos) {
        changes_.LayAside(one, read_by_key);
      } else {
        assert(kUnreadKinds.find(kind) != std::string_view::npos);
        changes_.LayAside(one);
      }
    }
  }
  summed_ = kinds.summed;
  sum_.emplace(key);
}

// Nothing is stored yet that a delete could be of: what was deleted makes room. Half of it, so that this is not looked for again and
// again.
void Replay::EndInMemoryWhenFull() {
  const auto has_more = [&](std::size_t parts) {
    return changes_.pending().size() > in_memory_->rows / parts ||
           changes_.bytes() > in_memory_->bytes / parts;
  };
  if (!StaysInMemory() || !has_more(1)) return;
  changes_.DropDeletes();
  if (has_more(2)) in_memory_.reset();
}

// Writes the rows so far while the replay goes on; reads find them in flight until they are there.
Status Replay::StartFlush() {
  if (writing_.valid()) FT_RETURN_IF_ERROR(writing_.get());
  const bool writes = !StaysInMemory();
  if (writes) {
    in_flight_.Discard();
    changes_.MergeInto(&in_flight_);
    stored_.SetHasAny();
  }
  writing_ = std::async(std::launch::async, [this, writes, aside = changes_.TakeAside()]() -> Status {
    FT_RETURN_IF_ERROR(AddToSum(aside));
    return writes ? scratch_.Write(in_flight_.pending()) : absl::OkStatus();
  });
  return absl::OkStatus();
}

Status Replay::AddToSum(const store::Overlay::Aside& rows) {
  for (const auto& [key, value] : rows) {
    if (summed_.find(key.front()) == std::string_view::npos) continue;
    if (!value.has_value()) return absl::InternalError("a row was deleted of a kind that no rule deletes");
    sum_->Add(key, *value);
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::audit
