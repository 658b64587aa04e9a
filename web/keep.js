// What this browser saw of a ledger before: its key, and its newest checkpoint. What is kept never goes back.
/** @typedef {import('./note.js').Vkey} Vkey */
/** @typedef {import('./note.js').Checkpoint} Checkpoint */
/** @typedef {Pick<Storage, 'getItem' | 'setItem'>} Store */
/** @typedef {{note: string, when: string, forks?: string[]}} Kept */
/**
 * first: nothing was kept. same, continues: it is what was kept, or goes on from it. older: it is a beginning of what was kept.
 * unproven: whether one continues the other could not be shown. forked: both are signed, and they are two histories.
 * @typedef {{state: 'first' | 'same' | 'continues' | 'older' | 'unproven' | 'forked', isKept: boolean, seen?: {size: bigint, when: string, note: string}}} Seen
 */
/** @typedef {(old: bigint, size: bigint) => Promise<Uint8Array[]>} Proofs The consistency proof from a size, from 1, to another. Throws where there is none. */

/** @param {Store | null} store @param {string} name @returns {any} Null where nothing is kept, or nothing that can be read. */
function read(store, name) {
  try {
    return JSON.parse(store?.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}

/** Whether it is kept: a browser may refuse, or keep nothing. @param {Store | null} store @param {string} name @param {unknown} value */
function write(store, name, value) {
  try {
    store?.setItem(name, JSON.stringify(value));
    return store !== null;
  } catch {
    return false;
  }
}

/** @param {Vkey} log */
const noteName = (log) => `fundtrail note ${log.vkey}`;
/** @param {Vkey} log */
const keyName = (log) => `fundtrail key ${log.name}`;

/**
 * Compares a checkpoint that the log signed with what was kept, and keeps it where it goes on from that.
 * @param {Store | null} store @param {Vkey} log @param {Checkpoint} now @param {Proofs} proofs @param {string} today @returns {Promise<Seen>}
 */
export async function look(store, log, now, proofs, today) {
  /** @type {Kept | null} */
  const kept = read(store, noteName(log));
  const keep = (/** @type {Kept} */ what) => write(store, noteName(log), what);
  if (typeof kept?.note === 'string') {
    const { compare } = await import('./history.js');
    const seen = await compare({ note: kept.note, when: String(kept.when), forks: kept.forks }, log, now, proofs, today, keep);
    if (seen) return seen;
  }
  return { state: 'first', isKept: keep({ note: now.note, when: today }) };
}

/**
 * The key that this browser first saw under the ledger's name. 'first' when it is this one, seen now.
 * @param {Store | null} store @param {Vkey} log @param {string} today @returns {{state: 'first' | 'same' | 'other', vkey: string, when: string, isConfirmed: boolean}}
 */
export function lookAtKey(store, log, today) {
  const kept = read(store, keyName(log));
  if (typeof kept?.vkey !== 'string') {
    write(store, keyName(log), { vkey: log.vkey, when: today, isConfirmed: false });
    return { state: 'first', vkey: log.vkey, when: today, isConfirmed: false };
  }
  return { state: kept.vkey === log.vkey ? 'same' : 'other', vkey: kept.vkey, when: String(kept.when), isConfirmed: kept.isConfirmed === true };
}

/** The reader compared the key with what the ledger's owner published, and trusts it. @param {Store | null} store @param {Vkey} log @param {string} today */
export const confirmKey = (store, log, today) => write(store, keyName(log), { vkey: log.vkey, when: today, isConfirmed: true });
