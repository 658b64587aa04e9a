// What this browser saw of a ledger before: its key, and its newest checkpoint. What is kept never goes back.
/** @typedef {import('./note.js').Vkey} Vkey */
/** @typedef {import('./history.js').Store | null} Store */

/** @param {Store} store @param {string} name @returns {any} Null where nothing is kept, or nothing that can be read. */
function read(store, name) {
  try {
    return JSON.parse(store?.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}

/** Whether it is kept: a browser may refuse, or keep nothing. @param {Store} store @param {string} name @param {unknown} value */
function write(store, name, value) {
  try {
    store?.setItem(name, JSON.stringify(value));
    return store !== null;
  } catch {
    return false;
  }
}

const noteName = (/** @type {Vkey} */ log) => `fundtrail note ${log.vkey}`, keyName = (/** @type {Vkey} */ log) => `fundtrail key ${log.name}`;

/**
 * Compares a checkpoint that the log signed with what was kept, and keeps it where it goes on from that.
 * @param {Store} store @param {Vkey} log @param {import('./note.js').Checkpoint} now @param {import('./history.js').Proofs} proofs
 * @param {string} today @returns {Promise<import('./history.js').Seen>}
 */
export async function look(store, log, now, proofs, today) {
  const kept = read(store, noteName(log));
  const keep = (/** @type {import('./history.js').Kept} */ what) => write(store, noteName(log), what);
  if (typeof kept?.note === 'string') {
    const { compare } = await import('./history.js');
    const seen = await compare({ note: kept.note, when: String(kept.when), forks: kept.forks }, log, now, proofs, today, keep);
    if (seen) return seen;
  }
  return { state: 'first', isKept: keep({ note: now.note, when: today }) };
}

/**
 * The key that this browser first saw under the ledger's name. 'first' when it is this one, seen now.
 * @param {Store} store @param {Vkey} log @param {string} today @returns {{state: 'first' | 'same' | 'other', vkey: string, when: string, isConfirmed: boolean}}
 */
export function lookAtKey(store, log, today) {
  const kept = read(store, keyName(log));
  if (typeof kept?.vkey !== 'string') {
    write(store, keyName(log), { vkey: log.vkey, when: today, isConfirmed: false });
    return { state: 'first', vkey: log.vkey, when: today, isConfirmed: false };
  }
  return { state: kept.vkey === log.vkey ? 'same' : 'other', vkey: kept.vkey, when: String(kept.when), isConfirmed: kept.isConfirmed === true };
}

/** The reader compared the key with what the ledger's owner published, and trusts it. @param {Store} store @param {Vkey} log @param {string} today */
export const confirmKey = (store, log, today) => write(store, keyName(log), { vkey: log.vkey, when: today, isConfirmed: true });
