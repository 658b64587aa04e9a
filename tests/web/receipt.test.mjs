// Notes, records and receipts: the worked example, published vectors, each one-character change, and hostile bytes.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import {
  AUTHOR, EXAMPLE, Key, LEDGER, Log, NAME, STRANGER, TOP, blob, bytes, declares, entry, faultOf, fromBase64, joined, leafOf, number, read, record, rootOf, transfer, varint,
  vectors,
} from './support.mjs';
import { openCheckpoint, openNote, parseCheckpoint, parseVkey } from '../../web/note.js';
import { parsePolicy, parseWitness } from '../../web/policy.js';
import { decimalsIn } from '../../web/payments.js';
import { parseProof, paymentsOf, readRecord, verifyReceipt } from '../../web/receipt.js';
import { hex } from '../../web/bytes.js';
import { leafNow } from '../../web/hashes.js';
import { leadsTo, leafHash } from '../../web/tree.js';
import { actionName, parse } from '../../web/wire.js';
import { Tiles } from '../../web/tiles.js';

const keyOf = async (text) => parseVkey(text).catch(() => parseWitness(text)).catch(() => null);

test('vkeys: good ones of two types, bad ones, and every part and neighbour of a good one', async () => {
  const { good, bad } = vectors('notes/vkeys.json');
  let known = 0;
  for (const vkey of good) {
    if (!(await keyOf(vkey))) continue;  // of another type
    ++known;
    const takes = (await faultOf(parseVkey(vkey))) === 'HOLDS' ? parseVkey : parseWitness;
    for (let i = 0; i < vkey.length; ++i) {
      assert.equal(await faultOf(takes(vkey.slice(0, i))), 'BAD_INPUT');
      if (i > 0) assert.equal(await faultOf(takes(vkey.slice(i))), 'BAD_INPUT');
      assert.equal(await faultOf(takes(vkey.slice(0, i) + String.fromCharCode(vkey.charCodeAt(i) + 1) + vkey.slice(i + 1))), 'BAD_INPUT');
    }
  }
  assert.ok(known >= 5, `${known}`);
  for (const vkey of bad) assert.equal(await keyOf(vkey), null, vkey);
});

test('notes and cosignatures, as their authors say', async () => {
  let opened = 0;
  for (const { id, vkeys, note, note_base64: base64, expect } of [...vectors('notes/notes.json'), ...vectors('cosignature/cosignatures.json')]) {
    if (!vkeys || (expect !== 'ok' && expect !== 'reject')) continue;
    const keys = (await Promise.all(vkeys.map(keyOf))).filter((key) => key);
    if (keys.length !== vkeys.length) continue;
    const fault = await faultOf(openNote(base64 ? fromBase64(base64) : bytes(note), keys));
    assert.equal(fault === 'HOLDS', expect === 'ok', `${id}: ${fault}`);
    ++opened;
  }
  assert.ok(opened >= 20, `${opened}`);
});

test('bodies of checkpoints', async () => {
  for (const { body, expect } of vectors('notes/checkpoint-bodies.json').cases) {
    assert.equal((await faultOf(Promise.resolve().then(() => parseCheckpoint(body)))) === 'HOLDS', expect === 'ok', body);
  }
});

test('the form of proofs, and the 49 that Tessera made', async () => {
  for (const { text, expect, index, hashes } of vectors('proof/tlog-proof-syntax.json').cases) {
    const proof = await Promise.resolve().then(() => parseProof(bytes(text))).catch((error) => error.fault);
    if (expect !== 'ok') assert.equal(proof, 'NOT_A_PROOF', text);
    else assert.deepEqual([proof.index, proof.path.length], [BigInt(index), hashes]);
  }
  const folder = 'tests/vectors/proof/tessera-derived', files = readdirSync(`${TOP}/${folder}`).filter((name) => name.endsWith('.tlog-proof'));
  assert.equal(files.length, 49);
  const log = await parseVkey(read('tests/vectors/tessera-log/VKEY').toString().trim()), { entries } = vectors('proof/tessera-derived/entries.json');
  for (const file of files) {
    const { index, path, checkpoint } = parseProof(new Uint8Array(read(`${folder}/${file}`))), { size, root } = await openCheckpoint(checkpoint, log);
    assert.equal(await leadsTo(root, index, size, await leafHash(bytes(entries[Number(index)])), path), true, file);
    assert.equal(await leadsTo(root, index, size, await leafHash(bytes(entries[Number(index)] + ' ')), path), false, file);
  }
});

const log = await parseVkey(EXAMPLE.vkey);

