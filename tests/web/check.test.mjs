// What a page is told: what was seen before, payments against what was signed, the sentences in both languages, and what all of it weighs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { EXAMPLE, Key, Log, NAME, STRANGER, TOP, bytes, declares, entry, read, record, transfer } from './support.mjs';
import { headsOf, paymentAt, rowsOf } from '../../web/button.js';
import { verdictOfSeen, words } from '../../web/check.js';
import { Unsupported } from '../../web/ed25519.js';
import { ERRORS, faultText, verdictOfError } from '../../web/errors.js';
import { FAULTS } from '../../web/faults.js';
import { isEnough, offersOf } from '../../web/find.js';
import { FOUND, found as sayFound } from '../../web/found.js';
import { confirmKey, look, lookAtKey } from '../../web/keep.js';
import { speaksOf } from '../../web/light.js';
import { Fault, openCheckpoint, parseVkey } from '../../web/note.js';
import { opened } from '../../web/opened.js';
import { amountsIn, checkPage, checkPayments, compare, compareHead, verdict } from '../../web/payments.js';
import { WORDS as PICTURE, pngName } from '../../web/picture.js';
import { Tiles } from '../../web/tiles.js';
import { ASKED, askedIn, judge, policyText, read as readWitnesses } from '../../web/witnesses.js';
import { WORDS as EN } from '../../web/words-en.js';
import { WORDS as ZH } from '../../web/words-zh.js';

const log = await parseVkey(EXAMPLE.vkey);

class Store {
  map = new Map();
  getItem = (name) => this.map.get(name) ?? null;
  setItem = (name, value) => this.map.set(name, value);
}

const RECORDS = Array.from({ length: 12 }, (_, i) => record({ index: i, of: entry({ actions: [transfer({ amount: 100 + i })] }) }));
const OTHERS = RECORDS.map((data, i) => (i < 3 ? data : record({ index: i, of: entry({ actions: [transfer({ amount: 900 + i })] }) })));
const proofsOf = (own) => async (old, size) => new Tiles(async (path) => new Log(own.records.slice(0, Number(size))).file(path), size).consistency(old);
const at = async (own, size) => openCheckpoint(bytes(own.note(size)), log);

test('a checkpoint against what was seen: in every order of sizes, of one history and of two', async () => {
  const whole = new Log(RECORDS), other = new Log(OTHERS);
  for (let before = 0; before <= 12; ++before) {
    for (let now = 0; now <= 12; ++now) {
      const store = new Store();
      assert.deepEqual(await look(store, log, await at(whole, before), proofsOf(whole), '2026-11-03'), { state: 'first', isKept: true });
      const seen = await look(store, log, await at(whole, now), proofsOf(whole), '2026-11-04');
      assert.equal(seen.state, now === before ? 'same' : now > before ? 'continues' : 'older', `${before}, ${now}`);
      assert.deepEqual([seen.seen.size, seen.seen.when], [BigInt(before), '2026-11-03']);
      // What is kept never goes back.
      const kept = await look(store, log, await at(whole, 12), proofsOf(whole), '2026-11-05');
      assert.equal(kept.seen.size, BigInt(Math.max(before, now)));

      // Of the other history the first three records are the same: up to there no fork is to be seen.
      const fresh = new Store();
      await look(fresh, log, await at(whole, before), proofsOf(whole), '2026-11-03');
      const newer = now >= before ? other : whole, fork = await look(fresh, log, await at(other, now), proofsOf(newer), '2026-11-04');
      const parts = before > 3 && now > 3;
      if (parts) assert.equal(fork.state, 'forked', `${before}, then ${now} of the other`);
      else assert.equal(fork.state, now === before ? 'same' : now > before ? 'continues' : 'older');
      if (!parts) continue;
      const after = await look(fresh, log, await at(whole, 12), proofsOf(whole), '2026-11-05');
      assert.equal(after.state, 'forked', 'it is not forgotten');
      assert.equal(JSON.parse(fresh.getItem(`fundtrail note ${log.vkey}`)).forks.length, 1);
    }
  }
});

test('what nobody can show: no proof, a bad one, and a store that is broken, refuses, or was written by others', async () => {
  const whole = new Log(RECORDS), none = async () => Promise.reject(new Error('away'));
  for (const proofs of [none, async () => ({ root: new Uint8Array(32), proof: [new Uint8Array(32)] }), async () => ({ root: new Uint8Array(32), proof: [] })]) {
    const store = new Store();
    await look(store, log, await at(whole, 5), proofs, '2026-11-03');
    const seen = await look(store, log, await at(whole, 9), proofs, '2026-11-04');
    assert.equal(seen.state, 'unproven');
    assert.equal((await look(store, log, await at(whole, 5), proofs, '2026-11-04')).state, 'same', 'it was not kept');
    assert.equal((await look(store, log, await at(whole, 2), proofs, '2026-11-04')).state, 'unproven');
  }
  const full = { getItem: () => null, setItem: () => { throw new Error('full'); } };
  for (const store of [null, full]) assert.deepEqual(await look(store, log, await at(whole, 5), none, '2026-11-03'), { state: 'first', isKept: false });
  for (const kept of ['{', '7', '{"note": 7}', JSON.stringify({ note: new Log(RECORDS, { key: STRANGER }).note(9), when: 'x' })]) {
    const store = new Store();
    store.setItem(`fundtrail note ${log.vkey}`, kept);
    assert.equal((await look(store, log, await at(whole, 5), none, '2026-11-03')).state, 'first', kept);
  }
});

