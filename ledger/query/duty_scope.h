// Which duties are in force on a day, and how the scope of each lies to a place and a category.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/books/ancestors.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// How a scope lies to what was asked for.
enum class Reach {
  kOutside,  // they have nothing in common
  kPart,     // the scope has a part of it, and not all
  kHolds,    // the scope has all of it
};

// The narrowest place and category of a scope that hold what was asked for. Empty: every one.
struct DutyScope {
  Reach reach = Reach::kOutside;
  std::string place, category;
  int place_depth = 0, category_depth = 0;  // how deep they stand in their trees, from 1; 0 for every one
};

struct DutyInForce {
  const v1::RegisterRow* row = nullptr;
  const v1::RegisterParty* party = nullptr;  // that has it
  DutyScope scope;
};

class DutyReader {
 public:
  // The view must outlive it. `day` is a day as a text.
  DutyReader(const View& view, const std::string& day, AsOfRecord as_of)
      : view_(view), day_(day), as_of_(as_of), ancestors_(*view.rows) {}

  // Says what is asked for; an empty id: every one. NOT_FOUND for what is not there. Then the names are those of then.
  Status Ask(const std::string& place, const std::string& category);
  const std::string& place_name() const { return place_.name; }
  const std::string& category_name() const { return category_.name; }

  // By id, those in force that have something of what was asked for. Neither the duty nor its party has ended, and its
  // period has the day. One for a project is in force while the project is open, and reaches each of its places with
  // each of its categories. Where the project names no place, or no category, it is for a part of any; where it names
  // neither, for nothing. One for a programme reaches what its open projects do.
  Status EachInForce(const std::function<Status(const DutyInForce&)>& take);
  // What the party replied to that version of the duty; nothing when it did not.
  StatusOr<std::optional<v1::AttestationRow>> ReplyTo(const v1::RegisterRow& duty) const;

 private:
  struct Asked {
    v1::Action::ActionCase action;
    std::string id, name;
    std::map<std::string, int> above;  // the item and those above it, each with its depth
  };
  struct Side {
    Reach reach = Reach::kOutside;
    std::string id;
    int depth = 0;
  };
  Status AskFor(Asked* asked, const char* what, const std::string& id);
  StatusOr<Side> SideOf(const Asked& asked, const std::string& id);
  // The best of several: one of them is enough. Of none, a part.
  StatusOr<Side> BestOf(const Asked& asked, const std::vector<std::string>& ids);
  static DutyScope Both(const Side& place, const Side& category);
  StatusOr<DutyScope> ScopeOf(const v1::AssignDuty& duty);
  StatusOr<DutyScope> ScopeOfProject(const v1::RegisterRow& project);
  StatusOr<DutyScope> ScopeOfProgramme(const std::string& id);
  StatusOr<bool> IsOpen(const v1::RegisterRow& project);
  Status ReadProgrammes();

  const View& view_;
  const std::string day_;
  const AsOfRecord as_of_;
  books::Ancestors ancestors_;
  Asked place_{v1::Action::kDeclarePlace, "", "", {}};
  Asked category_{v1::Action::kDeclareCategory, "", "", {}};
  // Of each programme that goes on, what its open projects reach: once a duty asks.
  std::optional<std::map<std::string, DutyScope>> programmes_;
};

}  // namespace fundtrail::query
