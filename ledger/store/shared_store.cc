// See shared_store.h.
#include "ledger/store/shared_store.h"

#include <utility>

namespace fundtrail::store {
namespace {

class SharedStore final : public Store {
 public:
  explicit SharedStore(std::shared_ptr<Store> store) : store_(std::move(store)) {}

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override { return store_->Get(key); }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return store_->Scan(begin, end);
  }
  std::unique_ptr<Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const override {
    return store_->ScanAt(begin, at, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return store_->Last(begin, end);
  }
  std::unique_ptr<Reader> Snapshot() const override { return store_->Snapshot(); }
  Status CopyTo(const std::string& path) const override { return store_->CopyTo(path); }
  Status Write(const Batch& batch) override { return store_->Write(batch); }
  Status WriteUnsynced(const Batch& batch) override { return store_->WriteUnsynced(batch); }

 private:
  const std::shared_ptr<Store> store_;
};

}  // namespace

std::unique_ptr<Store> ShareOf(std::shared_ptr<Store> store) {
  return std::make_unique<SharedStore>(std::move(store));
}

}  // namespace fundtrail::store
