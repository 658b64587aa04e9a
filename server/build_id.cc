// See build_id.h.
#include "server/build_id.h"

#include <elf.h>
#include <link.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/crypto/sha256.h"

namespace fundtrail::server {
namespace {

constexpr std::size_t kDigits = 8;

// What the linker wrote into a program as its id, or nothing. The loader calls this for the program itself first.
int TakeIdOfProgram(dl_phdr_info* info, std::size_t, void* id) {
  const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = info->dlpi_phdr[i];
    if (part.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers
    const char* at = reinterpret_cast<const char*>(info->dlpi_addr + part.p_vaddr);
    for (std::size_t left = part.p_memsz; left >= sizeof(ElfW(Nhdr));) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const std::size_t name = padded(note.n_namesz), all = sizeof note + name + padded(note.n_descsz);
      if (all > left) break;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
          std::memcmp(at + sizeof note, "GNU", 4) == 0) {
        static_cast<std::string*>(id)->assign(at + sizeof note + name, note.n_descsz);
        return 1;
      }
      at += all;
      left -= all;
    }
  }
  return 1;  // the libraries after it have ids of their own
}

// A program that another one loaded (packaging/tarball) is not what /proc/self/exe is: so the id in it goes first.
std::string HashOfProgram() {
  std::string id;
  dl_iterate_phdr(TakeIdOfProgram, &id);
  if (!id.empty()) return crypto::Sha256(id).hex().substr(0, kDigits);
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

std::string BuildIdWith(const std::vector<std::string>& settings) {
  if (settings.empty()) return BuildId();
  std::string all = BuildId();
  for (const std::string& setting : settings) absl::StrAppend(&all, "\n", setting.size(), "\n", setting);
  return crypto::Sha256(all).hex().substr(0, kDigits);
}

}  // namespace fundtrail::server
