// The bounds on what comes from outside: how long, how many, and what an id or a name may look like. For all that read or
// check an entry, its form, or a row.
#pragma once

#include <cstddef>
#include <string_view>

#include "ledger/base/id.h"

namespace fundtrail::model {

inline constexpr std::size_t kMaxRecordBytes = 65'534;  // a tlog-tiles bundle holds up to 65,535
inline constexpr std::size_t kEntryIdBytes = 16;
inline constexpr std::size_t kMaxSignatures = 32;
inline constexpr std::size_t kMaxActions = 4'096;
inline constexpr std::size_t kMaxAssetBytes = 16;
inline constexpr std::size_t kMaxNameBytes = 300;
inline constexpr std::size_t kMaxTextBytes = 2'000;  // memo, purpose, reference
inline constexpr std::size_t kMaxReferences = 256;   // documents, draws, alternative ids

using fundtrail::IsValidId;
using fundtrail::kMaxIdBytes;  // of parties, funds, projects and the like
// A schema-less name as C2SP checkpoints have it: printable ASCII without space or '+', at most 128 bytes.
bool IsValidLedgerName(std::string_view name);

}  // namespace fundtrail::model
