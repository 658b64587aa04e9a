// See row_keys.h.
#include "ledger/model/row_keys.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/register_table.h"

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

// A damaged key may hold any bytes, and the words for it go to a terminal.
std::string Printable(std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text) c = c == '\0' ? '/' : (c < ' ' || c > '~' ? '?' : c);
  return text;
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

namespace {

constexpr std::size_t kPublicKeyBytes = 32;

bool IsA(char tag, ByteView key, std::size_t size) { return key.size() == size && key[0] == tag; }
// Two texts behind the tag, the first of which ends with a zero byte, and the second with the key.
bool Split(ByteView key, std::string_view* first, std::string_view* second) {
  const std::size_t end = key.find('\0', 1);
  if (end == ByteView::npos || end == 1 || end + 1 == key.size()) return false;
  *first = key.substr(1, end - 1);
  *second = key.substr(end + 1);
  return true;
}

// The register whose number stands there in the key; of most keys that is right behind the tag.
const Register* RegisterOf(ByteView key, std::size_t at = 1) {
  return key.size() <= at ? nullptr : FindRegisterNumbered(static_cast<unsigned char>(key[at]));
}

Status NoKey(ByteView key) { return Damaged(key, "is no key of a row"); }

}  // namespace

StatusOr<OnLine> ReadOnLine(ByteView key) {
  if (!IsA('u', key, 17) && !IsA('o', key, 17) && !IsA('i', key, 17)) return NoKey(key);
  const Position position(static_cast<std::int64_t>(ReadBigEndian64(key.substr(9))));
  if (position < Position(0)) return NoKey(key);
  return OnLine{AccountNumber(ReadBigEndian64(key.substr(1))), position};
}

StatusOr<TransferRef> ReadTransfer(ByteView key) {
  if (!IsA('t', key, 13)) return NoKey(key);
  return TransferRef{RecordIndex(ReadBigEndian64(key.substr(1))), ReadBigEndian32(key.substr(9))};
}

StatusOr<RecordIndex> ReadRecord(ByteView key) {
  if (!IsA('r', key, 9)) return NoKey(key);
  return RecordIndex(ReadBigEndian64(key.substr(1)));
}

StatusOr<RecordIndex> ReadLedgerKey(ByteView key) {
  if (!IsA('K', key, 9)) return NoKey(key);
  return RecordIndex(ReadBigEndian64(key.substr(1)));
}

StatusOr<std::string_view> ReadChild(ByteView key) {
  // The parent of an item that stands below none is empty.
  const std::size_t end = key.size() < 4 || key[0] != 'q' ? ByteView::npos : key.find('\0', 2);
  if (end == ByteView::npos || end + 1 == key.size() || RegisterOf(key) == nullptr) return NoKey(key);
  return key.substr(end + 1);
}

StatusOr<ItemKey> ReadItem(ByteView key) {
  const bool past = !key.empty() && key[0] == 'h';
  const std::size_t behind = past ? 9 : 0;
  if (key.size() < 3 + behind || (key[0] != 'g' && !past) || RegisterOf(key) == nullptr) return NoKey(key);
  if (past && key[key.size() - behind] != '\0') return NoKey(key);
  return ItemKey{RegisterOf(key)->action, key.substr(2, key.size() - 2 - behind)};
}

StatusOr<OnStatement> ReadStatement(ByteView key) {
  if (!IsA('l', key, 22) || (key[21] != 0 && key[21] != 1)) return NoKey(key);
  return OnStatement{
      AccountNumber(ReadBigEndian64(key.substr(1))),
      TransferRef{RecordIndex(ReadBigEndian64(key.substr(9))), ReadBigEndian32(key.substr(17))},
      key[21] == 0 ? Side::kOut : Side::kIn};
}

StatusOr<GrantOf> ReadGrant(ByteView key) {
  if (key.size() < 1 + kPublicKeyBytes + 1 || key[0] != 'k') return NoKey(key);
  return GrantOf{key.substr(1, kPublicKeyBytes), key.substr(1 + kPublicKeyBytes)};
}

