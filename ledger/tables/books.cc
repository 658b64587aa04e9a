// See books.h.
#include "ledger/tables/books.h"

#include <utility>

#include "ledger/base/decimal.h"
#include "ledger/books/state.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::tables {

namespace keys = model::keys;

namespace {

constexpr std::size_t kMaxKept = 10'000;  // names of accounts, a few hundred bytes each

}  // namespace

StatusOr<std::optional<int>> Books::DecimalsOf(const std::string& asset) {
  const auto known = decimals_.find(asset);
  if (known != decimals_.end()) return std::optional<int>(known->second);
  FT_ASSIGN_OR_RETURN(const auto found, books::GetAsset(*view_.rows, asset));
  if (!found.has_value()) return std::optional<int>();
  const int decimals = static_cast<int>(found->decimals());
  if (decimals > kMaxDecimals)
    return model::Damaged(keys::Asset(asset), "has more decimals than an asset may have");
  if (decimals_.size() < kMaxKept) decimals_.emplace(asset, decimals);
  return std::optional<int>(decimals);
}

StatusOr<std::string> Books::Money(Amount amount, const std::string& asset) {
  FT_ASSIGN_OR_RETURN(const auto decimals, DecimalsOf(asset));
  if (!decimals.has_value()) return model::Damaged(keys::Asset(asset), "is missing");
  return FormatPlain(amount, *decimals);
}

StatusOr<v1::AccountName> Books::NameOf(model::AccountNumber account) {
  const auto known = names_.find(account);
  if (known != names_.end()) return known->second;
  FT_ASSIGN_OR_RETURN(auto name, books::NeedAccountName(*view_.rows, account));
  if (names_.size() >= kMaxKept) names_.clear();
  names_.emplace(account, name);
  return name;
}

StatusOr<ReadRecord> Books::Read(RecordIndex record) {
  ReadRecord read;
  FT_ASSIGN_OR_RETURN(read.stored, log::NeedRecord(*view_.rows, record));
  const v1::Record& sealed = read.stored.record;
  int transfers = 0;
  const bool parsed = read.entry.ParseFromString(sealed.signed_entry().entry());
  for (const auto& action : read.entry.actions()) transfers += action.has_transfer() ? 1 : 0;
  if (!parsed || transfers != sealed.outcome().transfers_size())
    return model::Damaged(keys::Record(record), "cannot be read");
  return read;
}

StatusOr<Move> Books::MoveOf(const ReadRecord& record, std::uint32_t line, const v1::Transfer& said) {
  const v1::Record& sealed = record.stored.record;
  Move move;
  move.ref = {RecordIndex(sealed.index()), line};
  move.said = &said;
  move.outcome = &sealed.outcome().transfers(static_cast<int>(line) - 1);
  FT_ASSIGN_OR_RETURN(move.row, query::NeedTransfer(view_, move.ref));
  FT_ASSIGN_OR_RETURN(move.from, NameOf(move.row.from));
  FT_ASSIGN_OR_RETURN(move.to, NameOf(move.row.to));
  if (move.row.amount.value() != said.amount() || move.from.party() != said.from() ||
      move.to.party() != said.to())
    return model::Damaged(keys::Transfer(move.ref), "says something else than its record");
  return move;
}

Status Books::EachAccount(
    const std::function<Status(model::AccountNumber account, const v1::AccountName& name,
                               const model::AccountState& state)>& take) {
  FT_ASSIGN_OR_RETURN(const auto next, view_.rows->Get(keys::NextAccount()));
  std::uint64_t count = 0;
  if (next.has_value()) {
    FT_ASSIGN_OR_RETURN(count, model::DecodeNumber(keys::NextAccount(), *next));
  }
  for (std::uint64_t number = 0; number < count; ++number) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const model::AccountNumber account(number);
    FT_ASSIGN_OR_RETURN(const v1::AccountName name, NameOf(account));
    FT_ASSIGN_OR_RETURN(const auto state, books::GetAccountState(*view_.rows, account));
    FT_RETURN_IF_ERROR(take(account, name, state));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::tables
