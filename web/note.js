// Signed notes, checkpoints and the keys that sign them: C2SP signed-note, tlog-checkpoint, tlog-cosignature.
import { concat, decimal, hex, sha256, textOf, unbase64, utf8 } from './bytes.js';
import { verify } from './ed25519.js';

/** What is wrong: its name in docs/formats.md, and words. */
export class Fault extends Error {
  /** @param {string} fault @param {string} words */
  constructor(fault, words) {
    super(words);
    this.fault = fault;
  }
}

/** @param {unknown} condition @param {string} fault @param {string} words @returns {asserts condition} */
export function demand(condition, fault, words) {
  if (!condition) throw new Fault(fault, words);
}

/** @typedef {{name: string, id: string, key: Uint8Array, vkey: string, isGood: (text: string, signature: Uint8Array) => Promise<boolean>}} Vkey */
/** @typedef {{origin: string, size: bigint, root: Uint8Array, witnesses: string[], note: string}} Checkpoint The vkeys of the witnesses that cosigned it. */

// White space as C2SP means it: Unicode's.
/** @param {string} name */
export const isName = (name) => name !== '' && !/[+\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(name);

/** @param {string} text name+id+key @param {number} [type] 1, of a log @returns {Promise<Vkey>} */
export async function parseVkey(text, type = 1) {
  const [name, id, ...rest] = text.split('+');
  const typed = unbase64(rest.join('+'));
  demand(typed && isName(name) && !/[\x00-\x1f]/.test(name), 'BAD_INPUT', 'it is not name+id+key');
  demand(typed.length === 33 && typed[0] === type, 'BAD_INPUT', `it is not of type ${type}`);
  const hash = await sha256(concat(utf8(name + '\n'), typed));
  demand(hex(hash.slice(0, 4)) === id, 'BAD_INPUT', 'its id does not fit');
  const key = typed.slice(1);
  return { name, id, key, vkey: text, isGood: (note, signature) => verify(key, utf8(note), signature) };
}

/**
 * The text of a note, and which of the keys signed it: `must`, where one is given. One bad signature by one of the keys spoils the note.
 * @param {Uint8Array} bytes @param {Vkey[]} keys @param {Vkey} [must] @returns {Promise<{text: string, good: Vkey[]}>}
 */
export async function openNote(bytes, keys, must) {
  const bad = 'CHECKPOINT_BAD', note = bytes.length <= 1_000_000 ? textOf(bytes) : null;
  demand(note !== null && !/[\x00-\x09\x0b-\x1f]/.test(note), bad, 'it is no text, or too long');
  const blank = note.lastIndexOf('\n\n'), text = note.slice(0, blank + 1), lines = note.slice(blank + 2).split('\n');
  demand(blank >= 0 && lines.length > 1 && lines.pop() === '' && lines.length <= 100, bad, 'it is no signed note');
  const signatures = lines.map((line) => {
    const [dash, name, payload, ...more] = line.split(' '), signature = unbase64(payload ?? '');
    demand(dash === '—' && isName(name ?? '') && signature && signature.length > 4 && more.length === 0, bad, 'a line is no signature');
    return { name, id: hex(signature.slice(0, 4)), signature: signature.slice(4) };
  });
  /** @type {Set<Vkey>} */
  const good = new Set();
  let spoilt = '';
  for (const { name, id, signature } of signatures) {
    const key = keys.find((one) => one.name === name && one.id === id);
    if (!key) continue;  // by somebody who is not known here
    if (!(await key.isGood(text, signature))) spoilt ||= name;
    good.add(key);
  }
  demand(must ? good.has(must) : good.size > 0, 'WRONG_KEY', 'that key did not sign it');
  demand(!spoilt, bad, `the signature by ${spoilt} is bad`);
  return { text, good: [...good] };
}

/** @param {string} text @returns {{origin: string, size: bigint, root: Uint8Array}} */
export function parseCheckpoint(text) {
  const [origin, sizeText, rootText, ...more] = text.slice(0, -1).split('\n');
  const size = decimal(sizeText ?? ''), root = unbase64(rootText ?? '');
  demand(text.endsWith('\n') && origin && size !== null && root?.length === 32 && !more.includes(''), 'CHECKPOINT_BAD', 'it is no checkpoint');
  return { origin, size, root };
}

/**
 * A checkpoint that the log signed, and who of the witnesses cosigned it.
 * @param {Uint8Array} bytes @param {Vkey} log @param {Vkey[]} [witnesses] @returns {Promise<Checkpoint>}
 */
export async function openCheckpoint(bytes, log, witnesses = []) {
  const { text, good } = await openNote(bytes, [log, ...witnesses], log);
  const checkpoint = parseCheckpoint(text);
  demand(checkpoint.origin === log.name, 'CHECKPOINT_BAD', `it is of ${checkpoint.origin}`);
  return { ...checkpoint, witnesses: good.filter((key) => key !== log).map((key) => key.vkey), note: textOf(bytes) ?? '' };
}
