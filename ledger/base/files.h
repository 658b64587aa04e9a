// Files that people name, which may be anything, and files that must still be there after a power cut.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail {

// UNAVAILABLE, with the reason that errno holds: "cannot read a.txt: Permission denied" of what = "read".
Status SystemError(const char* what, const std::string& path);

// What may stand where a file is named. A pipe is read where it makes sense to be given one: `<(command)`, /dev/stdin.
enum class Pipes { kRefused, kRead };

// The first bytes of a file, at most `limit`. NOT_FOUND when it is not there. INVALID_ARGUMENT when it is a folder, a
// pipe where pipes are not read, or a pipe that nobody writes to. The last is known after two seconds. A pipe with a
// writer is waited for. UNAVAILABLE when it cannot be read.
StatusOr<std::string> ReadFileFront(const std::string& path, std::size_t limit,
                                    Pipes pipes = Pipes::kRefused);

// The whole of a file that a program wrote; nothing when there is none. DATA_LOSS when it has more than `limit` bytes or is
// no file, UNAVAILABLE when it cannot be read.
StatusOr<std::optional<std::string>> ReadKeptFile(const std::string& path, std::size_t limit);

// Makes sure that a file's content, or a folder's list of names, is on the disk. UNAVAILABLE with the reason.
Status SyncPath(const std::string& path);

// Whether a file can be made at that path, as far as its folder says so: for what must not be found out later. INVALID_ARGUMENT
// when there is no such folder, UNAVAILABLE when nothing may be written there.
Status CheckCanMake(const std::string& path);

// Writes a file of that mode. Whatever happens, its name has the whole content or what it had before: it is written
// beside it (`path`.part), synced, then renamed. UNAVAILABLE when the disk refuses.
Status WriteFileAtomically(const std::string& path, ByteView content, unsigned mode = 0644);

// Whether two descriptors are of one file or folder; whether `path` is a name, still, of what is open.
bool AreSame(int one, int other);
bool IsNameOf(const std::string& path, int descriptor);

}  // namespace fundtrail
