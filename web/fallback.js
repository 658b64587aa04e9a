// Ed25519 for a browser whose WebCrypto has none, on the points of @noble/ed25519. ed25519.js takes it only then. `npm run fallback` in web/
// puts that library into noble.js before the program is built; a build without it has none.
import { concat, same } from './bytes.js';

const LIBRARY = './noble.js', ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** @param {Uint8Array} bytes the lowest first */
const numberOf = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) + BigInt(byte), 0n);

/**
 * As libsodium has it: R is s·B − k·A as it is written, and s is below the order. The library's own verify takes more. What ed25519.js
 * refuses first, points of small order and those that are written in a second way, is refused there.
 * @param {Uint8Array} key 32 bytes @param {Uint8Array} message @param {Uint8Array} signature 64 bytes
 * @returns {Promise<boolean | null>} Null where this site has no library.
 */
export async function verify(key, message, signature) {
  const { Point } = await import(LIBRARY).catch(() => ({}));
  if (!Point) return null;
  const R = signature.slice(0, 32), s = numberOf(signature.slice(32));
  if (s >= ORDER) return false;
  let A;
  try {
    A = Point.fromBytes(key);
  } catch {
    return false;  // no point of the curve
  }
  const k = numberOf(new Uint8Array(await crypto.subtle.digest('SHA-512', /** @type {BufferSource} */ (concat(R, key, message))))) % ORDER;
  return same(Point.BASE.multiply(s, false).add(A.multiply(k, false).negate()).toBytes(), R);
}
