// See entry_form.h.
#include "ledger/model/entry_form.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/bounds.h"
#include "ledger/model/form.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"

namespace fundtrail::model {
namespace {

Status InvalidPart(const std::string& field, const std::string& sentence) {
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, sentence);
}

Status CheckOptionalId(const std::string& field, const std::string& id) {
  return id.empty() ? absl::OkStatus() : CheckId(field, id);
}

Status CheckKey(const std::string& field, const std::string& key) {
  return key.size() == 32 ? absl::OkStatus() : InvalidPart(field, "an Ed25519 public key has 32 bytes");
}

// Keys that stand together: 1 to 32, each once.
Status CheckKeys(const std::string& field, const google::protobuf::RepeatedPtrField<std::string>& keys,
                 const char* what) {
  if (keys.empty() || static_cast<std::size_t>(keys.size()) > kMaxSignatures)
    return InvalidPart(field, absl::StrCat("needs 1 to ", kMaxSignatures, " ", what));
  for (const auto& key : keys) FT_RETURN_IF_ERROR(CheckKey(field, key));
  if (std::set<std::string_view>(keys.begin(), keys.end()).size() != static_cast<std::size_t>(keys.size()))
    return InvalidPart(field, "names a key twice");
  return absl::OkStatus();
}

Status CheckRef(const std::string& field, const v1::TransferRef& ref) {
  if (ref.line() == 0) return InvalidPart(field, "names no transfer: lines count from 1");
  if (ref.same_entry() && ref.record() != 0) return InvalidPart(field, "same_entry needs record 0");
  return absl::OkStatus();
}

Status CheckVersion(const std::string& field, std::uint32_t version) {
  return version >= 1 ? absl::OkStatus()
                      : InvalidPart(field, "is missing: versions of the rules count from 1");
}

Status Check(const std::string& at, const v1::Genesis& genesis) {
  FT_RETURN_IF_ERROR(CheckId(at + ".root_party", genesis.root_party()));
  FT_RETURN_IF_ERROR(CheckName(at + ".root_name", genesis.root_name()));
  const auto& keys = genesis.root_keys();
  FT_RETURN_IF_ERROR(CheckKeys(at + ".root_keys", keys, "root keys"));
  if (genesis.threshold() < 1 || genesis.threshold() > static_cast<std::uint32_t>(keys.size())) {
    return InvalidPart(at + ".threshold",
                       absl::StrCat("must be 1 to ", keys.size(), ", the number of root keys"));
  }
  return CheckVersion(at + ".rules", genesis.rules());
}

Status Check(const std::string& at, const v1::AuthoriseKey& grant) {
  FT_RETURN_IF_ERROR(CheckKey(at + ".public_key", grant.public_key()));
  FT_RETURN_IF_ERROR(CheckId(at + ".party", grant.party()));
  if (grant.permissions().empty()) return InvalidPart(at + ".permissions", "is missing");
  std::set<int> seen;
  for (const int permission : grant.permissions()) {
    if (!v1::Permission_IsValid(permission) || permission == v1::PERMISSION_UNSPECIFIED ||
        !seen.insert(permission).second) {
      return InvalidPart(at + ".permissions",
                         "must be ADMINISTER, PAY, APPROVE, EVALUATE, ACKNOWLEDGE or DECLARE, each once");
    }
  }
  return absl::OkStatus();
}

Status Check(const std::string& at, const v1::RevokeKey& revoke) {
  FT_RETURN_IF_ERROR(CheckKey(at + ".public_key", revoke.public_key()));
  return CheckId(at + ".party", revoke.party());
}

// A key that is to decide or to sign for the ledger: one that nothing could verify would lock everybody out.
Status CheckSoundKey(const std::string& field, const std::string& bytes) {
  FT_RETURN_IF_ERROR(CheckKey(field, bytes));
  const auto key = crypto::PublicKey::FromBytes(bytes);
  return key.ok() && crypto::IsSound(*key) ? absl::OkStatus()
                                           : InvalidPart(field, "these 32 bytes are no sound Ed25519 key");
}

Status Check(const std::string& at, const v1::RotateLedgerKey& rotate) {
  FT_RETURN_IF_ERROR(CheckKey(at + ".old_key", rotate.old_key()));
  FT_RETURN_IF_ERROR(CheckSoundKey(at + ".new_key", rotate.new_key()));
  if (rotate.new_key() == rotate.old_key()) return InvalidPart(at + ".new_key", "is the old key");
  if (rotate.endorsement().empty() || rotate.endorsement().size() == 64) return absl::OkStatus();
  return InvalidPart(at + ".endorsement", "has 64 bytes, or none when the old key is lost");
}

Status Check(const std::string& at, const v1::ChangeRoot& change) {
  if (change.threshold() < 1 || change.threshold() > kMaxSignatures)
    return InvalidPart(at + ".threshold", absl::StrCat("must be 1 to ", kMaxSignatures));
  std::set<std::string> seen;
  for (const auto& key : change.add_keys()) {
    FT_RETURN_IF_ERROR(CheckSoundKey(at + ".add_keys", key));
    if (!seen.insert(key).second) return InvalidPart(at + ".add_keys", "names a key twice");
  }
  for (const auto& key : change.remove_keys()) {
    FT_RETURN_IF_ERROR(CheckKey(at + ".remove_keys", key));
    if (!seen.insert(key).second) return InvalidPart(at + ".remove_keys", "names a key twice");
  }
  return absl::OkStatus();
}

// "party, fund, place", for a message.
std::string EndingRegisters() {
  std::string names;
  for (const Register& each : Registers())
    if (each.ends) absl::StrAppend(&names, names.empty() ? "" : ", ", std::string(each.name));
  return names;
}

Status Check(const std::string& at, const v1::EndItem& end) {
  const Register* of = FindRegister(end.register_());
  if (of == nullptr || !of->ends) {
    return InvalidPart(at + ".register",
                       absl::StrCat("\"", Escaped(end.register_()),
                                    "\" is no register whose items end: ", EndingRegisters()));
  }
  return CheckId(at + ".id", end.id());
}

Status Check(const std::string& at, const v1::Transfer& transfer) {
  // A ledger reads millions of them: where a field stands is put in words when it is wrong.
  const auto id = [&](const char* field, const std::string& text) {
    return IsValidId(text) ? absl::OkStatus() : CheckId(at + field, text);
  };
  const auto optional_id = [&](const char* field, const std::string& text) {
    return text.empty() ? absl::OkStatus() : id(field, text);
  };
  const auto words = [&](const char* field, const std::string& text, std::size_t max_bytes) {
    return text.empty() ? absl::OkStatus() : CheckWords(at + field, text, max_bytes);
  };
  FT_RETURN_IF_ERROR(id(".from", transfer.from()));
  FT_RETURN_IF_ERROR(id(".to", transfer.to()));
  FT_RETURN_IF_ERROR(id(".fund", transfer.fund()));
  FT_RETURN_IF_ERROR(optional_id(".to_fund", transfer.to_fund()));
  FT_RETURN_IF_ERROR(optional_id(".place", transfer.place()));
  FT_RETURN_IF_ERROR(CheckAssetCode(at + ".asset", transfer.asset()));
  FT_RETURN_IF_ERROR(optional_id(".project", transfer.project()));
  FT_RETURN_IF_ERROR(optional_id(".to_project", transfer.to_project()));
  FT_RETURN_IF_ERROR(optional_id(".need", transfer.need()));
  FT_RETURN_IF_ERROR(optional_id(".pledge", transfer.pledge()));
  FT_RETURN_IF_ERROR(optional_id(".assignment", transfer.assignment()));
  FT_RETURN_IF_ERROR(optional_id(".commitment", transfer.commitment()));
  FT_RETURN_IF_ERROR(words(".project_words", transfer.project_words(), kMaxNameBytes));
  FT_RETURN_IF_ERROR(words(".purpose", transfer.purpose(), kMaxTextBytes));
  FT_RETURN_IF_ERROR(words(".reference", transfer.reference(), kMaxTextBytes));
  if (transfer.amount() <= 0)
    return InvalidPart(at + ".amount", "must be above zero: money back is a RETURN");
  if (!v1::TransferKind_IsValid(transfer.kind()) || transfer.kind() == v1::TRANSFER_KIND_UNSPECIFIED) {
    return InvalidPart(at + ".kind", "must be one of the kinds of transfer");
  }
  if (!v1::Stage_IsValid(transfer.stage())) return InvalidPart(at + ".stage", "must be PAID or COMMITTED");
  if (!transfer.value_date().empty())
    FT_RETURN_IF_ERROR(CheckDate(at + ".value_date", transfer.value_date()));
  if (static_cast<std::size_t>(transfer.draws_size()) > kMaxReferences)
    return InvalidPart(at + ".draws", "too many");
  for (const auto& ref : transfer.draws()) FT_RETURN_IF_ERROR(CheckRef(at + ".draws", ref));
  if (transfer.has_returns()) FT_RETURN_IF_ERROR(CheckRef(at + ".returns", transfer.returns()));
  if (!transfer.to_asset().empty()) FT_RETURN_IF_ERROR(CheckAssetCode(at + ".to_asset", transfer.to_asset()));
  if (transfer.to_amount() < 0) return InvalidPart(at + ".to_amount", "must not be negative");
  return absl::OkStatus();
}

Status Check(const std::string& at, const v1::Acknowledge& said) {
  FT_RETURN_IF_ERROR(CheckRef(at + ".transfer", said.transfer()));
  if (said.transfer().same_entry())
    return InvalidPart(at + ".transfer",
                       "is no transfer of an earlier record: an entry does not say so of its own");
  FT_RETURN_IF_ERROR(CheckId(at + ".by", said.by()));
  if (!v1::Acknowledge::Result_IsValid(said.result()) || said.result() == v1::Acknowledge::RESULT_UNSPECIFIED)
    return InvalidPart(at + ".result", "must be RECEIVED, PARTLY, NOT_RECEIVED or WITH_ISSUES");
  const bool partly = said.result() == v1::Acknowledge::RESULT_PARTLY;
  if (partly ? said.amount() <= 0 : said.amount() != 0)
    return InvalidPart(at + ".amount", "is above zero with PARTLY, and stands with no other result");
  if (!v1::Acknowledge::Channel_IsValid(said.channel()) ||
      said.channel() == v1::Acknowledge::CHANNEL_UNSPECIFIED)
    return InvalidPart(at + ".channel", "must be SELF, AGENT or SAMPLE");
  FT_RETURN_IF_ERROR(CheckOptionalId(at + ".sample", said.sample()));
  if ((said.channel() == v1::Acknowledge::CHANNEL_SAMPLE) == said.sample().empty())
    return InvalidPart(at + ".sample", "stands with SAMPLE, and with no other channel");
  if (!said.date().empty()) FT_RETURN_IF_ERROR(CheckDate(at + ".date", said.date()));
  return CheckWords(at + ".note", said.note(), kMaxTextBytes);
}

Status Check(const std::string& at, const v1::Action& action) {
  switch (action.action_case()) {
    case v1::Action::kGenesis:
      return Check(at + ".genesis", action.genesis());
    case v1::Action::kAuthoriseKey:
      return Check(at + ".authorise_key", action.authorise_key());
    case v1::Action::kRevokeKey:
      return Check(at + ".revoke_key", action.revoke_key());
    case v1::Action::kRotateLedgerKey:
      return Check(at + ".rotate_ledger_key", action.rotate_ledger_key());
    case v1::Action::kChangeRoot:
      return Check(at + ".change_root", action.change_root());
    case v1::Action::kAdoptRules:
      return CheckVersion(at + ".adopt_rules.version", action.adopt_rules().version());
    case v1::Action::kEndItem:
      return Check(at + ".end_item", action.end_item());
    case v1::Action::kTransfer:
      return Check(at + ".transfer", action.transfer());
    case v1::Action::kAcknowledge:
      return Check(at + ".acknowledge", action.acknowledge());
    case v1::Action::ACTION_NOT_SET:
      return InvalidPart(at, "is empty");
    default:
      break;
  }
  // All others are of a register, or say something about an item of one: a test demands that each has its row in a table.
  if (const Register* of = FindRegister(action.action_case()))
    return CheckForm(absl::StrCat(at, ".", ActionField(*of).name()), ItemOf(action));
  if (const Attestation* of = FindAttestation(action.action_case()))
    return CheckForm(absl::StrCat(at, ".", ActionField(*of).name()), AttestationIn(action));
  return InvalidPart(at, "is of no kind");
}

// Which version an action replaces: said by those that end an item, and by those of a register that amend one.
Status CheckAmends(const std::string& at, const v1::Action& action) {
  if (action.has_end_item() && !action.has_amends())
    return InvalidPart(at + ".amends", "is missing: EndItem names the version that it ends");
  if (!action.has_amends()) return absl::OkStatus();
  if (!action.has_end_item() && FindRegister(action.action_case()) == nullptr)
    return InvalidPart(at + ".amends", "stands with the actions of registers alone");
  return CheckWords(at + ".amends.reason", action.amends().reason(), kMaxTextBytes);
}

}  // namespace

