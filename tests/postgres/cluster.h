// PostgreSQL nodes of a test's own: in a temporary folder, on ports of this machine alone, as a user that is not root.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/wait_until.h"

namespace fundtrail::testing {

inline constexpr char kPostgresPrograms[] = "/usr/lib/postgresql/15/bin/";

// Debian's package is there, and a user that may run it.
inline bool HasPostgres() {
  return std::filesystem::exists(std::string(kPostgresPrograms) + "postgres") &&
         (::geteuid() != 0 || ::getpwnam("postgres") != nullptr);
}

// PostgreSQL does not run as root.
inline std::string AsPostgres(const std::string& more = "") {
  const std::string user = ::geteuid() == 0 ? " --reuid=postgres --regid=postgres --clear-groups" : "";
  return "setpriv" + user + more + " -- ";
}

// What the command wrote; throws when it failed.
inline std::string RunShell(const std::string& command) {
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::string wrote;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) wrote.append(buffer, count);
  if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + wrote);
  return wrote;
}

inline int FreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port");
  return ::ntohs(address.sin_port);
}

// A node that hangs: connections come in, and nobody ever answers.
class SilentNode {
 public:
  SilentNode() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket_, 100) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ::ntohs(address.sin_port);
  }
  SilentNode(const SilentNode&) = delete;
  SilentNode& operator=(const SilentNode&) = delete;
  ~SilentNode() { ::close(socket_); }
  int port() const { return port_; }

 private:
  const int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  int port_ = 0;
};