test('the key that was seen first under a name', async () => {
  const store = new Store(), other = await parseVkey(STRANGER.vkey(NAME));
  assert.deepEqual(lookAtKey(store, log, '2026-11-03'), { state: 'first', vkey: log.vkey, when: '2026-11-03', isConfirmed: false });
  assert.deepEqual(lookAtKey(store, log, '2026-11-04'), { state: 'same', vkey: log.vkey, when: '2026-11-03', isConfirmed: false });
  assert.equal(lookAtKey(store, other, '2026-11-04').state, 'other');
  assert.equal(lookAtKey(store, log, '2026-11-05').state, 'same', 'another key takes the place of none');
  confirmKey(store, other, '2026-11-06');
  assert.deepEqual(lookAtKey(store, other, '2026-11-07'), { state: 'same', vkey: other.vkey, when: '2026-11-06', isConfirmed: true });
});

test('amounts in a text', () => {
  const units = (text) => amountsIn(text).map(({ units: of, decimals }) => `${of}/${decimals}`);
  assert.deepEqual(units('1,200,000.00 USD'), ['120000000/2']);
  assert.deepEqual(units('on 2026-08-26: 0.05 and 7, then 12,345'), ['5/2', '7/0', '12345/0']);
  assert.deepEqual(units('1,20,0 1.2.3 no 12,3456'), []);
  assert.deepEqual(units('（约 2,096 万）'), ['2096/0']);
});

const node = (...texts) => texts.map((data) => ({ nodeType: 1, childNodes: [{ nodeType: 3, data }] }));
const row = (ref, data, ...texts) => {
  const [of, line] = ref.split('.');
  return { dataset: { record: of, line, ...data }, childNodes: node(...texts) };
};
const PAYMENT = { line: 1, from: 'donor', to: 'village', fund: 'flood', amount: 12345n, asset: 'CNY', toAmount: 0n, date: '2026-03-01', purpose: '' };

test('a row against the payment: each attribute, and the amount that people read', () => {
  const data = { from: 'donor', to: 'village', fund: 'flood', amount: '12345', asset: 'CNY', date: '2026-03-01' };
  const whole = (parts, decimals) => ({ parts, isWhole: true, decimals });
  assert.deepEqual(compare(row('1.1', data, '2026-03-01', '1.1', 'Donor', '123.45 CNY'), PAYMENT), whole([], [2]));
  for (const [name, wrong] of Object.entries({ from: 'donot', to: '', fund: 'Flood', amount: '12346', asset: 'CNH', date: '2026-03-02' })) {
    assert.deepEqual(compare(row('1.1', { ...data, [name]: wrong }, '123.45'), PAYMENT), whole([name], [2]));
    // One that is not there is told, whatever else the row says.
    const { [name]: _, ...without } = data;
    assert.deepEqual(compare(row('1.1', without, '123.45'), PAYMENT), { parts: [], isWhole: false, decimals: [2] });
    assert.deepEqual(compare(row('1.1', without, '923.45'), PAYMENT), { parts: ['shown'], isWhole: false, decimals: [] });
  }
  assert.deepEqual(compare(row('1.1', data, '1.1', 'no amount'), PAYMENT), { parts: [], isWhole: false, decimals: [] });
  for (const wrong of ['123.46 CNY', '1,234,500.00 CNY', '0.00']) {
    assert.deepEqual(compare(row('1.1', data, 'paid', wrong), PAYMENT).parts, ['shown'], wrong);
  }
  // So does a name before it, that somebody chose.
  assert.deepEqual(compare(row('1.1', data, 'Shelter 12345', '123.45 CNY', 'for 1,234.5'), PAYMENT), whole([], [0, 2, 1]));
  // Its number reads like an amount, and is none.
  assert.deepEqual(compare(row('123.45', data, '123.45', '999.00'), PAYMENT).parts, ['shown']);
  assert.deepEqual(compare(row('123.45', data, '123.45', '123.45 CNY'), PAYMENT).parts, []);
});

