#!/usr/bin/python3
"""A verifier of one's own, written from docs/formats.md and from nothing else.

    verify.py receipt VKEY FILE [--policy FILE]     a receipt, offline
    verify.py archive VKEY DIR [--policy FILE]      the records of an archive's folder, all of them

Needs python3-nacl (Debian). Prints HOLDS and what, and exits 0; or DOES NOT HOLD, the fault as docs/formats.md names it and why, and exits
1 (2 when the file is no receipt); or CANNOT TELL, when a record needs newer rules than this program knows, and exits 3. It checks hashes and signatures; the rules of money, and which key may sign for whom, are for `fundtrail verify`.
"""
import argparse
import base64
import collections
import hashlib
import os
import sys

import nacl.exceptions
import nacl.signing


class DoesNotHold(Exception):
    """Its arguments: the fault's name, and why in words."""


class CannotTell(Exception):
    """A record needs rules that this program does not know."""


def demand(condition, fault, why):
    if not condition:
        raise DoesNotHold(fault, why)


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(record):
    return sha256(b"\x00" + record)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def unbase64(text, fault):
    """One text for one value: standard alphabet, padding, no stray bits."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = None
    demand(data is not None and base64.b64encode(data).decode() == text, fault, "it is not base64: " + repr(text))
    return data


def decimal(text, fault):
    demand(len(text) <= 20 and text.isascii() and text.isdigit() and str(int(text)) == text and int(text) < 2**64, fault, "it is no number: " + repr(text))
    return int(text)


def is_signed(key, message, signature):
    try:
        nacl.signing.VerifyKey(key).verify(message, signature)
        return True
    except (nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError, ValueError):
        return False


# --- keys, notes, policies ---------------------------------------------------------------------------------------

Key = collections.namedtuple("Key", "name id type public")
LOG, WITNESS = 1, 4


def parse_vkey(vkey, key_type):
    parts = vkey.split("+", 2)
    demand(len(parts) == 3, "BAD_INPUT", "a vkey has three parts, name+id+key")
    name, key_id, type_and_key = parts[0], parts[1], unbase64(parts[2], "BAD_INPUT")
    demand(len(type_and_key) == 33 and type_and_key[0] == key_type, "BAD_INPUT", f"the vkey of {name} is not of type {key_type}")
    demand(is_name(name) and is_text(name), "BAD_INPUT", "the vkey's name is none")
    demand(sha256(name.encode() + b"\n" + type_and_key)[:4].hex() == key_id, "BAD_INPUT", "the vkey's id does not fit its key")
    return Key(name, bytes.fromhex(key_id), key_type, type_and_key[1:])


class Policy:
    """Who must have cosigned. Members: a witness's key, or how many of which members."""

    def __init__(self, text, log):
        self.members, self.quorum, logs, taken = {}, None, [], set()
        quorums = 0
        demand(len(text.encode(errors="surrogateescape")) <= 1 << 20, "BAD_INPUT", "the policy has more than 1 MB")
        demand(text == "" or text.endswith("\n"), "BAD_INPUT", "the policy's last line has no line feed: was it cut off?")
        demand(not any(letter < " " and letter not in "\t\n" or letter == "\x7f" for letter in text), "BAD_INPUT",
               "the policy has a control character")
        for line in text.split("\n"):
            items = line.replace("\t", " ").split(" ")
            items = [item for item in items if item]
            if not items or items[0].startswith("#"):
                continue
            if items[0] == "log" and len(items) in (2, 3):
                logs.append(parse_vkey(items[1], LOG))
            elif items[0] == "witness" and len(items) in (3, 4):
                self.add(items[1], parse_vkey(items[2], WITNESS))
            elif items[0] == "group" and len(items) > 3:
                names = items[3:]
                for name in names:
                    demand(name in self.members and name not in taken, "BAD_INPUT", f"the policy's {name} is not above, or a member twice")
                    taken.add(name)
                count = {"all": str(len(names)), "any": "1"}.get(items[2], items[2])
                demand(1 <= decimal(count, "BAD_INPUT") <= len(names), "BAD_INPUT", "a group of the policy cannot hold")
                self.add(items[1], (int(count), names))
            elif items[0] == "quorum" and len(items) == 2:
                demand(items[1] == "none" or items[1] in self.members, "BAD_INPUT", "the policy's quorum is not above")
                self.quorum, quorums = None if items[1] == "none" else items[1], quorums + 1
            else:
                raise DoesNotHold("BAD_INPUT", "the policy has a line that is none: " + repr(line))
        demand(quorums == 1, "BAD_INPUT", "a policy has one quorum")
        groups = len(self.members) - len(self.witnesses())
        demand(max(len(logs), len(self.witnesses()), groups) <= 256, "BAD_INPUT", "a policy has at most 256 logs, witnesses and groups")
        demand(len({key.public for key in logs}) == len(logs), "BAD_INPUT", "the policy has a log's key twice")
        witnesses = [key.public for key in self.witnesses()]
        demand(len(set(witnesses)) == len(witnesses), "BAD_INPUT", "the policy has a witness's key twice")
        demand(not logs or log in logs, "BAD_INPUT", "the policy lists other logs")

    def add(self, name, member):
        demand(name != "none" and name not in self.members, "BAD_INPUT", f"the policy has the name {name} twice, or it is none")
        self.members[name] = member

    def witnesses(self):
        return [member for member in self.members.values() if isinstance(member, Key)]

    def holds(self, cosigned, name):
        member = self.members[name]
        if isinstance(member, Key):
            return member in cosigned
        return sum(self.holds(cosigned, one) for one in member[1]) >= member[0]


