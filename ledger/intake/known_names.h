// Which item of a register a text of a file names, where none has it as its id.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::intake {

// Items of one register by their names. Of at most kMost it knows the names; those after them are found by their ids alone.
// Not thread-safe, not even to ask.
class NamedItems {
 public:
  static constexpr std::size_t kMost = 100'000;

  void Add(std::string_view id, std::string_view name);
  void Add(NamedItems more);
  // The ids of the items with exactly this name: in no order, each once.
  std::vector<std::string> Called(std::string_view name) const;
  // The same with names that are compared as FoldedForSearch has them: "OXFAM" is "Oxfam".
  std::vector<std::string> CalledLike(std::string_view text) const;

 private:
  using Ids = std::unordered_multimap<std::string, std::string>;  // by the name
  static std::vector<std::string> IdsUnder(const Ids& names, const std::string& name);

  Ids names_;
  // The same of folded names. Made when one is asked for: most files name their parties as they are called.
  mutable std::optional<Ids> folded_;
};

// The same of every register.
class ItemNames {
 public:
  void Add(const v1::Action& action);
  // What the entry registers.
  void Add(const v1::Entry& entry);
  // Those of the registers in `kinds`.
  void Add(ItemNames&& more, const std::set<v1::Action::ActionCase>& kinds);
  std::vector<std::string> Called(v1::Action::ActionCase kind, std::string_view name, bool exactly) const;

 private:
  std::map<v1::Action::ActionCase, NamedItems> registers_;
};

// The names that a ledger has. Those of a register are read once, and only when a file names an item that is not there.
class KnownNames {
 public:
  // `rows` are the ledger's. They are read the first time, and what is recorded after that must be added.
  StatusOr<std::vector<std::string>> Called(const store::Reader& rows, v1::Action::ActionCase kind,
                                            std::string_view name, bool exactly);
  void Add(ItemNames more) { names_.Add(std::move(more), read_); }
  void Add(const v1::Entry& entry) {
    ItemNames more;
    more.Add(entry);
    Add(std::move(more));
  }

 private:
  std::set<v1::Action::ActionCase> read_;
  ItemNames names_;
};

}  // namespace fundtrail::intake
