// See compare.h.
#include "ledger/audit/compare.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/parallel.h"
#include "ledger/base/text.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::audit {

namespace keys = model::keys;

namespace {

// The checkpoint is checked before all else.
bool IsCheckedElsewhere(ByteView key) { return key == keys::Checkpoint(); }

void SkipCheckedElsewhere(store::Cursor* cursor) {
  while (cursor->Valid() && IsCheckedElsewhere(cursor->key())) cursor->Next();
}

// The rows of that range.
StatusOr<Comparison> CompareRange(const store::Reader& stored, const store::Reader& replayed, ByteView begin,
                                  ByteView end) {
  Comparison comparison;
  const auto left = stored.Scan(begin, end);
  const auto right = replayed.Scan(begin, end);
  while (true) {
    SkipCheckedElsewhere(left.get());
    SkipCheckedElsewhere(right.get());
    FT_RETURN_IF_ERROR(left->status());
    FT_RETURN_IF_ERROR(right->status());
    if (!left->Valid() && !right->Valid()) return comparison;
    ++comparison.rows;
    if (!left->Valid() || (right->Valid() && right->key() < left->key())) {
      comparison.problem = absl::StrCat("a row is missing: ", keys::Describe(right->key()));
      return comparison;
    }
    if (!right->Valid() || left->key() < right->key()) {
      comparison.problem =
          absl::StrCat("a row does not follow from the records: ", keys::Describe(left->key()));
      return comparison;
    }
    if (left->value() != right->value()) {
      comparison.problem =
          absl::StrCat("a row differs from what the records give: ", keys::Describe(left->key()));
      return comparison;
    }
    left->Next();
    right->Next();
  }
}

}  // namespace

// Each kind of row, and all that begins with another byte, is a range of its own, for the next free core.
StatusOr<Comparison> CompareRows(const store::Reader& stored, const store::Reader& replayed) {
  std::vector<Bytes> bounds{""};
  for (int tag = 1; tag <= 0xff; ++tag) bounds.emplace_back(1, static_cast<char>(tag));
  bounds.emplace_back();  // no bound
  std::vector<StatusOr<Comparison>> found(bounds.size() - 1, Comparison());
  OnAllCores(found.size(), [&](std::size_t i) {
    if (bounds[i] == Bytes(1, keys::kRecordTag)) return;  // compared byte by byte as they were replayed
    found[i] = CompareRange(stored, replayed, bounds[i], bounds[i + 1]);
  });
  Comparison all;
  for (const auto& range : found) {
    FT_RETURN_IF_ERROR(range.status());
    all.rows += range->rows;
    if (!all.problem.has_value()) all.problem = range->problem;
  }
  return all;
}

}  // namespace fundtrail::audit
