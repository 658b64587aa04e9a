// What a trace is asked: for trace.h, which answers it, and for its parts, which each take what concerns them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"

namespace fundtrail::query {

// Deeper trees could not be read as protobuf JSON, or by a gRPC client: what lies below is cut.
inline constexpr int kMaxDepth = 40;
// Money that circles has a hop for each payment, and each layer is a walk over all that moves in it.
inline constexpr std::uint32_t kMaxHops = 40;
// Each of several receipts is followed by itself, too.
inline constexpr int kMaxReceipts = 1'000;

struct TraceQuestion {
  v1::Direction direction = v1::DIRECTION_FROM;
  // One transfer, or with line 0 all of a record; or else all that a party brought in or received.
  std::optional<TransferRef> ref;
  std::vector<TransferRef> refs;  // several of them, each once and in the order of the log: in place of `ref`
  std::string party;
  std::string fund;     // of the party: only this fund
  std::string project;  // of the party: only money in this project; without a party: all that was put in it
  std::optional<Date> since, until;    // of the party: by value date, both included
  std::optional<std::uint64_t> as_of;  // as the ledger stood after this record
  int depth = 0;                       // levels of the tree below its root; 0: kMaxDepth, the most
  std::string min;                     // "1,200.00": branches of the tree below it are cut; empty: none
  bool want_tree = true;
  bool want_paths = false;
  std::uint32_t hops = 0;  // of the layers; 0: none
  bool joined = false;     // parties that are one body are told as one
  bool pro_rata = false;   // the second method too
  std::size_t node_budget = 2'000;
  std::size_t path_budget = 1'000;
};

}  // namespace fundtrail::query
