// What one client may ask of the server. docs/operators.md explains each; server/config.h reads them from a file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "ledger/pipeline/question_admission.h"
#include "server/front/shares.h"

namespace fundtrail::server {

// What is counted for one result of a batch: a receipt with its checkpoint, or a refusal, has less.
inline constexpr std::size_t kResultBytes = 1'024;

struct Limits {
  FrontLimits front;
  pipeline::AdmissionLimits admission;
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
  std::size_t page_streams =
      64;  // lists and records that are being sent: each holds about 2 MB, a list or a statement up to 7 MB of names too
  std::size_t page_streams_per_address = 8;
  std::size_t watch_streams =
      1'024;  // those who watch: each holds an answer of 128 kB at most, while it is sent
  std::size_t watch_streams_per_address = 256;
  double page_seconds =
      60;  // that a client may take for one page, of about 1 MB, for one answer or one result
  std::size_t memory_bytes = std::size_t{256} << 20;  // of gRPC's buffers
  // Of pages over HTTP that are kept for whoever asks next; 0: none is kept.
  std::size_t page_cache_bytes = std::size_t{64} << 20;
};

// An answer is never larger, and one always finds memory in the end.
inline std::size_t LargestAnswer(const Limits& limits) {
  return std::max(limits.answer_bytes, static_cast<std::size_t>(limits.batch_entries) * kResultBytes);
}

}  // namespace fundtrail::server
