// The records in which somebody pays or is paid, and how many transfers that are: by the rows of transfers and of statements, so that no
// record is read for it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/query/view.h"

namespace fundtrail::query {

// Takes a record, and answers whether to go on to the next.
using TakeRecordIndex = std::function<StatusOr<bool>(RecordIndex)>;

// The records in which one of the parties pays or is paid, from `first` on, before `end` and in their order. They come from
// their statements, which are in that order each, and not from the whole ledger. False when `take` answered so.
StatusOr<bool> EachRecordOf(const View& view, const std::vector<std::string>& parties, RecordIndex first,
                            RecordIndex end, const TakeRecordIndex& take);

// The same of all parties where none is named: the records that have transfers.
StatusOr<bool> EachRecordWithTransfers(const View& view, const std::vector<std::string>& parties,
                                       RecordIndex end, const TakeRecordIndex& take);

// The first record from `first` on that has transfers; `end` where none before it has.
StatusOr<RecordIndex> FirstWithTransfers(const View& view, RecordIndex first, RecordIndex end);

// How many transfers one of the parties pays or is paid, of records before `end`; of any party where none is named. Nothing when more
// than `most` rows had to be looked at.
StatusOr<std::optional<std::uint64_t>> CountTransfers(const View& view,
                                                      const std::vector<std::string>& parties,
                                                      RecordIndex end, std::uint64_t most);

}  // namespace fundtrail::query
