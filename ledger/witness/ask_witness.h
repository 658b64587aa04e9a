// Asking one witness for a cosignature: what is sent it, what its answer means, and how to go on when it knows another
// size. Apart from the network and the threads (witnesses.h), for tests.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ledger/base/status.h"
#include "ledger/net/http_client.h"
#include "ledger/store/store.h"
#include "ledger/tree/witness.h"

namespace fundtrail::witness {

// A checkpoint of our own ledger.
struct Candidate {
  std::uint64_t number = 0;  // counts them, from 1
  tree::Note note;
  tree::Checkpoint checkpoint;
};

struct WitnessReply {
  std::optional<tree::NoteSignature> cosignature;  // good; nothing when it has a later checkpoint already
  std::uint64_t known = 0;                         // the size that it cosigned last
};

using PostToWitness = std::function<StatusOr<net::HttpReply>(const std::string& body)>;

// `known`: the size that the witness cosigned last, as far as is known, 0 else. `rows`: the ledger's, which may have
// grown since the candidate. UNAVAILABLE for what may pass; FAILED_PRECONDITION when the witness says that it has cosigned
// what is not in this ledger. That is its word, and no proof: a witness that lies says the same.
StatusOr<WitnessReply> AskWitness(const store::Reader& rows, const Candidate& candidate,
                                  const tree::Verifier& witness, std::uint64_t known,
                                  const PostToWitness& post);

}  // namespace fundtrail::witness
