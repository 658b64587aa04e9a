// Who must have cosigned a checkpoint: a file of C2SP tlog-policy, as docs/formats.md has it.
import { decimal, hex, utf8 } from './bytes.js';
import { verify } from './ed25519.js';
import { demand, parseVkey } from './note.js';

/** @typedef {import('./note.js').Vkey} Vkey */

const MOST = 256, MOST_LETTERS = 1 << 20;

/** C2SP tlog-cosignature: a witness signs the time too. @param {string} text of the key, type 4 @returns {Promise<Vkey>} */
export async function parseWitness(text) {
  const witness = await parseVkey(text, 4);
  return {
    ...witness,
    isGood: async (note, signature) => {
      const seconds = signature.slice(0, 8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
      const isTimed = signature.length === 72 && seconds < 1n << 63n;
      return isTimed && verify(witness.key, utf8(`cosignature/v1\ntime ${seconds}\n${note}`), signature.slice(8));
    },
  };
}

/**
 * Throws a Fault, BAD_INPUT.
 * @param {string} text @param {Vkey} log The policy must list it, or no log. @returns {Promise<import('./receipt.js').Policy>}
 */
export async function parsePolicy(text, log) {
  /** @type {(condition: unknown, words: string) => asserts condition} */
  const need = (condition, words) => demand(condition, 'BAD_INPUT', `the policy ${words}`);
  need(text.length <= MOST_LETTERS && (text === '' || text.endsWith('\n')), 'is cut off, or too long');
  need(!/[\x00-\x08\x0b-\x1f\x7f]/.test(text), 'has a control character');
  /** @type {Map<string, Vkey | {least: number, names: string[]}>} */
  const members = new Map();
  /** @type {{[of: string]: string[]}} */
  const { logs, witnessKeys, quorums, taken } = { logs: [], witnessKeys: [], quorums: [], taken: [] };
  /** @type {Vkey[]} */
  const witnesses = [];
  /** @param {string} name @param {Vkey | {least: number, names: string[]}} member */
  const add = (name, member) => {
    need(name !== 'none' && !members.has(name), `has the name ${name} twice, or it is none`);
    members.set(name, member);
  };
  for (const line of text.split('\n')) {
    const items = line.split(/[ \t]+/).filter((item) => item !== ''), [word, name, rule, ...names] = items;
    if (items.length === 0 || word.startsWith('#')) continue;
    if (word === 'log' && (items.length === 2 || items.length === 3)) {
      logs.push(hex((await parseVkey(name)).key) + name.split('+')[0]);
    } else if (word === 'witness' && (items.length === 3 || items.length === 4)) {
      const key = await parseWitness(rule);
      witnesses.push(key);
      witnessKeys.push(hex(key.key));
      add(name, key);
    } else if (word === 'group' && names.length > 0) {
      for (const one of names) {
        need(members.has(one) && !taken.includes(one), `has ${one} not above, or as a member twice`);
        taken.push(one);
      }
      const least = decimal(rule === 'all' ? String(names.length) : rule === 'any' ? '1' : rule);
      need(least !== null && least >= 1n && least <= BigInt(names.length), `has a group that cannot hold, ${name}`);
      add(name, { least: Number(least), names });
    } else {
      need(word === 'quorum' && items.length === 2, `has a line that is none: ${line.slice(0, 80)}`);
      need(name === 'none' || members.has(name), 'names a quorum that is not above');
      quorums.push(name);
    }
  }
  need(quorums.length === 1, 'has no quorum, or several');
  need(Math.max(logs.length, witnesses.length, members.size - witnesses.length) <= MOST, 'has more than 256 of a kind');
  const keysOnly = logs.map((one) => one.slice(0, 64));
  need(new Set(keysOnly).size === logs.length && new Set(witnessKeys).size === witnessKeys.length, 'has a key twice');
  need(logs.length === 0 || logs.includes(hex(log.key) + log.name), 'lists other logs');
  /** @param {string} name @param {string[]} cosigned @returns {boolean} */
  const holds = (name, cosigned) => {
    const member = members.get(name);
    if (!member) return false;
    return 'names' in member ? member.names.filter((one) => holds(one, cosigned)).length >= member.least : cosigned.includes(member.vkey);
  };
  return { witnesses, holds: (cosigned) => quorums[0] === 'none' || holds(quorums[0], cosigned) };
}