StatusOr<NameOfAccount> ReadAccountByName(ByteView key) {
  NameOfAccount name;
  std::string_view rest;
  if (key.empty() || key[0] != 'A' || !Split(key, &name.party, &rest)) return NoKey(key);
  const std::size_t end = rest.find('\0');
  if (end == ByteView::npos || end == 0 || end + 1 == rest.size()) return NoKey(key);
  const std::size_t behind = rest.find('\0', end + 1);
  if (behind == ByteView::npos || behind + 1 == rest.size()) return NoKey(key);
  name.fund = rest.substr(0, end);
  name.project = rest.substr(end + 1, behind - end - 1);
  name.asset = rest.substr(behind + 1);
  return name;
}

StatusOr<SumsOfProject> ReadProjectSums(ByteView key) {
  // General money has an empty project.
  const std::size_t end = key.size() < 12 || key[0] != 'p' ? ByteView::npos : key.find('\0', 1);
  if (end == ByteView::npos || end + 2 > key.size() - 9 || key[key.size() - 9] != '\0') return NoKey(key);
  const std::string_view asset = key.substr(end + 1, key.size() - 9 - end - 1);
  if (asset.find('\0') != std::string_view::npos) return NoKey(key);
  return SumsOfProject{key.substr(1, end - 1), asset,
                       RecordIndex(ReadBigEndian64(key.substr(key.size() - 8)))};
}

StatusOr<AccountNumber> ReadProjectAccount(ByteView key) {
  if (key.size() < 11 || key[0] != 'd' || key.find('\0', 1) != key.size() - 9) return NoKey(key);
  return AccountNumber(ReadBigEndian64(key.substr(key.size() - 8)));
}

StatusOr<SumsOfNeed> ReadNeedSums(ByteView key) {
  SumsOfNeed of;
  std::string_view rest;
  if (key.size() < 9 || key[0] != 'w' || !Split(key, &of.need, &rest)) return NoKey(key);
  const std::size_t end = rest.find('\0');
  if (end == ByteView::npos || end == 0) return NoKey(key);
  const std::size_t behind = rest.find('\0', end + 1);
  if (behind == ByteView::npos || behind == end + 1 || behind + 9 != rest.size()) return NoKey(key);
  of.fund = rest.substr(0, end);
  of.asset = rest.substr(end + 1, behind - end - 1);
  of.record = RecordIndex(ReadBigEndian64(rest.substr(behind + 1)));
  return of;
}

StatusOr<TransferRef> ReadNeedOfTransfer(ByteView key) {
  if (!IsA('y', key, 13)) return NoKey(key);
  return TransferRef{RecordIndex(ReadBigEndian64(key.substr(1))), ReadBigEndian32(key.substr(9))};
}

StatusOr<std::string_view> ReadAtPlace(ByteView key) {
  std::string_view place, item;  // the item's register stands before its id
  if (key.empty() || key[0] != 'v' || !Split(key, &place, &item)) return NoKey(key);
  if (item.size() < 2 || RegisterOf(item, 0) == nullptr) return NoKey(key);
  return item.substr(1);
}

StatusOr<AttestationKey> ReadAttestation(ByteView key) {
  constexpr std::size_t kBehind = 1 + 1 + 8 + 4;  // the zero byte, the action, the record and the place in it
  if (key.size() < 3 + kBehind || key[0] != 's' || RegisterOf(key) == nullptr) return NoKey(key);
  const std::size_t end = key.size() - kBehind;
  const auto* kind = FindAttestationNumbered(static_cast<unsigned char>(key[end + 1]));
  if (key[end] != '\0' || kind == nullptr || kind->about != RegisterOf(key)->action) return NoKey(key);
  return AttestationKey{RegisterOf(key)->action, key.substr(2, end - 2), kind->action,
                        RecordIndex(ReadBigEndian64(key.substr(end + 2)))};
}

