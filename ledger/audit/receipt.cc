// See receipt.h.
#include "ledger/audit/receipt.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/text.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/model/refusal.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/proof.h"
#include "ledger/wire/checkpoints.h"

namespace fundtrail::audit {
namespace {

v1::ReceiptAnswer Fails(v1::ReceiptFault fault, std::string problem) {
  v1::ReceiptAnswer answer;
  answer.set_fault(fault);
  answer.set_problem(std::move(problem));
  return answer;
}

std::string Words(const Status& status) {
  const auto refusal = model::RefusalOf(status);
  return refusal.has_value() ? refusal->sentence() : std::string(status.message());
}

// What the record's own bytes show, and what is wrong with them.
struct Inside {
  v1::ReceiptFault fault = v1::RECEIPT_FAULT_RECEIPT_SOUND;
  std::string problem;
  v1::Record record;
  std::optional<model::DecodedEntry> signed_entry;  // as its author signed it

  Inside& Wrong(v1::ReceiptFault what, std::string why) {
    fault = what;
    problem = std::move(why);
    return *this;
  }
};

Inside LookInside(ByteView bytes, std::uint64_t index, const std::string& ledger) {
  Inside inside;
  auto record = log::ParseRecord(bytes);
  if (record.ok() && model::HasUnknownFields(*record))
    return inside.Wrong(v1::RECEIPT_FAULT_RECORD_WRONG,
                        "the record has fields that this program does not know: newer rules may have them");
  if (!record.ok() || !model::IsOneEncoding(*record, bytes) || record->previous().size() != Hash::kSize ||
      !record->has_signed_entry() || !record->has_outcome())
    return inside.Wrong(v1::RECEIPT_FAULT_RECORD_WRONG, "what it carries are not the bytes of a record");
  inside.record = *std::move(record);
  auto decoded = model::DecodeSignedEntry(model::SerialiseDeterministic(inside.record.signed_entry()));
  if (!decoded.ok()) {
    const auto refusal = model::RefusalOf(decoded.status());
    const bool signature = refusal.has_value() && refusal->code() == v1::REFUSAL_CODE_SIGNATURE_INVALID;
    return inside.Wrong(signature ? v1::RECEIPT_FAULT_ENTRY_SIGNATURE_BAD : v1::RECEIPT_FAULT_RECORD_WRONG,
                        absl::StrCat("the entry in it: ", Words(decoded.status())));
  }
  inside.signed_entry = *std::move(decoded);
  if (inside.record.index() != index) {
    return inside.Wrong(v1::RECEIPT_FAULT_RECORD_WRONG,
                        absl::StrCat("the record says that it is record ", inside.record.index(),
                                     ", and the proof is of record ", index));
  }
  const std::string& named = inside.signed_entry->entry.ledger();
  if (named != ledger) {
    return inside.Wrong(v1::RECEIPT_FAULT_RECORD_WRONG,
                        absl::StrCat("the entry is signed for the ledger ", Escaped(named),
                                     ", and the checkpoint is of ", Escaped(ledger)));
  }
  return inside;
}

// Whether the note has a signature line by one of these, good or bad.
bool NamesOneOf(const std::vector<tree::PolicyKey>& logs, const tree::Note& note) {
  for (const tree::PolicyKey& log : logs) {
    for (const tree::NoteSignature& signature : note.signatures)
      if (signature.name == log.key.name && signature.key_id == log.key.key_id) return true;
  }
  return false;
}

std::string NotByKeys(const tree::Note& note, const std::vector<tree::PolicyKey>& logs) {
  const bool same_name =
      std::any_of(note.signatures.begin(), note.signatures.end(),
                  [&](const auto& signature) { return signature.name == logs.front().key.name; });
  const auto name = [](std::string* out, const tree::NoteSignature& signature) {
    out->append(Escaped(signature.name));
  };
  return absl::StrCat(
      "the checkpoint is not signed by the key that was given, ", Escaped(tree::FormatVkey(logs.front().key)),
      ", but by ", same_name ? "another key of that name" : absl::StrJoin(note.signatures, ", ", name),
      same_name ? ": if the ledger's key was rotated, give the one of that time as a further --vkey "
                  "(`verify` and `ledger-key list` show them all)"
                : ": is it another ledger's receipt, or another ledger's key?");
}

}  // namespace

v1::Cosignature ToMessage(const tree::Policy& policy, const tree::Cosigned& cosigned) {
  const tree::PolicyMember& witness = policy.members[cosigned.member];
  v1::Cosignature cosignature;
  cosignature.set_witness(Escaped(witness.name));
  cosignature.set_key_name(witness.witness->key.name);
  cosignature.set_seconds(cosigned.timestamp);
  return cosignature;
}

StatusOr<std::string> MakeReceipt(const v1::ProveAnswer& answer) {
  const auto wrong = [&](const std::string& why) {
    return absl::DataLossError(absl::StrCat("the proof of record ", answer.index(), " does not hold: ", why));
  };
  tree::Proof proof;
  proof.extra = answer.record();
  proof.index = answer.index();
  proof.checkpoint = answer.as_of().note();
  for (const auto& bytes : answer.path()) {
    const auto hash = Hash::FromBytes(bytes);
    if (!hash.ok()) return wrong(Words(hash.status()));
    proof.path.push_back(*hash);
  }
  const auto note = tree::ParseNote(proof.checkpoint);
  if (!note.ok()) return wrong(Words(note.status()));
  const auto checkpoint = tree::ParseCheckpoint(note->text);
  if (!checkpoint.ok()) return wrong(Words(checkpoint.status()));
  const Status included = tree::VerifyInclusion(proof.index, checkpoint->size, tree::LeafHash(proof.extra),
                                                proof.path, checkpoint->root);
  if (!included.ok()) return wrong(Words(included));
  const Inside inside = LookInside(proof.extra, proof.index, checkpoint->origin);
  if (inside.fault != v1::RECEIPT_FAULT_RECEIPT_SOUND) return wrong(inside.problem);
  return tree::FormatProof(proof);
}

v1::ReceiptAnswer VerifyReceipt(std::string_view text, const tree::Policy& policy) {
  const auto proof = tree::ParseProof(text);
  if (!proof.ok()) return Fails(v1::RECEIPT_FAULT_NOT_A_PROOF, Words(proof.status()));
  if (proof->extra.empty())
    return Fails(v1::RECEIPT_FAULT_NO_RECORD,
                 "it is a tlog-proof without a record in its line \"extra\", and so no receipt");
  const auto note = tree::ParseNote(proof->checkpoint);
  if (!note.ok())
    return Fails(v1::RECEIPT_FAULT_CHECKPOINT_BAD, absl::StrCat("the checkpoint: ", Words(note.status())));
  if (!NamesOneOf(policy.logs, *note))
    return Fails(v1::RECEIPT_FAULT_WRONG_KEY, NotByKeys(*note, policy.logs));
  const auto accepted = tree::OpenUnderPolicy(policy, proof->checkpoint);
  if (absl::IsFailedPrecondition(accepted.status()))
    return Fails(v1::RECEIPT_FAULT_NO_QUORUM, Words(accepted.status()));
  if (!accepted.ok())
    return Fails(v1::RECEIPT_FAULT_CHECKPOINT_BAD,
                 absl::StrCat("the checkpoint: ", Words(accepted.status())));

  const tree::Checkpoint& checkpoint = accepted->checkpoint;
  const Hash leaf = tree::LeafHash(proof->extra);
  const Status included =
      tree::VerifyInclusion(proof->index, checkpoint.size, leaf, proof->path, checkpoint.root);
  const Inside inside = LookInside(proof->extra, proof->index, checkpoint.origin);
  if (!included.ok()) {
    // What is no longer as its author signed it was changed itself. Else it may be what the ledger added to the
    // entry, the index or the hashes.
    if (!inside.signed_entry.has_value()) return Fails(v1::RECEIPT_FAULT_RECORD_CHANGED, inside.problem);
    const std::string why = inside.problem.empty() ? Words(included) : inside.problem;
    return Fails(v1::RECEIPT_FAULT_NOT_INCLUDED,
                 absl::StrCat("the record is not proved to be in the ledger: ", why));
  }
  if (inside.fault != v1::RECEIPT_FAULT_RECEIPT_SOUND) return Fails(inside.fault, inside.problem);

  v1::ReceiptAnswer answer;
  answer.set_holds(true);
  *answer.mutable_checkpoint() = wire::ToRef(checkpoint);
  answer.mutable_checkpoint()->set_note(proof->checkpoint);
  answer.set_vkey(tree::FormatVkey(policy.logs[accepted->log].key));
  answer.set_index(proof->index);
  answer.set_recorded_micros(inside.record.recorded_micros());
  answer.set_leaf_hash(Bytes(leaf.view()));
  for (const auto& key : inside.signed_entry->signers) answer.add_signers(Bytes(key.view()));
  *answer.mutable_entry() = inside.signed_entry->entry;
  for (const tree::Cosigned& cosigned : accepted->cosignatures)
    *answer.add_cosignatures() = ToMessage(policy, cosigned);
  if (policy.quorum.has_value()) answer.set_quorum(Escaped(policy.members[*policy.quorum].name));
  return answer;
}

}  // namespace fundtrail::audit
