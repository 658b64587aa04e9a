// A library of the system that is loaded when something first needs it. To load libcurl and libpq, with the thirty that these need,
// takes longer than most commands take to answer, and few commands need them.
#pragma once

#include <string>

#include "ledger/base/status.h"

namespace fundtrail {

// Loaded for as long as the program runs.
class LateLibrary {
 public:
  // `file` as the loader knows it: "libpq.so.5".
  explicit LateLibrary(const std::string& file);

  // Sets `function` to the library's function of this name, whose type the caller has from the library's own header. Null
  // when there is none: then status() says so.
  template <typename Function>
  void Find(const char* name, Function** function) {
    *function = reinterpret_cast<Function*>(Address(name));
  }

  // UNAVAILABLE, in words, when the library cannot be loaded or has not all functions that were looked for.
  const Status& status() const { return status_; }

 private:
  void* Address(const char* name);

  const std::string file_;
  void* const library_;  // null: it cannot be loaded
  Status status_;
};

}  // namespace fundtrail
