// Counts what a question looks at.
#pragma once

#include <memory>
#include <utility>

#include "ledger/store/store.h"

namespace fundtrail::testing {

class CountingReader final : public store::Reader {
 public:
  explicit CountingReader(const store::Reader& rows) : rows_(rows) {}
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    ++looks;
    return rows_.Get(key);
  }
  std::unique_ptr<store::Cursor> Scan(ByteView begin, ByteView end) const override {
    ++looks;
    return std::make_unique<CountingCursor>(rows_.Scan(begin, end), &steps);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    ++looks;
    return rows_.Last(begin, end);
  }
  mutable std::size_t looks = 0;  // from the top
  mutable std::size_t steps = 0;  // from one row to the next, or to one further on

 private:
  class CountingCursor final : public store::Cursor {
   public:
    CountingCursor(std::unique_ptr<store::Cursor> cursor, std::size_t* steps)
        : cursor_(std::move(cursor)), steps_(*steps) {}
    bool Valid() const override { return cursor_->Valid(); }
    void Next() override {
      ++steps_;
      cursor_->Next();
    }
    void SkipTo(ByteView at) override {
      ++steps_;
      cursor_->SkipTo(at);
    }
    void SkipToLastBefore(ByteView at) override {
      ++steps_;
      cursor_->SkipToLastBefore(at);
    }
    ByteView key() const override { return cursor_->key(); }
    ByteView value() const override { return cursor_->value(); }
    Status status() const override { return cursor_->status(); }

   private:
    const std::unique_ptr<store::Cursor> cursor_;
    std::size_t& steps_;
  };

  const store::Reader& rows_;
};

}  // namespace fundtrail::testing