StatusOr<std::string_view> ReadFoundBy(ByteView key) {
  const std::size_t end = key.size() < 6 || key[0] != 'f' ? ByteView::npos : key.find('\0', 2);
  if (end == ByteView::npos || end == 2 || end + 2 >= key.size() || RegisterOf(key) == nullptr ||
      RegisterOf(key, end + 1) == nullptr)
    return NoKey(key);
  return key.substr(end + 2);
}

StatusOr<AcknowledgedKey> ReadAcknowledged(ByteView key) {
  if (!IsA('j', key, 25)) return NoKey(key);
  return AcknowledgedKey{{RecordIndex(ReadBigEndian64(key.substr(1))), ReadBigEndian32(key.substr(9))},
                         RecordIndex(ReadBigEndian64(key.substr(13)))};
}

StatusOr<OfRecord> ReadGroupAct(ByteView key) {
  constexpr std::size_t kBehind = 1 + 8 + 4;  // the zero byte, the record and the place in it
  if (key.size() < 2 + kBehind || key[0] != 'G' || key[key.size() - kBehind] != '\0') return NoKey(key);
  const std::size_t end = key.size() - kBehind;
  return OfRecord{key.substr(1, end - 1), RecordIndex(ReadBigEndian64(key.substr(end + 1)))};
}

namespace {

// Two bytes, an id, a zero byte and a record.
StatusOr<OfRecord> ReadOfRecord(ByteView key) {
  constexpr std::size_t kBehind = 1 + 8;
  if (key.size() < 3 + kBehind || key[key.size() - kBehind] != '\0') return NoKey(key);
  const std::size_t end = key.size() - kBehind;
  return OfRecord{key.substr(2, end - 2), RecordIndex(ReadBigEndian64(key.substr(end + 1)))};
}

}  // namespace

StatusOr<OfRecord> ReadStanding(ByteView key) {
  if (key.size() < 2 || key[0] != 'z' || RegisterOf(key) == nullptr) return NoKey(key);
  return ReadOfRecord(key);
}

StatusOr<OfRecord> ReadSupplySums(ByteView key) {
  if (key.size() < 2 || key[0] != 'P' || key[1] < 1 || key[1] > 4) return NoKey(key);
  return ReadOfRecord(key);
}

StatusOr<RecordIndex> ReadCommitted(ByteView key) {
  if (!IsA('C', key, 17)) return NoKey(key);
  return RecordIndex(ReadBigEndian64(key.substr(9)));
}

StatusOr<KeepingKey> ReadKeeping(ByteView key) {
  constexpr std::size_t kFront = 1 + 8 + 4;
  if (key.size() <= kFront || key[0] != 'D') return NoKey(key);
  return KeepingKey{Date(static_cast<std::int32_t>(ReadBigEndian32(key.substr(9)))), key.substr(kFront)};
}

StatusOr<TransferRef> ReadTransferNames(ByteView key) {
  if (!IsA('Y', key, 13)) return NoKey(key);
  return TransferRef{RecordIndex(ReadBigEndian64(key.substr(1))), ReadBigEndian32(key.substr(9))};
}

