// All transfers of a ledger and its accounts in memory, for the questions that look at each of them: Top, Series, Summary, Findings
// and others. Who keeps tables answers these without reading the store again.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/model/rows.h"
#include "ledger/query/money_accounts.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// A ledger with more transfers has no table: its questions read the store. So many take 96 MB.
inline constexpr std::uint64_t kMaxKeptTransfers = 2'000'000;

// Transfers in the order of the log. Copies share what they have, but for the newest of it.
class MoneyRows {
 public:
  void Append(TransferRef ref, const model::TransferRow& row);
  std::uint64_t count() const { return count_; }
  // Those of the records before this one. A template, so that a step costs no more than what is done with it.
  template <typename Take>
  Status EachBefore(std::uint64_t record, Take&& take) const {
    for (const auto& part : parts_) {
      for (const Row& kept : part->rows) {
        const TransferRef ref{RecordIndex(part->first_record + kept.record), kept.line};
        if (ref.record.value() >= record) return absl::OkStatus();
        FT_RETURN_IF_ERROR(take(ref, Told(kept)));
      }
    }
    return absl::OkStatus();
  }

 private:
  struct Row {
    std::int64_t amount = 0, to_position = 0, to_amount = 0;
    std::uint32_t record = 0;  // counted from the first of its part
    std::uint32_t line = 0, from = 0, to = 0;
    std::int32_t date = 0;
    std::uint8_t kind = 0, stage = 0, committed_move = 0;
  };
  struct Part {
    std::uint64_t first_record = 0;
    std::vector<Row> rows;
  };
  static model::TransferRow Told(const Row& kept) {
    return {model::AccountNumber(kept.from),
            model::AccountNumber(kept.to),
            Amount(kept.amount),
            Position(kept.to_position),
            Amount(kept.to_amount),
            Date(kept.date),
            static_cast<v1::TransferKind>(kept.kind),
            static_cast<v1::Stage>(kept.stage),
            static_cast<model::CommittedMove>(kept.committed_move)};
  }
  std::vector<std::shared_ptr<Part>> parts_;
  std::uint64_t count_ = 0;
};

// Of one size of the ledger. Never changed once it is made: many threads may walk over one.
struct MoneyTable {
  std::uint64_t size = 0;   // records
  MoneyRows rows;           // accounts have fewer than 2^32 numbers
  WalkedAccounts accounts;  // as they are now; nobody is joined, and each party that has money is known
};

// The newest table of one ledger, for all who ask. From any thread.
class MoneyTables {
 public:
  using Table = std::shared_ptr<const MoneyTable>;
  // Reads the table of the view's size, beginning with the one before it, which may be null. Null when the ledger is too large for one.
  using Read = StatusOr<Table> (*)(const View& view, Table before);
  // Of the view's size. Null when the view is older than the newest one, or the ledger is too large: whoever asks reads the store. The
  // first who asks after the ledger grew reads what was added. Others of the new size wait, as long as their own view lets them go on.
  StatusOr<Table> Of(const View& view, Read read);

 private:
  std::mutex mutex_;
  std::condition_variable was_read_;
  Table newest_;
  bool reading_ = false;  // by one who asks
  bool too_large_ = false;
};

}  // namespace fundtrail::query
