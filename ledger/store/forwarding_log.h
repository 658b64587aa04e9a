// A log that hands everything on to another: the base of those that change or watch one thing.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/store/group_log.h"

namespace fundtrail::store {

class ForwardingLog : public GroupLog {
 public:
  explicit ForwardingLog(std::unique_ptr<GroupLog> inner) : inner_(std::move(inner)) {}

  StatusOr<LogHead> Take(const std::string& holder, Taking taking) override {
    return inner_->Take(holder, taking);
  }
  Status Append(const LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                ByteView note) override {
    return inner_->Append(before, records, root, note);
  }
  StatusOr<LogHead> Peek() override { return inner_->Peek(); }
  Status Beat(const LogMember& member) override { return inner_->Beat(member); }
  Status Leave(const std::string& holder) override { return inner_->Leave(holder); }
  StatusOr<LogView> Look() override { return inner_->Look(); }
  Status Evict() override { return inner_->Evict(); }
  StatusOr<std::vector<Bytes>> Read(std::uint64_t from) override { return inner_->Read(from); }

 private:
  std::unique_ptr<GroupLog> inner_;
};

}  // namespace fundtrail::store
