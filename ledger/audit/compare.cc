// See compare.h.
#include "ledger/audit/compare.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/parallel.h"
#include "ledger/base/text.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/passing.h"

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
  const auto left = store::ScanThrough(stored, begin, end);
  const auto right = store::ScanThrough(replayed, begin, end);
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

// Adds up the rows of that range.
StatusOr<Comparison> SumRange(const store::Reader& stored, ByteView begin, ByteView end,
                              crypto::KeyedSum* sum) {
  Comparison comparison;
  const auto row = store::ScanThrough(stored, begin, end);
  for (; row->Valid(); row->Next()) {
    sum->Add(row->key(), row->value());
    ++comparison.rows;
  }
  FT_RETURN_IF_ERROR(row->status());
  return comparison;
}

// Each kind of row, and all that begins with another byte, is a range of its own, for the next free core. `sum` may be null when
// there are no kinds that are summed.
StatusOr<Comparison> CompareKinds(const store::Reader& stored, const store::Reader& replayed,
                                  std::string_view summed, const crypto::KeyedSum* sum) {
  std::vector<Bytes> bounds{""};
  for (int tag = 1; tag <= 0xff; ++tag) bounds.emplace_back(1, static_cast<char>(tag));
  bounds.emplace_back();  // no bound
  std::vector<StatusOr<Comparison>> found(bounds.size() - 1, Comparison());
  std::vector<crypto::KeyedSum> sums;
  if (sum != nullptr) sums.assign(found.size(), crypto::KeyedSum(sum->key()));
  OnAllCores(found.size(), [&](std::size_t i) {
    if (bounds[i] == Bytes(1, keys::kRecordTag)) return;  // compared byte by byte as they were replayed
    const bool is_summed = bounds[i].size() == 1 && summed.find(bounds[i].front()) != std::string_view::npos;
    found[i] = is_summed ? SumRange(stored, bounds[i], bounds[i + 1], &sums[i])
                         : CompareRange(stored, replayed, bounds[i], bounds[i + 1]);
  });
  Comparison all;
  if (sum != nullptr) {
    crypto::KeyedSum shown(sum->key());
    for (const crypto::KeyedSum& of_kind : sums) shown.Add(of_kind);
    all.sums_differ = !(shown == *sum);
  }
  for (const auto& range : found) {
    FT_RETURN_IF_ERROR(range.status());
    all.rows += range->rows;
    if (!all.problem.has_value()) all.problem = range->problem;
  }
  return all;
}

}  // namespace

StatusOr<Comparison> CompareRows(const store::Reader& stored, const store::Reader& replayed) {
  return CompareKinds(stored, replayed, "", nullptr);
}

StatusOr<Comparison> CompareRows(const store::Reader& stored, const store::Reader& replayed,
                                 std::string_view kinds, const crypto::KeyedSum& sum) {
  return CompareKinds(stored, replayed, kinds, &sum);
}

}  // namespace fundtrail::audit
