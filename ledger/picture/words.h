// The words in pictures. They are English here; pages in another language give their own. What stands in braces is
// filled in.
#pragma once

#include <string>

namespace fundtrail::picture {

struct Words {
  // How money ends, beside its colour.
  std::string reached = "reached";
  std::string ends_here = "ends here";
  std::string held = "held";
  std::string returned = "returned";
  std::string exchanged = "exchanged";
  std::string brought_in = "brought in";
  std::string unrecorded = "unrecorded origin";
  std::string goes_on = "goes on";

  // The sum. Its parts are joined by " + ".
  std::string asked = "{amount} {asset} asked = ";
  std::string sum_reached = "{amount} reached recipients";
  std::string sum_ends_here = "{amount} ends here, no further payment recorded";
  std::string sum_held = "{amount} held";
  std::string sum_returned = "{amount} returned to source";
  std::string sum_exchanged = "{amount} exchanged";
  std::string sum_brought_in = "{amount} brought in by sources";
  std::string sum_unrecorded = "{amount} of unrecorded origin";
  std::string committed = "{amount} of what was asked is committed, not paid.";

  // Below the picture.
  std::string columns_from = "Each column is one hand further.";
  std::string columns_to = "Each column to the left is one hand further back.";
  std::string listed = "The table of the answer lists the others, and where money goes on.";
  std::string others = "{n} others";
  std::string comma = ", ";  // between the parts of an account's name
  std::string colon = ": ";
  std::string fund = "fund {fund}";
  std::string project = "project {project}";
  std::string method = "Method: {method}.";
  std::string as_of = "As of {ledger}, {records} records, root {root}…";
  std::string as_of_record = "As the ledger stood after record {record}.";
  std::string source = "Source: {source}.";
  std::string licence = "Licence: {licence}.";

  // A page with tables.
  std::string language = "en";
  std::string no_money = "No money.";
  std::string ends = "Ends, the largest first";
  std::string flows = "From hand to hand, in the order of their first payment";
  std::string folded = "Behind \"others\" in the picture";
  std::string how = "how";
  std::string amount = "amount";
  std::string first = "first";
  std::string last = "last";
  std::string party = "party";
  std::string from = "from";
  std::string to = "to";
  std::string transfers = "transfers";
  std::string hop = "hop";
  std::string committed_of_it = "of it committed, not paid";

  std::string in_all = "{asset} in all";
  std::string of_each = "{share} of each 100";
  std::string below_share = "less than 0.01";
  // The states of places (docs/coverage.md).
  std::string no_need = "nothing asked, nothing there";
  std::string vacuum = "help needed, nothing there";
  std::string unfunded = "help needed, no money; a project, a team or a pledge";
  std::string under = "money for less than half";
  std::string covered = "money for half and up to 110 %";
  std::string over = "money for more than 110 %";
  std::string undeclared = "money, and nobody asked";
  std::string without_outline = "{n} places have no outline here: the table lists them.";
  std::string outlines = "Outlines of places: {licence}.";
  std::string review = "Review number of the outlines: {review}.";
  std::string crowded = "×2: two or more implement there for the same people";
};

}  // namespace fundtrail::picture
