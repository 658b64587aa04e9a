// What a page is told: what was seen before, payments against what was signed, the sentences in both languages, and what all of it weighs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { EXAMPLE, Log, NAME, STRANGER, TOP, bytes, declares, entry, read, record, transfer } from './support.mjs';
import { verdictOfError, verdictOfSeen, words } from '../../web/check.js';
import { Unsupported } from '../../web/ed25519.js';
import { FAULTS } from '../../web/faults.js';
import { FOUND, found as sayFound } from '../../web/found.js';
import { confirmKey, look, lookAtKey } from '../../web/keep.js';
import { Fault, openCheckpoint, parseVkey } from '../../web/note.js';
import { amountsIn, checkPage, checkPayments, compare, verdict } from '../../web/payments.js';
import { Tiles } from '../../web/tiles.js';
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
const PAYMENT = { line: 1, from: 'donor', to: 'village', fund: 'flood', amount: 12345n, asset: 'CNY', date: '2026-03-01', purpose: '' };

test('a row against the payment: each attribute, and the amount that people read', () => {
  const data = { from: 'donor', to: 'village', fund: 'flood', amount: '12345', asset: 'CNY', date: '2026-03-01' };
  assert.deepEqual(compare(row('1.1', data, '2026-03-01', '1.1', 'Donor', '123.45 CNY'), PAYMENT), { parts: [], decimals: [2] });
  assert.deepEqual(compare(row('1.1', {}, 'nothing'), PAYMENT), { parts: [], decimals: [] });
  for (const [name, wrong] of Object.entries({ from: 'donot', to: '', fund: 'Flood', amount: '12346', asset: 'CNH', date: '2026-03-02' })) {
    assert.deepEqual(compare(row('1.1', { ...data, [name]: wrong }, '123.45'), PAYMENT).parts, [name]);
  }
  for (const wrong of ['123.46 CNY', '1,234,500.00 CNY', '12.345', '0.00'].filter((text) => text !== '12.345')) {
    assert.deepEqual(compare(row('1.1', data, 'paid', wrong), PAYMENT).parts, ['shown'], wrong);
  }
  // So does a name before it, that somebody chose.
  assert.deepEqual(compare(row('1.1', data, 'Shelter 12345', '123.45 CNY', 'for 1,234.5'), PAYMENT), { parts: [], decimals: [0, 2, 1] });
  // Its number reads like an amount, and is none.
  assert.deepEqual(compare(row('123.45', data, '123.45', '999.00'), PAYMENT).parts, ['shown']);
  assert.deepEqual(compare(row('123.45', data, '123.45', '123.45 CNY'), PAYMENT).parts, []);
});

const LEDGERS = [
  record({ of: entry({ actions: [declares('CNY', 2), declares('JPY', 0)] }) }),
  record({ index: 1, of: entry({ actions: [transfer(), transfer({ to: 'hub', amount: 5, date: '2026-02-01' })] }) }),
  record({ index: 2, of: entry({ actions: [transfer({ asset: 'JPY', amount: 700 })] }) }),
];
const own = new Log(LEDGERS), tiles = new Tiles(async (path) => own.file(path), 3n);
const receiptOf = async (of) => tiles.receipt(Number(of), own.note());
const ROWS = () => [
  row('1.1', { from: 'donor', to: 'village', amount: '12345', asset: 'CNY', assetRecord: '0' }, '123.45 CNY'),
  row('1.2', { from: 'donor', to: 'hub', amount: '5', asset: 'CNY', date: '2026-02-01' }, '0.05 CNY'),
  row('2.1', { from: 'donor', to: 'village', amount: '700', asset: 'JPY', assetRecord: '0' }, '700 JPY'),
];
const say = await words('en'), tell = sayFound('en');
const told = async (rows, from = receiptOf) => verdict(await checkPayments(rows, log, from), rows.length, 'en', say);