test('the worked example of docs/formats.md: what it says, and who signed it', async () => {
  assert.equal(EXAMPLE.vkey, LEDGER.vkey(NAME));
  const receipt = await verifyReceipt(bytes(EXAMPLE.receipt), log);
  assert.deepEqual([receipt.index, receipt.micros, receipt.entry[1], receipt.entry[2], receipt.signers], [1n, 1772359201000000n, NAME, 'root', [hex(AUTHOR.public)]]);
  assert.deepEqual([receipt.checkpoint.size, hex(receipt.checkpoint.root)], [2n, hex(EXAMPLE.root)]);
  assert.deepEqual(paymentsOf(receipt.entry), [{ line: 1, from: 'donor', to: 'village', fund: 'flood', amount: 12345n, asset: 'CNY', toAmount: 0n, date: '2026-03-01', purpose: '' }]);
  assert.deepEqual([decimalsIn(receipt.entry, 'CNY'), decimalsIn(receipt.entry, 'EUR')], [2, null]);
  assert.deepEqual(receipt.entry[7].map((action) => actionName(Number(Object.keys(action)[0]))), ['RegisterParty', 'RegisterParty', 'DeclareAsset', 'OpenFund', 'Transfer']);
  assert.equal((await openCheckpoint(bytes(EXAMPLE.checkpoint), log)).note, EXAMPLE.checkpoint);
});

test('each one-character change of the worked example is refused', async () => {
  const text = EXAMPLE.receipt, letters = [...text];
  for (const i of letters.keys()) {
    for (const other of ['A', '\n', letters[i] === 'B' ? 'C' : 'B']) {
      if (other === letters[i]) continue;
      const changed = [...letters.slice(0, i), other, ...letters.slice(i + 1)].join('');
      assert.notEqual(await faultOf(verifyReceipt(bytes(changed), log)), 'HOLDS', `letter ${i}: ${JSON.stringify(letters[i])} to ${JSON.stringify(other)}`);
    }
    assert.notEqual(await faultOf(verifyReceipt(bytes([...letters.slice(0, i), ...letters.slice(i + 1)].join('')), log)), 'HOLDS', `without letter ${i}`);
  }
  for (let end = 0; end < letters.length; ++end) assert.notEqual(await faultOf(verifyReceipt(bytes(letters.slice(0, end).join('')), log)), 'HOLDS');
  assert.equal(await faultOf(verifyReceipt(bytes('\ufeff' + text), log)), 'NOT_A_PROOF');
});

// A receipt of one record that is the only one of its log.
const alone = (data, { note = new Log([data]).note(), index = 0, path = [] } = {}) =>
  bytes(['c2sp.org/tlog-proof@v1', `extra ${Buffer.from(data).toString('base64')}`, `index ${index}`, ...path, '', note].join('\n'));
const of = (data, more) => faultOf(verifyReceipt(alone(data, more), log));