def is_text(text):
    try:
        text.encode()  # what was no UTF-8 was kept in characters that are none
    except UnicodeEncodeError:
        return False
    return all(letter >= " " or letter == "\n" for letter in text)


def is_name(name):
    return name != "" and "+" not in name and not any(letter.isspace() for letter in name)


def is_good(key, text, signature):
    if key.type == LOG:
        return is_signed(key.public, text, signature)
    seconds = int.from_bytes(signature[:8], "big")
    return len(signature) == 72 and seconds < 2**63 and is_signed(key.public, b"cosignature/v1\ntime %d\n" % seconds + text, signature[8:])


def open_checkpoint(note, log, policy):
    """The size and root that the log signed, and the witnesses of the policy whose cosignatures are good."""
    text, blank, lines = note.rpartition("\n\n")
    demand(blank and lines.endswith("\n") and len(note) <= 1_000_000, "CHECKPOINT_BAD", "the checkpoint is no signed note")
    demand(is_text(note), "CHECKPOINT_BAD", "the checkpoint is not UTF-8, or has control characters")
    demand(lines.count("\n") <= 100, "CHECKPOINT_BAD", "the checkpoint has too many signatures")
    text += "\n"
    known = {(key.name, key.id): key for key in [log] + (policy.witnesses() if policy else [])}
    good, bad = [], []
    for line in lines[:-1].split("\n"):
        parts = line.split(" ")
        demand(len(parts) == 3 and parts[0] == "\u2014" and is_name(parts[1]), "CHECKPOINT_BAD", "a line of the checkpoint is no signature")
        payload = unbase64(parts[2], "CHECKPOINT_BAD")
        demand(len(payload) > 4, "CHECKPOINT_BAD", "a signature of the checkpoint is empty")
        key = known.get((parts[1], payload[:4]))
        if key:  # else by somebody who is not known here
            (good if is_good(key, text.encode(), payload[4:]) else bad).append(key)
    demand(log in good + bad, "WRONG_KEY", "the checkpoint is not signed by that key")
    demand(not bad, "CHECKPOINT_BAD", "a signature of the checkpoint is bad")
    fields = text[:-1].split("\n")
    demand(len(fields) >= 3 and all(fields), "CHECKPOINT_BAD", "the checkpoint lacks a line")
    demand(fields[0] == log.name, "CHECKPOINT_BAD", "the checkpoint is of another ledger, " + fields[0])
    size, root = decimal(fields[1], "CHECKPOINT_BAD"), unbase64(fields[2], "CHECKPOINT_BAD")
    demand(len(root) == 32, "CHECKPOINT_BAD", "the checkpoint's root has not 32 bytes")
    if policy and policy.quorum:
        demand(policy.holds(good, policy.quorum), "NO_QUORUM", "the checkpoint is not cosigned by the quorum " + policy.quorum)
    return size, root, [key.name for key in good if key != log]


