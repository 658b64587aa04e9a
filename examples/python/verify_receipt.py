#!/usr/bin/python3
"""A verifier of one's own, written from docs/formats.md and from nothing else.

    verify_receipt.py receipt VKEY FILE                     a receipt, offline
    verify_receipt.py chain VKEY CHECKPOINT BUNDLE...       all records of an archive: its tile/entries/ files in order

Needs python3-nacl (Debian). Prints what holds and exits 0, or what does not and exits 1. It checks hashes and signatures; the rules of
money, and which key may sign for whom, are for `fundtrail verify`.
"""
import base64
import hashlib
import sys

import nacl.exceptions
import nacl.signing


class DoesNotHold(Exception):
    pass


def demand(condition, why):
    if not condition:
        raise DoesNotHold(why)


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(record):
    return sha256(b"\x00" + record)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def unbase64(text):
    """One text for one value: standard alphabet, padding, no stray bits."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise DoesNotHold("it is not base64: " + repr(text))
    demand(base64.b64encode(data).decode() == text, "it is not strict base64: " + repr(text))
    return data


def decimal(text):
    demand(text.isascii() and text.isdigit() and str(int(text)) == text and int(text) < 2**64, "it is no number: " + repr(text))
    return int(text)


def signed_by(key, message, signature):
    try:
        nacl.signing.VerifyKey(key).verify(message, signature)
        return True
    except (nacl.exceptions.BadSignatureError, ValueError, nacl.exceptions.ValueError):
        return False


def parse_vkey(vkey):
    parts = vkey.split("+", 2)
    demand(len(parts) == 3, "the vkey has three parts, name+id+key")
    name, key_id, type_and_key = parts[0], parts[1], unbase64(parts[2])
    demand(len(type_and_key) == 33 and type_and_key[0] == 1, "the vkey is not a ledger's")
    demand(sha256(name.encode() + b"\n" + type_and_key)[:4].hex() == key_id, "the vkey's id does not fit its key")
    return name, bytes.fromhex(key_id), type_and_key[1:]


def open_checkpoint(note, vkey):
    """The note of a checkpoint by that key: its size and root."""
    name, key_id, key = parse_vkey(vkey)
    text, blank, lines = note.rpartition("\n\n")
    demand(blank and lines.endswith("\n"), "the checkpoint is no signed note")
    text += "\n"
    good = False
    for line in lines[:-1].split("\n"):
        parts = line.split(" ")
        demand(len(parts) == 3 and parts[0] == "\u2014", "a line of the checkpoint is no signature")
        payload = unbase64(parts[2])
        if parts[1] != name or payload[:4] != key_id:
            continue  # by somebody else: a witness
        demand(signed_by(key, text.encode(), payload[4:]), "the checkpoint's signature is bad")
        good = True
    demand(good, "the checkpoint is not signed by that key")
    fields = text[:-1].split("\n")
    demand(len(fields) >= 3 and all(fields), "the checkpoint lacks a line")
    demand(fields[0] == name, "the checkpoint is of another ledger, " + fields[0])
    root = unbase64(fields[2])
    demand(len(root) == 32, "the checkpoint's root has not 32 bytes")
    return decimal(fields[1]), root


def root_from(index, size, leaf, path):
    """RFC 9162 section 2.1.3.2."""
    demand(index < size, "the index is beyond the checkpoint")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        demand(sn != 0, "the inclusion proof is too long")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    demand(sn == 0, "the inclusion proof is too short")
    return r


def fields_of(message):
    """Protocol Buffers: (number, value) of each field; a value is a number or bytes."""
    def varint(at):
        value = shift = 0
        while True:
            demand(at < len(message) and shift < 70, "a message is cut off")
            value |= (message[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if message[at - 1] < 0x80:
                return value, at
    at = 0
    while at < len(message):
        tag, at = varint(at)
        value, at = varint(at)
        if tag & 7 == 2:
            demand(at + value <= len(message), "a message is cut off")
            value, at = message[at:at + value], at + value
        else:
            demand(tag & 7 == 0, "a message has a field of a kind that is not used")
        yield tag >> 3, value


def field(message, number, default):
    """The only field of that number."""
    found = [value for n, value in fields_of(message) if n == number]
    demand(len(found) <= 1 and all(isinstance(v, type(default)) for v in found), f"field {number} is not as it should be")
    return found[0] if found else default


def check_record(record, index, ledger):
    """What a record shows alone. Answers its time, the hash before it, and whose keys signed."""
    demand(field(record, 1, 0) == index, f"record {index} states another number")
    signed_entry = field(record, 4, b"")
    entry = field(signed_entry, 1, b"")
    demand(field(entry, 1, b"") == ledger.encode(), f"record {index} is signed for another ledger")
    keys = []
    for signature in (value for number, value in fields_of(signed_entry) if number == 2):
        key = field(signature, 1, b"")
        demand(len(key) == 32 and key not in keys, f"record {index} names a key twice, or no key")
        demand(signed_by(key, b"fundtrail entry v1\n" + entry, field(signature, 2, b"")),
               f"record {index}: the entry's signature by {key.hex()} is bad")
        keys.append(key)
    demand(keys, f"record {index}: the entry is not signed")
    return field(record, 2, 0), field(record, 3, b""), keys


def verify_receipt(vkey, text):
    lines = text.split("\n")
    demand(lines[0] == "c2sp.org/tlog-proof@v1", "the file is no tlog-proof")
    demand(len(lines) > 2 and lines[1].startswith("extra "), "the file carries no record")
    record = unbase64(lines[1][6:])
    demand(record and lines[2].startswith("index "), "the file states no index")
    index = decimal(lines[2][6:])
    demand("" in lines[3:], "the file has no checkpoint")
    blank = lines.index("", 3)
    path = [unbase64(line) for line in lines[3:blank]]
    demand(all(len(h) == 32 for h in path), "a hash has not 32 bytes")
    size, root = open_checkpoint("\n".join(lines[blank + 1:]), vkey)
    demand(root_from(index, size, leaf_hash(record), path) == root, "the record does not lead to the checkpoint's root")
    _, _, keys = check_record(record, index, parse_vkey(vkey)[0])
    print(f"HOLDS: record {index} of {size}, signed by {', '.join(key.hex() for key in keys)}")


def verify_chain(vkey, note, bundles):
    size, root = open_checkpoint(note, vkey)
    ledger = parse_vkey(vkey)[0]
    edge, previous, time, index = [], bytes(32), None, 0  # edge: (width, hash) of complete subtrees, widest first
    for bundle in bundles:
        while bundle:
            demand(len(bundle) >= 2, "a bundle is cut off")
            length = int.from_bytes(bundle[:2], "big")
            record, bundle = bundle[2:2 + length], bundle[2 + length:]
            demand(len(record) == length, "a bundle is cut off")
            recorded, before, _ = check_record(record, index, ledger)
            demand(before == previous, f"record {index} does not follow the record before it")
            demand(time is None or recorded > time, f"record {index} is not later than the one before it")
            previous, time, index = leaf_hash(record), recorded, index + 1
            width, h = 1, previous
            while edge and edge[-1][0] == width:
                width, h = 2 * width, node_hash(edge.pop()[1], h)
            edge.append((width, h))
    demand(index == size, f"there are {index} records, and the checkpoint counts {size}")
    h = edge.pop()[1] if edge else sha256(b"")
    while edge:
        h = node_hash(edge.pop()[1], h)
    demand(h == root, "the records do not have the checkpoint's root")
    print(f"HOLDS: {size} records, chained and signed, with the root {root.hex()}")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "receipt":
        check = lambda: verify_receipt(sys.argv[2], read(sys.argv[3]).decode())
    elif len(sys.argv) >= 5 and sys.argv[1] == "chain":
        check = lambda: verify_chain(sys.argv[2], read(sys.argv[3]).decode(), map(read, sys.argv[4:]))
    else:
        sys.exit(__doc__)
    try:
        check()
    except (DoesNotHold, UnicodeDecodeError) as error:
        print(f"DOES NOT HOLD: {error}")
        sys.exit(1)


main()