test('each fault by its name', async () => {
  const good = record(), signed = new Log([good]), text = signed.text();
  const note = (body, ...lines) => `${body}\n${lines.join('')}`;
  const changed = Uint8Array.from(good, (byte, i) => (i === good.length - 10 ? byte ^ 1 : byte));
  const cases = [
    ['HOLDS', good, {}],
    ['NOT_A_PROOF', good, { index: '00' }],
    ['NOT_A_PROOF', good, { path: ['AAAA'] }],
    ['CHECKPOINT_BAD', good, { note: 'x\n' }],
    ['CHECKPOINT_BAD', good, { note: signed.note() + '\n' }],
    ['CHECKPOINT_BAD', good, { note: signed.note().replace('—', '-') }],
    ['CHECKPOINT_BAD', good, { note: note(text.replace('\n1\n', '\n2\n'), LEDGER.line(NAME, text)) }],
    ['CHECKPOINT_BAD', good, { note: note(text.replace('aid', 'aim'), LEDGER.line(NAME, text.replace('aid', 'aim'))) }],
    ['CHECKPOINT_BAD', good, { note: note(text + '\n', LEDGER.line(NAME, text + '\n')) }],
    ['CHECKPOINT_BAD', good, { note: note('x'.repeat(1_000_000) + text, LEDGER.line(NAME, text)) }],
    ['WRONG_KEY', good, { note: note(text, STRANGER.line(NAME, text)) }],
    ['WRONG_KEY', good, { note: note(text, LEDGER.line('example.org/aim', text)) }],
    ['HOLDS', good, { note: note(text, STRANGER.line('stranger', text + 'x'), LEDGER.line(NAME, text)) }],
    ['HOLDS', good, { note: note(text + 'more\n', LEDGER.line(NAME, text + 'more\n')) }],
    ['RECORD_CHANGED', changed, { note: signed.note() }],
    ['NOT_INCLUDED', good, { note: new Log([record({ of: entry({ actions: [transfer({ amount: 1 })] }) })]).note() }],
    ['NOT_INCLUDED', good, { index: 1 }],
    ['RECORD_WRONG', record({ index: 3 }), {}],
    ['RECORD_WRONG', record({ of: entry({ ledger: 'example.org/aim' }) }), {}],
    ['ENTRY_SIGNATURE_BAD', record({ by: [STRANGER] }), {}],
    ['ENTRY_SIGNATURE_BAD', record({ by: [] }), {}],
    ['ENTRY_SIGNATURE_BAD', record({ by: [AUTHOR, AUTHOR] }), {}],
    ['HOLDS', record({ of: entry({ signers: [AUTHOR, STRANGER] }), by: [AUTHOR, STRANGER] }), {}],
    ['ENTRY_SIGNATURE_BAD', record({ of: entry({ signers: [AUTHOR, STRANGER] }), by: [STRANGER, AUTHOR] }), {}],
    ['RECORD_WRONG', record({ of: entry({ signers: [AUTHOR, AUTHOR] }), by: [AUTHOR, AUTHOR] }), {}],
    ['RECORD_WRONG', record({ of: entry({ signers: [] }), by: [] }), {}],
    ['RECORD_WRONG', record({ of: entry({ more: blob(9, 'short') }), by: [AUTHOR, AUTHOR] }), {}],
  ];
  for (const [i, [fault, data, more]] of cases.entries()) assert.equal(await of(data, more), fault, `case ${i}`);
  assert.equal(await faultOf(verifyReceipt(bytes(`c2sp.org/tlog-proof@v1\nindex 0\n\n${signed.note()}`), log)), 'NO_RECORD');
  assert.equal(await faultOf(verifyReceipt(new Uint8Array(3 << 20).fill(10), log)), 'NOT_A_PROOF');
  assert.equal(await faultOf(verifyReceipt(Uint8Array.of(0xff, 0xfe), log)), 'NOT_A_PROOF');
});

test('one encoding: fields that nobody knows, orders, lengths, numbers, at every depth', async () => {
  const inRecord = (more) => record({ more });
  const inEntry = (more) => record({ of: entry({ more }) });
  const inAction = (content) => record({ of: entry({ actions: [blob(7, content)] }) });
  const inTransfer = (more) => record({ of: entry({ actions: [transfer({ more })] }) });
  const whole = joined(blob(1, 'donor'), blob(2, 'village'), blob(3, 'flood'), number(5, 1), blob(6, 'CNY'));
  const bad = {
    'an unknown field of a record': inRecord(blob(6, 'x')),
    'of an entry': inEntry(number(10, 1)),
    'of an action': inAction(joined(blob(40, whole), blob(99, 'x'))),
    'of a transfer': inTransfer(number(25, 1)),
    'of an unknown action': inAction(blob(50, 'x')),
    'of an outcome': record({ outcome: blob(5, number(2, 1)) }),
    'of a piece': record({ outcome: blob(5, blob(1, blob(2, number(3, 1)))) }),
    'a group': inTransfer(Uint8Array.of(25 * 8 + 3)),
    'fixed 32': inTransfer(joined(varint((20 << 3) | 5), [0, 0, 0, 0])),
    'field 0': inTransfer(Uint8Array.of(0, 0)),
    'the wrong kind': inTransfer(blob(20, 'x')),
    'another order': inTransfer(blob(1, 'x')),
    'a field twice': record({ of: entry({ actions: [blob(7, blob(40, joined(whole, blob(6, 'CNY'))))] }) }),
    'a default': inTransfer(number(20, 0)),
    'an empty text': inTransfer(blob(21, '')),
    'a bool of 2': inTransfer(number(20, 2)),
    'an enum without a name': inTransfer(number(16, 2)),
    'a uint32 of 33 bits': inAction(blob(20, joined(blob(1, 'CNY'), number(3, 1n << 32n)))),
    'a number in one byte more': inTransfer(joined(varint(20 << 3), [0x81, 0])),
    'a number of 65 bits': inTransfer(joined(varint(20 << 3), new Uint8Array(9).fill(0xff), [2])),
    'a number without an end': inTransfer(joined(varint(20 << 3), new Uint8Array(11).fill(0xff))),
    'a length beyond the end': inTransfer(joined(varint((21 << 3) | 2), varint(1n << 62n))),
    'a length of one too many': inTransfer(joined(varint((21 << 3) | 2), [2, 65])),
    'a text that is not UTF-8': inTransfer(blob(21, Uint8Array.of(0xc0, 0x80))),
    'a half of a pair': inTransfer(blob(21, Uint8Array.of(0xed, 0xa0, 0x80))),
    'an empty action': inAction(''),
    'two things in one action': inAction(joined(blob(20, blob(1, 'CNY')), blob(40, whole))),
    'amends alone': inAction(blob(100, number(1, 1))),
    'an empty packed list': inAction(blob(3, joined(blob(1, new Uint8Array(32)), blob(2, 'root'), blob(3, '')))),
    'a packed list in two': inAction(blob(3, joined(blob(1, AUTHOR.public), blob(2, 'root'), blob(3, [1]), blob(3, [2])))),
    'a list of numbers that is not packed': inAction(blob(3, joined(blob(1, AUTHOR.public), blob(2, 'root'), number(3, 1)))),
    'no outcome': record({ outcome: [] }),
    'more than a record may have': record({ of: entry({ actions: Array.from({ length: 300 }, () => transfer({ more: blob(21, 'x'.repeat(200)) })) }) }),
  };
  for (const [what, data] of Object.entries(bad)) assert.equal(await of(data), 'RECORD_WRONG', what);
  const good = {
    'an empty message': record({ of: entry({ actions: [blob(7, joined(blob(20, blob(1, 'CNY')), blob(100, '')))] }) }),
    'a number below zero': inTransfer(number(14, -1)),
    'a packed list': inAction(blob(3, joined(blob(1, AUTHOR.public), blob(2, 'root'), blob(3, [1, 2])))),
    'a list with an empty item': record({ outcome: blob(5, joined(blob(1, ''), blob(1, ''))) }),
    'the largest number': inTransfer(number(14, (1n << 63n) - 1n)),
    'a byte order mark in a text': inTransfer(blob(21, '\ufeffx')),
  };
  for (const [what, data] of Object.entries(good)) assert.equal(await of(data), 'HOLDS', what);
  assert.throws(() => parse(new Uint8Array(), 'Nothing'), /no message/);
});