test('the heading of a page of one payment against that payment', () => {
  const head = (text) => ({ record: '1', line: '1', texts: text === null ? null : { nodeType: 1, childNodes: [{ nodeType: 3, data: text }] } });
  const of = (text, payment = PAYMENT) => compareHead(head(text), payment);
  assert.deepEqual(of('Payment 1.1: Donor → Village, 123.45 CNY'), { parts: [], isWhole: true, decimals: [2] });
  assert.deepEqual(of('Payment 1.1: Donor → Village, 923.45 CNY').parts, ['shown']);
  for (const lacks of ['Payment 1.1: Donor → Village', null]) assert.deepEqual(of(lacks), { parts: [], isWhole: false, decimals: [] });
  // What an exchange became is another amount, in another asset.
  assert.deepEqual(of('17.00 USD', { ...PAYMENT, toAmount: 1700n }), { parts: [], isWhole: true, decimals: [] });
  assert.deepEqual(of('0.00 USD').parts, ['shown'], 'a payment that exchanges nothing became nothing');
});

test('the payment that an address asks for, and what of its page must show the amount', () => {
  assert.deepEqual(paymentAt('/zh/@34/payment/3.14/'), { record: '3', line: '14', isTrace: false });
  assert.deepEqual(paymentAt('/aid/payment/3.14/went/'), { record: '3', line: '14', isTrace: true });
  for (const other of ['/payments/', '/payment/3/', '/payment/3.14', '/party/payment/', '/payment/3.14/x/']) assert.equal(paymentAt(other), null, other);
  const page = { querySelector: (what) => `<${what}>` }, asked = (path, query = '') => headsOf(page, path, query).map(({ record, line, texts }) => `${record}.${line} ${texts}`);
  assert.deepEqual(asked('/payment/3.14/'), ['3.14 <h1>', '3.14 <title>']);
  assert.deepEqual(asked('/payment/3.14/came/'), ['3.14 <.lead>']);
  assert.deepEqual(asked('/payment/3.14/came/', '?until=2026-01-01'), [], 'of a part the sum is another');
  assert.deepEqual(asked('/party/donor/went/'), []);
});

test('a row of a payment is one, with its marks and without them', () => {
  const element = (marks, ...paths) => ({ matches: () => marks, querySelectorAll: () => paths.map((pathname) => ({ pathname })) });
  const marked = element(true), stripped = element(false, '/payment/1.1/'), other = element(false, '/party/donor/'), none = element(false);
  assert.deepEqual(rowsOf({ querySelectorAll: () => [marked, stripped, other, none] }), [marked, stripped]);
});

const LEDGERS = [
  record({ of: entry({ actions: [declares('CNY', 2), declares('JPY', 0)] }) }),
  record({ index: 1, of: entry({ actions: [transfer(), transfer({ to: 'hub', amount: 5, date: '2026-02-01' })] }) }),
  record({ index: 2, of: entry({ actions: [transfer({ asset: 'JPY', amount: 700 })] }) }),
];
const own = new Log(LEDGERS), tiles = new Tiles(async (path) => own.file(path), 3n);
const receiptOf = async (of) => tiles.receipt(Number(of), own.note());
const signed = (to, amount, asset = 'CNY', date = '2026-03-01') => ({ from: 'donor', to, amount: String(amount), asset, fund: 'flood', date });
const ROWS = () => [
  row('1.1', { ...signed('village', 12345), assetRecord: '0' }, '123.45 CNY'),
  row('1.2', signed('hub', 5, 'CNY', '2026-02-01'), '0.05 CNY'),
  row('2.1', { ...signed('village', 700, 'JPY'), assetRecord: '0' }, '700 JPY'),
];
const say = await words('en'), tell = sayFound('en');
const fault = (refs, name) => faultText('en', new Fault(name, ''), refs);
const told = async (rows, from = receiptOf, heads = []) => verdict(await checkPayments(rows, log, from, () => {}, heads), rows.length, 'en');

test('the payments of a page: green when each is what was signed', async () => {
  const steps = [], asked = [];
  const outcome = await checkPayments(ROWS(), log, (of) => (asked.push(of), receiptOf(of)), (n) => steps.push(n));
  assert.deepEqual([outcome.checked, steps, asked], [3, [1, 2, 3], ['1', '2', '0']]);
  assert.deepEqual(verdict(outcome, 3, 'en'), { colour: 'green', text: tell('checked', { n: 3, all: 3 }) });
  const bare = ROWS();
  for (const one of bare) delete one.dataset.assetRecord;
  assert.deepEqual(await told(bare), { colour: 'green', text: `${tell('checked', { n: 3, all: 3 })} ${tell('decimals', { assets: 'CNY, JPY' })}` });
});

