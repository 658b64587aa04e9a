// See name_map.h.
#include "ledger/iati/name_map.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/sheets/id_tables.h"

namespace fundtrail::iati {
namespace {

using Names = sheets::IdsByName;

std::string In(const Names& names, const std::string& name) {
  const auto found = names.find(name);
  return name.empty() || found == names.end() ? "" : found->second;
}

std::string InEither(const Names& names, const std::string& first, const std::string& second) {
  const std::string said = In(names, first);
  return said.empty() ? In(names, second) : said;
}

}  // namespace

std::string NameMap::PartyOf(const Organisation& organisation) const {
  return InEither(parties, organisation.ref, organisation.name);
}

std::string NameMap::ProjectOf(const std::string& activity_id) const { return In(projects, activity_id); }

std::string NameMap::FundOf(const std::string& activity_id) const { return In(funds, activity_id); }

std::string NameMap::PlaceOf(const NamedPlace& place) const {
  return InEither(places, place.code, place.name);
}

std::string NameMap::CategoryOf(const Sector& sector) const {
  return InEither(sectors, absl::StrCat(sector.vocabulary, ":", sector.code), sector.code);
}

StatusOr<NameMap> ParseNameMap(std::string_view toml_text, std::string_view file_name) {
  FT_ASSIGN_OR_RETURN(
      auto tables,
      sheets::ParseIdTables(toml_text, file_name, {"parties", "projects", "funds", "places", "sectors"}));
  NameMap map;
  map.parties = std::move(tables["parties"]);
  map.projects = std::move(tables["projects"]);
  map.funds = std::move(tables["funds"]);
  map.places = std::move(tables["places"]);
  map.sectors = std::move(tables["sectors"]);
  return map;
}

}  // namespace fundtrail::iati
