// A register as a tree, in pages: each item before those below it. For query/registers.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fundtrail/v1/registers.pb.h"
#include "ledger/model/register_table.h"
#include "ledger/query/item_names.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// What is asked of a register, whichever items are wanted.
struct RegisterQuestion {
  const model::Register* of = nullptr;
  bool current = false;                // leaves out what has ended
  std::optional<std::uint64_t> as_of;  // after this record; else now

  // The version of an item that the question shows, of its present one; nothing when it shows none.
  StatusOr<std::optional<v1::RegisterRow>> Shown(const View& view, v1::RegisterRow now) const;
  // What every page begins with.
  void Begin(v1::RegistersAnswer* page) const;
  // One more line on the page, and the names of what it names. `names` are those of the whole answer.
  Status Add(const View& view, v1::RegisterLine line, ItemNames* names, v1::RegistersAnswer* page,
             PageBudget* budget) const;
};

// The item `top`, which exists, and all below it; everything when `top` is empty. What the question does not show hides
// nothing below it.
StatusOr<Pages<v1::RegistersAnswer>::Fill> FillTree(const View& view, const RegisterQuestion& question,
                                                    const std::string& top, PageToken token,
                                                    const std::string& after);

}  // namespace fundtrail::query
