// One of our programs that runs beside the test: looked after, stopped, killed.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fundtrail::testing {

class Process {
 public:
  Process() = default;
  ~Process() { Signal(SIGKILL); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool Running() {
    if (pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = 0;
    return pid_ > 0;
  }
  // Sends the signal and waits for the end: the exit code, or -1 when it was killed.
  int Signal(int signal) {
    if (pid_ > 0) kill(pid_, signal);
    return Wait();
  }
  int Wait() {
    if (pid_ > 0) waitpid(pid_, &status_, 0);
    pid_ = 0;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }

 protected:
  // As fork: 0 in the child, which becomes the program.
  pid_t Fork() { return pid_ = fork(); }

 private:
  pid_t pid_ = 0;
  int status_ = 0;
};

}  // namespace fundtrail::testing