test('receipts of one checkpoint: its signature is checked once, and no hash is waited for', async () => {
  const many = Array.from({ length: 64 }, (_, i) => record({ index: i, of: entry({ actions: [transfer({ amount: 7000 + i })] }) }));
  const forest = new Log(many), there = new Tiles(async (path) => forest.file(path), 64n);
  const rows = many.map((_, i) => row(`${i}.1`, signed('village', 7000 + i), `${(7000 + i) / 100} CNY`));
  const receipts = await Promise.all(many.map((_, i) => there.receipt(i, forest.note())));
  const subtle = globalThis.crypto.subtle, calls = { digest: 0, verify: 0 };
  for (const name of Object.keys(calls)) {
    const own = subtle[name].bind(subtle);
    Object.defineProperty(subtle, name, { configurable: true, value: (...args) => (++calls[name], own(...args)) });
  }
  try {
    const outcome = await checkPayments(rows, log, async (of) => receipts[Number(of)]);
    assert.deepEqual([outcome.faults, outcome.missing], [[], []]);
  } finally {
    for (const name of Object.keys(calls)) delete subtle[name];
  }
  // One by the author of each record, and one of the note.
  assert.deepEqual(calls, { digest: 0, verify: 64 + 1 });
  // A signature that is another one is looked at, whatever was found of the one before.
  const text = new TextDecoder().decode(receipts[1]), mark = text.indexOf('\u2014 ') + `\u2014 ${NAME} `.length + 20;
  const bad = bytes(text.slice(0, mark) + (text[mark] === 'A' ? 'B' : 'A') + text.slice(mark + 1));
  const two = await checkPayments(rows.slice(0, 2), log, async (of) => (of === '1' ? bad : receipts[Number(of)]));
  assert.deepEqual(two.faults.map(({ ref, error }) => [ref, error.fault]), [['1.1', 'CHECKPOINT_BAD']]);
});

test('a name that reads like the amount neither turns a page red nor hides wrong decimals', async () => {
  const named = (text) => {
    const rows = ROWS();
    rows[0].childNodes.unshift(...node(text));
    return rows;
  };
  assert.equal((await told(named('Shelter 12345'))).colour, 'green');
  const alone = [row('1.1', { ...signed('village', 12345), assetRecord: '0' }, 'Shelter 12345', '1,234.5 CNY')];
  assert.deepEqual(await told(alone), { colour: 'red', text: tell('differs', { refs: 'CNY' }) });
  // No number of decimals makes both rows right.
  const two = [row('1.1', signed('village', 12345), 'Shelter 12345', '123.45 CNY'), row('1.2', signed('hub', 5, 'CNY', '2026-02-01'), '0.5 CNY')];
  assert.deepEqual(await told(two), { colour: 'red', text: tell('differs', { refs: 'CNY' }) });
});

test('the payments of a page: red or amber for each thing that parts from what was signed', async () => {
  const changed = async (change) => {
    const rows = ROWS();
    change(rows);
    return told(rows);
  };
  const red = (refs) => ({ colour: 'red', text: tell('differs', { refs }) });
  assert.deepEqual(await changed(([first]) => (first.dataset.to = 'hub')), red('1.1'));
  assert.deepEqual(await changed(([first]) => (first.childNodes = node('123,450.00 CNY'))), red('1.1'));
  assert.deepEqual(await changed(([, second]) => (second.dataset.line = '3')), red('1.3'));
  assert.deepEqual(await changed(([first]) => (first.childNodes = node('12.345 CNY'))), red('CNY'));
  assert.deepEqual(await changed(([, , third]) => (third.childNodes = node('7.00 JPY'))), red('JPY'));
  assert.deepEqual(await changed((rows) => rows.forEach((one) => (one.dataset.to = 'hub'))), red('1.1, 2.1'));

  const missing = await told(ROWS(), async (of) => (of === '2' ? Promise.reject(new Error('404')) : receiptOf(of)));
  assert.equal(missing.colour, 'amber');
  assert.ok(missing.text.startsWith(tell('missing', { refs: '2.1' })) && missing.text.includes('2 of 3'));
  assert.equal((await told(ROWS(), async () => Promise.reject(new Error('404')))).colour, 'amber');
  // A record that the page makes up, and a good receipt of another one.
  assert.equal((await changed(([first]) => (first.dataset.record = '../1'))).colour, 'amber');
  assert.deepEqual(await told(ROWS(), async () => receiptOf('1')), { colour: 'red', text: fault('2.1, CNY', 'NOT_INCLUDED') });
  const forged = new Log(LEDGERS, { key: STRANGER });
  assert.equal((await told(ROWS(), async (of) => new Tiles(async (path) => forged.file(path), 3n).receipt(Number(of), forged.note()))).text, fault('1.1, 1.2, 2.1', 'WRONG_KEY'));
  // What is not there is told: the marks of a row, all of them, and the amount that people read.
  const lacking = (refs, n) => ({ colour: 'amber', text: `${tell('lacking', { refs })} ${tell('checked', { n, all: 3 })}` });
  assert.deepEqual(await changed(([first]) => delete first.dataset.amount), lacking('1.1', 2));
  assert.deepEqual(await changed(([, second]) => (second.childNodes = node('paid'))), lacking('1.2', 2));
  assert.deepEqual(await changed((rows) => (rows[1] = row('1.2', {}, '0.05 CNY'))), lacking('1.2', 2));
  assert.deepEqual(await changed((rows) => (rows[1] = { dataset: {}, childNodes: node('0.05 CNY') })), lacking('?.?', 2));
  assert.deepEqual(await changed((rows) => (rows[1] = row('1.2', {}, '7.00 CNY'))), red('1.2'), 'an amount is compared without its mark');
  const head = (text) => [{ record: '1', line: '1', texts: { nodeType: 1, childNodes: [{ nodeType: 3, data: text }] } }];
  assert.equal((await told(ROWS(), receiptOf, head('Payment 1.1: 123.45 CNY'))).colour, 'green');
  assert.deepEqual(await told(ROWS(), receiptOf, head('Payment 1.1: 123.46 CNY')), red('1.1'));
  assert.deepEqual(await told(ROWS(), receiptOf, head('Payment 1.1: 1,234.5 CNY')), red('CNY'), 'other decimals than its row');
  assert.deepEqual(await told(ROWS(), receiptOf, head('Payment 1.1')), lacking('1.1', 3));
  const bad = await told(ROWS(), async (of) => (await receiptOf(of)).map((byte, i) => (i === 60 ? 65 + ((byte - 64) % 20) : byte)));
  assert.equal(bad.colour, 'red');
});

