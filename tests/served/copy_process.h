// Processes that keep a copy up: `fundtraild --copy`, and `fundtrail clone --follow`.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/program.h"
#include "tests/served/daemon.h"
#include "tests/served/process.h"

namespace fundtrail::testing {

// A program in the desk's folder, with what it says in a file of its own.
class CopyProcess : public Process {
 public:
  // `fundtraild --copy NAME --from URL`, on free ports.
  static std::vector<std::string> Served(const Desk& desk, const std::string& name, const std::string& from,
                                         const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {ServerProgram(), "--copy",      desk.path(name), "--from",     from,
                                          "--listen",      "127.0.0.1:0", "--http",        "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  // `fundtrail clone URL NAME --follow`.
  static std::vector<std::string> Following(const Desk& desk, const std::string& name,
                                            const std::string& from, const std::string& vkey) {
    return {Program(), "clone", from, desk.path(name), "--follow", "--vkey", vkey};
  }

  CopyProcess(const Desk& desk, const std::string& name, std::vector<std::string> arguments)
      : log_(desk.path(name + ".log")) {
    std::filesystem::remove(log_);  // what an earlier one said
    if (Fork() == 0) {
      const int log = open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      dup2(log, STDERR_FILENO);
      dup2(log, STDOUT_FILENO);
      std::vector<char*> raw;
      for (auto& argument : arguments) raw.push_back(argument.data());
      raw.push_back(nullptr);
      execv(raw[0], raw.data());
      _exit(127);
    }
  }

  // Waits up to half a minute for it, while the program runs; whether it was said.
  bool Says(const std::string& what) {
    for (int i = 0; i < 3000; ++i) {
      if (Log().find(what) != std::string::npos) return true;
      if (!Running()) return Log().find(what) != std::string::npos;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  std::string Log() const { return FileText(log_); }
  // The word behind the last `name` in the log, empty when there is none.
  std::string Said(const std::string& name) const {
    const std::string text = Log();
    const auto at = text.rfind(name);
    if (at == std::string::npos) return "";
    return text.substr(at + name.size(), text.find_first_of(" \n", at + name.size()) - at - name.size());
  }

 private:
  std::string log_;
};

}  // namespace fundtrail::testing
