// See signer.h.
#include "ledger/audit/signer.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"

namespace fundtrail::audit {
namespace {

std::string VkeyText(const tree::Verifier& key) { return Escaped(tree::FormatVkey(key)); }

// The same log's verifier with another key of it.
StatusOr<tree::Verifier> WithKey(const tree::Verifier& log, const crypto::PublicKey& key) {
  return tree::MakeVerifier(log.name, tree::KeyType::kEd25519, key);
}

// Which key of the history signed, the one at `place` if there are several.
std::optional<std::size_t> SignedBy(const std::string& unverified, const tree::Verifier& given,
                                    const model::LedgerKeys& history, std::size_t place) {
  if (unverified.empty()) return model::PlaceOf(history, given.key);
  const auto signs = [&](std::size_t at) {
    const auto key = WithKey(given, history[at].row.key);
    return key.ok() && tree::OpenCheckpoint(unverified, *key).ok();
  };
  if (signs(place)) return place;
  for (std::size_t at = 0; at < history.size(); ++at)
    if (signs(at)) return at;
  return std::nullopt;
}

// That the key which was the ledger's at its size signed the checkpoint, called `name` in sentences.
Status CheckSignedInTime(const std::string& name, const tree::Checkpoint& checkpoint,
                         const std::string& unverified, const tree::Verifier& given,
                         const model::LedgerKeys& history) {
  if (history.empty()) {
    if (unverified.empty()) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat(name, " is not signed by the key that was given, ",
                                            VkeyText(given),
                                            ", but by another of that name, and no record replaces the key"));
  }
  const std::size_t place = model::PlaceAt(history, checkpoint.size);
  const auto by = SignedBy(unverified, given, history, place);
  if (by == place) return absl::OkStatus();
  if (!by.has_value())
    return absl::DataLossError(absl::StrCat(name, " is signed by none of the keys that the records name"));
  if (*by < place)
    return absl::DataLossError(absl::StrCat(name, " is signed with the key that was replaced by record ",
                                            history[*by + 1].record.value()));
  return absl::DataLossError(absl::StrCat(name,
                                          " is signed with a key that was the ledger's only from record ",
                                          history[*by].record.value(), " on"));
}

}  // namespace

StatusOr<tree::Verifier> ParseLedgerVkey(std::string_view vkey) {
  FT_ASSIGN_OR_RETURN(auto verifier, tree::ParseVkey(vkey));
  if (verifier.type == tree::KeyType::kEd25519) return verifier;
  return absl::InvalidArgumentError(
      absl::StrCat("the key ", Escaped(vkey), " is a witness's: a ledger's is needed"));
}

StatusOr<PresentedCheckpoint> OpenPresented(std::string_view note, const tree::Verifier& given) {
  auto opened = tree::OpenCheckpoint(note, given);
  if (opened.ok()) return PresentedCheckpoint{*std::move(opened)};
  const auto parsed = tree::ParseNote(note);
  if (!parsed.ok() || given.type != tree::KeyType::kEd25519) return opened.status();
  bool by_given = false, by_another = false;
  for (const tree::NoteSignature& signature : parsed->signatures) {
    if (signature.name == given.name) (signature.key_id == given.key_id ? by_given : by_another) = true;
  }
  auto checkpoint = tree::ParseCheckpoint(parsed->text);
  if (by_given || !by_another || !checkpoint.ok() || checkpoint->origin != given.name ||
      !tree::CheckEmptyRoot(*checkpoint).ok())
    return opened.status();
  return PresentedCheckpoint{*std::move(checkpoint), std::string(note)};
}

StatusOr<Signer> JudgeSigner(const PresentedCheckpoint& shown, const tree::Verifier& given,
                             const store::Reader& rows, const std::vector<KeptCheckpoint>& earlier) {
  FT_ASSIGN_OR_RETURN(auto history, books::GetLedgerKeys(rows));
  const auto mine = model::PlaceOf(history, given.key);
  if (!history.empty() && !mine.has_value())
    return absl::DataLossError(absl::StrCat("the key that was given, ", VkeyText(given),
                                            ", is not one of the keys that the ledger's records name"));
  FT_RETURN_IF_ERROR(CheckSignedInTime("the checkpoint", shown.checkpoint, shown.unverified, given, history));
  const auto is_beginning = [&](const KeptCheckpoint& one) {
    return one.checkpoint.size <= shown.checkpoint.size;
  };
  for (const KeptCheckpoint& one : earlier) {
    if (is_beginning(one))
      FT_RETURN_IF_ERROR(CheckSignedInTime(one.name, one.checkpoint, one.unverified, given, history));
  }
  if (history.empty()) return Signer{given, {}};

  const std::size_t place = model::PlaceAt(history, shown.checkpoint.size);
  FT_ASSIGN_OR_RETURN(auto key, WithKey(given, history[place].row.key));
  for (std::size_t next = *mine + 1; next <= place; ++next) {
    if (history[next].row.endorsement.has_value()) continue;  // the rules verified it
    const std::uint64_t record = history[next].record.value();
    const bool kept = std::any_of(earlier.begin(), earlier.end(), [&](const KeptCheckpoint& one) {
      if (!is_beginning(one) || one.checkpoint.size == 0) return false;
      const std::size_t signer = model::PlaceAt(history, one.checkpoint.size);
      return (signer >= *mine && signer < next) || (one.may_be_longer && one.checkpoint.size > record);
    });
    if (kept) continue;
    return absl::DataLossError(absl::StrCat(
        "record ", record,
        " gives the ledger a new key without the word of the key before it, so nothing leads from ",
        VkeyText(given), " to it: compare ", VkeyText(key),
        " with what the ledger's operator and root parties published, and give that as --vkey, or give a "
        "checkpoint of the old key that you kept"));
  }
  return Signer{std::move(key), std::move(history)};
}

}  // namespace fundtrail::audit
