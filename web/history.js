// Whether a checkpoint continues the one that was kept. keep.js takes it where one was.
import { same, utf8 } from './bytes.js';
import { openCheckpoint } from './note.js';
import { continues } from './tree.js';

/** @typedef {import('./keep.js').Kept} Kept */
/** @typedef {import('./note.js').Checkpoint} Checkpoint */

const MOST_FORKS = 8;

/**
 * Null where what was kept is by another key, or cannot be read: what others wrote there is not believed.
 * @param {Kept} kept @param {import('./note.js').Vkey} log @param {Checkpoint} now @param {import('./keep.js').Proofs} proofs
 * @param {string} today @param {(what: Kept) => boolean} keep @returns {Promise<import('./keep.js').Seen | null>}
 */
export async function compare(kept, log, now, proofs, today, keep) {
  const before = await openCheckpoint(utf8(kept.note), log).catch(() => null);
  if (!before) return null;
  const forks = Array.isArray(kept.forks) ? kept.forks : [], seen = { size: before.size, when: kept.when, note: kept.note };
  const [older, newer] = now.size < before.size ? [now, before] : [before, now];
  /** @type {'holds' | 'forked' | 'bad'} */
  let answer = 'holds';  // every history begins with nothing
  if (older.size === newer.size) {
    answer = same(older.root, newer.root) ? 'holds' : 'forked';
  } else if (older.size > 0n) {
    const proof = await proofs(older.size, newer.size).catch(() => null);
    answer = proof ? await continues(older.size, older.root, newer.size, newer.root, proof) : 'bad';
  }
  if (answer === 'forked') return { state: 'forked', isKept: keep({ ...kept, forks: [...new Set([...forks, now.note])].slice(0, MOST_FORKS) }), seen };
  if (answer === 'bad') return { state: 'unproven', isKept: true, seen };
  // Two histories were shown: that one of them goes on takes nothing back.
  if (forks.length > 0) return { state: 'forked', isKept: true, seen: { ...seen, note: forks[0] } };
  if (now.size < before.size) return { state: 'older', isKept: true, seen };
  if (now.size === before.size) return { state: 'same', isKept: true, seen };
  return { state: 'continues', isKept: keep({ note: now.note, when: today }), seen };
}
