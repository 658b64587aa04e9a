// Witnessing (C2SP tlog-witness v1.0.0): a witness cosigns a log's checkpoints, each only when what it cosigned before
// is a beginning of it. So whoever asks for its cosignature is shown the same history as everybody else.
//
// Here is what is asked and how it is judged, without network, clock or disk. A request is
//
//   old <size>              the size that the witness cosigned last, as the log knows it
//   <base64 of a hash>...   the consistency proof from there, at most 63
//                           (an empty line)
//   <the signed checkpoint>
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::tree {

inline constexpr std::size_t kMaxAddCheckpointBytes = std::size_t{64}
                                                      << 10;  // of a request, and of an answer
inline constexpr std::size_t kMaxAddCheckpointHashes = 63;

struct AddCheckpoint {
  std::uint64_t old_size = 0;
  std::vector<Hash> proof;
  Note note;
  Checkpoint checkpoint;  // what the note's text says
  friend bool operator==(const AddCheckpoint&, const AddCheckpoint&) = default;
};

// The form alone. What ParseAddCheckpoint returns, FormatAddCheckpoint writes back byte for byte (it writes the note,
// and not `checkpoint`). INVALID_ARGUMENT says what is wrong. PERMISSION_DENIED when it is the signatures' lines alone:
// other witnesses find out only when they verify them, so these are signatures that are bad.
StatusOr<AddCheckpoint> ParseAddCheckpoint(std::string_view body);
std::string FormatAddCheckpoint(const AddCheckpoint& request);

// A log that the witness follows.
struct WitnessedLog {
  std::string origin;
  std::vector<Verifier> keys;  // type 01; several while a log changes its key
};
// The logs of these vkeys: those of one name are keys of one log, whose origin it is. INVALID_ARGUMENT for what is no
// log's key, or is given twice.
StatusOr<std::vector<WitnessedLog>> WitnessedLogs(const std::vector<std::string>& vkeys);

struct Cosigner {
  Verifier verifier;  // type 04
  crypto::SigningKey key;
};
StatusOr<Cosigner> MakeCosigner(std::string_view name, crypto::SigningKey key);

struct WitnessAnswer {
  int status = 500;  // of HTTP, as the table of the standard has it
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  // Of a 422: whether the request proves that the log's key signed two histories, this one and the one that was cosigned
  // last. Else the proof is bad, which anybody can make of an honest log's checkpoint, and accuses nobody.
  bool two_histories = false;
  // What must be on the disk before anybody gets this answer: the checkpoint with its log's signatures and the
  // cosignature. Nothing when what is kept already says as much.
  std::optional<std::string> keep;
};

// To a request that ParseAddCheckpoint does not take.
WitnessAnswer AnswerUnreadable(const Status& why);

// `log` is the one that the request's checkpoint names, null when it is not followed. `last` is what was cosigned of it
// last, and `seconds` the time since 1970, above 0. Between the judging and the keeping nothing else may be judged of
// that log.
WitnessAnswer AnswerAddCheckpoint(const AddCheckpoint& request, const WitnessedLog* log,
                                  const std::optional<Checkpoint>& last, const Cosigner& cosigner,
                                  std::uint64_t seconds);

// A checkpoint that this witness cosigned: how a witness reads what it kept. INVALID_ARGUMENT when it is not.
StatusOr<Checkpoint> OpenCosigned(std::string_view note, const Verifier& cosigner);

// What an answer of status 200 adds to the checkpoint's note: the witness's cosignature, when it is good. Lines of other
// keys are ignored. INVALID_ARGUMENT when there is none.
StatusOr<NoteSignature> CosignatureIn(std::string_view body, const std::string& text,
                                      const Verifier& witness);
// The size that an answer of status 409 tells.
StatusOr<std::uint64_t> SizeIn(std::string_view body);

}  // namespace fundtrail::tree
