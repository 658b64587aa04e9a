// The ledger as activities of IATI: one for each programme and project, and one for all general money. docs/iati.md says what stands where.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fundtrail/v1/project.pb.h"
#include "fundtrail/v1/registers.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/iati/activity.h"

namespace fundtrail::tables {

// What is left out, since the standard cannot say it.
struct LeftOutOfActivities {
  std::uint64_t exchanges = 0, fund_moves = 0;
};

// Makes them of what the ledger answers as of one record. Parties, places and categories are given first, then programmes, projects, and
// transfers in the order of the log. Decimals and amounts are those of an asset.
class Activities {
 public:
  void TakeParty(const v1::RegisterLine& line);
  void TakePlace(const v1::RegisterLine& line);
  void TakeCategory(const v1::RegisterLine& line);
  void TakeProgramme(const v1::RegisterLine& line);
  void TakeProject(const v1::RegisterLine& line);
  // What was reported of the targets of a project that was taken.
  void TakeResult(const std::string& project, const v1::ProjectResult& result);
  void TakeTransfer(const v1::TransferLine& line);

  // All of them, once; `day` stands where nothing else is known of when one began.
  std::vector<iati::Activity> Finish(const std::string& day);
  const LeftOutOfActivities& left_out() const { return left_out_; }

 private:
  // Who paid whom, out of which project and into which one.
  struct Way {
    std::string from, to, project, to_project;
    bool back = false;    // below zero
    std::string returns;  // the ref of the transaction that it sends back
  };

  iati::Organisation OrganisationOf(const std::string& id) const;
  iati::Activity Begin(const std::string& id, const std::string& name, const std::string& owner);
  iati::Activity& ActivityOf(const std::string& project);
  void Add(const v1::TransferLine& line, const Way& way);

  std::string root_;
  std::set<std::string> ids_;  // of activities
  std::map<std::string, iati::Organisation> parties_;
  std::map<std::string, v1::Role> roles_;
  std::map<std::string, iati::NamedPlace> places_;
  std::map<std::string, iati::Sector> sectors_;
  std::map<std::pair<int, std::string>, iati::Activity> activities_;  // general money, programmes, projects
  std::map<TransferRef, Way> ways_;
  std::uint64_t order_ = 0;
  LeftOutOfActivities left_out_;
};

}  // namespace fundtrail::tables
