// See known_line.h.
#include "ledger/folder/known_line.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/files.h"

namespace fundtrail::folder {
namespace {

constexpr std::size_t kMostMachines = 64;
constexpr std::size_t kMaxKnownLine = (kMostMachines + 2) * (kMostMachineName + 2);
constexpr char kTakenAs = '=';

std::string KnownLinePath(const std::string& dir) { return dir + "/log-line"; }

bool CanBeKept(std::string_view name) {
  return !name.empty() && name.size() <= kMostMachineName && name.find('\n') == std::string_view::npos;
}

}  // namespace

bool IsMachineName(std::string_view name) { return CanBeKept(name) && name.front() != kTakenAs; }

StatusOr<std::optional<KnownLine>> ReadKnownLine(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(const auto text, ReadKeptFile(KnownLinePath(dir), kMaxKnownLine));
  if (!text.has_value()) return std::optional<KnownLine>();
  const std::vector<std::string> lines = absl::StrSplit(*text, '\n');
  // The end of the last line is an empty one.
  if (lines.size() < 2 ||
      std::any_of(lines.begin(), lines.end() - 1, [](const auto& name) { return name.empty(); }) ||
      !lines.back().empty())
    return absl::DataLossError(absl::StrCat(
        KnownLinePath(dir), " does not name a line of a database: remove that file, and start the server"));
  KnownLine known;
  known.line = lines.front();
  for (auto name = lines.begin() + 1; name != lines.end() - 1; ++name) {
    if (name->front() == kTakenAs) {
      known.taken_as = name->substr(1);
    } else {
      known.machines.insert(*name);
    }
  }
  return std::optional(known);
}

Status WriteKnownLine(const std::string& dir, const KnownLine& known) {
  if (!CanBeKept(known.line)) return absl::InvalidArgumentError("the line of a database is one of text");
  std::string text = known.line + "\n";
  std::set<std::string> kept;
  if (auto before = ReadKnownLine(dir); before.ok() && before->has_value()) kept = (*before)->machines;
  std::size_t machines = 0;
  const auto add = [&](bool was_kept) {
    for (const std::string& machine : known.machines)
      if (IsMachineName(machine) && (kept.count(machine) > 0) == was_kept && ++machines <= kMostMachines)
        absl::StrAppend(&text, machine, "\n");
  };
  add(true);
  add(false);
  if (CanBeKept(known.taken_as)) text += absl::StrCat(std::string(1, kTakenAs), known.taken_as, "\n");
  return WriteFileAtomically(KnownLinePath(dir), text);
}

Status RemoveKnownLine(const std::string& dir) {
  std::error_code error;
  std::filesystem::remove(KnownLinePath(dir), error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot remove ", KnownLinePath(dir), ": ", error.message()));
  return SyncPath(dir);
}

std::string MachineOf(const std::string& holder) { return holder.substr(0, holder.rfind(':')); }

}  // namespace fundtrail::folder
