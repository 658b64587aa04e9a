// What one client may ask of the server. docs/operators.md explains each; server/config.h reads them from a file.
#pragma once

#include <cstddef>
#include <cstdint>

#include "server/front/shares.h"

namespace fundtrail::server {

// What is counted for one result of a batch: a receipt with its checkpoint, or a refusal, has less.
inline constexpr std::size_t kResultBytes = 1'024;

struct Limits {
  FrontLimits front;
  std::size_t request_bytes = std::size_t{4} << 20;  // of one message
  std::size_t answer_bytes = std::size_t{32} << 20;
  int batch_entries = 1'000;
  std::size_t stream_window = 256;   // entries of one stream that wait for their result
  int streams_per_connection = 128;  // calls at a time
  std::size_t entry_streams = 256;   // SubmitStreams: each holds a window of results, about 100 kB
  std::size_t entry_streams_per_address = 32;
  double stream_idle_seconds = 300;     // without an entry, while none waits for its result
  std::uint32_t trace_paths = 100'000;  // that one trace may ask for
  double question_seconds = 20;
  unsigned question_threads = 4;
  std::size_t questions_waiting = 256;
  double questions_per_second = 200;  // of one address, on average; a dry run is 1 and 1 more for each 4 KiB
  double question_burst = 200;        // at once: less than what may wait, so that one address leaves room
  // Of what one address sends to be written, so much may be refused or turned away: an entry is 1. Who owes more waits.
  double refusals_per_second = 200;
  double refusal_burst = 5'000;
  std::size_t page_streams = 64;  // lists and records that are being sent: each holds a page of about 2 MB
  std::size_t page_streams_per_address = 8;
  double page_seconds =
      60;  // that a client may take for one page, of about 1 MB, for one answer or one result
  // Of single answers that their clients have not taken yet; those of less than 16 KiB are not counted.
  std::size_t sending_bytes = std::size_t{256} << 20;
  std::size_t sending_bytes_per_address = std::size_t{64} << 20;
  std::size_t memory_bytes = std::size_t{256} << 20;  // of gRPC's buffers
};

}  // namespace fundtrail::server
