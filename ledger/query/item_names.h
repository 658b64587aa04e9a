// The names of funds, projects and whatever else an answer shows the ids of: one table, so that no name is repeated with each line.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "fundtrail/v1/account.pb.h"
#include "fundtrail/v1/names.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The name of an item of a register, in the version of then; empty where there is none.
StatusOr<std::string> NameOfItem(const View& view, v1::Action::ActionCase of, const std::string& id,
                                 AsOfRecord as_of);

// Of one answer. Each name is added once, in the order in which the answer first shows the id. What has no name is left out. A stream
// without an end may show more ids than can be kept for each reader: when so many are remembered all are forgotten, and said anew.
class ItemNames {
 public:
  static constexpr std::size_t kMostRemembered = 50'000;
  using Table = google::protobuf::RepeatedPtrField<v1::ItemName>;

  // Adds the name of the item, in the version that the view shows, if it was not added before. Answers by how many bytes the
  // answer grew; View::Grow hears of them too.
  StatusOr<std::size_t> Add(const View& view, v1::Action::ActionCase of, const std::string& id, Table* table);
  // The same in the version of then.
  StatusOr<std::size_t> Add(const View& view, v1::Action::ActionCase of, const std::string& id,
                            AsOfRecord as_of, Table* table);
  // Those of the account's fund and project.
  StatusOr<std::size_t> Add(const View& view, const v1::Account& account, Table* table);
  // Those of the transfer's funds, projects and place.
  StatusOr<std::size_t> Add(const View& view, const v1::TransferLine& line, Table* table);

 private:
  std::set<std::pair<v1::Action::ActionCase, std::string>> added_;
  std::string fund_, project_;  // of the account that was added last: many stand in a row that have the same
};

}  // namespace fundtrail::query
