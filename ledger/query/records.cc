// See records.h.
#include "ledger/query/records.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::query {

namespace keys = model::keys;

struct LineReader::Loaded {
  Bytes bytes;
  v1::Record record;
  v1::Entry entry;
  std::vector<int> transfers;  // which actions they are
};

namespace {

using Loaded = LineReader::Loaded;

StatusOr<std::shared_ptr<const Loaded>> LoadRecord(const View& view, RecordIndex index) {
  auto loaded = std::make_shared<Loaded>();
  FT_ASSIGN_OR_RETURN(auto bytes, view.rows->Get(keys::Record(index)));
  if (!bytes.has_value()) {
    return absl::NotFoundError(absl::StrCat("this ledger has no record ", index.value(), "; it has ",
                                            view.checkpoint.size(), ", counted from 0"));
  }
  loaded->bytes = *std::move(bytes);
  FT_ASSIGN_OR_RETURN(loaded->record, log::ParseRecord(loaded->bytes));
  if (!loaded->entry.ParseFromString(loaded->record.signed_entry().entry())) {
    return absl::DataLossError(absl::StrCat("record ", index.value(), " cannot be read; run verify"));
  }
  for (int i = 0; i < loaded->entry.actions_size(); ++i) {
    if (loaded->entry.actions(i).has_transfer()) loaded->transfers.push_back(i);
  }
  if (static_cast<int>(loaded->transfers.size()) != loaded->record.outcome().transfers_size()) {
    return absl::DataLossError(absl::StrCat("record ", index.value(), " lacks an outcome; run verify"));
  }
  return std::shared_ptr<const Loaded>(std::move(loaded));
}

const v1::Transfer& TransferOf(const Loaded& loaded, std::uint32_t line) {
  return loaded.entry.actions(loaded.transfers[line - 1]).transfer();
}

// `line` from 1, and one that the record has.
StatusOr<v1::TransferLine> LineOf(const View& view, const Loaded& loaded, std::uint32_t line) {
  const v1::Transfer& transfer = TransferOf(loaded, line);
  v1::TransferLine out;
  out.mutable_ref()->set_record(loaded.record.index());
  out.mutable_ref()->set_line(line);
  *out.mutable_transfer() = transfer;
  out.set_date(fundtrail::ToString(model::ValueDate(loaded.entry, transfer)));
  out.set_author(loaded.entry.author());
  out.set_recorded_micros(loaded.record.recorded_micros());
  *out.mutable_outcome() = loaded.record.outcome().transfers(static_cast<int>(line) - 1);
  FT_ASSIGN_OR_RETURN(const auto from, FindParty(view, transfer.from()));
  FT_ASSIGN_OR_RETURN(const auto to, FindParty(view, transfer.to()));
  FT_ASSIGN_OR_RETURN(const auto asset, FindAsset(view, transfer.asset()));
  out.set_from_name(from.party().name());
  out.set_to_name(to.party().name());
  out.set_decimals(asset.asset().decimals());
  return out;
}

bool Matches(const v1::Entry& entry, const v1::Transfer& transfer, const ListFilter& filter) {
  if (!filter.party.empty() && transfer.from() != filter.party && transfer.to() != filter.party) return false;
  if (!filter.fund.empty() && transfer.fund() != filter.fund && transfer.to_fund() != filter.fund)
    return false;
  if (!filter.project.empty() && transfer.project() != filter.project) return false;
  if (filter.kind != v1::TRANSFER_KIND_UNSPECIFIED && transfer.kind() != filter.kind) return false;
  const Date date = model::ValueDate(entry, transfer);
  return (!filter.from.has_value() || date >= *filter.from) && (!filter.to.has_value() || date <= *filter.to);
}

// The lines of one record that match.
Status TakeRecord(const View& view, RecordIndex index, const ListFilter& filter,
                  const std::function<Status(const v1::TransferLine&)>& take) {
  FT_RETURN_IF_ERROR(view.GoOn());
  FT_ASSIGN_OR_RETURN(const auto loaded, LoadRecord(view, index));
  for (std::uint32_t line = 1; line <= loaded->transfers.size(); ++line) {
    if (filter.after.has_value() && TransferRef{index, line} <= *filter.after) continue;
    if (!Matches(loaded->entry, TransferOf(*loaded, line), filter)) continue;
    FT_ASSIGN_OR_RETURN(const auto out, LineOf(view, *loaded, line));
    FT_RETURN_IF_ERROR(take(out));
  }
  return absl::OkStatus();
}

// The records in which the party pays or is paid, from `first` on and in their order: from its statements, which are in
// that order each, and not from the whole ledger.
Status EachRecordOf(const View& view, const std::string& party, RecordIndex first,
                    const std::function<Status(RecordIndex)>& take) {
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view, party, ""));
  std::vector<std::unique_ptr<store::Cursor>> statements;
  statements.reserve(accounts.size());
  for (const auto account : accounts) {
    FT_RETURN_IF_ERROR(view.GoOn());
    statements.push_back(view.rows->Scan(keys::Statement(account, {first, 0}, model::Side::kOut),
                                         store::PrefixEnd(keys::StatementOf(account))));
  }
  while (true) {
    std::optional<RecordIndex> next;
    for (const auto& statement : statements) {
      if (!statement->Valid()) {
        FT_RETURN_IF_ERROR(statement->status());
        continue;
      }
      const RecordIndex at = keys::StatementRefOf(statement->key()).record;
      next = next.has_value() ? std::min(*next, at) : at;
    }
    if (!next.has_value()) return absl::OkStatus();
    FT_RETURN_IF_ERROR(take(*next));
    for (const auto& statement : statements)
      while (statement->Valid() && keys::StatementRefOf(statement->key()).record == *next) statement->Next();
  }
}

