// The items of a list in a JSON text, one at a time: a file of grants or of releases is read so, and never held whole. The text
// comes from strangers. Depth, sizes and counts are bounded, and numbers stay the text that they were: nothing is rounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::sheets {

inline constexpr std::size_t kMaxJsonDepth = 32;         // objects and lists in each other
inline constexpr std::size_t kMaxJsonValues = 200'000;   // in one item
inline constexpr std::size_t kMaxJsonMembers = 1'000;    // of one object
inline constexpr std::size_t kMaxJsonText = 1'000'000;   // bytes of one text
inline constexpr std::size_t kMaxJsonItem = 16'000'000;  // bytes of one item's texts and names together

class JsonValue {
 public:
  enum class Kind : std::uint8_t { kNothing, kText, kNumber, kBoolean, kList, kObject };

  Kind kind = Kind::kNothing;
  std::string text;                // of a text, a number as it is written, "true" or "false"
  std::vector<JsonValue> items;    // of a list
  std::vector<std::string> names;  // of an object's members: names[i] has values[i]
  std::vector<JsonValue> values;

  // The member of that name; a value of kNothing when there is none, or this is no object. It lasts as this value does.
  const JsonValue& operator[](std::string_view name) const;
  // The text or the number; empty for anything else.
  std::string_view words() const;
  bool is(Kind of) const { return kind == of; }
};

// Where an item stands in the text: "/releases/3".
using TakeItem = std::function<Status(const std::string& place, const JsonValue& item)>;

// Hands over each item of the list that the outermost object has under `list`, in their order. False when it has no such list.
// INVALID_ARGUMENT, with the line or the place, when the text is no JSON, has that name twice, names a member twice in an object
// of an item, or is beyond a bound.
StatusOr<bool> EachJsonItem(std::string_view text, std::string_view list, const TakeItem& take);

}  // namespace fundtrail::sheets
