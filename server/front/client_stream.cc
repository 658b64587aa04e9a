// See client_stream.h.
#include "server/front/client_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace fundtrail::server {
namespace {

SSL* Make(int socket, SSL_CTX* context) {
  SSL* const ssl = SSL_new(context);
  if (ssl == nullptr) return nullptr;
  SSL_set_fd(ssl, socket);
  SSL_set_accept_state(ssl);
  return ssl;
}

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

ClientStream::ClientStream(int socket, const std::shared_ptr<SSL_CTX>& tls)
    : socket_(socket),
      ssl_(tls == nullptr ? nullptr : Make(socket, tls.get())),
      broken_(tls != nullptr && ssl_ == nullptr) {}

ClientStream::~ClientStream() {
  SayEnd();
  SSL_free(ssl_);
  close(socket_);
}

void ClientStream::SayEnd() {
  if (ended_) return;
  ended_ = true;
  if (ssl_ != nullptr && !broken_ && SSL_is_init_finished(ssl_) == 1) {
    ERR_clear_error();
    SSL_shutdown(ssl_);  // when there is room for it; nobody waits for an answer
  }
  shutdown(socket_, SHUT_WR);
}

// What TLS says when it has moved nothing.
ClientStream::Moved ClientStream::Later(int done, bool* other_way) {
  const int error = SSL_get_error(ssl_, done);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
    *other_way =
        error == (other_way == &read_waits_for_writing_ ? SSL_ERROR_WANT_WRITE : SSL_ERROR_WANT_READ);
    return {Result::kLater, 0};
  }
  broken_ = broken_ || error != SSL_ERROR_ZERO_RETURN;
  return {Result::kOver, 0};
}

ClientStream::Moved ClientStream::Read(char* buffer, std::size_t size) {
  if (broken_) return {Result::kOver, 0};
  if (ssl_ == nullptr) {
    const ssize_t got = recv(socket_, buffer, size, 0);
    if (got > 0) return {Result::kDone, static_cast<std::size_t>(got)};
    return {got < 0 && WouldBlock() ? Result::kLater : Result::kOver, 0};
  }
  ERR_clear_error();
  read_waits_for_writing_ = false;
  std::size_t got = 0;
  const int done = SSL_read_ex(ssl_, buffer, size, &got);
  return done == 1 ? Moved{Result::kDone, got} : Later(done, &read_waits_for_writing_);
}

ClientStream::Moved ClientStream::Write(std::string_view bytes) {
  if (broken_ || ended_) return {Result::kOver, 0};
  if (ssl_ == nullptr) {
    const ssize_t put = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put >= 0) return {Result::kDone, static_cast<std::size_t>(put)};
    return {WouldBlock() ? Result::kLater : Result::kOver, 0};
  }
  ERR_clear_error();
  write_waits_for_reading_ = false;
  std::size_t put = 0;
  const int done = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &put);
  return done == 1 ? Moved{Result::kDone, put} : Later(done, &write_waits_for_reading_);
}

bool ClientStream::has_more() const { return ssl_ != nullptr && SSL_pending(ssl_) > 0; }

}  // namespace fundtrail::server
