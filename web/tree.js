// The Merkle tree of the log: RFC 6962 §2.1, RFC 9162 §2.1.3.2 and §2.1.4.2. Sizes and places are BigInt.
import { concat, same, sha256 } from './bytes.js';

/** @typedef {(record: Uint8Array) => Uint8Array | Promise<Uint8Array>} OfLeaf */
/** @typedef {(left: Uint8Array, right: Uint8Array) => Uint8Array | Promise<Uint8Array>} OfNode */

/** @type {OfLeaf} */
export const leafHash = (record) => sha256(concat(Uint8Array.of(0), record));

/** @type {OfNode} */
export const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

/**
 * Whether the leaf and the hashes of its path make the root.
 * @param {Uint8Array} root @param {bigint} index @param {bigint} size @param {Uint8Array} leaf @param {Uint8Array[]} path
 */
export async function leadsTo(root, index, size, leaf, path, node = nodeHash) {
  if (index >= size) return false;
  let fn = index, sn = size - 1n, hash = leaf;
  for (const sibling of path) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      hash = await node(sibling, hash);
      while (!(fn & 1n) && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      hash = await node(hash, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && same(hash, root);
}

/**
 * Whether the newer tree begins with the older one: 'holds', or 'forked' when the hashes make the newer root and show another one for
 * the older size. 'bad' hashes do not make the newer root, and say nothing of the log.
 * @param {bigint} oldSize @param {Uint8Array} oldRoot @param {bigint} newSize @param {Uint8Array} newRoot @param {Uint8Array[]} proof
 * @returns {Promise<'holds' | 'forked' | 'bad'>}
 */
export async function continues(oldSize, oldRoot, newSize, newRoot, proof) {
  if (oldSize > newSize || oldSize === 0n) return 'bad';
  if (oldSize === newSize) return proof.length > 0 ? 'bad' : same(oldRoot, newRoot) ? 'holds' : 'forked';
  if (proof.length === 0) return 'bad';
  const isWhole = (oldSize & (oldSize - 1n)) === 0n;
  let [first, ...rest] = isWhole ? [oldRoot, ...proof] : proof;
  let fn = oldSize - 1n, sn = newSize - 1n, older = first, newer = first;
  while (fn & 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  for (const hash of rest) {
    if (sn === 0n) return 'bad';
    if (fn & 1n || fn === sn) {
      older = await nodeHash(hash, older);
      newer = await nodeHash(hash, newer);
      while (!(fn & 1n) && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      newer = await nodeHash(newer, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn !== 0n || !same(newer, newRoot)) return 'bad';
  return same(older, oldRoot) ? 'holds' : 'forked';
}
