// The boundary that no exception passes. An exception of our code or of a library ends the one call that it was for,
// and not the process.
#pragma once

#include <exception>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "ledger/base/status.h"

namespace fundtrail {

// Told of every fault, from any thread, with a status as Guarded gives it. See server/faults.h.
using TellFault = std::function<void(const Status&)>;

// What `work` answers, a Status or a StatusOr; INTERNAL when it throws.
template <typename Work>
std::invoke_result_t<Work> Guarded(Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& error) {
    return absl::InternalError(std::string("a fault of this program, which its operator can report: ") +
                               error.what());
  }
}

}  // namespace fundtrail
