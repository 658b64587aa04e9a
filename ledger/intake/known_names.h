// Which party a text of a file names, where no party has it as its id.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::intake {

// Parties by their names. Of at most kMost it knows the names; those after them are found by their ids alone.
class NamedParties {
 public:
  static constexpr std::size_t kMost = 100'000;

  void Add(std::string_view id, std::string_view name);
  // What the entry registers.
  void Add(const v1::Entry& entry);
  // The ids of the parties with exactly this name: in no order, each once.
  std::vector<std::string> Called(std::string_view name) const;
  // The same with names that are compared as FoldedForSearch has them: "OXFAM" is "Oxfam".
  std::vector<std::string> CalledLike(std::string_view text) const;

 private:
  std::multimap<std::string, std::string, std::less<>> names_, folded_;  // the id by the name
};

// The names that a ledger has. They are read once, and only when a file names a party that is not there.
class KnownNames {
 public:
  // `rows` are the ledger's. They are read the first time, and what is recorded after that must be added.
  StatusOr<const NamedParties*> Of(const store::Reader& rows);
  void Add(const v1::Entry& entry);

 private:
  std::optional<NamedParties> names_;
};

}  // namespace fundtrail::intake
