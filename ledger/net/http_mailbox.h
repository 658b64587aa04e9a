// What other threads have for the one that looks after connections: pieces of answers, and sockets that were accepted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace fundtrail::net {

// What is put on a connection next.
struct HttpPost {
  std::uint64_t connection = 0;
  std::string bytes;
  bool ends = false;           // the answer is whole
  bool closes = false;         // and the connection is closed after it
  bool cuts = false;           // the connection is closed at once
  std::function<void()> more;  // when `begins`
  bool begins = false;
  std::shared_ptr<void> held;
};

// A socket that was accepted.
struct HttpArrival {
  int socket = -1;
  std::string address;
};

// Wakes the poller with each thing that is put in.
class HttpMailbox {
 public:
  HttpMailbox();
  ~HttpMailbox();
  HttpMailbox(const HttpMailbox&) = delete;
  HttpMailbox& operator=(const HttpMailbox&) = delete;

  int wake() const {
    return wake_;
  }  // readable when something is there; negative when there are no descriptors
  void Post(HttpPost post);
  void Arrive(HttpArrival arrival);  // its socket is closed when nobody takes it out
  void WantRoom();                   // somebody waits to be accepted, and there is no descriptor
  void Stop();
  // All that is there since the last time. `wants_room`: WantRoom was called since then. `stops`: Stop was called.
  void TakeOut(std::vector<HttpPost>* posts, std::vector<HttpArrival>* arrivals, bool* wants_room,
               bool* stops);
  // Drops what is there and what comes: nobody takes it out any more.
  void Close();

 private:
  void Wake() const;

  const int wake_;
  std::mutex mutex_;
  std::vector<HttpPost> posts_;
  std::vector<HttpArrival> arrivals_;
  bool wants_room_ = false, stops_ = false, closed_ = false;
};

}  // namespace fundtrail::net
