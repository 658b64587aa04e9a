// What people call the columns of a list of parties, places or needs, and what they write in its cells, in English and Chinese.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "ledger/model/register_table.h"

namespace fundtrail::intake {

// The field of that register that a column's title names: its own name, its option, or one of the words that are known here. Null
// when none is. What does not count in a title: ledger/sheets/column_words.h.
const model::FieldDescriptor* FieldTitled(const model::Register& of, std::string_view title);

// How a map says the value that a cell stands for: "source" for "来源方", "3" for "县" of a level, "yes" for "是". Nothing when
// the field has such words and this is none of them.
std::optional<std::string> ValueWritten(const model::FieldDescriptor& field, std::string_view cell);

}  // namespace fundtrail::intake