test('what is longer than a record may be is wrong in the tree, and was changed outside it', async () => {
  const found = (length, more) => faultOf(verifyReceipt(alone(new Uint8Array(length), more), { ...log, leaf: leafNow }));
  for (const length of [65_535, 1_500_000]) {
    assert.equal(await found(length), 'RECORD_WRONG');
    assert.equal(await found(length, { index: 1 }), 'RECORD_CHANGED');
  }
  assert.equal(await found(65_535, { note: 'x\n' }), 'CHECKPOINT_BAD');
  assert.equal(await found(65_534, { index: 1 }), 'RECORD_CHANGED');
});

test('hostile bytes end soon and in a fault: 64 kB of one byte, and 3,000 random changes of the worked example', async () => {
  for (let byte = 0; byte < 256; ++byte) assert.notEqual(await faultOf(readRecord(new Uint8Array(65534).fill(byte))), 'HOLDS');
  const { extra } = parseProof(bytes(EXAMPLE.receipt));
  let state = 17;
  const random = (below) => (state = (state * 48271) % 0x7fffffff) % below;
  for (let i = 0; i < 3000; ++i) {
    const changed = extra.slice(0, random(4) === 0 ? random(extra.length) : extra.length);
    for (let times = random(3); times >= 0 && changed.length > 0; --times) changed[random(changed.length)] ^= 1 + random(255);
    const fault = await faultOf(readRecord(changed));
    // What the signature does not cover is the record's own: its number, its time, the hash before and the outcome.
    if (fault === 'HOLDS') assert.deepEqual(parse(changed, 'Record')[4], parse(extra, 'Record')[4]);
    else assert.ok(fault === 'RECORD_WRONG' || fault === 'ENTRY_SIGNATURE_BAD', fault);
  }
});

