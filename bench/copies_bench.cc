// What copies do for readers: traces from one server alone, and from three copies of it that each client asks in turn. Server, copies
// and clients share this machine, so it also prints the processor time of each answer: that is what machines of their own would
// have. Decides nothing; prints. See docs/benchmarks.md.
//
//   fundtrail_copies_bench [SECONDS [ROUNDS]]     10 seconds a round by default, 3 rounds, one way and the other by turns
//
// It runs the fundtraild of the same build.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "bench/bench.h"
#include "bench/clients.h"
#include "bench/grants.h"

namespace fundtrail::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kCopies = 3, kClients = 4;

// A process of fundtraild, which ends with this, and with the benchmark when that leaves in the middle.
class Process {
 public:
  Process(const std::string& log, std::vector<std::string> words) : log_(log) {
    const fs::path self = fs::read_symlink("/proc/self/exe");
    words.insert(words.begin(), (self.parent_path().parent_path() / "server" / "fundtraild").string());
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) {
      fmt::print(stderr, "a server cannot be started\n");
      std::exit(1);
    }
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      if (::getppid() != parent) ::_exit(1);  // it has left already
      ::dup2(out, 2);
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(out);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  // The word after the last `before` in what it says; waits for it.
  std::string Says(const std::string& before) const {
    for (int tries = 0; tries < 600; ++tries) {
      std::stringstream text;
      text << std::ifstream(log_).rdbuf();
      const std::string all = text.str();
      if (const auto at = all.rfind(before);
          at != std::string::npos && all.find('\n', at) != std::string::npos) {
        const auto from = at + before.size();
        return all.substr(from, all.find_first_of(" \n", from) - from);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    fmt::print(stderr, "a server does not say {}: see {}\n", before, log_);
    std::exit(1);
  }
  // Its processor time, in seconds.
  double Used() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
    std::string text;
    std::getline(file, text);
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }

 private:
  const std::string log_;
  pid_t pid_ = -1;
};

using Processes = std::vector<std::unique_ptr<Process>>;

struct Read {
  double per_second = 0, milliseconds = 0;  // answers; processor time of each, where it was answered
};

Read Ask(const Processes& servers, double seconds, const std::string& dir) {
  std::string addresses;
  double used = 0;
  for (const auto& server : servers) {
    addresses += (addresses.empty() ? "" : ",") + server->Says("address=");
    used -= server->Used();
  }
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < kClients; ++i)
    clients.push_back(std::make_unique<Client>(addresses, Kind::kTraces, seconds, std::vector<Bytes>(), dir));
  double answers = 0, rate = 0;
  for (const auto& client : clients) {
    const Result result = client->Wait();
    if (result.failed > 0) {
      fmt::print(stderr, "{} questions failed\n", result.failed);
      std::exit(1);
    }
    answers += static_cast<double>(result.latencies.size());
    rate += static_cast<double>(result.latencies.size()) / result.seconds;
  }
  for (const auto& server : servers) used += server->Used();
  return {rate, used / answers * 1'000};
}

double Median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

int Run(double seconds, int rounds) {
  std::string dir = (fs::temp_directory_path() / "fundtrail-copies-XXXXXX").string();
  if (::mkdtemp(dir.data()) == nullptr) return 1;
  MakeGrants(dir + "/ledger");
  std::ofstream(dir + "/settings.toml")
      << "[limits]\nquestions_per_second = 1000000\nquestion_burst = 1000000\n";
  const std::vector<std::string> shared = {"--config", dir + "/settings.toml", "--listen", "127.0.0.1:0",
                                           "--http",   "127.0.0.1:0"};
  const auto start = [&](const std::string& name, std::vector<std::string> words) {
    words.insert(words.end(), shared.begin(), shared.end());
    return std::make_unique<Process>(dir + "/" + name + ".log", std::move(words));
  };
  {
    Processes one, copies;
    one.push_back(start("one", {"--ledger", dir + "/ledger"}));
    const std::string archive = one.front()->Says("archive at ");
    std::string vkey;
    std::getline(std::ifstream(dir + "/ledger/vkey"), vkey);
    for (int i = 0; i < kCopies; ++i) {
      const std::string name = fmt::format("copy{}", i);
      copies.push_back(start(name, {"--copy", dir + "/" + name, "--from", archive, "--vkey", vkey}));
      (void)copies.back()->Says("address=");
    }
    std::vector<double> rates[2], costs[2], ratios;
    for (int round = 0; round < rounds; ++round) {
      Read read[2];
      for (const int i : {round % 2, 1 - round % 2}) read[i] = Ask(i == 0 ? one : copies, seconds, dir);
      for (const int i : {0, 1}) {
        rates[i].push_back(read[i].per_second);
        costs[i].push_back(read[i].milliseconds);
      }
      ratios.push_back(read[1].per_second / read[0].per_second);
    }
    fmt::print(
        "{} clients, one trace after another of 20 recipients; {} rounds of {:.0f} s, medians, {} cores\n",
        kClients, rounds, seconds, std::thread::hardware_concurrency());
    const char* const names[] = {"one server", "three copies in turn"};
    for (const int i : {0, 1})
      fmt::print(
          "{:<22} {:>8.0f} answers/s {:>8.3f} ms of processor time each: at most {:.0f} answers/s of one "
          "core\n",
          names[i], Median(rates[i]), Median(costs[i]), 1'000 / Median(costs[i]));
    fmt::print("three copies of one server on this machine: {:.2f}\n", Median(ratios));
  }
  fs::remove_all(dir);
  return 0;
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "--client") return fundtrail::bench::RunClient(argc, argv);
  const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  if (seconds <= 0 || rounds < 1 || argc > 3) {
    fmt::print(stderr, "fundtrail_copies_bench [SECONDS [ROUNDS]]\n");
    return 2;
  }
  fundtrail::bench::Must(fundtrail::crypto::Init());
  return fundtrail::bench::Run(seconds, rounds);
}