# --- the tree ----------------------------------------------------------------------------------------------------


def leads_to(root, index, size, leaf, path):
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


class Edge:
    """The right edge of a growing tree: (width, hash) of its complete subtrees, widest first."""

    def __init__(self):
        self.subtrees = []

    def append(self, leaf):
        width, h = 1, leaf
        while self.subtrees and self.subtrees[-1][0] == width:
            width, h = 2 * width, node_hash(self.subtrees.pop()[1], h)
        self.subtrees.append((width, h))

    def root(self):
        h = None
        for _, left in reversed(self.subtrees):
            h = left if h is None else node_hash(left, h)
        return h if h is not None else sha256(b"")


# --- records -----------------------------------------------------------------------------------------------------

# What a record is made of: the number of each field and its kind. `*` is a list; of numbers it is packed into one field. A name
# with a capital is another message. enum12 is a number from 0 to 12. Of an Action's fields there is exactly one, beside AMENDS.
# fundtrail makes the table from its messages, so that it lacks none: tests/model/readers_test.cc.
MESSAGES = """\
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
"""
MESSAGES = {name: {int(number): kind for number, kind in (field.split() for field in fields.split(","))}
            for name, fields in (line.split(":") for line in MESSAGES.replace("\n ", "").splitlines())}
AMENDS = 100
# The largest value that each kind of number may have as it is written. What is below zero is written as 2^64 more.
NUMBERS = {"u64": 2**64 - 1, "i64": 2**64 - 1, "u32": 2**32 - 1, "bool": 1}
NUMBERS.update({kind.rstrip("*"): int(kind.rstrip("*")[4:])
                for fields in MESSAGES.values() for kind in fields.values() if kind.startswith("enum")})


def take_varint(message, at):
    """The number there, and where it ends."""
    value = shift = 0
    while True:
        demand(at < len(message) and shift < 70, "RECORD_WRONG", "a message is cut off")
        byte = message[at]
        value, at, shift = value | (byte & 0x7F) << shift, at + 1, shift + 7
        if byte < 0x80:
            demand(byte or shift == 7, "RECORD_WRONG", "a number is not written as short as it can be")
            demand(value < 2**64, "RECORD_WRONG", "a number has more than 64 bits")
            return value, at


def number_of(kind, value):
    demand(value <= NUMBERS[kind], "RECORD_WRONG", "a number is larger than its field, or an enum's value is unknown")
    return value - 2**64 if kind == "i64" and value >= 2**63 else value


def value_of(kind, content):
    """What the bytes of a field hold."""
    if kind == "text":
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise DoesNotHold("RECORD_WRONG", "a text is not UTF-8")
    return content if kind == "bytes" else parse(content, kind)


def parse(message, name):
    """A Protocol Buffers message in its one encoding, as docs/formats.md has it: fields in ascending order, each once unless it is a
    list, no unknown ones, defaults left out, numbers as short as they can be. Answers what each field holds."""
    kinds = MESSAGES[name]
    found = {number: [] if kind.endswith("*") else None for number, kind in kinds.items()}
    at, last = 0, 0
    while at < len(message):
        key, at = take_varint(message, at)
        number, kind = key >> 3, kinds.get(key >> 3, "")
        is_list, kind = kind.endswith("*"), kind.rstrip("*")
        is_number = kind in NUMBERS and not is_list
        demand(kind and key & 7 == (0 if is_number else 2), "RECORD_WRONG", "a message has a field that is not its own")
        demand(number > last or (number == last and is_list and kind not in NUMBERS), "RECORD_WRONG", "a message's fields are not in order")
        value, at = take_varint(message, at)
        last = number
        if is_number:
            found[number] = number_of(kind, value)
        else:
            demand(at + value <= len(message), "RECORD_WRONG", "a message is cut off")
            content, at = message[at:at + value], at + value
            if kind in NUMBERS:
                demand(content, "RECORD_WRONG", "a default is written out")
                there = 0
                while there < len(content):
                    value, there = take_varint(content, there)
                    found[number].append(number_of(kind, value))
                continue
            value = value_of(kind, content)
            if is_list:
                found[number].append(value)
                continue
            found[number] = value
        demand(value or kind in MESSAGES, "RECORD_WRONG", "a default is written out")
    does = [number for number, value in found.items() if value is not None and number != AMENDS]
    demand(name != "Action" or len(does) == 1, "RECORD_WRONG", "an action does not do one thing")
    defaults = {"text": "", "bytes": b""}
    return {number: defaults.get(kinds[number], None if kinds[number] in MESSAGES else 0) if value is None else value
            for number, value in found.items()}


