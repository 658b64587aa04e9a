// Records and entries: Protocol Buffers in their one encoding, as docs/formats.md has it. Any other bytes are refused, and so is a field
// that this table does not know, at any depth. So nobody is told that all is well with what was not read.
import { demand } from './note.js';
import { textOf } from './bytes.js';

// What a record is made of: the number of each field and its kind. `*` is a list; of numbers it is packed into one field. A name with a
// capital is another message. enum12 is a number from 0 to 12. Of an Action's fields there is exactly one, beside AMENDS.
// A number that is one more than the one before may be left out, as in the saved checker. fundtrail makes the table from its messages, so that it lacks none: tests/model/readers_test.cc.
const MESSAGES = `
Record: 1 u64, 2 i64, 3 bytes, 4 SignedEntry, 5 Outcome
SignedEntry: 1 bytes, 2 bytes*
Outcome: 1 TransferOutcome*
TransferOutcome: 1 i64, 2 Piece*
Piece: 1 i64, 2 i64
Entry: 1 text, 2 text, 3 bytes, 4 text, 5 text, 6 Document*, 7 Action*, 8 ImportSource, 9 bytes*
Document: 1 bytes, 2 text
Action: 1 Genesis, 2 RegisterParty, 3 AuthoriseKey, 4 RevokeKey, 5 RotateLedgerKey, 6 ChangeRoot,
  7 AdoptRules, 8 FormGroup, 9 GiveSeat, 10 AcceptSeat, 11 ForgetPersonal, 12 JoinParties,
  20 DeclareAsset, 21 OpenFund, 22 DeclarePlace, 23 DeclareCategory, 24 DeclareTargetGroup,
  25 OpenProgramme, 26 ProposeProject, 27 DeclareNeed, 28 Deploy, 29 AssignDuty, 30 OpenPolicy,
  31 SetMethod, 35 AcceptDuty, 36 ApproveProject, 37 VerifyNeed, 38 ReportProgress, 39 EndItem,
  40 Transfer, 41 Commit, 60 Pledge, 61 Assign, 80 Acknowledge, 81 RaiseConcern, 82 RespondConcern,
  83 CloseConcern, 84 Announce, 85 Evaluate, 86 Appeal, 87 DecideAppeal, 88 DrawSample, 100 Amends
Genesis: 1 text, 2 text, 3 bytes*, 4 u32, 5 u32
RegisterParty: 1 text, 2 text, 3 text, 4 enum12, 5 text, 6 enum3, 7 AlternativeId*, 8 bool,
  9 FieldCommitment*
AlternativeId: 1 text, 2 text
FieldCommitment: 1 text, 2 text
AuthoriseKey: 1 bytes, 2 text, 3 enum6*, 4 bool
RevokeKey: 1 bytes, 2 text
RotateLedgerKey: 1 bytes, 2 bytes, 3 bytes
ChangeRoot: 1 u32, 2 bytes*, 3 bytes*
AdoptRules: 1 u32
FormGroup: 1 text, 2 enum4, 3 text, 4 text, 5 u32, 6 u32, 7 enum10*, 8 text, 9 text
GiveSeat: 1 text, 2 text, 3 text, 4 enum10, 5 enum2, 6 text, 7 text
AcceptSeat: 1 text, 2 u64, 3 text, 4 enum2, 5 text
ForgetPersonal: 1 text, 2 text, 3 text*
JoinParties: 1 text, 2 text, 3 text, 4 enum2, 5 text
DeclareAsset: 1 text, 2 text, 3 u32
OpenFund: 1 text, 2 text, 3 text, 4 text, 5 ApprovalRule*, 6 text*, 7 PlanNoticeRule*
ApprovalRule: 1 text, 2 i64, 3 u32, 4 text
PlanNoticeRule: 1 text, 2 i64
DeclarePlace: 1 text, 2 text, 3 text, 4 u32, 5 text, 6 text, 7 text*, 8 text
DeclareCategory: 1 text, 2 text, 3 text, 4 text, 5 text, 6 text
DeclareTargetGroup: 1 text, 2 text, 3 text, 4 text, 5 text, 6 i64, 7 text, 8 text
OpenProgramme: 1 text, 2 text, 3 text, 4 text, 5 text
ProposeProject: 1 text, 2 text, 3 text, 4 text, 5 text, 6 PlaceShare*, 7 CategoryShare*, 8 text,
  9 i64, 10 i64, 11 text, 12 text, 13 text, 14 i64, 15 Target*, 16 NeedShare*, 17 text
PlaceShare: 1 text, 2 u32
CategoryShare: 1 text, 2 u32
Target: 1 text, 2 i64, 3 text, 4 i64, 5 enum4, 6 enum4
NeedShare: 1 text, 2 u32
DeclareNeed: 1 text, 2 text, 3 text, 4 text, 5 text, 6 i64, 7 i64, 8 u32, 9 u32, 10 text, 11 i64,
  12 i64, 13 text, 14 text, 15 text, 16 bool, 17 text
Deploy: 1 text, 2 text, 3 text, 4 text, 5 text, 6 text, 7 text, 8 text, 9 text, 10 i64, 11 i64,
  12 text, 13 text, 14 enum4
AssignDuty: 1 text, 2 text, 3 text, 4 enum7, 5 text, 6 text, 7 text, 8 text, 9 text, 10 text,
  11 text
OpenPolicy: 1 text, 2 text, 3 text, 4 text, 5 enum9, 6 Objective*, 7 text*, 8 text*, 9 text*,
  10 text, 11 text, 12 Clause*, 13 text*, 14 Responsibility*, 15 text*, 16 text*, 17 text
Objective: 1 text, 2 text, 3 i64, 4 enum1, 5 text, 6 i64
Clause: 1 enum3, 2 text, 3 text, 4 text
Responsibility: 1 text, 2 enum7
SetMethod: 1 text, 2 text, 3 text, 4 Criterion*, 5 Grade*, 6 u32, 7 u32, 8 Bar*
Criterion: 1 text, 2 u32, 3 text
Grade: 1 text, 2 u32
Bar: 1 enum10, 2 text
AcceptDuty: 1 text, 2 u64, 3 text, 4 enum2, 5 text
ApproveProject: 1 text, 2 u64, 3 text, 4 enum2, 5 text
VerifyNeed: 1 text, 2 u64, 3 text, 4 enum3, 5 i64, 6 u32, 7 i64, 8 text
ReportProgress: 1 text, 2 text, 3 text, 4 i64, 5 text, 6 text, 7 text, 8 text
EndItem: 1 text, 2 text
Transfer: 1 text, 2 text, 3 text, 4 text, 5 i64, 6 text, 7 enum8, 8 text, 9 text, 10 TransferRef*,
  11 TransferRef, 12 text, 13 text, 14 i64, 15 text, 16 enum1, 17 text, 18 text, 19 text, 20 bool,
  21 text, 22 text, 23 text, 24 text
TransferRef: 1 u64, 2 u32, 3 bool
Commit: 1 text, 2 text, 3 text, 4 text, 5 text, 6 i64, 7 text, 8 text, 9 text
Pledge: 1 text, 2 text, 3 text, 4 i64, 5 i64, 6 text, 7 text*, 8 text*, 9 text*, 10 text*, 11 text,
  12 text, 13 text, 14 bool, 15 text
Assign: 1 text, 2 text, 3 text, 4 text, 5 text, 6 i64, 7 i64, 8 text
Acknowledge: 1 TransferRef, 2 text, 3 enum4, 4 i64, 5 enum3, 6 text, 7 text, 8 text
RaiseConcern: 1 text, 2 text, 3 enum10, 4 text, 5 text, 6 text, 7 text, 8 text, 9 text, 10 text,
  11 text, 12 text, 13 text
RespondConcern: 1 text, 2 text, 3 enum4, 4 text, 5 text, 6 text
CloseConcern: 1 text, 2 text, 3 bool, 4 text
Announce: 1 text, 2 text, 3 text, 4 enum6, 5 text*, 6 text*, 7 text*, 8 text, 9 NoticeChannel*,
  10 text, 11 u32, 12 text, 13 i64, 14 i64, 15 text, 16 text, 17 text, 18 Way*, 19 text
NoticeChannel: 1 enum5, 2 text
Way: 1 enum6, 2 text, 3 text, 4 i64, 5 text
Evaluate: 1 text, 2 text, 3 text, 4 text, 5 text, 6 text, 7 text, 8 enum5, 9 Score*, 10 enum4,
  11 text, 12 text, 13 text*, 14 text, 15 text, 16 i64, 17 i64, 18 text
Score: 1 text, 2 u32, 3 text
Appeal: 1 text, 2 text, 3 text
DecideAppeal: 1 text, 2 text, 3 enum2, 4 text
DrawSample: 1 text, 2 text, 3 text, 4 text, 5 u32, 6 u32
Amends: 1 u64, 2 text
ImportSource: 1 bytes, 2 text, 3 u64, 4 u64
`
/** @typedef {bigint | string | Uint8Array | Message} Value */
/** @typedef {{[field: number]: any}} Message What each field holds: undefined where it is left out, of a list at least an empty one. */

