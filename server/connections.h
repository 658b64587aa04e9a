// How many connections there may be: in all, and of one address. gRPC does not bound them, nor tell when one ends, but a
// socket that was closed is no longer the file that it was.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace fundtrail::server {

class Connections {
 public:
  Connections(std::size_t most, std::size_t of_one_address) : most_(most), of_one_(of_one_address) {}

  // Whether there is room for this one more. It is counted until its descriptor is closed, by whomever.
  bool Admit(int socket, const std::string& address);

  std::size_t open();
  std::uint64_t turned_away() const;  // only grows

 private:
  struct Socket {
    int descriptor;
    ino_t
        inode;  // the kernel gives it to no other socket meanwhile; the descriptor may be another file's by now
  };
  static bool IsOpen(const Socket& socket);
  void Forget(std::vector<Socket>* sockets);
  void ForgetAll();

  const std::size_t most_, of_one_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<Socket>> by_address_;
  std::size_t counted_ = 0;  // in by_address_: those that were open when somebody looked
  std::uint64_t turned_away_ = 0;
};

}  // namespace fundtrail::server
