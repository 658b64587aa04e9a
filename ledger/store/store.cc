// See store.h.
#include "ledger/store/store.h"

#include <utility>

namespace fundtrail::store {
namespace {

// In place of one that could not be made.
class FailedCursor final : public Cursor {
 public:
  explicit FailedCursor(Status status) : status_(std::move(status)) {}
  bool Valid() const override { return false; }
  void Next() override {}
  void SkipToLastBefore(ByteView /*at*/) override {}
  ByteView key() const override { return {}; }
  ByteView value() const override { return {}; }
  Status status() const override { return status_; }

 private:
  Status status_;
};

}  // namespace

void Cursor::SkipTo(ByteView at) {
  while (Valid() && key() < at) Next();
}

std::unique_ptr<Cursor> Reader::ScanAt(ByteView begin, ByteView at, ByteView end) const {
  const Bytes behind = Bytes(at) + '\0';  // the next key after `at`
  const auto last = Last(begin, behind);
  if (!last.ok()) return std::make_unique<FailedCursor>(last.status());
  return Scan(last->has_value() ? ByteView((*last)->first) : at, end);
}

Status Store::CopyTo(const std::string& path) const {
  return absl::UnimplementedError("this store is in no files, so none can be copied to " + path);
}

Bytes PrefixEnd(ByteView prefix) {
  Bytes end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace fundtrail::store
