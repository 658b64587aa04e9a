// What Needs keeps of each need that fits a question: what it is sorted by, and the figures that take more than its own rows.
// Inside query/: others use needs.h.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/needs.pb.h"
#include "ledger/base/status.h"
#include "ledger/base/wide.h"
#include "ledger/query/item_tree.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Of a request, but for the place and the category.
struct NeedsQuestion {
  AsOfRecord as_of;
  std::string day;
  std::vector<std::string> ids;  // single needs, sorted
  std::set<int> states;          // none: all but EXPIRED
  bool unverified = false;

  bool single() const { return !ids.empty(); }
  bool Wants(v1::NeedState state) const {
    return states.empty() ? state != v1::NEED_STATE_EXPIRED : states.count(state) > 0;
  }
};

// What needs are sorted by, where an answer goes on, and the figures that take more than the need's own rows.
struct KeptNeed {
  std::string id;
  std::int64_t people = 0, asked = 0, direct = 0, by_projects = 0, committed = 0;
  std::int64_t assigned = 0;  // and not paid
  // As Date has it. Where nobody said a last day, it stands behind all that have one.
  std::int32_t until = std::numeric_limits<std::int32_t>::max();
  int asset = kNoItem;  // by number
  std::uint32_t severity = 0, priority = 0;
  v1::NeedState state = v1::NEED_STATE_OPEN;
  bool beyond = false;  // what came is not known

  // More came than can be counted, whatever else is known.
  void GiveUp() {
    beyond = true;
    direct = by_projects = committed = 0;
  }

  // Met by projects and directly, together.
  Wide met() const { return Wide(direct) + by_projects; }
  // Neither met nor assigned.
  std::int64_t open() const {
    const Wide gone = met() + assigned;
    return !beyond && gone < asked ? static_cast<std::int64_t>(asked - gone) : std::int64_t{0};
  }
};
// In pieces, so that one more never copies all. They are in memory while an answer is on its way.
using KeptNeeds = std::deque<KeptNeed>;

// Whether one need stands before the other in an answer.
bool NeedStandsBefore(const KeptNeed& one, const KeptNeed& other);

struct NeedsRead {
  KeptNeeds needs;  // in the order of the answer
  std::vector<v1::NeedCount> counts;
  std::uint64_t not_verified = 0;
};

// Reads all that fits the question, within a place and a category when they are named. It is sorted.
StatusOr<NeedsRead> ReadNeeds(const View& view, const NeedsQuestion& question, const std::string& place,
                              const std::string& category);

}  // namespace fundtrail::query
