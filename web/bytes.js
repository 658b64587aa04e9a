// Bytes, their texts, and SHA-256.

/** @param {...Uint8Array} parts @returns {Uint8Array} */
export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Uint8Array} a @param {Uint8Array} b */
export const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null where it is not UTF-8. @param {Uint8Array} bytes @returns {string | null} */
export function textOf(bytes) {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** Null where it is not the one text for its value. @param {string} text @returns {Uint8Array | null} */
export function unbase64(text) {
  try {
    const binary = atob(text), bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; ++i) bytes[i] = binary.charCodeAt(i);
    return btoa(binary) === text ? bytes : null;
  } catch {
    return null;
  }
}

/** A number below 2^64 without leading zeros, or null. @param {string} text @returns {bigint | null} */
export const decimal = (text) => (/^(0|[1-9][0-9]{0,19})$/.test(text) && BigInt(text) < 1n << 64n ? BigInt(text) : null);

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array>} */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {BufferSource} */ (bytes)));
