// A store that hands everything on to another: the base of those that change one thing, and by itself one store for several
// owners, such as readers and a writer that comes later and may go before them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ledger/store/store.h"

namespace fundtrail::store {

class ForwardingStore : public Store {
 public:
  // `inner` lives as long as any of its owners.
  explicit ForwardingStore(std::shared_ptr<Store> inner) : inner_(std::move(inner)) {}

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override { return inner_->Get(key); }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return inner_->Scan(begin, end);
  }
  std::unique_ptr<Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const override {
    return inner_->ScanAt(begin, at, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return inner_->Last(begin, end);
  }
  std::unique_ptr<Reader> Snapshot() const override { return inner_->Snapshot(); }
  Status CopyTo(const std::string& path) const override { return inner_->CopyTo(path); }
  Status Write(const Batch& batch) override { return inner_->Write(batch); }
  Status WriteUnsynced(const Batch& batch) override { return inner_->WriteUnsynced(batch); }

 protected:
  const Store& inner() const { return *inner_; }
  // For a derived store whose members must outlive the inner one: nothing may be called after it.
  void LetInnerGo() { inner_.reset(); }

 private:
  std::shared_ptr<Store> inner_;
};

}  // namespace fundtrail::store
