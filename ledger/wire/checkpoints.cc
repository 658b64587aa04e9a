// See checkpoints.h.
#include "ledger/wire/checkpoints.h"

#include <string>

#include "ledger/tree/note.h"

namespace fundtrail::wire {

v1::CheckpointRef ToRef(const tree::Checkpoint& checkpoint) {
  v1::CheckpointRef ref;
  ref.set_ledger(checkpoint.origin);
  ref.set_size(checkpoint.size);
  ref.set_root(std::string(checkpoint.root.view()));
  return ref;
}

StatusOr<v1::CheckpointRef> CheckpointOf(std::string_view note) {
  FT_ASSIGN_OR_RETURN(const auto parsed, tree::ParseNote(note));
  FT_ASSIGN_OR_RETURN(const auto checkpoint, tree::ParseCheckpoint(parsed.text));
  v1::CheckpointRef ref = ToRef(checkpoint);
  ref.set_note(std::string(note));
  return ref;
}

}  // namespace fundtrail::wire
