// The one file that knows every key's layout. docs/formats.md shows the same table.
//
// A key is a tag (one byte) and its parts. Numbers are big-endian, so that keys sort as numbers do. Texts that are
// followed by another part end with a zero byte, which no text may contain.
//
//   tag  parts                                value
//   r    record u64                           the record's bytes, the leaf of the log
//   n    level u8, index u64                  hash of the subtree over [index·2^level, (index+1)·2^level)
//   c                                         the latest checkpoint, a signed note
//   e    author 0, id (16)                    record u64, SHA-256 of the entry's bytes
//   m                                         GenesisRow
//   g    register u8, id                      RegisterRow: the present version of an item; register_table.h
//   h    register u8, id 0, until u64         RegisterRow: the version that the record `until` replaced
//   q    register u8, parent 0, id            (empty): an item below another; of one below none the parent is empty
//   s    register u8, id 0, action u8, record u64, at u32   AttestationRow: what was said about an item; at counts in the entry
//   x    scheme 0, id                         party
//   k    public key (32), party               GrantRow
//   R    public key (32), party 0, until u64  GrantRow: what the key could do until the record `until` took it back
//   K    record u64                           LedgerKeyRow: from then on the ledger's key; none before it is rotated
//   A    party 0, fund 0, project 0, asset    account u64; of general money the project is empty
//   N                                         the next account's number u64
//   b    account u64                          AccountName
//   a    account u64                          AccountState
//   u    account u64, from u64                to u64: a hole, undrawn positions below the tail
//   o    account u64, from u64                PieceRow: where these positions went
//   i    account u64, to u64                  PieceRow: where these positions came from
//   t    record u64, line u32                 TransferRow
//   l    account u64, record u64, line u32, side u8 (0 out, 1 in)   StatementRow
//   p    project 0, asset 0, record u64       ProjectTotals: the sums of a project after the record that last changed them.
//                                             Of general money the project is empty, of all projects together it is "*"
//   d    project 0, account u64               (empty): an account of a project; general money has none
//   w    need 0, fund 0, asset 0, record u64  NeedSums: what was paid straight for a need, after the record that last changed it
//   y    record u64, line u32                 the id of the need that a transfer names
//   v    place 0, register u8, id             (empty): an item that names the place, or did in an earlier version
//   f    register u8, id 0, register u8, id   (empty): an item (the second) that names the first, or did in an earlier version
//   j    record u64, line u32, record u64, at u32   AttestationRow: what was acknowledged of the transfer record.line
//   G    group 0, record u64, at u32          GroupActRow: who signed an act of a group; at counts in the entry
//   z    register u8, id 0, record u64        StandingRow: the verdicts over an item, after the record that last changed them
//   P    kind u8, id 0, record u64            SupplyRow: the sums of a pledge (1), an assignment (2), a need (3) or a commitment (4),
//                                             after the record that last changed them
//   C    account u64, record u64              CommittedRow: what of an account is kept, after the record that last changed it
//   D    account u64, last day i32, id        (empty): a commitment that ever kept something of the account
//   Y    record u64, line u32                 TransferNamesRow: the pledge, assignment and commitment that a transfer names
//
// Everything but r and c is a fold over the records, and a verifier computes it again.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// Accounts are numbered from 0 in the order in which they first appear.
class AccountNumber {
 public:
  constexpr AccountNumber() = default;
  explicit constexpr AccountNumber(std::uint64_t number) : number_(number) {}
  constexpr std::uint64_t value() const { return number_; }
  friend constexpr auto operator<=>(AccountNumber, AccountNumber) = default;

 private:
  std::uint64_t number_ = 0;
};

enum class Side : std::uint8_t { kOut = 0, kIn = 1 };

// What a row `P` has the sums of.
enum class Supply : std::uint8_t { kPledge = 1, kAssignment = 2, kNeed = 3, kCommitment = 4 };

