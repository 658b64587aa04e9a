// Files that must still be there after a power cut.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail {

// Makes sure that a file's content, or a folder's list of names, is on the disk. UNAVAILABLE with the reason.
Status SyncPath(const std::string& path);

// Writes a file of that mode so that its name has the whole content or what it had before, whatever happens: to another
// name beside it (`path`.part), synced, then renamed. UNAVAILABLE when the disk refuses.
Status WriteFileAtomically(const std::string& path, ByteView content, unsigned mode = 0644);

// Whether two descriptors are of one file or folder; whether `path` is a name, still, of what is open.
bool AreSame(int one, int other);
bool IsNameOf(const std::string& path, int descriptor);

}  // namespace fundtrail