Record = collections.namedtuple("Record", "index time previous ledger keys")

KNOWN_RULES = 1


def peek(message, *path):
    """What stands in a field of a field … of a message that may have more than this program knows; None: nothing can be read there."""
    for wanted in path:
        at, found = 0, None
        try:
            while at < len(message) and found is None:
                key, at = take_varint(message, at)
                value, at = take_varint(message, at)
                content = value if key & 7 == 0 else message[at:at + value]
                at += 0 if key & 7 == 0 else value
                found = content if key >> 3 == wanted else None
        except DoesNotHold:
            return None
        if found is None or (isinstance(found, int) and wanted != path[-1]):
            return None
        message = found
    return message


def named_rules(data, index):
    """The version of the rules that this record names: genesis for itself, AdoptRules for those after it; 0: it names none."""
    action = peek(data, 4, 1, 7)
    version = None if action is None else peek(action, 1, 5) if index == 0 else peek(action, 7, 1)
    return version if isinstance(version, int) and version < 2**32 else 0


def read_record(data):
    """The form, and the signatures of the entry's keys."""
    demand(len(data) <= 65534, "RECORD_WRONG", "a record is too long")
    record = parse(data, "Record")
    signed_entry = record[4]
    demand(signed_entry is not None and record[5] is not None, "RECORD_WRONG", "a record has an entry and an outcome")
    demand(len(record[3]) == 32, "RECORD_WRONG", "the hash of the record before has not 32 bytes")
    entry = parse(signed_entry[1], "Entry")
    keys = entry[9]
    demand(1 <= len(set(keys)) == len(keys) <= 32 and all(len(key) == 32 for key in keys), "RECORD_WRONG",
           "an entry names 1 to 32 signers, each once, by a key of 32 bytes")
    demand(len(signed_entry[2]) == len(keys), "ENTRY_SIGNATURE_BAD", "those who sign the entry are not those that it names")
    for key, signature in zip(keys, signed_entry[2]):
        demand(is_signed(key, b"fundtrail entry v1\n" + signed_entry[1], signature), "ENTRY_SIGNATURE_BAD", f"the signature of {key.hex()} is bad")
    return Record(record[1], record[2], record[3], entry[1], keys)


def verify_receipt(log, policy, text):
    lines = text.split("\n")
    demand(lines[0] == "c2sp.org/tlog-proof@v1" and len(text) <= 2 << 20, "NOT_A_PROOF", "the file is no tlog-proof")
    extra = b""
    at = 1
    if lines[at:] and lines[at].startswith("extra "):
        extra = unbase64(lines[at][6:], "NOT_A_PROOF")
        demand(extra, "NOT_A_PROOF", "what is empty is left out")
        at += 1
    demand(lines[at:] and lines[at].startswith("index "), "NOT_A_PROOF", "the file states no index")
    index = decimal(lines[at][6:], "NOT_A_PROOF")
    demand("" in lines[at + 1:-1], "NOT_A_PROOF", "the file has no checkpoint")
    blank = lines.index("", at + 1)
    checkpoint = "\n".join(lines[blank + 1:])
    demand(checkpoint, "NOT_A_PROOF", "the file has no checkpoint")
    path = [unbase64(line, "NOT_A_PROOF") for line in lines[at + 1:blank]]
    demand(len(path) <= 64 and all(len(h) == 32 for h in path), "NOT_A_PROOF", "it has a line that is no hash, or too many")
    demand(extra, "NO_RECORD", "the file carries no record")
    size, root, witnesses = open_checkpoint(checkpoint, log, policy)
    leads = leads_to(root, index, size, leaf_hash(extra), path)
    try:
        record = read_record(extra)
    except DoesNotHold as error:
        demand(leads, "RECORD_CHANGED", error.args[1])
        raise
    demand(leads, "NOT_INCLUDED", "the record does not lead to the checkpoint's root")
    demand(record.index == index, "RECORD_WRONG", f"the record states another number, {record.index}")
    demand(record.ledger == log.name, "RECORD_WRONG", "the entry is for another ledger")
    return f"record {index} of {size}, signed by {', '.join(key.hex() for key in record.keys)}" + cosigned_by(witnesses)


