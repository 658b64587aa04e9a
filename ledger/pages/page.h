// What is asked of a site, and the page, file or fault that answers.
#pragma once

#include <set>
#include <string>

namespace fundtrail::picture {
struct Outlines;
}

namespace fundtrail::pages {

// Where the data come from, and under which licence people may use them. Empty: nobody says.
struct DataTerms {
  std::string source, licence;
};
struct Keeping;  // kept_answers.h

struct PageRequest {
  std::string path;   // begins with "/"
  std::string query;  // what stands after the "?", escaped as it was sent; may be empty
  std::string
      base;  // scheme://host of the site, for the few addresses that must be whole; empty when nobody knows it
  // The key that signs the ledger's checkpoints, as its folder has it: pages name it for the browser's check. Rows alone know it only
  // after it was replaced; empty leaves it to them.
  std::string vkey = "";
  // Whether it is a copy of the ledger that keeps up with it: pages of now say so, since it may be behind.
  bool is_copy = false;
  // Of a site in a folder: all that it has. Its pages lead to nothing else, and ask nothing. Null where a server answers.
  const std::set<std::string>* folder = nullptr;
  // Whether whoever serves it can send a table in pieces (long_tables.h): then no table is cut, and of a long one the page says only that
  // it is one.
  bool in_pieces = false;
  // Outlines of places that an operator gave (outlines_file.h); null: places are squares.
  const picture::Outlines* outlines = nullptr;
  // What the operator says of the data; null: nothing.
  const DataTerms* terms = nullptr;
  // What pages share that are made one after another, of one view; null where nobody keeps it. It changes no page.
  Keeping* keeping = nullptr;
};

struct Page {
  int status = 200;
  std::string content_type;
  std::string body;
  bool is_html = false;
  bool is_embed = false;  // may stand in a frame of any other page
  bool is_long = false;   // a table to be sent in pieces: `body` has nothing of it
  bool pinned = false;    // as of a record: it changes with the program alone
  std::string language = "en";
  std::string location;  // of a 30x: where it is, from the site's root
};

}  // namespace fundtrail::pages
