// See store.h.
#include "ledger/store/store.h"

namespace fundtrail::store {
namespace {

class EmptyCursor final : public Cursor {
 public:
  bool Valid() const override { return false; }
  void Next() override {}
  void SkipToLastBefore(ByteView /*at*/) override {}
  ByteView key() const override { return {}; }
  ByteView value() const override { return {}; }
  Status status() const override { return absl::OkStatus(); }
};

}  // namespace

std::unique_ptr<Cursor> NoRows() { return std::make_unique<EmptyCursor>(); }

void Cursor::SkipTo(ByteView at) {
  while (Valid() && key() < at) Next();
}

std::unique_ptr<Cursor> Reader::ScanAt(ByteView begin, ByteView at, ByteView end) const {
  auto cursor = Scan(begin, end);
  // Where none is at or before it, it stands on the first.
  if (cursor->Valid() && cursor->key() < at) cursor->SkipToLastBefore(Bytes(at) + '\0');
  return cursor;
}

Status Store::CopyTo(const std::string& path) const {
  return absl::UnimplementedError("this store is in no files, so none can be copied to " + path);
}

std::optional<unsigned char> KindOfRange(ByteView begin, ByteView end) {
  if (begin.empty() || end.empty()) return std::nullopt;
  const auto first = static_cast<unsigned char>(begin.front()),
             last = static_cast<unsigned char>(end.front());
  if (last == first || (end.size() == 1 && last == first + 1)) return first;
  return std::nullopt;
}

Bytes PrefixEnd(ByteView prefix) {
  Bytes end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace fundtrail::store