/** @type {Map<string, Map<number, {kind: string, isList: boolean, most: bigint | null}>>} */
const TABLE = new Map(MESSAGES.trim().replaceAll('\n ', '').split('\n').map((line) => {
  const [name, fields] = line.split(':');
  let last = 0;
  return [name, new Map(fields.split(',').map((field) => {
    const [word, number = last + 1] = field.trim().split(' ').reverse(), kind = word.replace('*', '') || 'text';  // the saved checker leaves that out
    last = Number(number);
    return [last, { kind, isList: word.endsWith('*'), most: mostOf(kind) }];
  }))];
}));
// The numbers of its fields that are lists, of each message.
const LISTS = new Map([...TABLE].map(([name, fields]) => [name, [...fields].flatMap(([number, { isList }]) => (isList ? number : []))]));
const AMENDS = '100';
export const WRONG = 'RECORD_WRONG';

// The largest value of a number as it is written. What is below zero is written as 2^64 more.
/** @param {string} kind @returns {bigint | null} */
function mostOf(kind) {
  if (kind === 'u64' || kind === 'i64') return (1n << 64n) - 1n;
  if (kind === 'u32') return (1n << 32n) - 1n;
  if (kind === 'bool') return 1n;
  return kind.startsWith('enum') ? BigInt(kind.slice(4)) : null;
}

