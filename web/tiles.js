// Proofs and receipts made from the tiles of a ledger (C2SP tlog-tiles), as any server and any static host has them. What comes of it is
// checked as if somebody had sent it.
import { keptNodes } from './hashes.js';

/** @typedef {(path: string) => Promise<Uint8Array | null>} Get Reads a file of the ledger; null where there is none. */
/** @typedef {[number, number]} Range The leaves from the first to before the second. */

const WIDTH = 256, HASH = 32;

/** @param {number} number */
function grouped(number) {
  const digits = String(number), groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? 'x' : '') + group).join('/');
}

/** The path of a tile: of a level, or 'entries'. @param {number | 'entries'} level @param {number} index @param {number} width */
export const tilePath = (level, index, width) => `tile/${level}/${grouped(index)}${width < WIDTH ? `.p/${width}` : ''}`;

/** The largest power of two that is below. @param {number} size */
function below(size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** RFC 9162 §2.1.3.1: what stands beside the way from the leaf to the root. @param {number} leaf @param {Range} range @returns {Range[]} */
export function besides(leaf, [from, to]) {
  if (to - from === 1) return [];
  const middle = from + below(to - from);
  return leaf < middle ? [...besides(leaf, [from, middle]), [middle, to]] : [...besides(leaf, [middle, to]), [from, middle]];
}

/** RFC 9162 §2.1.4.1. @param {number} old @param {Range} range @param {boolean} isWhole @returns {Range[]} */
export function between(old, [from, to], isWhole = true) {
  if (old === to) return isWhole ? [] : [[from, to]];
  const middle = from + below(to - from);
  return old <= middle ? [...between(old, [from, middle], isWhole), [middle, to]] : [...between(old, [middle, to], false), [from, middle]];
}

/** The tiles of a tree of that size. */
export class Tiles {
  /** @param {Get} get @param {bigint} size */
  constructor(get, size) {
    if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('the tree is too large');
    this.get = get;
    this.size = Number(size);
    this.node = keptNodes();
    /** @type {Map<string, Promise<Uint8Array>>} */
    this.kept = new Map();
  }
  /** The whole tile, where the part is not there any more. @param {number | 'entries'} level @param {number} index @returns {Promise<Uint8Array>} */
  tile(level, index) {
    const width = Math.min(WIDTH, Math.floor(this.size / WIDTH ** (level === 'entries' ? 0 : level)) - index * WIDTH);
    const path = tilePath(level, index, width);
    const read = async () => {
      const bytes = (await this.get(path)) ?? (width < WIDTH ? await this.get(tilePath(level, index, WIDTH)) : null);
      if (!bytes) throw new Error(`${path} is not there`);
      return bytes;
    };
    if (!this.kept.has(path)) this.kept.set(path, read());
    return /** @type {Promise<Uint8Array>} */ (this.kept.get(path));
  }
  /** @param {Range} range @returns {Promise<Uint8Array>} */
  async hash([from, to]) {
    const size = to - from, level = Math.log2(size);
    if (!Number.isInteger(level) || from % size !== 0) {
      const middle = from + below(size);
      return this.node(await this.hash([from, middle]), await this.hash([middle, to]));
    }
    const above = level % 8, place = from / 2 ** (level - above), bytes = await this.tile((level - above) / 8, Math.floor(place / WIDTH));
    const start = (place % WIDTH) * HASH;
    /** @type {Uint8Array[]} */
    let hashes = Array.from({ length: 2 ** above }, (_, i) => bytes.slice(start + i * HASH, start + (i + 1) * HASH));
    if (hashes.some((hash) => hash.length !== HASH)) throw new Error('a tile is cut off');
    while (hashes.length > 1) hashes = hashes.filter((_, i) => i % 2 === 0).map((left, i) => this.node(left, hashes[2 * i + 1]));
    return hashes[0];
  }
  /** @param {Range[]} ranges */
  hashes(ranges) {
    return Promise.all(ranges.map((range) => this.hash(range)));
  }
  /** That this tree continues one of that size, from 1; and the root that it had then by these tiles. @param {bigint} old */
  async consistency(old) {
    const [root, proof] = await Promise.all([this.hash([0, Number(old)]), this.hashes(between(Number(old), [0, this.size]))]);
    return { root, proof };
  }
  /** @param {number} index @returns {Promise<Uint8Array>} */
  async record(index) {
    const bundle = await this.tile('entries', Math.floor(index / WIDTH));
    const length = (/** @type {number} */ at) => bundle[at] * 256 + bundle[at + 1];
    let at = 0;
    for (let skipped = 0; skipped < index % WIDTH; ++skipped) at += 2 + length(at);
    const record = bundle.slice(at + 2, at + 2 + length(at));
    if (!(at + 2 <= bundle.length) || record.length !== length(at)) throw new Error('a bundle is cut off');
    return record;
  }
  /** The bytes of a receipt under that checkpoint, which is of this size. @param {number} index @param {string} note */
  async receipt(index, note) {
    if (index >= this.size) throw new Error('the checkpoint is older than the record');
    const base64 = (/** @type {Uint8Array} */ bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    const [record, path] = await Promise.all([this.record(index), this.hashes(besides(index, [0, this.size]))]);
    const lines = ['c2sp.org/tlog-proof@v1', `extra ${base64(record)}`, `index ${index}`, ...path.map(base64), '', note];
    return new TextEncoder().encode(lines.join('\n'));
  }
}