test('receipts that are made of tiles hold, and are what the ledger writes', async () => {
  const records = [record(), ...Array.from({ length: 6 }, (_, i) => record({ index: i + 1, of: entry({ actions: [declares('CNY', 2), transfer({ amount: i + 1 })] }) }))];
  const own = new Log(records), tiles = new Tiles(async (path) => own.file(path), 7n);
  for (const i of records.keys()) {
    const receipt = await verifyReceipt(await tiles.receipt(i, own.note()), log);
    assert.equal(receipt.index, BigInt(i));
    assert.equal(paymentsOf(receipt.entry)[0].amount, i === 0 ? 12345n : BigInt(i));
  }
  await assert.rejects(tiles.receipt(7, own.note()), /older than the record/);
  const { extra, path } = parseProof(bytes(EXAMPLE.receipt)), files = { 'tile/0/000.p/2': joined(path[0], leafOf(extra)), 'tile/entries/000.p/2': joined([0, 0], [extra.length >> 8, extra.length & 255], extra) };
  assert.deepEqual(rootOf([path[0], leafOf(extra)]), EXAMPLE.root);
  assert.equal(Buffer.from(await new Tiles(async (name) => files[name] ?? null, 2n).receipt(1, EXAMPLE.checkpoint)).toString(), EXAMPLE.receipt);
});

test('policies: who must have cosigned', async () => {
  const witnesses = [3, 4, 5].map((seed) => new Key(seed)), names = ['w1.example', 'w2.example', 'w3.example'];
  const data = record(), own = new Log([data]), text = own.text();
  const lines = witnesses.map((key, i) => `witness W${i + 1} ${key.vkey(names[i], 4)}\n`).join('');
  const cosigned = (...which) => own.note() + which.map((i) => witnesses[i - 1].cosign(names[i - 1], text, 1767225600)).join('');
  const judged = async (policy, note) => faultOf(parsePolicy(policy, log).then((parsed) => verifyReceipt(alone(data, { note }), log, parsed)));
  assert.equal(await judged('quorum none\n', own.note()), 'HOLDS');
  assert.equal(await judged(`log ${own.vkey} https://x\n# a line\n\t${lines}quorum W1\n`, cosigned(1)), 'HOLDS');
  assert.equal(await judged(`${lines}quorum W1\n`, cosigned(2, 3)), 'NO_QUORUM');
  const two = `${lines}group G 2 W1 W2 W3\nquorum G\n`;
  for (const [which, fault] of [[[], 'NO_QUORUM'], [[1], 'NO_QUORUM'], [[1, 1], 'NO_QUORUM'], [[1, 3], 'HOLDS'], [[1, 2, 3], 'HOLDS']]) assert.equal(await judged(two, cosigned(...which)), fault);
  assert.equal(await judged(`${lines}group A any W1 W2\ngroup B all A W3\nquorum B\n`, cosigned(2, 3)), 'HOLDS');
  assert.equal(await judged(`${lines}group A any W1 W2\ngroup B all A W3\nquorum B\n`, cosigned(1, 2)), 'NO_QUORUM');
  assert.equal(await judged(two, own.note() + witnesses[0].cosign(names[0], text + 'x', 1)), 'CHECKPOINT_BAD');
  // A time is below 2^63 seconds.
  assert.equal(await judged(`${lines}quorum W1\n`, own.note() + witnesses[0].cosign(names[0], text, (1n << 63n) - 1n)), 'HOLDS');
  assert.equal(await judged(`${lines}quorum W1\n`, own.note() + witnesses[0].cosign(names[0], text, 1n << 63n)), 'CHECKPOINT_BAD');
  assert.equal(await judged(two, `${text}\n${witnesses.map((key, i) => key.cosign(names[i], text, 5)).join('')}`), 'WRONG_KEY');
  assert.equal(await judged(two, `${text}\n${witnesses[0].cosign(names[0], text + 'x', 5)}`), 'WRONG_KEY');
  const refused = [
    '', 'quorum W1\n', `${lines}quorum W1`, `${lines}quorum W1\nquorum W1\n`, `${lines}${lines}quorum W1\n`, `${lines}group G 4 W1 W2 W3\nquorum G\n`, `${lines}group G 0 W1\nquorum G\n`,
    `${lines}group G any W1\ngroup H any W1\nquorum H\n`, `${lines}group none any W1\nquorum none\n`, `log ${STRANGER.vkey(NAME)}\nquorum none\n`, `log ${own.vkey}\nlog ${own.vkey}\nquorum none\n`,
    `witness W ${LEDGER.vkey(NAME)}\nquorum W\n`, `witness W ${witnesses[0].vkey('a', 4)}\nwitness V ${witnesses[0].vkey('b', 4)}\nquorum W\n`, `${lines}quorum W1 # a word\n`, `word\nquorum none\n`, `quorum none\x07\n`,
  ];
  for (const policy of refused) assert.equal(await faultOf(parsePolicy(policy, log)), 'BAD_INPUT', policy);
  for (const { policy, desc } of vectors('policy/policies.json').rejects) assert.equal(await faultOf(parsePolicy(policy, log)), 'BAD_INPUT', desc);
});