test('the payments of a page: green when each is what was signed', async () => {
  const steps = [], asked = [];
  const outcome = await checkPayments(ROWS(), log, (of) => (asked.push(of), receiptOf(of)), (n) => steps.push(n));
  assert.deepEqual([outcome.checked, steps, asked], [3, [1, 2, 3], ['1', '2', '0']]);
  assert.deepEqual(verdict(outcome, 3, 'en', say), { colour: 'green', text: tell('checked', { n: 3, all: 3 }) });
  const bare = ROWS();
  for (const one of bare) delete one.dataset.assetRecord;
  assert.deepEqual(await told(bare), { colour: 'green', text: `${tell('checked', { n: 3, all: 3 })} ${tell('decimals', { assets: 'CNY, JPY' })}` });
});

test('a name that reads like the amount neither turns a page red nor hides wrong decimals', async () => {
  const named = (text) => {
    const rows = ROWS();
    rows[0].childNodes.unshift(...node(text));
    return rows;
  };
  assert.equal((await told(named('Shelter 12345'))).colour, 'green');
  const alone = [row('1.1', { amount: '12345', asset: 'CNY', assetRecord: '0' }, 'Shelter 12345', '1,234.5 CNY')];
  assert.deepEqual(await told(alone), { colour: 'red', text: tell('differs', { refs: 'CNY' }) });
  // No number of decimals makes both rows right.
  const two = [row('1.1', { amount: '12345', asset: 'CNY' }, 'Shelter 12345', '123.45 CNY'), row('1.2', { amount: '5', asset: 'CNY' }, '0.5 CNY')];
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
  assert.deepEqual(await told(ROWS(), async () => receiptOf('1')), { colour: 'red', text: say('fault', { refs: '2.1, CNY', why: FAULTS.en.NOT_INCLUDED }) });
  const forged = new Log(LEDGERS, { key: STRANGER });
  assert.equal((await told(ROWS(), async (of) => new Tiles(async (path) => forged.file(path), 3n).receipt(Number(of), forged.note()))).text, say('fault', { refs: '1.1, 1.2, 2.1, CNY, JPY', why: FAULTS.en.WRONG_KEY }).replace(', CNY, JPY', ''));
  const bad = await told(ROWS(), async (of) => (await receiptOf(of)).map((byte, i) => (i === 60 ? 65 + ((byte - 64) % 20) : byte)));
  assert.equal(bad.colour, 'red');
});

test('a page whose receipts are of another history than what was seen does not hold', async () => {
  const checkpoint = await openCheckpoint(bytes(own.note(2)), log);
  const page = (state) => ({
    language: 'en', say, told: () => {}, tilesOf: async () => tiles,
    get: async (path) => (path.startsWith('record/') ? receiptOf(path.match(/\d+/)[0]) : null),
    seenOf: async () => ({ colour: state === 'forked' ? 'red' : 'green', text: state, isOne: state !== 'forked' }),
  });
  const found = await checkPage(ROWS(), 3, log, checkpoint, page('continues'));
  assert.equal(found.colour, 'green');
  const forked = await checkPage(ROWS(), 3, log, checkpoint, page('forked'));
  assert.deepEqual([forked.colour, forked.text], ['red', 'forked']);
  // So are those under the page's own checkpoint, when that one is of another history.
  const whole = await openCheckpoint(bytes(own.note()), log);
  assert.equal((await checkPage(ROWS(), 3, log, whole, page('continues'))).colour, 'green');
  assert.deepEqual((await checkPage(ROWS(), 3, log, whole, page('forked'))).text, 'forked');
  assert.deepEqual([forked.evidence.notes, Object.keys(forked.evidence.receipts), forked.evidence.rows.length], [[own.note(2), own.note()], ['0', '1', '2'], 3]);
});

