// See verify.h.
#include "ledger/audit/verify.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/audit/receipt.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/replay_feed.h"
#include "ledger/audit/scratch_store.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/wire/checkpoints.h"
#include "ledger/wire/key_lines.h"

namespace fundtrail::audit {

namespace {

v1::VerifyAnswer Fails(v1::VerifyAnswer answer, std::string problem) {
  answer.set_holds(false);
  answer.set_problem(std::move(problem));
  return answer;
}

// Nothing is said against a ledger that goes by newer rules than this program's.
v1::VerifyAnswer TooOld(v1::VerifyAnswer answer, const Replay& replay, std::string problem) {
  answer.set_needs_rules(replay.needs_rules());
  answer.set_has_bad_record(true);
  answer.set_bad_record(replay.tip().tree.size());
  return Fails(std::move(answer), std::move(problem));
}

// Checkpoints that count more records than are shown: the problem, or warnings in the answer.
std::optional<std::string> TooShort(const std::vector<KeptCheckpoint>& earlier, std::uint64_t size,
                                    v1::VerifyAnswer* answer) {
  for (const KeptCheckpoint& one : earlier) {
    if (one.checkpoint.size <= size) continue;
    const std::string words =
        absl::StrCat(one.name, " has ", one.checkpoint.size, " records, and what is shown now has ", size);
    if (!one.may_be_longer) return absl::StrCat(words, ": records were taken away, or this is an older copy");
    answer->add_warnings(absl::StrCat(words, ": this is an older copy, or the ledger was rolled back"));
  }
  return std::nullopt;
}

// A checkpoint that was kept, and the other root that is at its size now.
struct Contradiction {
  const KeptCheckpoint* kept;
  Hash root;
};
std::optional<Contradiction> FindContradiction(const std::vector<KeptCheckpoint>& earlier, std::uint64_t size,
                                               const std::function<Hash()>& root) {
  for (const KeptCheckpoint& one : earlier) {
    if (one.checkpoint.size != size) continue;
    if (const Hash now = root(); one.checkpoint.root != now) return Contradiction{&one, now};
  }
  return std::nullopt;
}

// Whether the key that the reader knows signed both.
bool IsProven(const Contradiction& found, const PresentedCheckpoint& shown) {
  return found.kept->unverified.empty() && shown.unverified.empty();
}

// To be said only when `shown` signs that root, or one that the records with that root lead to. Else anybody who shows
// other records could accuse the operator.
std::string TwoHistories(const Contradiction& found, const PresentedCheckpoint& shown) {
  return absl::StrCat(
      found.kept->name, " has the root ", found.kept->checkpoint.root.hex(), " at ",
      found.kept->checkpoint.size, " records, and what is shown now has ", found.root.hex(),
      IsProven(found, shown)
          ? ": the ledger's key signed two histories, and the two checkpoints prove it"
          : ": two histories, if the ledger's key signed both; but one of the two is signed by "
            "another key than was given, which proves nothing");
}

std::string DoNotBeginWith(const Contradiction& found) {
  return absl::StrCat("; and the records shown do not begin with ", found.kept->name,
                      ", which tells nothing of who changed them");
}

// That the policy accepts the note, of which the records shown are a continuation; its cosignatures.
Status CheckPolicy(const tree::Policy& policy, const std::string& note, std::uint64_t size,
                   v1::VerifyAnswer* answer) {
  FT_ASSIGN_OR_RETURN(const auto accepted, tree::OpenUnderPolicy(policy, note));
  for (const auto& cosigned : accepted.cosignatures)
    *answer->add_cosignatures() = ToMessage(policy, cosigned);
  *answer->mutable_cosigned() = wire::ToRef(accepted.checkpoint);
  if (accepted.checkpoint.size < size) {
    answer->add_warnings(absl::StrCat("the policy's witnesses vouch for the first ", accepted.checkpoint.size,
                                      " of ", size,
                                      " records: for the others, the ledger's key alone does so far"));
  }
  return absl::OkStatus();
}

// The key that signed a checkpoint of that size.
StatusOr<tree::Verifier> KeyAt(const Signer& signer, std::uint64_t size) {
  if (signer.history.empty()) return signer.key;
  const auto& key = signer.history[model::PlaceAt(signer.history, size)].row.key;
  return tree::MakeVerifier(signer.key.name, tree::KeyType::kEd25519, key);
}

// With `differs`, most rows that no rule reads are compared by their sum; it says whether that differs, and then the answer is none
// yet. Without it every row is compared, so that the first that differs can be named.
StatusOr<v1::VerifyAnswer> VerifyOnce(Source* source, const VerifyOptions& options, bool* differs) {
  FT_ASSIGN_OR_RETURN(const auto verifier, ParseLedgerVkey(options.vkey));
  tree::Policy policy;
  if (options.policy.has_value()) {
    FT_ASSIGN_OR_RETURN(policy, tree::ForLog(*options.policy, verifier));
  }
  FT_ASSIGN_OR_RETURN(const auto scratch, Scratch::Make(options.scratch_dir));
  v1::VerifyAnswer answer;
  answer.set_ledger(verifier.name);

  const auto cosigned = source->Cosigned();
  if (absl::IsDataLoss(cosigned.status())) return Fails(answer, std::string(cosigned.status().message()));
  FT_RETURN_IF_ERROR(cosigned.status());
  const auto note = source->Checkpoint();
  if (absl::IsDataLoss(note.status())) return Fails(answer, std::string(note.status().message()));
  FT_RETURN_IF_ERROR(note.status());
  if (!note->has_value()) return Fails(answer, "there is no checkpoint");
  const auto shown = OpenPresented(**note, verifier);
  if (!shown.ok()) {
    return Fails(answer, absl::StrCat("the checkpoint: ", std::string(shown.status().message())));
  }
  const tree::Checkpoint* const checkpoint = &shown->checkpoint;
  answer.set_size(checkpoint->size);
  answer.set_root(std::string(checkpoint->root.view()));
  answer.set_checkpoint(**note);
  // The policy judges what witnesses cosigned, or the checkpoint itself where it is that which they cosign.
  std::vector<KeptCheckpoint> earlier = options.earlier;
  const std::string& judged_note = cosigned->has_value() ? **cosigned : **note;
  const auto judged = OpenPresented(judged_note, verifier);
  if (options.policy.has_value()) {
    if (!judged.ok())
      return Fails(answer, absl::StrCat("the checkpoint that witnesses cosigned: ",
                                        std::string(judged.status().message())));
    const Status accepted = judged->unverified.empty()
                                ? CheckPolicy(policy, judged_note, checkpoint->size, &answer)
                                : absl::OkStatus();  // when the records have told whose key it is
    if (!accepted.ok()) return Fails(answer, std::string(accepted.message()));
    earlier.push_back(
        {judged->checkpoint, "the checkpoint that witnesses cosigned", false, judged->unverified});
  }
  if (checkpoint->size == 0)
    return Fails(answer, "the checkpoint counts no record, and every ledger has its first");
  const auto too_short = TooShort(earlier, checkpoint->size, &answer);
  if (too_short.has_value()) return Fails(answer, *too_short);

  auto contradiction = FindContradiction(earlier, checkpoint->size, [&] { return checkpoint->root; });
  if (contradiction.has_value() && IsProven(*contradiction, *shown))
    return Fails(answer, TwoHistories(*contradiction, *shown));

  Replay replay(&scratch->rows(), verifier.name, {}, options.known_rules);
  const Unstored unstored = differs != nullptr ? source->WantsUnstored() : Unstored{};
  replay.DoNotStore(unstored, crypto::SumKey::Draw(crypto::SystemRandom()), &scratch->in_order());
  replay.KeepInMemory(MemoryLimits());
  const auto taken = [&](const CheckedRecord& checked) {
    const tree::Frontier& tree = replay.tip().tree;
    if (!contradiction.has_value())
      contradiction = FindContradiction(earlier, tree.size(), [&] { return tree.Root(); });
    answer.set_signatures(answer.signatures() + checked.entry->signers.size());
    answer.set_transfers(answer.transfers() + TransfersIn(checked));
    answer.set_bytes(answer.bytes() + checked.bytes.size());
    if (options.progress) options.progress(replay.tip().tree.size(), checkpoint->size);
  };
  const auto fed = FeedUnfinished(source, checkpoint->size, checkpoint->root, &replay, taken);
  if (replay.needs_rules() > 0 && contradiction.has_value())
    return Fails(answer, absl::StrCat(std::string(fed.status().message()), DoNotBeginWith(*contradiction)));
  if (replay.needs_rules() > 0) return TooOld(std::move(answer), replay, std::string(fed.status().message()));
  FT_ASSIGN_OR_RETURN(const auto bad, fed);
  if (bad.has_value()) {
    const std::string by = shown->unverified.empty()
                               ? ""
                               : "the checkpoint: another key of that name than was given signed it, and the "
                                 "records do not lead to it: ";
    const std::string also = contradiction.has_value() ? DoNotBeginWith(*contradiction) : "";
    if (bad->index == kAllRecords) return Fails(answer, absl::StrCat(by, bad->problem, also));
    answer.set_has_bad_record(true);
    answer.set_bad_record(bad->index);
    return Fails(answer, absl::StrCat(by, "record ", bad->index, ": ", bad->problem, also));
  }
  FT_ASSIGN_OR_RETURN(const store::Reader* const replayed, replay.FinishReading());
  if (contradiction.has_value()) return Fails(answer, TwoHistories(*contradiction, *shown));
  const auto signer = JudgeSigner(*shown, verifier, *replayed, earlier);
  if (absl::IsDataLoss(signer.status())) return Fails(answer, std::string(signer.status().message()));
  FT_RETURN_IF_ERROR(signer.status());
  answer.set_vkey(tree::FormatVkey(signer->key));
  *answer.mutable_ledger_keys() = wire::ToLines(verifier.name, signer->history);
  if (options.policy.has_value() && !judged->unverified.empty()) {
    FT_ASSIGN_OR_RETURN(const auto key, KeyAt(*signer, judged->checkpoint.size));
    const auto of_key = tree::ForLog(*options.policy, key);
    const Status accepted =
        of_key.ok() ? CheckPolicy(*of_key, judged_note, checkpoint->size, &answer) : of_key.status();
    if (!accepted.ok()) return Fails(answer, std::string(accepted.message()));
  }
  const auto comparison = unstored.summed.empty()
                              ? source->Compare(*replayed, checkpoint->size)
                              : source->CompareSummed(*replayed, *replay.sum(), checkpoint->size);
  if (absl::IsDataLoss(comparison.status())) return Fails(answer, std::string(comparison.status().message()));
  FT_RETURN_IF_ERROR(comparison.status());
  answer.set_rows(comparison->rows);
  answer.set_tiles(comparison->tiles);
  if (comparison->sums_differ) {
    *differs = true;
    return answer;
  }
  if (comparison->problem.has_value()) return Fails(answer, *comparison->problem);
  for (const KeptCheckpoint& one : options.earlier) {
    if (one.checkpoint.size <= checkpoint->size) *answer.add_earlier() = wire::ToRef(one.checkpoint);
  }
  answer.set_holds(true);
  return answer;
}

}  // namespace

StatusOr<v1::VerifyAnswer> VerifySource(Source* source, const VerifyOptions& options) {
  bool differs = false;
  auto answer = VerifyOnce(source, options, &differs);
  if (!differs) return answer;
  if (options.again) options.again();
  return VerifyOnce(source, options, nullptr);
}

StatusOr<v1::VerifyAnswer> VerifyStore(const store::Reader& rows, const VerifyOptions& options) {
  return VerifySource(FromStore(rows).get(), options);
}

StatusOr<v1::VerifyAnswer> VerifyFolder(const std::string& dir, const VerifyOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto source, FromFolder(dir));
  return VerifySource(source.get(), options);
}

}  // namespace fundtrail::audit
