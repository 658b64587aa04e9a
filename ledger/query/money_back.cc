// See money_back.h.
#include "ledger/query/money_back.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "ledger/model/references.h"
#include "ledger/query/movements.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

class MoneyBackReader {
 public:
  MoneyBackReader(const View& view, RecordIndex after, AsOfRecord as_of)
      : view_(view), after_(after), as_of_(as_of) {}

  std::optional<TransferRef> first() const { return first_; }

  Status TakeTransfer(const std::string& text) {
    FT_ASSIGN_OR_RETURN(const TransferRef ref, model::ParseRef(text));
    FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
    const Interval receipt = row.receipt();
    const auto rows =
        view_.rows->Scan(keys::PieceOut(row.to, receipt.from), keys::PieceOut(row.to, receipt.to));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto piece, model::DecodePiece(rows->key(), rows->value()));
      FT_RETURN_IF_ERROR(Take(piece.row.ref));
    }
    return rows->status();
  }

  Status TakeAccount(model::AccountNumber account) {
    const auto rows =
        view_.rows->Scan(keys::Statement(account, {RecordIndex(after_.value() + 1), 0}, model::Side::kOut),
                         store::PrefixEnd(keys::StatementOf(account)));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto at, keys::ReadStatement(rows->key()));
      if (IsTooLate(at.ref)) break;
      if (at.side == model::Side::kOut) FT_RETURN_IF_ERROR(Take(at.ref));
    }
    return rows->status();
  }

  Status TakeProject(const std::string& project) {
    const Bytes prefix = keys::ProjectAccountsOf(project);
    const auto rows = view_.rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto account, keys::ReadProjectAccount(rows->key()));
      FT_RETURN_IF_ERROR(TakeAccount(account));
    }
    return rows->status();
  }

  // What was paid for a need has a history: where it falls, money went back in that record.
  Status TakeNeed(const std::string& need) {
    const Bytes prefix = keys::NeedSumsOf(need);
    std::tuple<std::string, std::string> of;  // fund and asset
    Amount before;
    const auto rows = view_.rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto at, keys::ReadNeedSums(rows->key()));
      FT_ASSIGN_OR_RETURN(const auto sums, model::DecodeNeedSums(rows->key(), rows->value()));
      std::tuple<std::string, std::string> now(at.fund, at.asset);
      if (now != of) before = Amount();
      of = std::move(now);
      if (sums.paid < before && at.record > after_) FT_RETURN_IF_ERROR(TakeRecord(at.record));
      before = sums.paid;
    }
    return rows->status();
  }

 private:
  bool IsTooLate(TransferRef ref) const {
    return (as_of_.has_value() && ref.record.value() > *as_of_) || (first_.has_value() && ref >= *first_);
  }

  Status Take(TransferRef ref) {
    if (ref.record <= after_ || IsTooLate(ref)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
    if (row.sends_back()) first_ = ref;
    return absl::OkStatus();
  }

  Status TakeRecord(RecordIndex record) {
    const Bytes prefix = keys::TransfersOf(record);
    const auto rows = view_.rows->Scan(prefix, store::PrefixEnd(prefix));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(rows->key()));
      FT_RETURN_IF_ERROR(Take(ref));
    }
    return rows->status();
  }

  const View& view_;
  const RecordIndex after_;
  const AsOfRecord as_of_;
  std::optional<TransferRef> first_;
};

}  // namespace

StatusOr<std::optional<TransferRef>> MoneyBack(const View& view, const books::ConcernSubject& subject,
                                               RecordIndex after, Date until, AsOfRecord as_of) {
  MoneyBackReader reader(view, after, as_of);
  switch (subject.of) {
    case v1::Action::kTransfer:
      FT_RETURN_IF_ERROR(reader.TakeTransfer(subject.id));
      break;
    case v1::Action::kRegisterParty: {
      FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view, subject.id, ""));
      for (const auto account : accounts) FT_RETURN_IF_ERROR(reader.TakeAccount(account));
      break;
    }
    case v1::Action::kProposeProject:
      FT_RETURN_IF_ERROR(reader.TakeProject(subject.id));
      break;
    case v1::Action::kDeclareNeed:
      FT_RETURN_IF_ERROR(reader.TakeNeed(subject.id));
      break;
    default:
      break;
  }
  const auto first = reader.first();
  if (!first.has_value()) return first;
  // The first is the earliest: when that is too late, all are.
  FT_ASSIGN_OR_RETURN(const Date day, DayOf(view, first->record));
  return day > until ? std::optional<TransferRef>() : first;
}

}  // namespace fundtrail::query
