// See connections.h.
#include "server/connections.h"

#include <sys/stat.h>

namespace fundtrail::server {

bool Connections::IsOpen(const Socket& socket) {
  struct stat now {};
  return fstat(socket.descriptor, &now) == 0 && S_ISSOCK(now.st_mode) && now.st_ino == socket.inode;
}

void Connections::Forget(std::vector<Socket>* sockets) {
  counted_ -= std::erase_if(*sockets, [](const Socket& socket) { return !IsOpen(socket); });
}

void Connections::ForgetAll() {
  for (auto& [address, sockets] : by_address_) Forget(&sockets);
  std::erase_if(by_address_, [](const auto& entry) { return entry.second.empty(); });
}

// Looks for closed ones only when there seems to be no room: at most `of_one_` of them for an address that has too many,
// so nobody can make this slow for others.
bool Connections::Admit(int socket, const std::string& address) {
  struct stat now {};
  if (fstat(socket, &now) != 0) return false;
  const std::lock_guard lock(mutex_);
  if (const auto own = by_address_.find(address); own != by_address_.end() && own->second.size() >= of_one_) {
    Forget(&own->second);
    if (own->second.size() >= of_one_) {
      ++turned_away_;
      return false;
    }
  }
  if (counted_ >= most_) ForgetAll();
  if (counted_ >= most_) {
    ++turned_away_;
    return false;
  }
  by_address_[address].push_back({socket, now.st_ino});
  ++counted_;
  return true;
}

std::size_t Connections::open() {
  const std::lock_guard lock(mutex_);
  ForgetAll();
  return counted_;
}

std::uint64_t Connections::turned_away() const {
  const std::lock_guard lock(mutex_);
  return turned_away_;
}

}  // namespace fundtrail::server
