// SHA-256 (FIPS 180-4) in the page's own thread, of records and of nodes of the tree. For so few bytes it takes less time than to hand them to
// the browser and to wait.
import { concat } from './bytes.js';
import { leafHash } from './tree.js';

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
const K = Int32Array.from(
  (
    '428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174 ' +
    'e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 ' +
    '27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 ' +
    '19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2'
  ).split(' '),
  (word) => parseInt(word, 16),
);
const BLOCK = 64, W = new Int32Array(64);

/** Takes the 64 bytes from `at` on into the state. @param {Int32Array} state @param {Uint8Array} bytes @param {number} at */
function take(state, bytes, at) {
  for (let i = 0; i < 16; ++i, at += 4) W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  for (let i = 16; i < 64; ++i) {
    const x = W[i - 15], y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3), s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = W[i - 16] + s0 + W[i - 7] + s1;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; ++i) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)), u = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t) | 0;
    d = c;
    c = b;
    b = a;
    a = (t + u) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** @param {Uint8Array} bytes */
export function sha256(bytes) {
  const state = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19), size = bytes.length;
  const whole = size - (size % BLOCK), last = new Uint8Array(size - whole < BLOCK - 8 ? BLOCK : 2 * BLOCK), hash = new Uint8Array(32);
  for (let at = 0; at < whole; at += BLOCK) take(state, bytes, at);
  last.set(bytes.subarray(whole));
  last[size - whole] = 0x80;
  for (let i = 1, bits = 8 * size; bits > 0; ++i, bits = Math.floor(bits / 256)) last[last.length - i] = bits % 256;
  for (let at = 0; at < last.length; at += BLOCK) take(state, last, at);
  for (let i = 0; i < 32; ++i) hash[i] = state[i >> 2] >>> (24 - 8 * (i & 3));
  return hash;
}

/**
 * RFC 6962 §2.1, as leafHash of tree.js. What is longer than a record may be goes to the browser, so that it does not hold up the page.
 * @type {import('./tree.js').OfLeaf}
 */
export const leafNow = (record) => (record.length > 65534 ? leafHash(record) : sha256(concat(Uint8Array.of(0), record)));

/**
 * Hashes of nodes, as nodeHash of tree.js. What was worked out lately is kept: paths of many records have most nodes in common. Nobody may
 * change it.
 */
export function keptNodes() {
  /** @type {Map<string, Uint8Array>} */
  const known = new Map();
  return (/** @type {Uint8Array} */ left, /** @type {Uint8Array} */ right) => {
    const name = String.fromCharCode(...left, ...right), found = known.get(name) ?? sha256(concat(Uint8Array.of(1), left, right));
    if (known.size >= 4096) known.clear();
    known.set(name, found);
    return found;
  };
}
