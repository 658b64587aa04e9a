// Which pages there are, and who makes them: the one list of them, for the site, its map and its folder.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/pages/asking.h"
#include "ledger/pages/makers.h"

namespace fundtrail::pages {

// A page that is there once.
struct ListRoute {
  std::string_view name;
  StatusOr<Content> (*make)(const Asking& asking);
  bool files;             // whether it has CSV and JSON beside it
  std::string_view keys;  // of the question, that it takes: each between blanks
};
std::span<const ListRoute> ListRoutes();

// A page for each item of a register.
struct ItemRoute {
  std::string_view name;
  StatusOr<Content> (*make)(const Asking& asking, const std::string& id);
  Word none;  // says that it is not there
  std::string_view keys;
};
// Null when there is none.
const ItemRoute* FindItemRoute(std::string_view name);
// Of the registers whose items have pages.
std::span<const char* const> ItemRegisters();
// "/party/X/", from the site's root.
std::string ItemPath(const char* of, const std::string& id);

// "payments/2020": a list of one year.
bool IsYearOf(std::string_view list, const std::vector<std::string>& parts);
// Of whom the page at these parts is a statement; nothing where it is none.
std::optional<StatementOf> StatementAt(const std::vector<std::string>& parts);

// The first key of the question that the page at the address does not take; empty where it takes all, and where no page may be. Such a
// question is refused: nobody must read the answer to another one.
std::string KeyNotTaken(const Address& address);
// INVALID_ARGUMENT where there is one.
Status CheckKeys(const Address& address);
// All that it takes; null where no page may be.
std::optional<std::string_view> KeysOf(const Address& address);

// What an address without a page is answered with, and nothing else.
Status NoSuchPage();
// Whether there may be a page at the parts of an address, as far as names tell; and whether it may have a picture, or a card for where it is
// shared.
bool LeadsSomewhere(const std::vector<std::string>& parts);
bool HasPicture(const std::vector<std::string>& parts);
bool HasCard(const std::vector<std::string>& parts);
// What the page at the address has, in its form. The errors are those of makers.h, and NoSuchPage.
StatusOr<Content> MakeContent(const Asking& asking);

}  // namespace fundtrail::pages
