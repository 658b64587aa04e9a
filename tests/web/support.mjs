// What the tests of web/ share: the worked example of docs/formats.md, keys made of seeds, and messages, records and logs written by hand.
import { createHash, createPrivateKey, createPublicKey, sign as signWith, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

globalThis.crypto ??= webcrypto;  // node 18 has it in node:crypto alone

export const TOP = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const read = (path) => readFileSync(join(TOP, path));
// Numbers of 2^53 and more stay texts.
export const vectors = (path) => JSON.parse(read(`tests/vectors/${path}`).toString().replace(/: (\d{16,})/g, ': "$1"'));
export const bytes = (text) => new Uint8Array(Buffer.from(text, 'utf8'));
export const unhex = (text) => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'));
export const fromBase64 = (text) => new Uint8Array(Buffer.from(text, 'base64'));
export const sha256 = (...parts) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());

// The fault's name, or 'HOLDS'.
export async function faultOf(promise) {
  try {
    await promise;
    return 'HOLDS';
  } catch (error) {
    if (!('fault' in error)) throw error;
    return error.fault;
  }
}

export class Key {
  constructor(seed) {
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
    this.private = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    this.public = new Uint8Array(createPublicKey(this.private).export({ format: 'der', type: 'spki' }).subarray(-32));
  }
  sign(message) {
    return new Uint8Array(signWith(null, message, this.private));
  }
  typed(type) {
    return Buffer.concat([Buffer.of(type), this.public]);
  }
  id(name, type = 1) {
    return sha256(bytes(`${name}\n`), this.typed(type)).subarray(0, 4);
  }
  vkey(name, type = 1) {
    return `${name}+${Buffer.from(this.id(name, type)).toString('hex')}+${this.typed(type).toString('base64')}`;
  }
  line(name, text) {
    return `— ${name} ${Buffer.concat([this.id(name), this.sign(bytes(text))]).toString('base64')}\n`;
  }
  cosign(name, text, seconds) {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(seconds));
    const signature = this.sign(bytes(`cosignature/v1\ntime ${seconds}\n${text}`));
    return `— ${name} ${Buffer.concat([this.id(name, 4), time, signature]).toString('base64')}\n`;
  }
}

// The keys of the worked example, and one that nobody knows.
export const AUTHOR = new Key(1), LEDGER = new Key(2), STRANGER = new Key(9);
export const NAME = 'example.org/aid';

// --- messages by hand -------------------------------------------------------------------------------------------

export function varint(value) {
  const out = [];
  for (value = BigInt.asUintN(64, BigInt(value)); value >= 128n; value >>= 7n) out.push(Number(value & 127n) | 128);
  return Uint8Array.from([...out, Number(value)]);
}
export const joined = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
export const number = (field, value) => joined(varint(field << 3), varint(value));
export function blob(field, content) {
  const data = typeof content === 'string' ? bytes(content) : content;
  return joined(varint((field << 3) | 2), varint(data.length), data);
}

export const transfer = ({ from = 'donor', to = 'village', amount = 12345, asset = 'CNY', date = '', more = new Uint8Array() } = {}) =>
  blob(7, blob(40, joined(blob(1, from), blob(2, to), blob(3, 'flood'), number(5, amount), blob(6, asset), number(7, 3), date ? blob(8, date) : [], more)));
export const declares = (asset, decimals) => blob(7, blob(20, joined(blob(1, asset), decimals > 0 ? number(3, decimals) : [])));

export function entry({ ledger = NAME, actions = [transfer()], signers = [AUTHOR], more = new Uint8Array() } = {}) {
  return joined(blob(1, ledger), blob(2, 'root'), blob(3, new Uint8Array(16)), blob(4, '2026-03-01'), ...actions, ...signers.map((key) => blob(9, key.public)), more);
}
export function record({ index = 0, of = entry(), by = [AUTHOR], signatures, outcome = blob(5, ''), more = new Uint8Array() } = {}) {
  const signed = signatures ?? by.map((key) => key.sign(joined(bytes('fundtrail entry v1\n'), of)));
  const place = index === 0 ? new Uint8Array() : number(1, index);
  return joined(place, number(2, 1772359200000000n), blob(3, new Uint8Array(32)), blob(4, joined(blob(1, of), ...signed.map((one) => blob(2, one)))), outcome, more);
}

// --- logs -------------------------------------------------------------------------------------------------------

export const leafOf = (data) => sha256(Buffer.of(0), data);
const nodeOf = (left, right) => sha256(Buffer.of(1), left, right);
function split(size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
export function rootOf(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0];
  const middle = split(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}

// A log of whole records: its notes, and its files as a static host has them.
export class Log {
  constructor(records, { key = LEDGER, name = NAME } = {}) {
    Object.assign(this, { records, key, name, leaves: records.map(leafOf) });
  }
  text(size = this.records.length) {
    return `${this.name}\n${size}\n${Buffer.from(rootOf(this.leaves.slice(0, size))).toString('base64')}\n`;
  }
  note(size) {
    return `${this.text(size)}\n${this.key.line(this.name, this.text(size))}`;
  }
  get vkey() {
    return this.key.vkey(this.name);
  }
  // All of a tile that there is, by the path without its width.
  file(path) {
    if (path === 'checkpoint') return bytes(this.note());
    const [, level, place, width = '256'] = path.match(/^tile\/(\d+|entries)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/) ?? [];
    if (!level) return null;
    const from = Number(place.replace(/[x/]/g, '')) * 256;
    const span = level === 'entries' ? 1 : 256 ** Number(level), there = Math.floor(this.leaves.length / span);
    if (there < from + Number(width)) return null;
    const range = Array.from({ length: Number(width) }, (_, i) => from + i);
    if (level === 'entries') return joined(...range.map((i) => joined([this.records[i].length >> 8, this.records[i].length & 255], this.records[i])));
    return joined(...range.map((i) => rootOf(this.leaves.slice(i * span, (i + 1) * span))));
  }
}

// --- the worked example -----------------------------------------------------------------------------------------

function example() {
  const page = read('docs/formats.md').toString(), begin = page.indexOf('<!-- worked example -->');
  const lines = page.slice(begin, page.indexOf('<!-- end of it -->')).split('\n');
  const after = (word) => lines.find((line) => line.startsWith(word)).slice(word.length).trim();
  // A block goes on, indented by two, with empty lines in it.
  const block = (title) => {
    const from = lines.indexOf(title) + 1, to = lines.findIndex((line, i) => i >= from && line !== '' && !line.startsWith('  '));
    return lines.slice(from, to - 1).map((line) => line.slice(2)).join('\n') + '\n';
  };
  return { vkey: after("ledger's vkey"), root: unhex(after('root of both')), checkpoint: block('checkpoint'), receipt: block('receipt of record 1') };
}
export const EXAMPLE = example();