/** Reads a part of the bytes, which a message has all, from its first to its last. */
class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }
  /** @returns {number | bigint} */
  varint() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      demand(this.at < this.end && shift < 70n, WRONG, 'a message is cut off');
      const byte = this.bytes[this.at++];
      if (byte < 0x80 && !shift) return byte;  // most are so short, and no BigInt is made
      value |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      demand(byte !== 0, WRONG, 'a number is not written as short as it can be');
      demand(value < 1n << 64n, WRONG, 'a number has more than 64 bits');
      return value;
    }
  }
  /** @param {{kind: string, most: bigint | null}} field */
  number({ kind, most }) {
    const value = BigInt(this.varint());
    demand(most !== null && value <= most, WRONG, 'a number is larger than its field, or has no name in this version');
    return kind === 'i64' ? BigInt.asIntN(64, value) : value;
  }
  /** So much of it as is said before. */
  part() {
    const length = this.varint();
    demand(length <= this.end - this.at, WRONG, 'a message is cut off');
    return new Reader(this.bytes, this.at, (this.at += Number(length)));
  }
  get content() {
    return this.bytes.subarray(this.at, this.end);
  }
}

/** @param {string} kind @param {Reader} reader @returns {Value} */
function valueOf(kind, reader) {
  if (kind === 'bytes') return reader.content;
  if (kind !== 'text') return read(reader, kind);
  const text = textOf(reader.content);
  demand(text !== null, WRONG, 'a text is not UTF-8');
  return text;
}

/** @param {Reader} reader @param {string} name @returns {Message} */
function read(reader, name) {
  const fields = TABLE.get(name);
  if (!fields) throw new Error(`there is no message ${name}`);
  /** @type {Message} */
  const found = {};
  for (const number of LISTS.get(name) ?? []) found[number] = [];
  let last = 0;
  while (reader.at < reader.end) {
    const key = Number(reader.varint()), number = Math.floor(key / 8), field = fields.get(number);
    const isNumber = field?.most !== null && !field?.isList;
    demand(field && key % 8 === (isNumber ? 0 : 2), WRONG, 'a message has a field that this version does not know');
    const isPacked = field.isList && field.most !== null;
    demand(number > last || (number === last && field.isList && !isPacked), WRONG, 'the fields of a message are not in order');
    last = number;
    if (isNumber) {
      found[number] = reader.number(field);
      demand(found[number] !== 0n, WRONG, 'a default is written out');
      continue;
    }
    const part = reader.part();
    demand((field.isList && !isPacked) || part.at < part.end || TABLE.has(field.kind), WRONG, 'a default is written out');
    if (isPacked) while (part.at < part.end) found[number].push(part.number(field));
    else if (field.isList) found[number].push(valueOf(field.kind, part));
    else found[number] = valueOf(field.kind, part);
  }
  demand(name !== 'Action' || Object.keys(found).filter((number) => number !== AMENDS).length === 1, WRONG, 'an action does not do one thing');
  return found;
}

/** @param {Uint8Array} bytes @param {string} name of the message @returns {Message} Throws a Fault, RECORD_WRONG. */
export const parse = (bytes, name) => read(new Reader(bytes), name);

/** The name of the message in a field of an Action: what the action does. @param {number} number */
export const actionName = (number) => TABLE.get('Action')?.get(number)?.kind ?? '';
