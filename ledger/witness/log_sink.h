// Where what witnessing has to tell its operator goes.
#pragma once

#include <functional>
#include <string>

namespace fundtrail::witness {

enum class Severity { kInfo, kWarning, kError };
// Called from several threads. The words are of one line, and safe to print.
using LogSink = std::function<void(Severity severity, const std::string& words)>;

}  // namespace fundtrail::witness