def cosigned_by(witnesses):
    return f", cosigned by {', '.join(witnesses)}" if witnesses else ""


# --- archives ----------------------------------------------------------------------------------------------------


def read(path):
    with open(path, "rb") as file:
        return file.read()


def read_text(path):
    return read(path).decode(errors="surrogateescape")


def bundle_path(number, width):
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return os.path.join("tile", "entries", path + (f".p/{width}" if width < 256 else ""))


def records_of(folder, size):
    """The records, one after the other."""
    for number in range(-(-size // 256)):
        width = min(256, size - 256 * number)
        path = os.path.join(folder, bundle_path(number, width))
        is_whole = os.path.exists(path) or width == 256
        bundle = read(path if is_whole else os.path.join(folder, bundle_path(number, 256)))
        for _ in range(width):
            length = int.from_bytes(bundle[:2], "big")
            demand(len(bundle) >= 2 + length and bundle, "NOT_AN_ARCHIVE", f"{path} is cut off")
            yield bundle[2:2 + length]
            bundle = bundle[2 + length:]
        demand(not is_whole or not bundle, "NOT_AN_ARCHIVE", f"{path} goes on behind its records")


def verify_archive(log, policy, folder):
    size, root, witnesses = open_checkpoint(read_text(os.path.join(folder, "checkpoint")), log, policy)
    demand(size > 0, "ROOT_WRONG", "the checkpoint is of no records, and a ledger begins with one")
    edge, previous, time, signatures, rules = Edge(), bytes(32), 0, 0, 1
    for index, data in enumerate(records_of(folder, size)):
        named = named_rules(data, index)
        rules = named or rules if index == 0 else rules
        if rules > KNOWN_RULES:
            raise CannotTell(f"record {index}: needs rules {rules}, and this program knows rules {KNOWN_RULES} at most: use a newer one")
        try:
            record = read_record(data)
            demand(record.index == index, "RECORD_WRONG", f"it states another number, {record.index}")
            demand(record.previous == previous, "RECORD_WRONG", "it states another hash for the record before it")
            demand(record.time > time, "RECORD_WRONG", "it is not later than the record before it")
            demand(record.time < 253_402_300_800_000_000, "RECORD_WRONG", "its time is not before the year 10000")
            demand(record.ledger == log.name, "RECORD_WRONG", "its entry is for another ledger")
        except DoesNotHold as error:
            raise DoesNotHold(error.args[0], f"record {index}: {error.args[1]}")
        previous, time, signatures = leaf_hash(data), record.time, signatures + len(record.keys)
        edge.append(previous)
        rules = named or rules
    demand(edge.root() == root, "ROOT_WRONG", "the records do not have the checkpoint's root")
    return f"{size} records, chained, with {signatures} good signatures and the root {root.hex()}" + cosigned_by(witnesses)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["receipt", "archive"])
    parser.add_argument("vkey")
    parser.add_argument("path")
    parser.add_argument("--policy")
    asked = parser.parse_args()
    try:
        log = parse_vkey(asked.vkey, LOG)
        policy = Policy(read_text(asked.policy), log) if asked.policy else None
        if asked.what == "archive":
            print("HOLDS", verify_archive(log, policy, asked.path))
        else:
            print("HOLDS", verify_receipt(log, policy, read_text(asked.path)))
    except DoesNotHold as error:
        print(f"DOES NOT HOLD  {error.args[0]}: {error.args[1]}")
        sys.exit(2 if error.args[0] == "NOT_A_PROOF" else 1)
    except CannotTell as error:
        print(f"CANNOT TELL  {error}")
        sys.exit(3)
    except OSError as error:
        print(f"DOES NOT HOLD  UNREADABLE: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
