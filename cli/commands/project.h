// What a project is, what was said about it, its money and its results, in one answer. `project show` and `project
// money` ask it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/context.h"

namespace fundtrail::cli {

struct ProjectQuestion {
  std::string id;                      // empty: general money, which is in no project
  std::optional<std::uint64_t> as_of;  // the record; nothing: now
  std::string on;                      // the day; empty: that of the last record that is looked at
  bool money_alone = false;            // whether the text leaves out the item and what was said about it
};

StatusOr<Exit> AskProject(const Context& context, const ProjectQuestion& question);

}  // namespace fundtrail::cli
