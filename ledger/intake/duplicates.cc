// See duplicates.h.
#include "ledger/intake/duplicates.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/model/rows.h"

namespace fundtrail::intake {

namespace keys = model::keys;

namespace {

// What two payments must have in common. No text in it has a zero byte.
std::string Compared(const std::string& from, const std::string& to, const std::string& asset,
                     std::int64_t amount, Date date, v1::Stage stage) {
  return absl::StrCat(from, std::string(1, '\0'), to, std::string(1, '\0'), asset, std::string(1, '\0'),
                      amount, " ", date.days(), " ", static_cast<int>(stage));
}

// How much of what the transfer brought was sent back.
StatusOr<Amount> SentBackOf(const store::Reader& rows, const model::TransferRow& brought) {
  Amount back;
  const Interval receipt = brought.receipt();
  const auto cursor =
      rows.Scan(keys::PieceOut(brought.to, receipt.from), keys::PieceOut(brought.to, receipt.to));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const model::Piece piece, model::DecodePiece(cursor->key(), cursor->value()));
    FT_ASSIGN_OR_RETURN(const auto by, books::GetTransfer(rows, piece.row.ref));
    if (!by.has_value()) return model::Damaged(keys::Transfer(piece.row.ref), "is missing");
    if (!by->sends_back()) continue;
    const auto sum = CheckedAdd(back, piece.row.length);
    if (!sum.has_value()) return model::Damaged(cursor->key(), "adds up to more than a transfer can have");
    back = *sum;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return back;
}

// Whether the recorded payment may be the one with that number: the numbers do not differ, and it still counts.
StatusOr<bool> MayBe(const store::Reader& rows, TransferRef ref, const std::string& number) {
  FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(rows, ref.record));
  v1::Entry entry;
  if (!entry.ParseFromString(stored.record.signed_entry().entry()))
    return model::Damaged(keys::Record(ref.record), "holds an entry that cannot be read");
  std::uint32_t line = 0;
  for (const auto& action : entry.actions()) {
    if (!action.has_transfer() || ++line != ref.line) continue;
    const std::string before = OwnNumberIn(entry, action.transfer().reference());
    if (!before.empty() && !number.empty() && before != number) return false;
    FT_ASSIGN_OR_RETURN(const auto row, books::GetTransfer(rows, ref));
    if (!row.has_value()) return model::Damaged(keys::Transfer(ref), "is missing");
    FT_ASSIGN_OR_RETURN(const Amount back, SentBackOf(rows, *row));
    return back < row->to_amount;
  }
  return model::Damaged(keys::Transfer(ref), "is not in its record");
}

}  // namespace

std::string OwnNumberIn(const v1::Entry& entry, const std::string& reference) {
  const std::string file = entry.source().name() + ":";
  if (!entry.has_source() || !absl::StartsWith(reference, file)) return reference;
  const std::size_t blank = reference.find(' ', file.size());
  return blank == std::string::npos ? "" : reference.substr(blank + 1);
}

Status PaidBefore::Load(const store::Reader& rows, const std::string& payer) {
  if (!loaded_.insert(payer).second) return absl::OkStatus();
  std::map<model::AccountNumber, std::string> payees;
  const Bytes accounts = keys::AccountsOf(payer);
  const auto account = rows.Scan(accounts, store::PrefixEnd(accounts));
  for (; account->Valid(); account->Next()) {
    FT_ASSIGN_OR_RETURN(const auto name, keys::ReadAccountByName(account->key()));
    FT_ASSIGN_OR_RETURN(const auto number, model::DecodeNumber(account->key(), account->value()));
    const std::string asset(name.asset);
    const Bytes lines = keys::StatementOf(model::AccountNumber(number));
    const auto line = rows.Scan(lines, store::PrefixEnd(lines));
    for (; line->Valid(); line->Next()) {
      FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(line->key()));
      if (on.side != model::Side::kOut || own_.count(on.ref.record) > 0) continue;
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeStatementRow(line->key(), line->value()));
      FT_ASSIGN_OR_RETURN(const auto transfer, books::GetTransfer(rows, on.ref));
      if (!transfer.has_value()) return model::Damaged(keys::Transfer(on.ref), "is missing");
      if (transfer->sends_back() || transfer->exchange()) continue;
      auto payee = payees.find(transfer->to);
      if (payee == payees.end()) {
        FT_ASSIGN_OR_RETURN(const auto to, books::NeedAccountName(rows, transfer->to));
        payee = payees.emplace(transfer->to, to.party()).first;
      }
      if (payee->second == payer) continue;
      found_[Compared(payer, payee->second, asset, row.amount.value(), row.date, row.stage)].push_back(
          on.ref);
    }
    FT_RETURN_IF_ERROR(line->status());
  }
  return account->status();
}

StatusOr<std::optional<TransferRef>> PaidBefore::Find(const store::Reader& rows, const v1::Transfer& transfer,
                                                      Date date, const std::string& number) {
  FT_RETURN_IF_ERROR(Load(rows, transfer.from()));
  if (found_.empty()) return std::optional<TransferRef>();  // as in a ledger that has nothing but this file
  const auto found = found_.find(
      Compared(transfer.from(), transfer.to(), transfer.asset(), transfer.amount(), date, transfer.stage()));
  if (found == found_.end()) return std::optional<TransferRef>();
  int compared = 0;
  for (const TransferRef ref : found->second) {
    if (own_.count(ref.record) > 0) continue;
    if (++compared > kMaxCompared) break;
    FT_ASSIGN_OR_RETURN(const bool may_be, MayBe(rows, ref, number));
    if (may_be) return std::optional(ref);
  }
  return std::optional<TransferRef>();
}

}  // namespace fundtrail::intake
