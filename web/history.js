// Whether a checkpoint continues the one that was kept. keep.js takes it where one was.
import { same, utf8 } from './bytes.js';
import { openCheckpoint } from './note.js';
import { continues } from './tree.js';

/** @typedef {import('./note.js').Checkpoint} Checkpoint */
/** @typedef {Pick<Storage, 'getItem' | 'setItem'>} Store */
/** @typedef {{note: string, when: string, forks?: string[]}} Kept */
/**
 * first: nothing was kept. same, continues: it is what was kept, or goes on from it. older: it is a beginning of what was kept.
 * unproven: whether one continues the other could not be shown. forked: both are signed, and they are two histories.
 * @typedef {{state: 'first' | 'same' | 'continues' | 'older' | 'unproven' | 'forked', isKept: boolean, seen?: {size: bigint, when: string, note: string}}} Seen
 */
/**
 * The consistency proof from a size, from 1, to another, with the root of the first as who gives the proof has it. Throws where there is none.
 * @typedef {(old: bigint, size: bigint) => Promise<{root: Uint8Array, proof: Uint8Array[]}>} Proofs
 */

const MOST_FORKS = 8;

/**
 * The proof from a size that is a power of two does not hold the root there. So another root is tried, that whoever gives the proof has: if
 * that one leads to what the ledger signed, the two are two histories.
 * @param {Checkpoint} older @param {Checkpoint} newer @param {{root: Uint8Array, proof: Uint8Array[]}} given
 */
async function judge(older, newer, { root, proof }) {
  const answer = await continues(older.size, older.root, newer.size, newer.root, proof);
  if (answer !== 'bad' || same(root, older.root)) return answer;
  return (await continues(older.size, root, newer.size, newer.root, proof)) === 'holds' ? 'forked' : 'bad';
}

/**
 * Null where what was kept is by another key, or cannot be read: what others wrote there is not believed.
 * @param {Kept} kept @param {import('./note.js').Vkey} log @param {Checkpoint} now @param {Proofs} proofs
 * @param {string} today @param {(what: Kept) => boolean} keep @returns {Promise<Seen | null>}
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
    const given = await proofs(older.size, newer.size).catch(() => null);
    answer = given ? await judge(older, newer, given) : 'bad';
  }
  if (answer === 'forked') return { state: 'forked', isKept: keep({ ...kept, forks: [...new Set([...forks, now.note])].slice(0, MOST_FORKS) }), seen };
  if (answer === 'bad') return { state: 'unproven', isKept: true, seen };
  // Two histories were shown: that one of them goes on takes nothing back.
  if (forks.length > 0) return { state: 'forked', isKept: true, seen: { ...seen, note: forks[0] } };
  if (now.size < before.size) return { state: 'older', isKept: true, seen };
  if (now.size === before.size) return { state: 'same', isKept: true, seen };
  return { state: 'continues', isKept: keep({ note: now.note, when: today }), seen };
}
