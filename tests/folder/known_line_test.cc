// The file that says what a machine knows of the log that is kept in a database too.
#include "ledger/folder/known_line.h"

#include <signal.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/ledgers.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("what is known of a log's line is kept, and a name that cannot be kept is left out") {
  const TempDir temp;
  const std::string dir = temp / "";
  CHECK_FALSE(Need(folder::ReadKnownLine(dir)).has_value());
  Need(folder::WriteKnownLine(dir, {"77/00000001", {"a", "b", "two\nlines", "", std::string(1'000, 'x')}}));
  CHECK(Need(folder::ReadKnownLine(dir)) == folder::KnownLine{"77/00000001", {"a", "b"}});
  // A command may have taken the log, under a name that is no machine of a server.
  const folder::KnownLine taken{"77/00000001", {"a"}, "host:4711"};
  Need(folder::WriteKnownLine(dir, taken));
  CHECK(Need(folder::ReadKnownLine(dir)) == taken);
  folder::KnownLine many{"77/00000002", {}};
  for (int i = 0; i < 1'000; ++i) many.machines.insert("machine" + std::to_string(i));
  Need(folder::WriteKnownLine(dir, many));
  CHECK(Need(folder::ReadKnownLine(dir))->machines.size() == 64);
  // A machine that was there is pushed out by no names that come later, and goes when it is named no more.
  Need(folder::WriteKnownLine(dir, {"77/00000002", {"zeta"}}));
  many.machines.insert("zeta");
  Need(folder::WriteKnownLine(dir, many));
  CHECK(Need(folder::ReadKnownLine(dir))->machines.size() == 64);
  CHECK(Need(folder::ReadKnownLine(dir))->machines.count("zeta") == 1);
  many.machines.erase("zeta");
  Need(folder::WriteKnownLine(dir, many));
  CHECK(Need(folder::ReadKnownLine(dir))->machines.count("zeta") == 0);
  CHECK(absl::IsInvalidArgument(folder::WriteKnownLine(dir, {"", {}})));
  Need(folder::RemoveKnownLine(dir));
  Need(folder::RemoveKnownLine(dir));  // nothing is there
  CHECK_FALSE(Need(folder::ReadKnownLine(dir)).has_value());
  for (const char* text : {"", "no end", "\na\n", "77/00000001\n\na\n"}) {
    std::ofstream(dir + "/log-line") << text;
    CHECK(absl::IsDataLoss(folder::ReadKnownLine(dir).status()));
  }
}

// No file of this process may grow beyond so many bytes, as on a disk that is full.
class FullAfter {
 public:
  explicit FullAfter(rlim_t bytes) {
    before_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &had_);
    rlimit most = had_;
    most.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &most);
  }
  FullAfter(const FullAfter&) = delete;
  FullAfter& operator=(const FullAfter&) = delete;
  ~FullAfter() {
    ::setrlimit(RLIMIT_FSIZE, &had_);
    ::signal(SIGXFSZ, before_);
  }

 private:
  rlimit had_{};
  void (*before_)(int) = nullptr;
};

TEST_CASE("a disk that takes no more leaves what was known of the line as it was, and says so") {
  const TempDir temp;
  const std::string dir = temp / "";
  const folder::KnownLine old{"77/00000001", {"a"}}, next{"77/00000002", {"a", "b"}};
  Need(folder::WriteKnownLine(dir, old));
  const auto refused = [&](const std::string& words) {
    const Status why = folder::WriteKnownLine(dir, next);
    CHECK(absl::IsUnavailable(why));
    CHECK(std::string(why.message()).find(words) == 0);
    CHECK(Need(folder::ReadKnownLine(dir)) == old);
  };
  for (const rlim_t bytes : {0, 1, 12, 15}) {
    const FullAfter full(bytes);
    refused("cannot write ");
  }
  CHECK_FALSE(std::filesystem::exists(dir + "/log-line.part"));
  // No file can be made beside it: something is in the way that cannot be removed as a file is.
  std::filesystem::create_directories(dir + "/log-line.part/x");
  refused("cannot make ");
  std::filesystem::remove_all(dir + "/log-line.part");
  Need(folder::WriteKnownLine(dir, next));
  CHECK(Need(folder::ReadKnownLine(dir)) == next);
}

TEST_CASE("a holder is a process of a machine") {
  CHECK(folder::MachineOf("db-1:4711") == "db-1");
  CHECK(folder::MachineOf("a") == "a");
}

}  // namespace
}  // namespace fundtrail::testing
