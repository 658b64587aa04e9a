// Short words for the entries that tests write: keys from a number, and actions from their main fields. What
// came of them is a line of text.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/record.pb.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/model/entry.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/ledger_key.h"
#include "ledger/model/refusal.h"

namespace fundtrail::testing {

inline constexpr char kLedgerName[] = "ledger.example/aid";

// What a test cannot go on without; Catch shows the sentence.
template <typename T>
T Need(StatusOr<T> value) {
  if (!value.ok()) throw std::runtime_error(value.status().ToString());
  return *std::move(value);
}
inline void Need(const Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

// Key number n: its seed is 32 bytes of n.
inline crypto::SigningKey Key(int n) {
  Need(crypto::Init());
  return Need(crypto::SigningKey::FromSeed(Bytes(32, static_cast<char>(n))));
}
inline Bytes PublicKey(int n) { return Bytes(Key(n).public_key().view()); }

inline Bytes EntryId(std::uint64_t n) {
  Bytes id(8, '\0');
  AppendBigEndian64(&id, n);
  return id;
}

inline v1::Action Genesis(std::initializer_list<int> keys, std::uint32_t threshold) {
  v1::Action action;
  auto* genesis = action.mutable_genesis();
  genesis->set_root_party("root");
  genesis->set_root_name("The root");
  for (const int key : keys) genesis->add_root_keys(PublicKey(key));
  genesis->set_threshold(threshold);
  genesis->set_rules(1);
  return action;
}

inline v1::Action Party(const std::string& id, const std::string& parent, v1::Role role = v1::ROLE_HOLDER) {
  v1::Action action;
  auto* party = action.mutable_register_party();
  party->set_id(id);
  party->set_name("Party " + id);
  party->set_parent(parent);
  party->set_role(role);
  return action;
}

inline v1::Action Authorise(int key, const std::string& party,
                            std::initializer_list<v1::Permission> permissions, bool descendants = false) {
  v1::Action action;
  auto* grant = action.mutable_authorise_key();
  grant->set_public_key(PublicKey(key));
  grant->set_party(party);
  for (const auto permission : permissions) grant->add_permissions(permission);
  grant->set_descendants(descendants);
  return action;
}

inline v1::Action Revoke(int key, const std::string& party) {
  v1::Action action;
  action.mutable_revoke_key()->set_public_key(PublicKey(key));
  action.mutable_revoke_key()->set_party(party);
  return action;
}

// The ledger's key number `from` is replaced by number `to`, which it endorses or not.
inline v1::Action Rotate(int from, int to, bool endorsed = true) {
  v1::Action action;
  auto* rotate = action.mutable_rotate_ledger_key();
  rotate->set_old_key(PublicKey(from));
  rotate->set_new_key(PublicKey(to));
  if (endorsed)
    rotate->set_endorsement(
        Bytes(Key(from).Sign(model::EndorsementText(kLedgerName, Key(to).public_key())).view()));
  return action;
}

inline v1::Action ChangeRoot(std::uint32_t threshold, std::initializer_list<int> add,
                             std::initializer_list<int> remove = {}) {
  v1::Action action;
  auto* change = action.mutable_change_root();
  change->set_threshold(threshold);
  for (const int key : add) change->add_add_keys(PublicKey(key));
  for (const int key : remove) change->add_remove_keys(PublicKey(key));
  return action;
}

inline v1::Action AdoptRules(std::uint32_t version) {
  v1::Action action;
  action.mutable_adopt_rules()->set_version(version);
  return action;
}

inline v1::Action Asset(const std::string& code, std::uint32_t decimals = 2) {
  v1::Action action;
  action.mutable_declare_asset()->set_code(code);
  action.mutable_declare_asset()->set_decimals(decimals);
  return action;
}

inline v1::Action Fund(const std::string& id, const std::string& owner) {
  v1::Action action;
  action.mutable_open_fund()->set_id(id);
  action.mutable_open_fund()->set_name("Fund " + id);
  action.mutable_open_fund()->set_owner(owner);
  return action;
}

// These parties may approve payments out of the fund.
inline v1::Action WithApprovers(v1::Action fund, const std::vector<std::string>& approvers) {
  for (const std::string& party : approvers) fund.mutable_open_fund()->add_approvers(party);
  return fund;
}

// The fund asks for so many approvals of payments from this amount on, or for that of one approver.
inline v1::Action WithApprovals(v1::Action fund, std::uint32_t approvals, std::int64_t from_amount = 0,
                                const std::string& by = "", const std::string& asset = "CNY") {
  auto* rule = fund.mutable_open_fund()->add_approvals();
  rule->set_asset(asset);
  rule->set_from_amount(from_amount);
  rule->set_approvals(approvals);
  rule->set_by(by);
  return fund;
}

// A RECIPIENT of which an import saw no payment.
// The fund asks for a notice of the plan before payments in a project from this amount on.
inline v1::Action WithPlanNotice(v1::Action fund, std::int64_t from_amount,
                                 const std::string& asset = "CNY") {
  auto* rule = fund.mutable_open_fund()->add_plan_notices();
  rule->set_asset(asset);
  rule->set_from_amount(from_amount);
  return fund;
}
inline v1::Action Inferred(const std::string& id, const std::string& parent) {
  v1::Action action = Party(id, parent, v1::ROLE_RECIPIENT);
  action.mutable_register_party()->set_role_inferred(true);
  return action;
}

inline v1::Action Place(const std::string& id, const std::string& parent = "", std::uint32_t level = 0) {
  v1::Action action;
  action.mutable_declare_place()->set_id(id);
  action.mutable_declare_place()->set_name("Place " + id);
  action.mutable_declare_place()->set_parent(parent);
  action.mutable_declare_place()->set_level(level);
  return action;
}

inline v1::Action Category(const std::string& id, const std::string& parent = "") {
  v1::Action action;
  action.mutable_declare_category()->set_id(id);
  action.mutable_declare_category()->set_name("Category " + id);
  action.mutable_declare_category()->set_parent(parent);
  return action;
}

// The action takes the place of the version that the record made.
inline v1::Action Amending(v1::Action action, std::uint64_t record, const std::string& reason = "") {
  action.mutable_amends()->set_record(record);
  action.mutable_amends()->set_reason(reason);
  return action;
}

// The item of that register ends, in the version that the record made.
inline v1::Action End(const std::string& name, const std::string& id, std::uint64_t record,
                      const std::string& reason = "") {
  v1::Action action;
  action.mutable_end_item()->set_register_(name);
  action.mutable_end_item()->set_id(id);
  return Amending(std::move(action), record, reason);
}

// In the fund "flood" and in CNY.
inline v1::Action Pay(const std::string& from, const std::string& to, std::int64_t amount,
                      v1::TransferKind kind = v1::TRANSFER_KIND_ALLOCATION) {
  v1::Action action;
  auto* transfer = action.mutable_transfer();
  transfer->set_from(from);
  transfer->set_to(to);
  transfer->set_fund("flood");
  transfer->set_asset("CNY");
  transfer->set_amount(amount);
  transfer->set_kind(kind);
  return action;
}

inline v1::TransferRef Ref(std::uint64_t record, std::uint32_t line = 1) {
  v1::TransferRef ref;
  ref.set_record(record);
  ref.set_line(line);
  return ref;
}
inline v1::TransferRef ThisEntry(std::uint32_t line) {
  v1::TransferRef ref;
  ref.set_line(line);
  ref.set_same_entry(true);
  return ref;
}

// Promised, and not paid.
inline v1::Action Committed(v1::Action pay) {
  pay.mutable_transfer()->set_stage(v1::STAGE_COMMITTED);
  return pay;
}

// The payment spends these receipts.
inline v1::Action Drawing(v1::Action pay, std::initializer_list<v1::TransferRef> receipts) {
  for (const auto& receipt : receipts) *pay.mutable_transfer()->add_draws() = receipt;
  return pay;
}

// The payment sends back (all or part of) what `returned` brought.
inline v1::Action Returning(v1::Action pay, const v1::TransferRef& returned,
                            v1::TransferKind kind = v1::TRANSFER_KIND_RETURN) {
  *pay.mutable_transfer()->mutable_returns() = returned;
  pay.mutable_transfer()->set_kind(kind);
  return pay;
}

inline v1::Action Reclassify(const std::string& party, const std::string& to_fund, std::int64_t amount) {
  v1::Action action = Pay(party, party, amount, v1::TRANSFER_KIND_RECLASSIFICATION);
  action.mutable_transfer()->set_to_fund(to_fund);
  return action;
}

inline v1::Action Exchange(const std::string& from, const std::string& to, std::int64_t amount,
                           const std::string& to_asset, std::int64_t to_amount) {
  v1::Action action = Pay(from, to, amount, v1::TRANSFER_KIND_EXCHANGE);
  action.mutable_transfer()->set_to_asset(to_asset);
  action.mutable_transfer()->set_to_amount(to_amount);
  return action;
}

inline v1::Entry Entry(const std::string& author, std::uint64_t id, const std::vector<v1::Action>& actions) {
  v1::Entry entry;
  entry.set_ledger(kLedgerName);
  entry.set_author(author);
  entry.set_id(EntryId(id));
  entry.set_date("2026-03-01");
  for (const auto& action : actions) *entry.add_actions() = action;
  return entry;
}

inline v1::Entry SignedBy(v1::Entry entry, std::initializer_list<int> keys) {
  entry.clear_signers();
  for (const int key : keys) entry.add_signers(PublicKey(key));
  return entry;
}

// These bytes, whatever they mean, under signatures by the keys in that order.
inline v1::SignedEntry SignBytes(const Bytes& entry, std::initializer_list<int> keys) {
  v1::SignedEntry signed_entry;
  signed_entry.set_entry(entry);
  for (const int key : keys)
    signed_entry.add_signatures(std::string(Key(key).Sign(Bytes(model::kEntryDomain) + entry).view()));
  return signed_entry;
}
// Names the keys as the signers and signs, without looking at the form: bad entries are signed as well as good ones.
inline v1::SignedEntry Sign(const v1::Entry& entry, std::initializer_list<int> keys) {
  return SignBytes(model::SerialiseDeterministic(SignedBy(entry, keys)), keys);
}
inline Bytes SignedBytes(const v1::Entry& entry, std::initializer_list<int> keys) {
  return model::SerialiseDeterministic(Sign(entry, keys));
}

// "INSUFFICIENT_FUNDS at actions[0].transfer.amount", "OK", or the error that is no refusal.
inline std::string Verdict(const Status& status) {
  if (status.ok()) return "OK";
  const auto refusal = model::RefusalOf(status);
  if (!refusal.has_value()) return "not a refusal: " + status.ToString();
  return absl::StrCat(model::WordOf(refusal->code()), " at ", refusal->field());
}

// "[0,60) [80,100) -> 200": the payer's positions, and where on the payee's line they begin.
inline std::string Text(const v1::TransferOutcome& transfer) {
  std::string text;
  for (const auto& piece : transfer.pieces()) {
    absl::StrAppend(&text, "[", piece.from(), ",", piece.from() + piece.length(), ") ");
  }
  return absl::StrCat(text, "-> ", transfer.to_position());
}

}  // namespace fundtrail::testing