Status CheckEntry(const v1::Entry& entry) {
  if (!IsValidLedgerName(entry.ledger())) return InvalidPart("ledger", "is missing or not a ledger's name");
  FT_RETURN_IF_ERROR(CheckId("author", entry.author()));
  if (entry.id().size() != kEntryIdBytes) return InvalidPart("id", "must have 16 bytes");
  FT_RETURN_IF_ERROR(CheckDate("date", entry.date()));
  FT_RETURN_IF_ERROR(CheckWords("memo", entry.memo(), kMaxTextBytes));
  if (static_cast<std::size_t>(entry.documents_size()) > kMaxReferences)
    return InvalidPart("documents", "too many");
  for (const auto& document : entry.documents()) {
    if (document.sha256().size() != Hash::kSize) return InvalidPart("documents.sha256", "must have 32 bytes");
    FT_RETURN_IF_ERROR(CheckWords("documents.title", document.title(), kMaxNameBytes));
  }
  if (entry.has_source()) {
    if (entry.source().sha256().size() != Hash::kSize)
      return InvalidPart("source.sha256", "must have 32 bytes");
    FT_RETURN_IF_ERROR(CheckName("source.name", entry.source().name()));
    if (entry.source().last_row() < entry.source().first_row())
      return InvalidPart("source.last_row", "comes before first_row");
  }
  FT_RETURN_IF_ERROR(CheckKeys("signers", entry.signers(), "public keys: those that sign the entry"));
  if (entry.actions().empty()) return InvalidPart("actions", "is empty: an entry does something");
  if (static_cast<std::size_t>(entry.actions_size()) > kMaxActions) return InvalidPart("actions", "too many");
  bool begins_or_rotates = false;
  for (int i = 0; i < entry.actions_size(); ++i) {
    const v1::Action& action = entry.actions(i);
    const std::string at = absl::StrCat("actions[", i, "]");
    FT_RETURN_IF_ERROR(Check(at, action));
    FT_RETURN_IF_ERROR(CheckAmends(at, action));
    // Each of a ledger's keys signs at least one record that the next does not, so that a record has one key.
    if (action.has_rotate_ledger_key() && begins_or_rotates)
      return InvalidPart(at + ".rotate_ledger_key", "stands once in an entry, and not in genesis");
    // What follows it in an entry would be judged by two versions.
    if (action.has_adopt_rules() && entry.actions_size() > 1)
      return InvalidPart(at + ".adopt_rules", "stands alone in its entry");
    begins_or_rotates |= action.has_rotate_ledger_key() || action.has_genesis();
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::model
