// A client's bytes as they were meant: read from and written to a socket that does not block, through TLS or without.
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace fundtrail::server {

class ClientStream {
 public:
  // Of a socket that it closes in the end. `tls`: the settings of TLS; null for plaintext.
  ClientStream(int socket, const std::shared_ptr<SSL_CTX>& tls);
  ~ClientStream();
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  enum class Result { kDone, kLater, kOver };  // kLater: when the socket is ready; kOver: nothing more moves
  struct Moved {
    Result result;
    std::size_t bytes = 0;
  };

  // `buffer` has room for a record of TLS, 16 KiB.
  Moved Read(char* buffer, std::size_t size);
  // What was not taken is given again, perhaps with more after it.
  Moved Write(std::string_view bytes);
  // Nothing more will be written. What was can still be read by the client.
  void SayEnd();

  // What to wait for when Read or Write said kLater, where it is not the obvious.
  bool read_waits_for_writing() const { return read_waits_for_writing_; }
  bool write_waits_for_reading() const { return write_waits_for_reading_; }
  bool has_more() const;  // to read, that the socket does not know of any more
  int socket() const { return socket_; }

 private:
  Moved Later(int done, bool* other_way);

  const int socket_;
  SSL* const ssl_;      // null: plaintext, or no memory for it
  bool broken_;         // TLS failed: nothing more goes either way
  bool ended_ = false;  // nothing more is written
  bool read_waits_for_writing_ = false, write_waits_for_reading_ = false;
};

}  // namespace fundtrail::server
