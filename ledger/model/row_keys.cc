// See row_keys.h. How keys are made; read_row_keys.cc and row_key_words.cc have the rest.
#include "ledger/model/row_keys.h"

namespace fundtrail::model::keys {
namespace {

Bytes Tagged(char tag, std::size_t more = 0) {
  Bytes key;
  key.reserve(1 + more);
  key.push_back(tag);
  return key;
}

Bytes WithNumber(char tag, std::uint64_t number) {
  Bytes key = Tagged(tag, 8);
  AppendBigEndian64(&key, number);
  return key;
}

Bytes WithPosition(char tag, AccountNumber account, Position position) {
  Bytes key = Tagged(tag, 16);
  AppendBigEndian64(&key, account.value());
  AppendBigEndian64(&key, static_cast<std::uint64_t>(position.value()));
  return key;
}

Bytes WithText(char tag, std::string_view text) {
  Bytes key = Tagged(tag, text.size());
  key.append(text);
  return key;
}

Bytes WithTransfer(char tag, TransferRef ref) {
  Bytes key = WithNumber(tag, ref.record.value());
  AppendBigEndian32(&key, ref.line);
  return key;
}

Bytes WithTexts(char tag, std::string_view first, std::string_view second) {
  Bytes key = Tagged(tag, first.size() + 1 + second.size());
  key.append(first);
  key.push_back('\0');
  key.append(second);
  return key;
}

Bytes OfRegister(char tag, v1::Action::ActionCase action, std::string_view id) {
  Bytes key = Tagged(tag, 1 + id.size() + 9);
  key.push_back(static_cast<char>(action));
  key.append(id);
  return key;
}

}  // namespace

Bytes Record(RecordIndex record) { return WithNumber('r', record.value()); }
Bytes TreeNode(int level, std::uint64_t index) {
  Bytes key = Tagged('n', 9);
  key.push_back(static_cast<char>(level));
  AppendBigEndian64(&key, index);
  return key;
}
Bytes Checkpoint() { return Tagged('c'); }
Bytes EntryId(std::string_view author, ByteView id) { return WithTexts('e', author, id); }
Bytes Genesis() { return Tagged('m'); }
Bytes Item(v1::Action::ActionCase action, std::string_view id) { return OfRegister('g', action, id); }
Bytes PastItem(v1::Action::ActionCase action, std::string_view id, RecordIndex until) {
  Bytes key = PastOf(action, id);
  AppendBigEndian64(&key, until.value());
  return key;
}
Bytes Child(v1::Action::ActionCase action, std::string_view parent, std::string_view id) {
  Bytes key = ChildrenOf(action, parent);
  key.append(id);
  return key;
}
Bytes Party(std::string_view party) { return Item(v1::Action::kRegisterParty, party); }
Bytes Asset(std::string_view asset) { return Item(v1::Action::kDeclareAsset, asset); }
Bytes Fund(std::string_view fund) { return Item(v1::Action::kOpenFund, fund); }
Bytes AlternativeId(std::string_view scheme, std::string_view id) { return WithTexts('x', scheme, id); }
Bytes Grant(ByteView public_key, std::string_view party) {
  Bytes key = WithText('k', public_key);
  key.append(party);
  return key;
}
Bytes PastGrant(ByteView public_key, std::string_view party, RecordIndex until) {
  Bytes key = PastGrantsOf(public_key, party);
  AppendBigEndian64(&key, until.value());
  return key;
}
Bytes LedgerKey(RecordIndex record) { return WithNumber('K', record.value()); }
Bytes AccountByName(std::string_view party, std::string_view fund, std::string_view project,
                    std::string_view asset) {
  Bytes key = WithTexts('A', party, fund);
  key.push_back('\0');
  key.append(project);
  key.push_back('\0');
  key.append(asset);
  return key;
}
Bytes NextAccount() { return Tagged('N'); }
Bytes AccountName(AccountNumber account) { return WithNumber('b', account.value()); }
Bytes AccountState(AccountNumber account) { return WithNumber('a', account.value()); }
Bytes Hole(AccountNumber account, Position from) { return WithPosition('u', account, from); }
Bytes PieceOut(AccountNumber account, Position from) { return WithPosition('o', account, from); }
Bytes PieceIn(AccountNumber account, Position to) { return WithPosition('i', account, to); }
Bytes Transfer(TransferRef ref) { return WithTransfer('t', ref); }
Bytes Statement(AccountNumber account, TransferRef ref, Side side) {
  Bytes key = Tagged('l', 21);
  AppendBigEndian64(&key, account.value());
  AppendBigEndian64(&key, ref.record.value());
  AppendBigEndian32(&key, ref.line);
  key.push_back(static_cast<char>(side));
  return key;
}
Bytes ProjectSums(std::string_view project, std::string_view asset, RecordIndex record) {
  Bytes key = ProjectSumsOf(project, asset);
  AppendBigEndian64(&key, record.value());
  return key;
}
Bytes ProjectAccount(std::string_view project, AccountNumber account) {
  Bytes key = ProjectAccountsOf(project);
  AppendBigEndian64(&key, account.value());
  return key;
}
Bytes Attestation(v1::Action::ActionCase about, std::string_view id, v1::Action::ActionCase action,
                  RecordIndex record, std::uint32_t at) {
  Bytes key = AttestationsOf(about, id, action);
  AppendBigEndian64(&key, record.value());
  AppendBigEndian32(&key, at);
  return key;
}
Bytes NeedSums(std::string_view need, std::string_view fund, std::string_view asset, RecordIndex record) {
  Bytes key = NeedSumsOf(need, fund, asset);
  AppendBigEndian64(&key, record.value());
  return key;
}
Bytes NeedOfTransfer(TransferRef ref) { return WithTransfer('y', ref); }
Bytes AtPlace(std::string_view place, v1::Action::ActionCase action, std::string_view id) {
  Bytes key = AllAtPlace(place, action);
  key.append(id);
  return key;
}
Bytes FoundBy(v1::Action::ActionCase named, std::string_view named_id, v1::Action::ActionCase action,
              std::string_view id) {
  Bytes key = AllFoundBy(named, named_id, action);
  key.append(id);
  return key;
}
Bytes Acknowledged(TransferRef ref, RecordIndex record, std::uint32_t at) {
  Bytes key = AcknowledgedOf(ref);
  AppendBigEndian64(&key, record.value());
  AppendBigEndian32(&key, at);
  return key;
}
Bytes GroupAct(std::string_view group, RecordIndex record, std::uint32_t at) {
  Bytes key = GroupActsOf(group);
  AppendBigEndian64(&key, record.value());
  AppendBigEndian32(&key, at);
  return key;
}
Bytes Standing(v1::Action::ActionCase action, std::string_view id, RecordIndex record) {
  Bytes key = StandingsOf(action, id);
  AppendBigEndian64(&key, record.value());
  return key;
}
Bytes SupplySums(Supply kind, std::string_view id, RecordIndex record) {
  Bytes key = SupplySumsOf(kind, id);
  AppendBigEndian64(&key, record.value());
  return key;
}
Bytes Committed(AccountNumber account, RecordIndex record) {
  Bytes key = CommittedOf(account);
  AppendBigEndian64(&key, record.value());
  return key;
}
Bytes Keeping(AccountNumber account, Date last, std::string_view commitment) {
  Bytes key = KeepingFrom(account, last);
  key.append(commitment);
  return key;
}
Bytes TransferNames(TransferRef ref) { return WithTransfer('Y', ref); }

Bytes AllOf(char tag) { return Tagged(tag); }
Bytes ItemsOf(v1::Action::ActionCase action) { return OfRegister('g', action, ""); }
Bytes PastOf(v1::Action::ActionCase action, std::string_view id) {
  Bytes key = OfRegister('h', action, id);
  key.push_back('\0');
  return key;
}
Bytes ChildrenOf(v1::Action::ActionCase action, std::string_view parent) {
  Bytes key = OfRegister('q', action, parent);
  key.push_back('\0');
  return key;
}
Bytes GrantsOf(ByteView public_key) { return WithText('k', public_key); }
Bytes PastGrantsOf(ByteView public_key) { return WithText(kPastGrantTag, public_key); }
Bytes PastGrantsOf(ByteView public_key, std::string_view party) {
  Bytes key = PastGrantsOf(public_key);
  key.append(party);
  key.push_back('\0');
  return key;
}
Bytes AccountsOf(std::string_view party) { return WithTexts('A', party, ""); }
Bytes HolesOf(AccountNumber account) { return WithNumber('u', account.value()); }
Bytes PiecesOutOf(AccountNumber account) { return WithNumber('o', account.value()); }
Bytes PiecesInOf(AccountNumber account) { return WithNumber('i', account.value()); }
Bytes TransfersOf(RecordIndex record) { return WithNumber('t', record.value()); }
Bytes StatementOf(AccountNumber account) { return WithNumber('l', account.value()); }
Bytes ProjectSumsOf(std::string_view project, std::string_view asset) {
  Bytes key = WithTexts('p', project, asset);
  key.push_back('\0');
  return key;
}
Bytes ProjectAccountsOf(std::string_view project) { return WithTexts('d', project, ""); }
Bytes NeedSumsOf(std::string_view need) { return WithTexts('w', need, ""); }
Bytes NeedSumsOf(std::string_view need, std::string_view fund, std::string_view asset) {
  Bytes key = WithTexts('w', need, fund);
  key.push_back('\0');
  key.append(asset);
  key.push_back('\0');
  return key;
}
Bytes AllAtPlace(std::string_view place, v1::Action::ActionCase action) {
  Bytes key = WithTexts('v', place, "");
  key.push_back(static_cast<char>(action));
  return key;
}
Bytes AllFoundBy(v1::Action::ActionCase named, std::string_view named_id, v1::Action::ActionCase action) {
  Bytes key = OfRegister('f', named, named_id);
  key.push_back('\0');
  key.push_back(static_cast<char>(action));
  return key;
}
Bytes AcknowledgedOf(TransferRef ref) { return WithTransfer('j', ref); }
Bytes GroupActsOf(std::string_view group) { return WithTexts('G', group, ""); }
Bytes StandingsOf(v1::Action::ActionCase action, std::string_view id) {
  Bytes key = OfRegister('z', action, id);
  key.push_back('\0');
  return key;
}
Bytes SupplySumsOf(Supply kind) { return Tagged('P', 1) + static_cast<char>(kind); }
Bytes SupplySumsOf(Supply kind, std::string_view id) {
  Bytes key = Tagged('P', 1 + id.size() + 9);
  key.push_back(static_cast<char>(kind));
  key.append(id);
  key.push_back('\0');
  return key;
}
Bytes CommittedOf(AccountNumber account) { return WithNumber('C', account.value()); }
Bytes KeepingOf(AccountNumber account) { return WithNumber('D', account.value()); }
Bytes KeepingFrom(AccountNumber account, Date last) {
  Bytes key = KeepingOf(account);
  AppendBigEndian32(&key, static_cast<std::uint32_t>(last.days()));
  return key;
}
Bytes AttestationsAbout(v1::Action::ActionCase about, std::string_view id) {
  Bytes key = OfRegister('s', about, id);
  key.push_back('\0');
  return key;
}
Bytes AttestationsOf(v1::Action::ActionCase about, std::string_view id, v1::Action::ActionCase action) {
  Bytes key = AttestationsAbout(about, id);
  key.push_back(static_cast<char>(action));
  return key;
}

}  // namespace fundtrail::model::keys
