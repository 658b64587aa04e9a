// What stands below an answer: as of when it holds, and how to have the rest.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/checkpoint.pb.h"

namespace fundtrail::render {

inline Shown AsOf(const v1::CheckpointRef& checkpoint, const Style& style) {
  return Toned(style, Tone::kDim, Say("As of {}, {} records.", checkpoint.ledger(), checkpoint.size())) +
         "\n";
}

// How many lines of a list are shown. When there are more, how to have all.
inline Shown LineCount(int lines, const std::string& next) {
  return next.empty() ? Say("Lines: {}.\n", lines) : Say("Lines: {}; --limit 0 prints all.\n", lines);
}

// The same below a table that may be empty; of what has no lines it says nothing.
inline Shown LinesOf(int lines, const std::string& next) {
  return lines == 0 ? Shown() : LineCount(lines, next);
}

// How to have what comes after a page token; nothing when there is none.
inline Shown More(const std::string& next, const Shown& with = "") {
  return next.empty() ? Shown() : Say("There are more: --after {}{}\n", next, with);
}

}  // namespace fundtrail::render
