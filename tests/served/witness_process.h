// The real witness as a process, and plain HTTP to speak to it.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/program.h"

namespace fundtrail::testing {

// All that comes back for these bytes; nothing when nobody listens.
inline std::string RawHttp(int port, const std::string& request) {
  const int to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(to, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    (void)send(to, request.data(), request.size(), MSG_NOSIGNAL);
    char buffer[4096];
    for (ssize_t got; (got = recv(to, buffer, sizeof buffer, 0)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(got));
  }
  close(to);
  return answer;
}

struct HttpReply {
  int status = 0;  // 0: none came whole
  std::string head, body;
};
inline HttpReply ReadReply(const std::string& raw) {
  HttpReply reply;
  const auto end = raw.find("\r\n\r\n");
  if (raw.rfind("HTTP/1.1 ", 0) != 0 || end == std::string::npos) return reply;
  reply.status = std::atoi(raw.c_str() + 9);
  reply.head = raw.substr(0, end + 2);
  reply.body = raw.substr(end + 4);
  return reply;
}
inline HttpReply HttpGet(int port, const std::string& path) {
  return ReadReply(RawHttp(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
}
inline HttpReply HttpPost(int port, const std::string& path, const std::string& body,
                          const std::string& headers = "") {
  return ReadReply(RawHttp(port, "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers +
                                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
}

class WitnessProcess {
 public:
  // `fundtrail witness` with these arguments, run in the desk's folder by the shell.
  WitnessProcess(const Desk& desk, const std::string& arguments, const std::string& name = "w")
      : out_(desk.path(name + ".out")), log_(desk.path(name + ".log")) {
    const std::string command = "cd '" + desk.path("") + "' && exec " FUNDTRAIL_PROGRAM " witness " +
                                arguments + " >'" + out_ + "' 2>>'" + log_ + "'";
    std::ofstream{out_};
    pid_ = fork();
    if (pid_ == 0) {
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
  ~WitnessProcess() { Signal(SIGKILL); }
  WitnessProcess(const WitnessProcess&) = delete;
  WitnessProcess& operator=(const WitnessProcess&) = delete;

  int port() const { return port_; }  // 0 when it did not start
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  const std::string& vkey() const { return vkey_; }
  std::string Log() const { return FileText(log_); }
  bool Running() {
    if (pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = 0;
    return pid_ > 0;
  }
  // Sends the signal and waits for the end: the exit code, or -1 when it was killed.
  int Signal(int signal) {
    if (pid_ > 0) {
      kill(pid_, signal);
      return Wait();
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }
  int Wait() {
    if (pid_ > 0) waitpid(pid_, &status_, 0);
    pid_ = 0;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }

 private:
  std::string out_, log_;
  pid_t pid_ = 0;
  int status_ = 0;
  int port_ = 0;
  std::string vkey_;
};

}  // namespace fundtrail::testing