test('a page whose receipts are of another history than what was seen does not hold', async () => {
  const checkpoint = await openCheckpoint(bytes(own.note(2)), log);
  const page = (state) => ({
    language: 'en', told: () => {}, tilesOf: async () => tiles,
    get: async (path) => (path.startsWith('record/') ? receiptOf(path.match(/\d+/)[0]) : null),
    seenOf: async () => ({ colour: state === 'forked' ? 'red' : 'green', text: state, isOne: state !== 'forked' }),
  });
  const found = await checkPage(ROWS(), 3, log, checkpoint, page('continues'));
  assert.equal(found.colour, 'green');
  // A page of another payment than that of its address is none of it.
  const at = (line) => checkPage(ROWS(), 3, log, checkpoint, { ...page('continues'), own: { record: '1', line, isTrace: false } });
  assert.deepEqual([(await at('2')).colour, (await at('3')).text], ['green', tell('differs', { refs: '1.3' })]);
  const forked = await checkPage(ROWS(), 3, log, checkpoint, page('forked'));
  assert.deepEqual([forked.colour, forked.text], ['red', 'forked']);
  // So are those under the page's own checkpoint, when that one is of another history.
  const whole = await openCheckpoint(bytes(own.note()), log);
  assert.equal((await checkPage(ROWS(), 3, log, whole, page('continues'))).colour, 'green');
  assert.deepEqual((await checkPage(ROWS(), 3, log, whole, page('forked'))).text, 'forked');
  assert.deepEqual([forked.evidence.notes, Object.keys(forked.evidence.receipts), forked.evidence.rows.length], [[own.note(2), own.note()], ['0', '1', '2'], 3]);
});

