// The real witness as a process.
#pragma once

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include "tests/cli/program.h"
#include "tests/served/process.h"

namespace fundtrail::testing {

class WitnessProcess : public Process {
 public:
  // `fundtrail witness` with these arguments, run in the desk's folder by the shell.
  WitnessProcess(const Desk& desk, const std::string& arguments, const std::string& name = "w")
      : out_(desk.path(name + ".out")), log_(desk.path(name + ".log")) {
    const std::string command = "cd '" + desk.path("") + "' && exec " + Program() + " witness " + arguments +
                                " >'" + out_ + "' 2>>'" + log_ + "'";
    std::ofstream{out_};
    if (Fork() == 0) {
      execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      _exit(127);
    }
    for (int i = 0; i < 1000 && port_ == 0 && Running(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const std::string text = FileText(out_), before = "Listening on http://127.0.0.1:";
      const auto at = text.find(before);
      if (at == std::string::npos || text.back() != '\n') continue;
      port_ = std::atoi(text.c_str() + at + before.size());
      const auto line = text.find(":\n") + 2;
      vkey_ = text.substr(line, text.find('\n', line) - line);
    }
  }

  int port() const { return port_; }  // 0 when it did not start
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  const std::string& vkey() const { return vkey_; }
  std::string Log() const { return FileText(log_); }

 private:
  std::string out_, log_;
  int port_ = 0;
  std::string vkey_;
};

}  // namespace fundtrail::testing
