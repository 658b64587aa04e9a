// A map of one's own: what the names and codes of a file are called in the ledger.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/iati/activity.h"

namespace fundtrail::iati {

// Ids of the ledger. Each is a valid id (base/id.h).
struct NameMap {
  std::map<std::string, std::string> parties;   // by the id of the standard, or by the name
  std::map<std::string, std::string> projects;  // by the id of the activity; programmes too
  std::map<std::string, std::string> funds;     // of the money of an activity, by its id
  std::map<std::string, std::string> places;    // by the code, or the name
  std::map<std::string, std::string> sectors;   // by vocabulary and code, "1:12220", or by the code alone

  // Empty where it says nothing.
  std::string PartyOf(const Organisation& organisation) const;
  std::string ProjectOf(const std::string& activity_id) const;
  std::string FundOf(const std::string& activity_id) const;
  std::string PlaceOf(const NamedPlace& place) const;
  std::string CategoryOf(const Sector& sector) const;
};

// Reads TOML with the tables [parties], [projects], [funds], [places] and [sectors]. INVALID_ARGUMENT, with the file and the line, for
// anything else, and for a value that can be no id. At most kMaxMapBytes.
StatusOr<NameMap> ParseNameMap(std::string_view toml_text, std::string_view file_name);

}  // namespace fundtrail::iati
