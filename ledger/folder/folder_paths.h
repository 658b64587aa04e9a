// Where the files of a ledger's folder are, for whatever opens, locks or replaces one of them.
#pragma once

#include <string>

namespace fundtrail::folder {

inline std::string StorePath(const std::string& dir) { return dir + "/store"; }
inline std::string KeyPath(const std::string& dir) { return dir + "/signing.key"; }
inline std::string NextKeyPath(const std::string& dir) { return dir + "/signing.key.next"; }
inline std::string VkeyPath(const std::string& dir) { return dir + "/vkey"; }

}  // namespace fundtrail::folder
