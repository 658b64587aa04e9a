// See row.h.
#include "ledger/sheets/row.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail::sheets {

std::string_view Describe(Change change) {
  switch (change) {
    case Change::kCut:
      return "a text of over 1,000 bytes was cut";
    case Change::kHidden:
      return "characters that nobody sees were taken out";
    case Change::kGuard:
      return "an apostrophe before = + - or @ was taken off";
    case Change::kRounded:
      return "an amount was rounded";
    case Change::kDay:
      return "a date is two days by two of the map's formats, and the first was taken";
    case Change::kPlaces:
      return "a cell named several places, and none was taken";
    case Change::kDraws:
      return "draws that name no receipt of the payer were left out";
    case Change::kProject:
      return "the ledger has no such project, and the payment is general money";
    case Change::kFromProject:
      return "the ledger has no project that the row is paid out of, and nothing was moved";
  }
  return "";
}

Status TooLong(std::string_view what, std::size_t size, std::size_t max) {
  return absl::InvalidArgumentError(
      absl::StrCat(Abseil(what), " has ", size, " bytes; at most ", max, " are allowed"));
}

}  // namespace fundtrail::sheets
