// Runs the real program as a user does.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>

namespace fundtrail::testing {

// The programs that the tests run: those of this build, or of the build folder that FUNDTRAIL_PROGRAMS names. So
// `check` can run the same tests on the release programs and on those under the sanitizers. The tests themselves may be built
// either way.
inline std::string ProgramOf(const char* relative, const char* own) {
  const char* const build = std::getenv("FUNDTRAIL_PROGRAMS");
  return build != nullptr && *build != 0 ? std::string(build) + "/" + relative : own;
}
inline std::string Program() { return ProgramOf("cli/fundtrail", FUNDTRAIL_PROGRAM); }

// Whether that program is under the address sanitizer, which keeps what was freed: bounds on memory are not for it.
inline bool RunsSanitized() {
  static const bool sanitized = [] {
    const std::string command = "nm -D '" + Program() + "' 2>/dev/null | grep -q __asan_init";
    return std::system(command.c_str()) == 0;
  }();
  return sanitized;
}

struct Ran {
  int exit = -1;
  std::string out;
  std::string err;
};

inline std::string FileText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// A folder that goes away, and the program run in it by the shell: arguments as one types them. To start the program takes
// a tenth of a second, so what many tests begin with is made once, and copied from then on.
class Desk {
 public:
  Desk() {
    std::string name = (std::filesystem::temp_directory_path() / "fundtrail-cli-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    dir_ = name;
  }
  ~Desk() { std::filesystem::remove_all(dir_); }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  std::string path(const std::string& name) const { return (dir_ / name).string(); }
  std::string read(const std::string& name) const { return FileText(dir_ / name); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(dir_ / name) << text; }

  Ran Run(const std::string& arguments, const std::string& input = "") const {
    return Shell(Program() + " " + arguments, input);
  }

  // Another program, as one types it, in the same folder.
  Ran Shell(const std::string& command, const std::string& input = "") const {
    write(".in", input);
    const std::string whole = "cd '" + dir_.string() +
                              "' && unset FUNDTRAIL_LEDGER FUNDTRAIL_SERVER FUNDTRAIL_CA FUNDTRAIL_VKEY "
                              "http_proxy HTTP_PROXY all_proxy ALL_PROXY; export "
                              "XDG_STATE_HOME=\"$PWD/state\" XDG_CONFIG_HOME=\"$PWD/config\"; " +
                              command + " <.in >.out 2>.err";
    const int status = std::system(whole.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(".out"), read(".err")};
  }

  // This desk as `make`, which is given one, leaves it: so it was left once in this process, and this is a copy. Each `make`,
  // a lambda without captures, stands in one place: two desks that come from there have the same keys and the same ledger.
  template <typename Make>
  void Copied(const Make& make) const {
    static_assert(std::is_empty_v<Make>);
    static const Desk first(make);
    namespace fs = std::filesystem;
    fs::copy(first.dir_, dir_, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }

  // A ledger `l` with its root key `k`, and the key `clerk` that pays for all parties. The same for all tests of this process.
  void MakeLedger() const {
    Copied([](const Desk& first) { first.MakeOwnLedger(); });
  }
  // The same with keys that no other desk has.
  void MakeOwnLedger() const {
    Run("keygen --out k");
    const std::string clerk = Run("keygen --out clerk").out;
    Run("init l --name example.org/l --root-key k --date 2026-01-01");
    Run("--ledger l asset add CNY --key k");
    Run("--ledger l party add donor --name 捐赠人 --role source --key k");
    Run("--ledger l party add hub --name 红十字会 --key k");
    Run("--ledger l party add village --name 'Village 东' --role recipient --parent hub --key k");
    Run("--ledger l fund add winter --name 'Winter relief' --key k");
    Run("--ledger l key authorise " + clerk.substr(0, 64) + " --party root --can pay --descendants --key k");
  }

 private:
  template <typename Make>
  explicit Desk(const Make& make) : Desk() {
    make(*this);
  }

  std::filesystem::path dir_;
};

// The verification key of the desk's ledger, as the shell takes it.
inline std::string VkeyOf(const Desk& desk, const std::string& ledger = "l") {
  const std::string vkey = desk.read(ledger + "/vkey");
  return "'" + vkey.substr(0, vkey.find('\n')) + "'";
}

}  // namespace fundtrail::testing
