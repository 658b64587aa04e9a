// A bad line between a client and the server: bytes pass until the client has sent a certain text; from then on nothing
// comes back.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace fundtrail::testing {

enum class Loss {
  kSilent,
  kClosed
};  // the line stays open and says nothing, or breaks and cannot be made again

class LossyProxy {
 public:
  // `last`: in what the client sends. `answer`: in what the server answers to that; when it has come, it is lost.
  LossyProxy(const std::string& server, Loss loss, std::string last, std::string answer)
      : server_(Address(server)), loss_(loss), last_(std::move(last)), answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in any = Address("127.0.0.1:0");
    socklen_t size = sizeof any;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&any), size) != 0 || listen(listener_, 16) != 0)
      std::abort();
    getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(any.sin_port));
    threads_.emplace_back([this] { Accept(); });
  }
  ~LossyProxy() {
    over_ = true;
    threads_.front().join();  // the one that makes the others
    for (std::size_t i = 1; i < threads_.size(); ++i) threads_[i].join();
    if (listener_ >= 0) close(listener_);
  }
  LossyProxy(const LossyProxy&) = delete;
  LossyProxy& operator=(const LossyProxy&) = delete;

  const std::string& address() const { return address_; }
  bool lost() const { return lost_; }  // an answer

 private:
  static sockaddr_in Address(const std::string& text) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1))));
    inet_pton(AF_INET, text.substr(0, text.rfind(':')).c_str(), &address.sin_addr);
    return address;
  }

  void Accept() {
    while (!over_ && !(loss_ == Loss::kClosed && lost_)) {
      pollfd waits{listener_, POLLIN, 0};
      if (poll(&waits, 1, 20) <= 0) continue;
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client >= 0) threads_.emplace_back([this, client] { Carry(client); });
    }
    if (over_) return;
    close(listener_);
    listener_ = -1;
  }

  void Carry(int client) {
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::string sent, back;
    if (connect(server, reinterpret_cast<const sockaddr*>(&server_), sizeof server_) == 0) {
      while (!over_ && Pass(client, server, &sent) && PassBack(server, client, sent, &back)) {
      }
    }
    close(server);
    close(client);
  }

  // What is there now, if anything. False at the end of the line.
  static bool Read(int from, std::string* bytes) {
    pollfd waits{from, POLLIN, 0};
    bytes->clear();
    if (poll(&waits, 1, 5) <= 0) return true;
    char buffer[1 << 16];
    const ssize_t size = read(from, buffer, sizeof buffer);
    if (size > 0) bytes->assign(buffer, static_cast<std::size_t>(size));
    return size > 0;
  }
  static bool Write(int to, const std::string& bytes) {
    return bytes.empty() ||
           send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  static bool Pass(int from, int to, std::string* all) {
    std::string bytes;
    if (!Read(from, &bytes)) return false;
    *all += bytes;
    return Write(to, bytes);
  }
  bool PassBack(int server, int client, const std::string& sent, std::string* back) {
    std::string bytes;
    if (!Read(server, &bytes)) return false;
    if (sent.find(last_) == std::string::npos) return Write(client, bytes);
    *back += bytes;
    if (back->find(answer_) != std::string::npos) lost_ = true;
    return !(lost_ && loss_ == Loss::kClosed);
  }

  const sockaddr_in server_;
  const Loss loss_;
  const std::string last_, answer_;
  int listener_ = -1;
  std::string address_;
  std::atomic<bool> over_{false}, lost_{false};
  std::vector<std::thread> threads_;  // the first adds the others
};

}  // namespace fundtrail::testing
