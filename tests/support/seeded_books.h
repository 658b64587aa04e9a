// The rules alone on a state in memory where each register has some items already, and how a test tells what is refused.
#pragma once

#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "ledger/model/register_table.h"
#include "tests/support/items.h"
#include "tests/support/world.h"

namespace fundtrail::testing {

inline constexpr std::uint64_t kSeeded = 1;

// Record 0 is genesis; record 1 opens some items of each register, which others name.
class SeededBooks : public Books {
 public:
  SeededBooks() {
    Need(Do({Genesis({1}, 1)}).status());
    Need(Do(Seeds()).status());
  }
  // What key 1 signs, kHand signs too: so groups decide.
  StatusOr<v1::Outcome> Do(const std::vector<v1::Action>& actions, std::initializer_list<int> signers = {1},
                           const std::string& author = "root") {
    if (signers.size() == 1 && *signers.begin() == 1 && next() > 0)
      return Books::Do(actions, {1, kHand}, author);
    return Books::Do(actions, signers, author);
  }
  // Of groups, the parties that are to be them: a group is a party.
  void Ready(const model::Register& of, const std::vector<std::string>& ids) {
    if (of.action != v1::Action::kFormGroup) return;
    for (const std::string& id : ids) Need(Do({Party(id, "root")}).status());
  }
  // The record of the entry, which is taken.
  std::uint64_t Take(const std::vector<v1::Action>& actions, std::initializer_list<int> signers = {1},
                     const std::string& author = "root") {
    const std::uint64_t record = next();
    Need(Do(actions, signers, author).status());
    return record;
  }
  // What is said of the entry, which is refused: "ID_TAKEN at actions[0].open_fund.id: fund a, record 2".
  std::string Refused(const std::vector<v1::Action>& actions, std::initializer_list<int> signers = {1},
                      const std::string& author = "root") {
    // Books merges nothing of a refused entry, so that only one that is taken leaves a trace.
    const std::uint64_t before = next();
    const Status status = Do(actions, signers, author).status();
    CHECK_FALSE(status.ok());
    CHECK(next() == before);
    std::string text = Verdict(status);
    const auto refusal = model::RefusalOf(status);
    if (!refusal.has_value()) return text;
    CHECK_FALSE(refusal->sentence().empty());
    if (!refusal->id().empty()) absl::StrAppend(&text, ": ", refusal->register_(), " ", refusal->id());
    if (refusal->has_record()) absl::StrAppend(&text, ", record ", refusal->record());
    return text;
  }
  v1::RegisterRow Row(const model::Register& of, const std::string& id) const {
    const auto row = Need(books::GetItem(state(), of.action, id));
    REQUIRE(row.has_value());
    return *row;
  }
};

inline std::string At(const model::Register& of, int action = 0) {
  return absl::StrCat("actions[", action, "].", model::ActionField(of).name());
}
inline std::string AtId(const model::Register& of, int action = 0) {
  return absl::StrCat(At(of, action), ".", model::IdField(of).name());
}
inline std::string Name(const model::Register& of) { return std::string(of.name); }

}  // namespace fundtrail::testing
