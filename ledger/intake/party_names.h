// What there is to be said of the names of parties that an import registers (base/names.h).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::intake {

// The names that a ledger has. They are read once, and only when an entry registers somebody.
class PartyNames {
 public:
  using Warn = std::function<void(const std::string& words)>;  // may be empty

  // What is to be told of the parties that the entry registers, in words; `warn` was told of each. `rows` are the
  // ledger's, before the entry.
  StatusOr<std::vector<std::string>> Judge(const store::Reader& rows, const v1::Entry& entry,
                                           const Warn& warn);
  // Takes in the parties of the entry that was judged last, which is in the ledger now.
  void AddJudged();

 private:
  Status Read(const store::Reader& rows, const Warn& warn);

  std::optional<NameBook> names_;
  std::vector<ReadName> judged_;  // the parties of the entry that was judged last
};

}  // namespace fundtrail::intake
