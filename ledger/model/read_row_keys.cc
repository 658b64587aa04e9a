// Keys of rows that were read from a store are taken apart (row_keys.h).
#include "ledger/model/attestation_table.h"
#include "ledger/model/row_key_parts.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::model::keys {
namespace {

bool IsA(char tag, ByteView key, std::size_t size) { return key.size() == size && key[0] == tag; }
// Two texts behind the tag, the first of which ends with a zero byte, and the second with the key.
bool Split(ByteView key, std::string_view* first, std::string_view* second) {
  const std::size_t end = key.find('\0', 1);
  if (end == ByteView::npos || end == 1 || end + 1 == key.size()) return false;
  *first = key.substr(1, end - 1);
  *second = key.substr(end + 1);
  return true;
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

StatusOr<PastGrantOf> ReadPastGrant(ByteView key) {
  constexpr std::size_t kBehind = 1 + 8;  // the zero byte and the record
  if (key.size() < 1 + kPublicKeyBytes + 1 + kBehind || key[0] != kPastGrantTag) return NoKey(key);
  const std::size_t end = key.size() - kBehind;
  const std::string_view party = key.substr(1 + kPublicKeyBytes, end - 1 - kPublicKeyBytes);
  if (key[end] != '\0' || party.find('\0') != std::string_view::npos) return NoKey(key);
  return PastGrantOf{key.substr(1, kPublicKeyBytes), party,
                     RecordIndex(ReadBigEndian64(key.substr(end + 1)))};
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

}  // namespace fundtrail::model::keys