namespace keys {

Bytes Record(RecordIndex record);
Bytes TreeNode(int level, std::uint64_t index);
Bytes Checkpoint();
Bytes EntryId(std::string_view author, ByteView id);
Bytes Genesis();
Bytes Item(v1::Action::ActionCase action, std::string_view id);
Bytes PastItem(v1::Action::ActionCase action, std::string_view id, RecordIndex until);
Bytes Child(v1::Action::ActionCase action, std::string_view parent, std::string_view id);
Bytes Party(std::string_view party);
Bytes Asset(std::string_view asset);
Bytes Fund(std::string_view fund);
Bytes AlternativeId(std::string_view scheme, std::string_view id);
Bytes Grant(ByteView public_key, std::string_view party);
Bytes PastGrant(ByteView public_key, std::string_view party, RecordIndex until);
Bytes LedgerKey(RecordIndex record);
Bytes AccountByName(std::string_view party, std::string_view fund, std::string_view project,
                    std::string_view asset);
Bytes NextAccount();
Bytes AccountName(AccountNumber account);
Bytes AccountState(AccountNumber account);
Bytes Hole(AccountNumber account, Position from);
Bytes PieceOut(AccountNumber account, Position from);
Bytes PieceIn(AccountNumber account, Position to);
Bytes Transfer(TransferRef ref);
Bytes Statement(AccountNumber account, TransferRef ref, Side side);
Bytes ProjectSums(std::string_view project, std::string_view asset, RecordIndex record);
Bytes ProjectAccount(std::string_view project, AccountNumber account);
Bytes Attestation(v1::Action::ActionCase about, std::string_view id, v1::Action::ActionCase action,
                  RecordIndex record, std::uint32_t at);
Bytes NeedSums(std::string_view need, std::string_view fund, std::string_view asset, RecordIndex record);
Bytes NeedOfTransfer(TransferRef ref);
Bytes AtPlace(std::string_view place, v1::Action::ActionCase action, std::string_view id);
Bytes FoundBy(v1::Action::ActionCase named, std::string_view named_id, v1::Action::ActionCase action,
              std::string_view id);
Bytes Acknowledged(TransferRef ref, RecordIndex record, std::uint32_t at);
Bytes GroupAct(std::string_view group, RecordIndex record, std::uint32_t at);
Bytes Standing(v1::Action::ActionCase action, std::string_view id, RecordIndex record);
Bytes SupplySums(Supply kind, std::string_view id, RecordIndex record);
Bytes Committed(AccountNumber account, RecordIndex record);
// `last` is the commitment's last day, or kNoLastDay.
Bytes Keeping(AccountNumber account, Date last, std::string_view commitment);
Bytes TransferNames(TransferRef ref);

// Prefixes for scans; the end of a scan is store::PrefixEnd of them.
Bytes AllOf(char tag);
Bytes ItemsOf(v1::Action::ActionCase action);
Bytes PastOf(v1::Action::ActionCase action, std::string_view id);
Bytes ChildrenOf(v1::Action::ActionCase action, std::string_view parent);
Bytes GrantsOf(ByteView public_key);
Bytes PastGrantsOf(ByteView public_key);
Bytes PastGrantsOf(ByteView public_key, std::string_view party);
Bytes AccountsOf(std::string_view party);
Bytes HolesOf(AccountNumber account);
Bytes PiecesOutOf(AccountNumber account);
Bytes PiecesInOf(AccountNumber account);
Bytes TransfersOf(RecordIndex record);
Bytes StatementOf(AccountNumber account);
Bytes ProjectSumsOf(std::string_view project, std::string_view asset);
Bytes ProjectAccountsOf(std::string_view project);
Bytes NeedSumsOf(std::string_view need);
Bytes NeedSumsOf(std::string_view need, std::string_view fund, std::string_view asset);
Bytes AllAtPlace(std::string_view place, v1::Action::ActionCase action);
Bytes AllFoundBy(v1::Action::ActionCase named, std::string_view named_id, v1::Action::ActionCase action);
Bytes AcknowledgedOf(TransferRef ref);
Bytes GroupActsOf(std::string_view group);
// Of these three the last is the one that holds now.
Bytes StandingsOf(v1::Action::ActionCase action, std::string_view id);
Bytes SupplySumsOf(Supply kind, std::string_view id);
Bytes SupplySumsOf(Supply kind);  // of all items of the kind
Bytes CommittedOf(AccountNumber account);
Bytes KeepingOf(AccountNumber account);
// Not a prefix: where those begin whose last day is this one or a later one.
Bytes KeepingFrom(AccountNumber account, Date last);
Bytes AttestationsAbout(v1::Action::ActionCase about, std::string_view id);
// Of one action: the newest is the last.
Bytes AttestationsOf(v1::Action::ActionCase about, std::string_view id, v1::Action::ActionCase action);

// All that there are, in the order of keys.
inline constexpr std::string_view kTags = "ACDGKNPRYabcdefghijklmnopqrstuvwxyz";
inline constexpr char kRecordTag = 'r';
inline constexpr char kNodeTag = 'n';
inline constexpr char kCheckpointTag = 'c';
inline constexpr char kEntryIdTag = 'e';
inline constexpr char kItemTag = 'g';
inline constexpr char kPastItemTag = 'h';
inline constexpr char kGrantTag = 'k';
inline constexpr char kPastGrantTag = 'R';
inline constexpr char kLedgerKeyTag = 'K';
inline constexpr char kAccountNameTag = 'b';
inline constexpr char kTransferTag = 't';

inline constexpr char kHoleTag = 'u';
inline constexpr char kPieceOutTag = 'o';
inline constexpr char kPieceInTag = 'i';
inline constexpr char kStatementTag = 'l';
inline constexpr char kChildTag = 'q';
inline constexpr char kAccountTag = 'A';
inline constexpr char kProjectSumsTag = 'p';
inline constexpr char kProjectAccountTag = 'd';
inline constexpr char kAttestationTag = 's';
inline constexpr char kNeedSumsTag = 'w';
inline constexpr char kNeedOfTransferTag = 'y';
inline constexpr char kAtPlaceTag = 'v';
inline constexpr char kFoundByTag = 'f';
inline constexpr char kAcknowledgedTag = 'j';
inline constexpr char kGroupActTag = 'G';
inline constexpr char kStandingTag = 'z';
inline constexpr char kSupplyTag = 'P';
inline constexpr char kCommittedTag = 'C';
inline constexpr char kKeepingTag = 'D';
inline constexpr char kTransferNamesTag = 'Y';

// Of a commitment that has none: it sorts after all days.
inline constexpr Date kNoLastDay{std::numeric_limits<std::int32_t>::max()};

// Stands for all projects together in the keys `p`: no id looks like it.
inline constexpr std::string_view kAllProjects = "*";

// --- keys that were read from a store ----------------------------------------------------------------------
// They may be damaged or planted, so that nothing but these functions takes a key apart. DATA_LOSS, with the row in
// words, when the key is not of that kind or is longer or shorter. Views are into `key`.

struct OnLine {
  AccountNumber account;
  Position position;
};
StatusOr<OnLine> ReadOnLine(ByteView key);           // u, o, i
StatusOr<TransferRef> ReadTransfer(ByteView key);    // t
StatusOr<RecordIndex> ReadRecord(ByteView key);      // r
StatusOr<RecordIndex> ReadLedgerKey(ByteView key);   // K
StatusOr<std::string_view> ReadChild(ByteView key);  // q: the child

struct ItemKey {
  v1::Action::ActionCase action;
  std::string_view id;
};
StatusOr<ItemKey> ReadItem(ByteView key);  // g, h

struct OnStatement {
  AccountNumber account;
  TransferRef ref;
  Side side = Side::kOut;
};
StatusOr<OnStatement> ReadStatement(ByteView key);  // l

struct GrantOf {
  ByteView public_key;  // 32 bytes
  std::string_view party;
};
StatusOr<GrantOf> ReadGrant(ByteView key);  // k

struct PastGrantOf {
  ByteView public_key;  // 32 bytes
  std::string_view party;
  RecordIndex until;
};
StatusOr<PastGrantOf> ReadPastGrant(ByteView key);  // R

struct NameOfAccount {
  std::string_view party, fund, project, asset;
};
StatusOr<NameOfAccount> ReadAccountByName(ByteView key);  // A

struct SumsOfProject {
  std::string_view project, asset;
  RecordIndex record;
};
StatusOr<SumsOfProject> ReadProjectSums(ByteView key);     // p
StatusOr<AccountNumber> ReadProjectAccount(ByteView key);  // d

struct AttestationKey {
  v1::Action::ActionCase about;
  std::string_view id;
  v1::Action::ActionCase action;
  RecordIndex record;
};
StatusOr<AttestationKey> ReadAttestation(ByteView key);  // s

struct SumsOfNeed {
  std::string_view need, fund, asset;
  RecordIndex record;
};
StatusOr<SumsOfNeed> ReadNeedSums(ByteView key);         // w
StatusOr<TransferRef> ReadNeedOfTransfer(ByteView key);  // y
StatusOr<std::string_view> ReadAtPlace(ByteView key);    // v: the item
StatusOr<std::string_view> ReadFoundBy(ByteView key);    // f: the item that names the other

struct AcknowledgedKey {
  TransferRef transfer;
  RecordIndex record;
};
StatusOr<AcknowledgedKey> ReadAcknowledged(ByteView key);  // j

struct OfRecord {
  std::string_view id;
  RecordIndex record;
};
StatusOr<OfRecord> ReadGroupAct(ByteView key);          // G: the group
StatusOr<OfRecord> ReadStanding(ByteView key);          // z: the item
StatusOr<OfRecord> ReadSupplySums(ByteView key);        // P: the item
StatusOr<RecordIndex> ReadCommitted(ByteView key);      // C
StatusOr<TransferRef> ReadTransferNames(ByteView key);  // Y

struct KeepingKey {
  Date last;
  std::string_view commitment;
};
StatusOr<KeepingKey> ReadKeeping(ByteView key);  // D

// A key in words, for a message: "account 3, piece out at position 500". Of any bytes; never long, and safe to print.
std::string Describe(ByteView key);

}  // namespace keys

// What is said of a row that is not as the ledger writes it. It is DATA_LOSS, "the store is damaged: account 3, piece out at
// position 500 has a wrong length; run verify". `what` is the end of the sentence: "is missing", "cannot be read".
Status Damaged(ByteView key, std::string_view what);
// The same of what several rows say together: "the store is damaged: " and `what`, a whole sentence, "; run verify".
Status Damaged(std::string_view what);

}  // namespace fundtrail::model
