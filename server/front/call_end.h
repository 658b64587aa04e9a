// How a call ends that gRPC never gets to answer: what gRPC would have sent, as frames of HTTP/2.
#pragma once

#include <cstdint>
#include <string>

namespace fundtrail::server {

// gRPC's status. `details` are the bytes of google.rpc.Status, or empty.
struct CallEnd {
  int code = 0;
  std::string message, details;
};

// The frames that tell a client so, and that nothing more of what it sends for the call is wanted (RFC 9113 §8.1). No
// table of either side changes by them (RFC 7541 §6.2.2). `begun`: headers of an answer were sent before.
std::string EndFrames(std::uint32_t stream, const CallEnd& end, bool begun);

// The frame that ends a call towards the server: nobody waits for its answer (RFC 9113 §6.4).
std::string CancelFrame(std::uint32_t stream);

// The frame that lets the client send so many bytes more on the connection (§6.9).
std::string WindowFrame(std::uint32_t bytes);

}  // namespace fundtrail::server