namespace {

// What is shown of a key that is longer than any of the ledger's.
constexpr std::size_t kMostShown = 400;
constexpr std::size_t kMostHex = 32;

// The length that keys of that kind have; nothing of those whose end is a text.
std::optional<std::size_t> LengthOf(char tag) {
  switch (tag) {
    case 'c':
    case 'm':
    case 'N':
      return 1;
    case 'r':
    case 'K':
    case 'b':
    case 'a':
      return 9;
    case 'n':
      return 10;
    case 't':
    case 'y':
    case 'Y':
      return 13;
    case 'u':
    case 'o':
    case 'i':
    case 'C':
      return 17;
    case 'j':
      return 25;
    case 'l':
      return 22;
    default:
      return std::nullopt;
  }
}

std::string InWords(ByteView key) {
  const auto number = [&](std::size_t at) -> std::string {
    return key.size() >= at + 8 ? absl::StrCat(ReadBigEndian64(key.substr(at))) : "?";
  };
  const auto line = [&](std::size_t at) -> std::string {
    return key.size() >= at + 4 ? absl::StrCat(ReadBigEndian32(key.substr(at))) : "?";
  };
  const auto words = [&](std::size_t at) { return Printable(key.substr(at < key.size() ? at : key.size())); };
  const auto item = [&](std::size_t at = 1) -> std::string {
    return RegisterOf(key, at) == nullptr ? "item of no register" : std::string(RegisterOf(key, at)->name);
  };
  switch (key[0]) {
    case 'r':
      return absl::StrCat("record ", number(1));
    case 'n':
      return absl::StrCat("tree node at level ", key.size() > 1 ? static_cast<unsigned char>(key[1]) : 0,
                          ", index ", number(2));
    case 'c':
      return "the checkpoint";
    case 'e': {
      const std::size_t end = key.find('\0');
      if (end == ByteView::npos) return absl::StrCat("entry id ", HexEncode(key.substr(1)));
      return absl::StrCat("entry id ", HexEncode(key.substr(end + 1)), " of author ",
                          Printable(key.substr(1, end - 1)));
    }
    case 'm':
      return "the genesis row";
    case 'g':
      return absl::StrCat(item(), " ", words(2));
    case 'h':
      return absl::StrCat(
          "past version of ", item(), " ",
          Printable(key.substr(std::min<std::size_t>(2, key.size()), key.size() < 11 ? 0 : key.size() - 11)));
    case 'q':
      return absl::StrCat(item(), " tree ", words(2));
    case 's': {
      const std::size_t end = key.find('\0', 2);
      return absl::StrCat("what was said about ", item(), " ",
                          Printable(key.substr(std::min<std::size_t>(2, key.size()),
                                               end == ByteView::npos ? ByteView::npos : end - 2)));
    }
    case 'd':
    case 'p': {
      const std::size_t end = key.find('\0', 1);
      const std::string project = Printable(key.substr(1, end == ByteView::npos ? end : end - 1));
      const std::string of = project.empty()           ? "general money"
                             : project == kAllProjects ? "all projects"
                                                       : absl::StrCat("project ", project);
      if (key[0] == 'd') {
        const bool whole = end != ByteView::npos && key.size() == end + 9;
        return absl::StrCat("account ", whole ? number(end + 1) : "?", " of ", of);
      }
      // Without a record it is all sums of the project in an asset.
      const std::size_t behind = end == ByteView::npos ? end : key.find('\0', end + 1);
      const bool whole = behind != ByteView::npos && key.size() == behind + 9;
      return absl::StrCat("the sums of ", of,
                          whole ? absl::StrCat(" after record ", number(behind + 1)) : "");
    }
    case 'w': {
      std::string text = "what was paid for need ";
      std::size_t at = 1;
      for (const char* before : {"", ", fund ", ", "}) {
        const std::size_t end = key.find('\0', at);
        const std::string part = Printable(key.substr(at, end == ByteView::npos ? end : end - at));
        if (at == 1 || !part.empty()) absl::StrAppend(&text, before, part);
        if (end == ByteView::npos) return text;
        at = end + 1;
      }
      return absl::StrCat(text, key.size() == at + 8 ? absl::StrCat(", after record ", number(at)) : "");
    }
    case 'y':
      return absl::StrCat("the need of transfer ", number(1), ".", line(9));
    case 'v': {
      const std::size_t end = key.find('\0', 1);
      const std::string place = Printable(key.substr(1, end == ByteView::npos ? end : end - 1));
      return absl::StrCat(end == ByteView::npos ? "?" : absl::StrCat(item(end + 1), " ", words(end + 2)),
                          " at place ", place);
    }
    case 'f': {
      const std::size_t end = key.find('\0', std::min<std::size_t>(2, key.size()));
      const std::string named =
          Printable(key.substr(std::min<std::size_t>(2, key.size()), end == ByteView::npos ? end : end - 2));
      return absl::StrCat(end == ByteView::npos ? "?" : absl::StrCat(item(end + 1), " ", words(end + 2)),
                          " of ", item(), " ", named);
    }
    case 'j':
      return absl::StrCat("what was acknowledged of transfer ", number(1), ".", line(9), " in record ",
                          number(13));
    case 'G': {
      const std::size_t end = key.find('\0', 1);
      const bool whole = end != ByteView::npos && key.size() == end + 13;
      return absl::StrCat("an act of group ", Printable(key.substr(1, end == ByteView::npos ? end : end - 1)),
                          whole ? absl::StrCat(" in record ", number(end + 1)) : "");
    }
    case 'z':
    case 'P': {
      const std::size_t end = key.find('\0', std::min<std::size_t>(2, key.size()));
      const bool whole = end != ByteView::npos && key.size() == end + 9;
      const std::string id =
          Printable(key.substr(std::min<std::size_t>(2, key.size()), end == ByteView::npos ? end : end - 2));
      constexpr const char* kKinds[] = {"?", "pledge", "assignment", "need", "commitment"};
      const std::size_t kind = key.size() > 1 ? static_cast<unsigned char>(key[1]) : 0;
      const std::string of = key[0] == 'z' ? absl::StrCat("the verdicts over ", item())
                                           : absl::StrCat("the sums of ", kKinds[kind <= 4 ? kind : 0]);
      return absl::StrCat(of, " ", id, whole ? absl::StrCat(" after record ", number(end + 1)) : "");
    }
    case 'C':
      return absl::StrCat("what is kept of account ", number(1), " after record ", number(9));
    case 'D':
      return absl::StrCat("what commitment ", words(13), " keeps of account ", number(1));
    case 'Y':
      return absl::StrCat("what transfer ", number(1), ".", line(9), " names");
    case 'x':
      return absl::StrCat("alternative id ", words(1));
    case 'k':
      return absl::StrCat("grant of key ", HexEncode(key.substr(1, kPublicKeyBytes)), " for ",
                          words(1 + kPublicKeyBytes));
    case 'K':
      return absl::StrCat("the ledger's key from record ", number(1), " on");
    case 'A':
      return absl::StrCat("account name ", words(1));
    case 'N':
      return "the next account's number";
    case 'b':
      return absl::StrCat("name of account ", number(1));
    case 'a':
      return absl::StrCat("state of account ", number(1));
    case 'u':
      return absl::StrCat("account ", number(1), ", hole at position ", number(9));
    case 'o':
      return absl::StrCat("account ", number(1), ", piece out at position ", number(9));
    case 'i':
      return absl::StrCat("account ", number(1), ", piece in at position ", number(9));
    case 't':
      return absl::StrCat("transfer ", number(1), ".", line(9));
    case 'l':
      return absl::StrCat("account ", number(1), ", statement line of transfer ", number(9), ".", line(17));
    default:
      return absl::StrCat("unknown key ", HexEncode(key.substr(0, kMostHex)),
                          key.size() > kMostHex ? "..." : "");
  }
}

}  // namespace

std::string Describe(ByteView key) {
  if (key.empty()) return "an empty key";
  const auto length = LengthOf(key[0]);
  std::string text = InWords(key.substr(0, std::min(length.value_or(kMostShown), kMostShown)));
  if (length.has_value() && key.size() != *length) {
    absl::StrAppend(&text, ", with a key of ", key.size(), " bytes instead of ", *length);
  } else if (key.size() > kMostShown) {
    absl::StrAppend(&text, ", with a key of ", key.size(), " bytes");
  }
  return text;
}

}  // namespace fundtrail::model::keys

namespace fundtrail::model {

Status Damaged(ByteView key, std::string_view what) {
  return Damaged(absl::StrCat(keys::Describe(key), " ", std::string(what)));
}

Status Damaged(std::string_view what) {
  return absl::DataLossError(absl::StrCat("the store is damaged: ", std::string(what), "; run verify"));
}

}  // namespace fundtrail::model
