// Numbers for texts, so that what is counted often is told apart by numbers.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace fundtrail::query {

// From 0, in the order in which the texts first come.
class Numbers {
 public:
  static constexpr int kNone = -1;
  int Of(const std::string& text) {
    return numbers_.try_emplace(text, static_cast<int>(numbers_.size())).first->second;
  }
  // kNone for a text that did not come.
  int Find(const std::string& text) const {
    const auto found = numbers_.find(text);
    return found == numbers_.end() ? kNone : found->second;
  }
  std::size_t size() const { return numbers_.size(); }
  // All of them, by number.
  std::vector<std::string> Texts() const {
    std::vector<std::string> texts(numbers_.size());
    for (const auto& [text, number] : numbers_) texts[number] = text;
    return texts;
  }

 private:
  absl::flat_hash_map<std::string, int> numbers_;
};

}  // namespace fundtrail::query
