// How many people a line of a public answer is about. Fewer than five of one place and category can be told who they
// are: such a number is "<5". It is a courtesy of tables and CSV: the record itself is public, and JSON has the number
// (docs/privacy.md).
#pragma once

#include <cstdint>
#include <string>

#include "cli/render/csv.h"
#include "cli/render/style.h"

namespace fundtrail::render {

inline constexpr std::int64_t kFewestPeople = 5;

inline bool AreFew(std::int64_t people) { return people > 0 && people < kFewestPeople; }
// As people read it: "1,234".
inline std::string People(std::int64_t people) { return AreFew(people) ? "<5" : Money(people, 0); }
// In CSV: "1234".
inline std::string PlainPeople(std::int64_t people) { return AreFew(people) ? "<5" : PlainMoney(people, 0); }

}  // namespace fundtrail::render
