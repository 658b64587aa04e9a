// See compare.h.
#include "ledger/audit/compare.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/model/keys.h"

namespace fundtrail::audit {

namespace keys = model::keys;

namespace {

// No key of the ledger begins with 0xff, and a foreign one sorts below this unless it is longer still.
const Bytes& AfterAllKeys() {
  static const Bytes end(4096, '\xff');
  return end;
}

bool IsCheckedElsewhere(ByteView key) {
  return !key.empty() && (key[0] == keys::kRecordTag || key == keys::Checkpoint());
}

void SkipCheckedElsewhere(store::Cursor* cursor) {
  while (cursor->Valid() && IsCheckedElsewhere(cursor->key())) cursor->Next();
}

}  // namespace

StatusOr<Comparison> CompareRows(const store::Reader& stored, const store::Reader& replayed) {
  Comparison comparison;
  const auto left = stored.Scan("", AfterAllKeys());
  const auto right = replayed.Scan("", AfterAllKeys());
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

}  // namespace fundtrail::audit