test('a host without receipts is not asked for each of them, and one that has them for each once', async () => {
  const many = Array.from({ length: 40 }, (_, i) => record({ index: i, of: entry({ actions: [transfer({ amount: 1000 + i })] }) }));
  const large = new Log(many), checkpoint = await openCheckpoint(bytes(large.note()), log), of = new Tiles(async (path) => large.file(path), 40n);
  const rows = many.flatMap((_, i) => [row(`${i}.1`, { amount: String(1000 + i) }, '10.' + String(i).padStart(2, '0')), row(`${i}.1`, {}, '')]);
  for (const [has, most] of [[false, 6], [true, 40]]) {
    const asked = [];
    const get = async (path) => {
      asked.push(path);
      return has ? of.receipt(Number(path.match(/\d+/)[0]), large.note()) : null;
    };
    const found = await checkPage(rows, 80, log, checkpoint, { language: 'en', say, told: () => {}, tilesOf: async () => of, get, seenOf: async ({ note }) => ({ colour: 'green', text: '', isOne: note === large.note() }) });
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

test('the sentences about what went wrong: a fault is red, what cannot be checked is amber', async () => {
  assert.deepEqual(await verdictOfError(new Unsupported('no Ed25519'), 'en', say), { colour: 'amber', text: say('unsupported') });
  assert.deepEqual(await verdictOfError(new Error('away'), 'en', say), { colour: 'amber', text: say('unreachable') });
  const red = await verdictOfError(new Fault('WRONG_KEY', 'x'), 'zh', await words('zh-CN'));
  assert.ok(red.colour === 'red' && red.text.includes(FAULTS.zh.WRONG_KEY));
});

test('both languages say the same things: keys and places, and every fault of docs/formats.md', () => {
  const places = (text) => text.match(/\{\w+\}/g)?.sort() ?? [];
  assert.deepEqual(Object.keys(ZH), Object.keys(EN));
  assert.deepEqual(Object.keys(FOUND.zh), Object.keys(FOUND.en));
  for (const [key, text] of [...Object.entries(EN), ...Object.entries(FOUND.en)]) assert.deepEqual(places(ZH[key] ?? FOUND.zh[key]), places(text), key);
  const page = read('docs/formats.md').toString(), table = page.slice(page.indexOf('| fault | when |'), page.indexOf('`examples/python/verify.py` is a verifier'));
  const faults = new Set([...table.matchAll(/^\| ([A-Z_]+) \|/gm)].map(([, name]) => name));
  assert.equal(faults.size, 9);
  for (const own of [FAULTS.en, FAULTS.zh]) assert.deepEqual(new Set(Object.keys(own)), new Set([...faults, 'BAD_INPUT']));
});

test('what it weighs: the modules of a first view, all of them, and the saved checker', () => {
  const weight = (names) => names.reduce((sum, name) => sum + gzipSync(read(`web/${name}`), { level: 9 }).length, 0);
  // folder.js is no module: sites in a folder alone have it.
  const all = readdirSync(`${TOP}/web`).filter((name) => name.endsWith('.js') && name !== 'folder.js');
  // What a module imports at its top, and so on: the browser fetches these before the reader asks for anything.
  const taken = new Set();
  const take = (name) => {
    if (taken.has(name)) return;
    taken.add(name);
    for (const [, other] of read(`web/${name}`).toString().matchAll(/^import .* from '\.\/(.*)';$/gm)) take(other);
  };
  take('check.js');
  const first = weight([...taken, 'words-en.js']);
  assert.ok(taken.size + 1 <= 6 && first <= 8000, `${[...taken]}: ${first} bytes`);
  assert.ok(weight(all) <= 30_000, `${weight(all)} bytes`);
  for (const name of all) assert.ok(!/\b(fetch|import)\(['"`]https?:/.test(read(`web/${name}`)), `${name} asks another host`);
});

test('the saved checker is what tools/make-checker makes, asks nobody, and is one file', () => {
  const page = read('web/checker.html').toString();
  assert.equal(execFileSync(process.execPath, [`${TOP}/tools/make-checker`, '--print']).toString(), page);
  assert.ok(read('web/checker.html').length <= 32_000, `${read('web/checker.html').length} bytes`);
  assert.ok(!/\b(fetch|XMLHttpRequest|import)\b|(src|href)=/.test(page));
  assert.ok(page.includes("default-src 'none'"));
});
