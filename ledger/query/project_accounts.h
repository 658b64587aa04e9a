// Where the money of a project lies, account by account: what its sums do not tell.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/query/joins.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The project in the version of then. NOT_FOUND when there was none.
StatusOr<v1::RegisterRow> FindProject(const View& view, const std::string& id, AsOfRecord as_of);

// Every account in the project, by number, with what names it: those of now. DATA_LOSS for one that names another project.
Status EachAccountIn(const View& view, const std::string& project,
                     const std::function<Status(model::AccountNumber, v1::AccountName)>& take);

// What one party holds of a project, out of one fund.
struct HeldInProject {
  std::string fund;
  v1::Role role = v1::ROLE_HOLDER;  // or RECIPIENT
  bool reached = false;             // a recipient whose role somebody stated
  std::string party;                // whose account it is
  std::string seat;                 // the place of the party that stands for it; empty when it names none
  std::int64_t amount = 0;          // above 0
};

// Remembers the parties that it met.
class ProjectAccounts {
 public:
  // As of that record. Seats are those of the parties that stand for others. The view and the joins must outlive it.
  ProjectAccounts(const View& view, AsOfRecord as_of, const Joins& joins);
  // In one asset, by account. All are `placed` together, or else DATA_LOSS.
  Status Each(const std::string& project, const std::string& asset, std::int64_t placed,
              const std::function<Status(const HeldInProject&)>& take);

 private:
  struct Party {
    v1::Role role = v1::ROLE_HOLDER;
    bool stated = false;
    std::string seat;
  };
  StatusOr<const Party*> PartyOf(const std::string& id);

  const View& view_;
  const View then_;
  const AsOfRecord as_of_;
  const Joins& joins_;
  absl::flat_hash_map<std::string, Party> parties_;
};

}  // namespace fundtrail::query