// A folder that the user of PostgreSQL may write to: in memory where there is room, since nodes sync thousands of files, and
// what these tests take away is processes and not power.
class PostgresFolder {
 public:
  PostgresFolder() : PostgresFolder(HasRoom("/dev/shm") ? "/dev/shm" : "/tmp") {}
  explicit PostgresFolder(const std::string& parent) {
    std::string name = parent + "/fundtrail-postgres-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
    if (::geteuid() != 0) return;
    const passwd* const user = ::getpwnam("postgres");
    if (user == nullptr || ::chown(path_.c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("there is no user postgres");
  }
  PostgresFolder(const PostgresFolder&) = delete;
  PostgresFolder& operator=(const PostgresFolder&) = delete;
  ~PostgresFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  static bool HasRoom(const std::string& place) {
    std::error_code error;
    const auto space = std::filesystem::space(place, error);
    return !error && space.available > (std::uintmax_t{1} << 30);
  }

  std::string path_;
};

class PostgresNode {
 public:
  PostgresNode(const PostgresFolder& folder, std::string name)
      : name_(std::move(name)), dir_(folder / name_), port_(FreePort()) {}
  PostgresNode(const PostgresNode&) = delete;
  PostgresNode& operator=(const PostgresNode&) = delete;
  ~PostgresNode() { Kill(); }

  const std::string& name() const { return name_; }
  int port() const { return port_; }

  // A new primary, which needs the standby of that name; with the ledger's role and database, or without.
  void MakePrimary(const std::string& standby, bool with_database = true) {
    RunShell(AsPostgres() + kPostgresPrograms + "initdb -D " + dir_ +
             " -U postgres -A trust -E UTF8 --no-locale --wal-segsize=1 --no-sync --no-instructions");
    Start();
    if (with_database) Sql("CREATE ROLE ledger LOGIN");
    if (with_database) Sql("CREATE DATABASE fundtrail OWNER ledger");
    NameStandby(standby);
  }
  // A standby of `primary`; once it is promoted, it will need `standby`. `link`: a port that leads to the primary, where one
  // lies between the two.
  void MakeStandby(const PostgresNode& primary, const std::string& standby, int link = 0) {
    RunShell(AsPostgres() + kPostgresPrograms + "pg_basebackup -h 127.0.0.1 -p " +
             std::to_string(primary.port_) + " -U postgres -D " + dir_ +
             " --checkpoint=fast --no-sync -X stream");
    RunShell(AsPostgres() + "touch " + dir_ + "/standby.signal");
    std::ofstream(dir_ + "/postgresql.auto.conf", std::ios::app)
        << "primary_conninfo = 'host=127.0.0.1 port=" << (link > 0 ? link : primary.port_)
        << " user=postgres application_name=" << name_ << "'\nsynchronous_standby_names = '" << standby
        << "'\n";
    Start();
  }
  void NameStandby(const std::string& standby) {
    Sql("ALTER SYSTEM SET synchronous_standby_names = '" + standby + "'");
    Sql("SELECT pg_reload_conf()");
  }
  void Promote() { Sql("SELECT pg_promote(true, 20)"); }

  void Start() {
    const std::string log = dir_ + ".log";
    pid_ = ::fork();
    if (pid_ == 0) {
      ::setpgid(0, 0);
      const std::string command =
          "exec " + AsPostgres(" --pdeathsig=KILL") + kPostgresPrograms + "postgres -D " + dir_ + " -p " +
          std::to_string(port_) +
          " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=16MB -c "
          "max_connections=30"
          " -c dynamic_shared_memory_type=mmap -c wal_keep_size=64 -c min_wal_size=5 -c max_wal_size=100 -c "
          "autovacuum=off -c "
          "wal_retrieve_retry_interval=200 >" +
          log + " 2>&1";
      ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      ::_exit(127);
    }
    const bool ready = WaitUntil([&] {
      return std::system(
                 (std::string(kPostgresPrograms) + "pg_isready -q -h 127.0.0.1 -p " + std::to_string(port_))
                     .c_str()) == 0;
    });
    if (!ready) throw std::runtime_error("PostgreSQL does not start: " + Log());
  }

  // As a machine that dies: it and all its processes, at once.
  void Kill() {
    if (pid_ <= 0) return;
    SignalAll(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  // As a machine that stands still, and goes on as if nothing had been.
  void Pause() { SignalAll(SIGSTOP); }
  void Resume() { SignalAll(SIGCONT); }

  // As a superuser: what it gives, a row a line. What must wait for a standby that is not there ends after a minute.
  std::string Sql(const std::string& sql) const {
    std::string gave =
        RunShell("timeout 60 psql -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p " + std::to_string(port_) +
                 " -U postgres -d " + (OfFundtrail(sql) ? "fundtrail" : "postgres") + " -c \"" + sql + "\"");
    while (!gave.empty() && gave.back() == '\n') gave.pop_back();
    return gave;
  }
  std::string Log() const {
    std::stringstream text;
    text << std::ifstream(dir_ + ".log").rdbuf();
    return text.str();
  }

 private:
  // Who stands still starts nobody new meanwhile.
  void SignalAll(int signal) {
    ::kill(pid_, SIGSTOP);
    std::ifstream children("/proc/" + std::to_string(pid_) + "/task/" + std::to_string(pid_) + "/children");
    std::vector<pid_t> all;
    for (pid_t child = 0; children >> child;) all.push_back(child);
    for (const pid_t child : all) ::kill(child, signal);
    ::kill(pid_, signal);
  }
  static bool OfFundtrail(const std::string& sql) { return sql.find("fundtrail.") != std::string::npos; }

  const std::string name_, dir_;
  const int port_;
  pid_t pid_ = 0;
};

// Of a ledger whose log is on these nodes, whichever of them takes writes.
inline std::string UrlOfPorts(const std::vector<int>& ports) {
  std::string hosts;
  for (const int port : ports)
    hosts += (hosts.empty() ? "" : ",") + std::string("127.0.0.1:") + std::to_string(port);
  return "postgres://ledger@" + hosts + "/fundtrail";
}
inline std::string UrlOf(const std::vector<const PostgresNode*>& nodes) {
  std::vector<int> ports;
  for (const PostgresNode* node : nodes) ports.push_back(node->port());
  return UrlOfPorts(ports);
}

}  // namespace fundtrail::testing
