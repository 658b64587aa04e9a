// See trust.h.
#include "cli/client/trust.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::cli {
namespace {

namespace fs = std::filesystem;

Status CannotWrite(const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot write ", path));
}

std::string Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

// The folder and those above it that are missing, for the reader alone.
Status MakePrivateFolder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || fs::exists(folder, error)) return absl::OkStatus();
  FT_RETURN_IF_ERROR(MakePrivateFolder(folder.parent_path()));
  if (mkdir(folder.c_str(), 0700) == 0 || fs::is_directory(folder, error)) return absl::OkStatus();
  return CannotWrite(folder.string());
}

}  // namespace

CLI::Option* AddVkeys(CLI::App* command, Trust* trust) {
  return command
      ->add_option("--vkey", trust->vkeys,
                   "The ledger's verification key, as it was published; again for each other that it had")
      ->allow_extra_args(false)
      ->envname("FUNDTRAIL_VKEY");
}

void AddPolicy(CLI::App* command, Trust* trust) {
  command->add_option("--policy", trust->policy_file, "A tlog-policy file: whose cosignatures must be there")
      ->type_name("FILE");
}

StatusOr<tree::Policy> ReadPolicy(const std::string& file) {
  FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, tree::kMaxPolicyBytes));
  auto policy = tree::ParsePolicy(text);
  return policy.ok() ? policy : Annotate(policy.status(), file);
}

StatusOr<tree::Policy> PolicyOf(const Trust& trust) {
  tree::Policy policy;
  if (!trust.policy_file.empty()) {
    FT_ASSIGN_OR_RETURN(policy, ReadPolicy(trust.policy_file));
  }
  std::vector<tree::Verifier> logs;
  for (const std::string& vkey : trust.vkeys) {
    FT_ASSIGN_OR_RETURN(logs.emplace_back(), audit::ParseLedgerVkey(vkey));
  }
  return tree::ForLogs(policy, logs);
}

StatusOr<audit::PresentedCheckpoint> ReadCheckpoint(const std::string& file, const tree::Verifier& log,
                                                    Pipes pipes) {
  FT_ASSIGN_OR_RETURN(const std::string note, ReadFile(file, tree::kMaxNoteBytes, pipes));
  auto checkpoint = audit::OpenPresented(note, log);
  return checkpoint.ok() ? checkpoint : Annotate(checkpoint.status(), file);
}

std::string SeenFile(const std::string& file, const std::string& vkey) {
  if (!file.empty()) return file;
  fs::path base = Variable("XDG_STATE_HOME");
  if (!base.is_absolute()) {  // as the XDG specification has it
    const std::string home = Variable("HOME");
    if (home.empty()) return "";
    base = fs::path(home) / ".local" / "state";
  }
  return (base / "fundtrail" / "seen" / crypto::Sha256(vkey).hex()).string();
}

StatusOr<std::optional<audit::PresentedCheckpoint>> ReadSeen(const std::string& file,
                                                             const tree::Verifier& log) {
  struct stat about {};
  if (stat(file.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<audit::PresentedCheckpoint>();
    return absl::UnavailableError(absl::StrCat("whether a checkpoint was seen before cannot be told: ", file,
                                               ": ", std::generic_category().message(errno),
                                               "; make it readable, or name another file with --state"));
  }
  const auto checkpoint = ReadCheckpoint(file, log, Pipes::kRefused);
  if (checkpoint.ok()) return std::optional<audit::PresentedCheckpoint>(*checkpoint);
  return absl::InvalidArgumentError(
      absl::StrCat("what was seen before cannot be read: ", std::string(checkpoint.status().message()),
                   "; remove the file, to trust what is shown now as if it were the first time"));
}

Status WriteSeen(const std::string& file, const tree::Verifier& log, const tree::Checkpoint& checkpoint,
                 std::string_view note) {
  FT_RETURN_IF_ERROR(MakePrivateFolder(fs::path(file).parent_path()));
  const std::string lock_file = file + ".lock";
  const Descriptor lock(open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.get() < 0) return CannotWrite(lock_file);
  while (flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return CannotWrite(lock_file);
  }
  FT_ASSIGN_OR_RETURN(const auto kept, ReadSeen(file, log));
  if (kept.has_value() && kept->checkpoint.size >= checkpoint.size) {
    if (kept->checkpoint.size > checkpoint.size || kept->checkpoint.root == checkpoint.root)
      return absl::OkStatus();
    return absl::DataLossError(absl::StrCat(file, " was given another checkpoint of ", checkpoint.size,
                                            " records meanwhile, with another root: verify again"));
  }
  return WriteFileAtomically(file, note, 0600);
}

}  // namespace fundtrail::cli