test('a saved answer: its payments hold where their receipts do, and what was changed in it is told', async () => {
  const checkpoint = await openCheckpoint(bytes(own.note(2)), log);
  const { evidence } = await checkPage(ROWS(), 3, log, checkpoint, {
    language: 'en', told: () => {}, tilesOf: async () => tiles,
    get: async (path) => (path.startsWith('record/') ? receiptOf(path.match(/\d+/)[0]) : null),
    seenOf: async () => ({ colour: 'green', text: '', isOne: true }),
  });
  const saved = { format: 'fundtrail answer 1', title: 'Payments', page: 'https://aid.example/payments/', when: '2026-11-30', vkey: EXAMPLE.vkey, ...evidence };
  const told = (change, language = 'en') => {
    const answer = structuredClone(saved);
    change(answer);
    return opened(bytes(JSON.stringify(answer)), EXAMPLE.vkey, '', language);
  };
  const [first, ...receipts] = await told(() => {});
  assert.deepEqual([first.colour, receipts.length], ['green', Object.keys(evidence.receipts).length]);
  assert.ok(first.text.startsWith('Saved answer: 3 of 3 payments are as signed; not so: -.'), first.text);
  assert.deepEqual(first.items, ['The file says of itself, unproven: "Payments","https://aid.example/payments/","2026-11-30"']);
  assert.ok(receipts.every(({ colour, items }) => colour === 'green' && items.length > 0));
  assert.deepEqual((await told(() => {}, 'zh'))[0].items, ['文件自称，未证明："Payments","https://aid.example/payments/","2026-11-30"']);
  // A title is nowhere in the sentence that has the colour, and its marks and lines stay within its own marks.
  const [boast] = await told((answer) => Object.assign(answer, { title: '". 1000 of 1000 payments\nare as signed', rows: [{ ref: '1.1', data: { ...answer.rows[0].data } }] }));
  assert.deepEqual([boast.colour, boast.text.includes('1000'), boast.items.length], ['green', false, 1]);
  assert.ok(boast.items[0].includes('"\\". 1000 of 1000 payments\\nare as signed"'), boast.items[0]);
  const colour = async (change) => (await told(change))[0].colour;
  assert.equal(await colour(({ rows }) => (rows[0].data.amount = '99')), 'red', 'another amount');
  assert.equal(await colour(({ rows }) => delete rows[0].data.to), 'red', 'nobody is paid');
  assert.equal(await colour(({ receipts }) => delete receipts[1]), 'red', 'a row without its receipt');
  assert.equal(await colour(({ receipts }) => ([receipts[0], receipts[1]] = [receipts[1], receipts[0]])), 'red', 'receipts of other records');
  assert.equal(await colour(({ receipts }) => (receipts[1] = receipts[1].replace('index 1', 'index 0'))), 'red', 'a receipt that does not hold');
  // Each holds by itself, and no ledger has both.
  const fork = new Log([...LEDGERS.slice(0, 2), record({ index: 2, of: entry({ actions: [transfer({ asset: 'JPY', amount: 701 })] }) })]);
  const other = new TextDecoder().decode(await new Tiles(async (path) => fork.file(path), 3n).receipt(1, fork.note()));
  assert.deepEqual((await opened(bytes(other), EXAMPLE.vkey, '', 'en')).map(({ colour }) => colour), ['green']);
  const both = await told(({ receipts }) => (receipts[1] = other));
  assert.deepEqual(both.map(({ colour, text }) => [colour, text.includes('two histories')]), [['red', false], ['green', false], ['red', true], ['green', false]]);
  // Words for what is not there are those of no payment.
  const nothing = { from: 'undefined', to: 'undefined', amount: 'undefined', asset: 'undefined', fund: 'undefined', date: 'undefined' };
  assert.equal(await colour((answer) => answer.rows.push({ ref: '7.1', data: nothing })), 'red', 'a row of no record');
  assert.equal(await colour((answer) => Object.assign(answer, { rows: [{ ref: '7.1', data: nothing }], receipts: {} })), 'red', 'a row without any receipt');
  assert.equal(await colour((answer) => (answer.rows = [])), 'amber', 'nothing was checked');
  assert.ok((await told(({ rows }) => (rows[1].data.from = 'x')))[0].text.includes('2 of 3 payments are as signed; not so: 1.2.'));
  // What is no saved answer is read as a receipt.
  for (const change of [(answer) => (answer.format = 'fundtrail answer 2'), (answer) => (answer.rows = 'x'), (answer) => (answer.rows[0] = null), (answer) => (answer.rows[0].ref = ['1.1']), (answer) => (answer.rows[0].ref = '1.1. All is well'), (answer) => (answer.title = { toString: 1 }), (answer) => (answer.receipts[1] = 7), (answer) => delete answer.receipts]) {
    const found = await told(change);
    assert.deepEqual([found.length, found[0].colour], [1, 'red']);
  }
  assert.deepEqual((await opened(bytes(EXAMPLE.receipt), EXAMPLE.vkey, '', 'en')).map(({ colour }) => colour), ['green']);
});

test('a host without receipts is not asked for each of them, and one that has them for each once', async () => {
  const many = Array.from({ length: 40 }, (_, i) => record({ index: i, of: entry({ actions: [transfer({ amount: 1000 + i })] }) }));
  const large = new Log(many), checkpoint = await openCheckpoint(bytes(large.note()), log), of = new Tiles(async (path) => large.file(path), 40n);
  const rows = many.flatMap((_, i) => Array(2).fill(row(`${i}.1`, signed('village', 1000 + i), '10.' + String(i).padStart(2, '0'))));
  for (const [has, most] of [[false, 6], [true, 40]]) {
    const asked = [];
    const get = async (path) => {
      asked.push(path);
      return has ? of.receipt(Number(path.match(/\d+/)[0]), large.note()) : null;
    };
    const found = await checkPage(rows, 80, log, checkpoint, { language: 'en', told: () => {}, tilesOf: async () => of, get, seenOf: async ({ note }) => ({ colour: 'green', text: '', isOne: note === large.note() }) });
    assert.deepEqual([found.colour, found.text.startsWith('Your browser checked 80 of 80')], ['green', true]);
    assert.ok(asked.length <= most && asked.length > 0 && new Set(asked).size === asked.length, `${asked.length}`);
  }
});