Status ListEach(const View& view, const ListFilter& filter,
                const std::function<Status(const v1::TransferLine&)>& take) {
  const RecordIndex first = filter.after.has_value() ? filter.after->record : RecordIndex(0);
  if (!filter.party.empty()) {
    return EachRecordOf(view, filter.party, first,
                        [&](RecordIndex index) { return TakeRecord(view, index, filter, take); });
  }
  for (std::uint64_t i = first.value(); i < view.checkpoint.size(); ++i)
    FT_RETURN_IF_ERROR(TakeRecord(view, RecordIndex(i), filter, take));
  return absl::OkStatus();
}

}  // namespace

StatusOr<v1::TransferLine> LineReader::Get(TransferRef ref) {
  if (loaded_ == nullptr || loaded_->record.index() != ref.record.value()) {
    FT_ASSIGN_OR_RETURN(loaded_, LoadRecord(view_, ref.record));
  }
  if (ref.line == 0 || ref.line > loaded_->transfers.size()) {
    return absl::NotFoundError(absl::StrCat("record ", ref.record.value(), " has no transfer ", ref.line));
  }
  return LineOf(view_, *loaded_, ref.line);
}

StatusOr<v1::ShowAnswer> Show(const View& view, TransferRef ref) {
  FT_ASSIGN_OR_RETURN(const auto loaded, LoadRecord(view, ref.record));
  v1::ShowAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  answer.set_index(loaded->record.index());
  answer.set_recorded_micros(loaded->record.recorded_micros());
  answer.set_leaf_hash(std::string(tree::LeafHash(loaded->bytes).view()));
  answer.set_previous(loaded->record.previous());
  for (const auto& signature : loaded->record.signed_entry().signatures())
    answer.add_signers(signature.public_key());
  *answer.mutable_entry() = loaded->entry;
  if (ref.line > loaded->transfers.size()) {
    return absl::NotFoundError(absl::StrCat("record ", ref.record.value(), " has no transfer ", ref.line));
  }
  for (std::uint32_t line = 1; line <= loaded->transfers.size(); ++line) {
    if (ref.line != 0 && line != ref.line) continue;
    FT_ASSIGN_OR_RETURN(*answer.add_transfers(), LineOf(view, *loaded, line));
  }
  return answer;
}

StatusOr<Pages<v1::ListAnswer>> List(const View& view, const ListFilter& filter, const Paging& paging) {
  if (!filter.fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, filter.fund));
  if (!filter.party.empty()) FT_RETURN_IF_ERROR(FindParty(view, filter.party).status());
  const auto fill = [&view, left = filter](v1::ListAnswer* page,
                                           Room* room) mutable -> StatusOr<std::optional<std::string>> {
    std::optional<TransferRef> last = left.after;
    Status enough = absl::CancelledError("enough");
    const Status status = ListEach(view, left, [&](const v1::TransferLine& line) {
      if (room->full()) return enough;
      *page->add_transfers() = line;
      room->TakePart(line.ByteSizeLong());
      last = TransferRef{RecordIndex(line.ref().record()), line.ref().line()};
      return absl::OkStatus();
    });
    if (status.ok()) return std::optional<std::string>();
    if (status != enough) return status;
    left.after = last;
    return std::optional(ToString(*last));
  };
  return Pages<v1::ListAnswer>(view, paging, fill);
}

}  // namespace fundtrail::query
