// The real server as a process: started, spoken to, stopped, killed.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/program.h"
#include "tests/served/process.h"

namespace fundtrail::testing {

inline std::string ServerProgram() { return ProgramOf("server/fundtraild", FUNDTRAIL_SERVER); }

class Daemon : public Process {
 public:
  // On the desk's ledger `l`, on a free port of 127.0.0.1 unless the arguments say otherwise. `launcher` is a
  // command that runs the command behind it.
  explicit Daemon(const Desk& desk, std::vector<std::string> more = {"--listen", "127.0.0.1:0"},
                  std::vector<std::string> launcher = {})
      : log_(desk.path("log")) {
    std::vector<std::string> arguments = std::move(launcher);
    for (const auto& argument : {ServerProgram(), std::string("--ledger"), desk.path("l")})
      arguments.push_back(argument);
    arguments.insert(arguments.end(), more.begin(), more.end());
    if (Fork() == 0) {
      const int log = open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      dup2(log, STDERR_FILENO);
      std::vector<char*> raw;
      for (auto& argument : arguments) raw.push_back(argument.data());
      raw.push_back(nullptr);
      execv(raw[0], raw.data());
      _exit(127);
    }
    for (int i = 0; i < 1000 && address_.empty() && Running(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const std::string text = Log();
      if (text.find(" tls=") != std::string::npos) address_ = Said("address=");
    }
  }

  const std::string& address() const { return address_; }  // empty when it did not start
  std::string Log() const { return FileText(log_); }
  // The word behind the last `name` in the log, empty when there is none.
  std::string Said(const std::string& name) const {
    const std::string text = Log();
    const auto at = text.rfind(name);
    if (at == std::string::npos) return "";
    return text.substr(at + name.size(), text.find_first_of(" \n", at + name.size()) - at - name.size());
  }
  // Waits up to half a minute for it; whether it was said.
  bool Says(const std::string& what) const {
    for (int i = 0; i < 3000; ++i) {
      if (Log().find(what) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

 private:
  std::string log_;
  std::string address_;
};

}  // namespace fundtrail::testing