test('the sentences about what was seen', () => {
  const key = { state: 'same', vkey: '', when: '2026-11-01', isConfirmed: true }, before = { size: 10n, when: '2026-11-03', note: '' };
  const cases = [
    [{ state: 'first', isKept: true }, { ...key, state: 'first', isConfirmed: false }, 'grey', 'for the first time. Its key is taken on trust'],
    [{ state: 'first', isKept: false }, { ...key, isConfirmed: false }, 'grey', 'keeps nothing'],
    [{ state: 'same', isKept: true, seen: before }, key, 'green', 'It is what this browser saw on 2026-11-03 (record 9).'],
    [{ state: 'continues', isKept: true, seen: before }, { ...key, isConfirmed: false }, 'green', '(record 19). It continues what this browser saw on 2026-11-03 (record 9). Its key'],
    [{ state: 'continues', isKept: true, seen: before }, { ...key, state: 'other' }, 'amber', 'another key than on 2026-11-01'],
    [{ state: 'older', isKept: true, seen: before }, key, 'amber', 'Older than what you saw'],
    [{ state: 'unproven', isKept: true, seen: before }, key, 'amber', 'Nobody showed'],
    [{ state: 'forked', isKept: true, seen: before }, key, 'red', 'another history than on 2026-11-03'],
  ];
  for (const [seen, of, colour, part] of cases) {
    const found = verdictOfSeen(seen, of, 20n, say);
    assert.equal(found.colour, colour, part);
    assert.ok(found.text.includes(part), found.text);
    assert.ok(!/undefined|\{/.test(found.text), found.text);
  }
});

test('the sentences about what went wrong: a fault is red, what cannot be checked is amber', () => {
  assert.deepEqual(verdictOfError(new Unsupported('no Ed25519'), 'en'), { colour: 'amber', text: ERRORS.en.unsupported });
  assert.deepEqual(verdictOfError(new Error('away'), 'en'), { colour: 'amber', text: ERRORS.en.unreachable });
  const red = verdictOfError(new Fault('WRONG_KEY', 'x'), 'zh-CN');
  assert.ok(red.colour === 'red' && red.text.includes(FAULTS.zh.WRONG_KEY) && red.text.includes('checkpoint'));
});

test('witnesses that the reader asks for: k of n, and each way that they are not what was asked', async () => {
  const keys = [1, 3, 4].map((seed) => new Key(seed)), vkeys = keys.map((key, i) => key.vkey(`witness.example/${i}`, 4)), own = new Log(RECORDS);
  const noteBy = (...of) => own.note() + of.map((i) => keys[i].cosign(`witness.example/${i}`, own.text(), 1772359200)).join('');
  const told = (least, note, language = 'en') => judge({ least, vkeys }, note, log, language);
  const words = (key, n, least) => ASKED.en[key].replace('{n}', n).replace('{all}', 3).replace('{least}', least);
  assert.deepEqual(await told(2, noteBy(0, 2)), { colour: 'green', text: words('enough', 2, 2) });
  assert.deepEqual(await told(1, noteBy(0, 1, 2)), { colour: 'green', text: words('enough', 3, 1) });
  assert.deepEqual(await told(3, noteBy(0, 2)), { colour: 'amber', text: words('few', 2, 3) });
  assert.deepEqual(await told(1, noteBy()), { colour: 'amber', text: words('few', 0, 1) });
  // One that is forged says that something is wrong, and another ledger's is none.
  const forged = own.note() + STRANGER.cosign('witness.example/0', own.text(), 1).replace(/ [^ ]*$/, (line) => {
    const raw = Buffer.from(line.trim(), 'base64');
    return ` ${Buffer.concat([keys[0].id('witness.example/0', 4), raw.subarray(4)]).toString('base64')}\n`;
  });
  assert.deepEqual(await told(1, forged), { colour: 'red', text: fault('checkpoint', 'CHECKPOINT_BAD') });
  assert.equal((await told(1, own.note() + keys[0].cosign('witness.example/0', new Log(OTHERS).text(), 1))).colour, 'red');

  const typed = (lines, least) => readWitnesses(lines, least, log, 'en');
  assert.deepEqual(await typed(`\n ${vkeys[0]} \n${vkeys[1]}\n`, 2), { asked: { least: 2, vkeys: vkeys.slice(0, 2) }, wrong: '' });
  assert.deepEqual(await typed(' \n', 5), { asked: null, wrong: '' }, 'nothing asks for nothing');
  for (const bad of ['x', `${vkeys[0]}\n${vkeys[0]}`, log.vkey, `${vkeys[0]} ${vkeys[1]}`, 'quorum none']) {
    const { asked, wrong } = await typed(bad, 1), last = bad.split('\n').pop().slice(0, 40);
    assert.deepEqual([asked, wrong], [null, ASKED.en.unread.replace('{what}', last)], bad);
  }
  for (const least of [0, 3, -1, 1.5, NaN]) assert.deepEqual(await typed(vkeys.slice(0, 2).join('\n'), least), { asked: null, wrong: ASKED.en.number.replace('{all}', 2) });

  // What is kept is read again, and what others wrote there is not believed.
  const kept = { least: 2, vkeys };
  assert.deepEqual(askedIn(JSON.stringify(kept)), kept);
  for (const bad of [null, undefined, '', '{', '7', '{}', '{"least": 0, "vkeys": []}', '{"least": 1, "vkeys": [7]}', '{"least": 2, "vkeys": ["x"]}', '{"least": "1", "vkeys": ["x"]}']) assert.equal(askedIn(bad), null, bad);
  assert.equal(policyText({ least: 1, vkeys: ['a', 'b'] }), 'witness 1 a\nwitness 2 b\ngroup yours 1 1 2\nquorum yours\n');
});

test('a row and the ribbons that it speaks of', () => {
  const ribbon = { from: 'donor', to: 'hub' };
  for (const row of [{ from: 'donor', to: 'hub' }, { from: 'donor' }, { to: 'hub' }]) assert.equal(speaksOf(row, ribbon), true);
  for (const row of [{}, { from: 'hub' }, { from: 'donor', to: 'village' }, { to: 'donor' }]) assert.equal(speaksOf(row, ribbon), false);
  assert.equal(speaksOf({ from: 'donor', to: 'hub' }, { from: 'donor' }), false, 'a ribbon to folded accounts is to nobody');
  assert.equal(pngName('https://x.example/zh/@34/party/tea-company/went.svg?asset=CNY'), 'zh-@34-party-tea-company-went.png');
});

test('what is offered while somebody types', () => {
  const hits = [{ kind: 'party', id: 'hub', name: '红十字会' }, { kind: 'fund', id: 'winter', name: '' }, { kind: 'transfer', id: '3.1', name: 'food' }, { kind: 'party', id: 'hub-2', name: '红十字会' }];
  assert.deepEqual(offersOf({ hits }), [{ value: '红十字会', label: 'hub' }, { value: 'winter', label: '' }, { value: '3.1', label: 'food' }]);
  assert.deepEqual(offersOf({}), []);
  assert.deepEqual(['', 'a', 'ab', '红'].map(isEnough), [false, false, true, true]);
});

test('both languages say the same things: keys and places, and every fault of docs/formats.md', () => {
  const places = (text) => text.match(/\{\w+\}/g)?.sort() ?? [];
  for (const [zh, en] of [[ZH, EN], ...[FOUND, ERRORS, ASKED, PICTURE].map((both) => [both.zh, both.en])]) {
    assert.deepEqual(Object.keys(zh), Object.keys(en));
    for (const [key, text] of Object.entries(en)) assert.deepEqual(places(zh[key]), places(text), key);
  }
  const page = read('docs/formats.md').toString(), table = page.slice(page.indexOf('| fault | when |'), page.indexOf('`examples/python/verify.py` is a verifier'));
  const faults = new Set([...table.matchAll(/^\| ([A-Z_]+) \|/gm)].map(([, name]) => name));
  assert.equal(faults.size, 9);
  for (const own of [FAULTS.en, FAULTS.zh]) assert.deepEqual(new Set(Object.keys(own)), new Set([...faults, 'BAD_INPUT']));
});

test('what it weighs: the modules of a first view, those of a check, all of them, and the saved checker', () => {
  // As they are sent: without the lines that are comments (docs/checking.md, "The list of modules").
  const sent = (name) => read(`web/${name}`).toString().replace(/^ *\/\*\*\n(.*\n)*?.*\*\/\n/gm, '').replace(/^ *(\/\/.*|\/\*\*.*\*\/)\n/gm, '');
  const weight = (names) => [...names].reduce((sum, name) => sum + gzipSync(sent(name), { level: 9 }).length, 0);
  // folder.js is no module: sites in a folder alone have it.
  const all = readdirSync(`${TOP}/web`).filter((name) => name.endsWith('.js') && !['noble.js', 'folder.js'].includes(name));
  // What a module imports at its top, and so on.
  const taken = (...names) => {
    const all = new Set();
    const take = (name) => {
      if (all.has(name)) return;
      all.add(name);
      for (const [, other] of read(`web/${name}`).toString().matchAll(/^import .* from '\.\/(.*)';$/gm)) take(other);
    };
    for (const name of names) take(name);
    return all;
  };
  // Until the first bar stands; then until the reader is told of payments, or comes to a picture and to witnesses.
  const first = taken('check.js', 'words-en.js'), check = taken('check.js', 'words-zh.js', 'button.js', 'payments.js', 'tiles.js', 'history.js', 'save.js');
  assert.ok(first.size <= 6 && weight(first) <= 6500, `${[...first]}: ${weight(first)} bytes`);
  assert.ok(weight(check) <= 23_000, `${weight(check)} bytes`);
  assert.ok(weight(taken('picture.js')) <= 1200, `${weight(taken('picture.js'))} bytes`);
  assert.ok(weight(all) <= 34_000, `${weight(all)} bytes`);
  for (const name of all) assert.ok(!/\b(fetch|import)\(['"`]https?:/.test(read(`web/${name}`)), `${name} asks another host`);
});

test('the saved checker is what tools/make-checker makes, asks nobody, and is one file', () => {
  const page = read('web/checker.html').toString();
  assert.equal(execFileSync(process.execPath, [`${TOP}/tools/make-checker`, '--print']).toString(), page);
  assert.ok(read('web/checker.html').length <= 25_600, `${read('web/checker.html').length} bytes`);
  assert.ok(!/\b(fetch|XMLHttpRequest|import)\b|(src|href)=/.test(page));
  assert.ok(page.includes("default-src 'none'"));
});
