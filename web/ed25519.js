// Ed25519 by the browser's own WebCrypto, as libsodium verifies it. Browsers differ on points of small order, and on those that are
// written in two ways: they are refused first.
import { hex } from './bytes.js';

/** No Ed25519 in the browser and no fallback on the site, or no WebCrypto. */
export class Unsupported extends Error {}

// The points of small order as they are written, without the bit of the sign: 14 with it.
const SMALL = new Set([
  '00'.repeat(32),
  '01' + '00'.repeat(31),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ec' + 'ff'.repeat(30) + '7f',
  'ed' + 'ff'.repeat(30) + '7f',
  'ee' + 'ff'.repeat(30) + '7f',
]);

const fallback = () => import('./fallback.js');

/** Whether the 32 bytes may be a point: not of small order, and below 2^255 - 19. @param {Uint8Array} point */
export function isSound(point) {
  const positive = point.slice();
  positive[31] &= 0x7f;
  const isBelow = positive[31] < 0x7f || positive[0] < 0xed || positive.slice(1, 31).some((byte) => byte !== 0xff);
  return isBelow && !SMALL.has(hex(positive));
}

/** @param {Uint8Array} key */
export const take = (key) => crypto.subtle.importKey('raw', /** @type {BufferSource} */ (key), 'Ed25519', false, ['verify']);

/**
 * @param {Uint8Array} key 32 bytes @param {Uint8Array} message @param {Uint8Array} signature 64 bytes
 * @returns {Promise<boolean>} Throws Unsupported.
 */
export async function verify(key, message, signature, own = take) {
  if (key.length !== 32 || signature.length !== 64 || !isSound(key) || !isSound(signature.slice(0, 32))) return false;
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new Unsupported('no WebCrypto');
  try {
    return await subtle.verify('Ed25519', await own(key), /** @type {BufferSource} */ (signature), /** @type {BufferSource} */ (message));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NotSupportedError')) return false;  // no point
  }
  const answer = await (await fallback()).verify(key, message, signature);
  if (answer === null) throw new Unsupported('no Ed25519');
  return answer;
}
