// See build_id.h.
#include "server/build_id.h"

#include <array>
#include <fstream>

#include "ledger/crypto/sha256.h"

namespace fundtrail::server {
namespace {

constexpr std::size_t kDigits = 8;

std::string HashOfProgram() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  if (!file) return "unknown";
  crypto::Sha256Stream hash;
  std::array<char, 1 << 16> part{};
  while (file.read(part.data(), part.size()) || file.gcount() > 0)
    hash.Update(ByteView(part.data(), static_cast<std::size_t>(file.gcount())));
  return hash.Finish().hex().substr(0, kDigits);
}

}  // namespace

const std::string& BuildId() {
  static const std::string id = HashOfProgram();
  return id;
}

}  // namespace fundtrail::server
