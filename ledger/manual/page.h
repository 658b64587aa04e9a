// The files of a manual, and what they say that no command line has.
#pragma once

#include <string>

namespace fundtrail::manual {

// What the command line itself does not say.
struct Program {
  std::string version;   // as "0.1.0"
  int section = 1;       // of man: 1 for everybody's programs, 8 for those of operators
  std::string see_also;  // another program with its section, as "fundtraild(8)"; may be empty
};

// A file of the manual.
struct Page {
  std::string path;  // below a folder `share`, as "man/man1/fundtrail.1"
  std::string text;
};

}  // namespace fundtrail::manual
