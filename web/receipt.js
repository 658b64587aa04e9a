// Receipts: one file that shows that an entry, as its author's keys signed it, stands in the ledger. docs/formats.md, "Receipt", has the
// order of the checks and the names of the faults.
import { Fault, demand, openCheckpoint } from './note.js';
import { take, verify } from './ed25519.js';
import { concat, decimal, hex, textOf, unbase64, utf8 } from './bytes.js';
import { leadsTo, leafHash } from './tree.js';
import { WRONG, parse } from './wire.js';

/** @typedef {import('./note.js').Vkey} Vkey */
/** @typedef {import('./wire.js').Message} Message */
/** @typedef {{witnesses: Vkey[], holds: (cosigned: string[]) => boolean}} Policy */
/** @typedef {{index: bigint, extra: Uint8Array | null, path: Uint8Array[], checkpoint: Uint8Array}} Proof */
/** @typedef {{index: bigint, micros: bigint, record: Message, entry: Message, signers: string[]}} Signed */

// How many bytes a file may have.
const CAP = 2 << 20;

/** @param {Uint8Array} bytes of a .tlog-proof @returns {Proof} */
export function parseProof(bytes) {
  const fault = 'NOT_A_PROOF', text = bytes.length <= CAP ? textOf(bytes) : null;
  demand(text !== null, fault, 'the file is not a text, or too long');
  const blank = text.indexOf('\n\n'), lines = text.slice(0, blank).split('\n');
  demand(blank >= 0 && blank + 2 < text.length && lines.shift() === 'c2sp.org/tlog-proof@v1', fault, 'the file is no tlog-proof');
  let extra = null;
  if (lines[0]?.startsWith('extra ')) {
    extra = unbase64((lines.shift() ?? '').slice(6));
    demand(extra && extra.length > 0, fault, 'its extra is not base64');
  }
  const index = lines[0]?.startsWith('index ') ? decimal((lines.shift() ?? '').slice(6)) : null;
  demand(index !== null, fault, 'the file states no index');
  const path = lines.map((line) => unbase64(line) ?? new Uint8Array());
  demand(path.length <= 64 && path.every((hash) => hash.length === 32), fault, 'it has a line that is no hash, or too many');
  return { index, extra, path, checkpoint: utf8(text.slice(blank + 2)) };
}

/**
 * A record in its one encoding, with every signature of its entry checked.
 * @param {Uint8Array} bytes @returns {Promise<Signed>}
 */
export async function readRecord(bytes, own = take) {
  const bad = 'ENTRY_SIGNATURE_BAD';
  demand(bytes.length <= 65534, WRONG, 'a record is too long');
  const record = parse(bytes, 'Record'), signed = record[4];
  demand(signed && record[5], WRONG, 'a record has an entry and an outcome');
  demand(record[3]?.length === 32, WRONG, 'the hash of the record before has not 32 bytes');
  const bytesOfEntry = signed[1] ?? new Uint8Array(), entry = parse(bytesOfEntry, 'Entry');
  /** @type {Uint8Array[]} */
  const keys = entry[9];
  const signers = keys.map(hex);
  demand(keys.length > 0 && keys.length <= 32 && new Set(signers).size === keys.length && keys.every((key) => key.length === 32), WRONG,
    'an entry names 1 to 32 signers, each once');
  demand(signed[2].length === keys.length, bad, 'those who sign the entry are not those that it names');
  const message = concat(utf8('fundtrail entry v1\n'), bytesOfEntry);
  for (const [i, key] of keys.entries()) demand(await verify(key, message, signed[2][i], own), bad, `the signature of ${signers[i]} is bad`);
  return { index: record[1] ?? 0n, micros: record[2] ?? 0n, record, entry, signers };
}

/**
 * Throws a Fault, or Unsupported where the browser cannot check signatures.
 * @param {Uint8Array} bytes @param {Vkey & {leaf?: import('./tree.js').OfLeaf, node?: import('./tree.js').OfNode, take?: typeof take}} log @param {Policy} [policy]
 * @returns {Promise<Signed & {checkpoint: import('./note.js').Checkpoint}>}
 */
export async function verifyReceipt(bytes, log, policy) {
  const proof = parseProof(bytes), { extra } = proof;
  demand(extra, 'NO_RECORD', 'the file carries no record');
  const checkpoint = await openCheckpoint(proof.checkpoint, log, policy?.witnesses);
  demand(!policy || policy.holds(checkpoint.witnesses), 'NO_QUORUM', 'the checkpoint is not cosigned by the quorum of the policy');
  const leads = await leadsTo(checkpoint.root, proof.index, checkpoint.size, await (log.leaf ?? leafHash)(extra), proof.path, log.node);
  /** @type {Signed} */
  let signed;
  try {
    signed = await readRecord(extra, log.take);
  } catch (error) {
    if (!leads && error instanceof Fault) throw new Fault('RECORD_CHANGED', error.message);
    throw error;
  }
  demand(leads, 'NOT_INCLUDED', "the record does not lead to the checkpoint's root");
  demand(signed.index === proof.index, WRONG, `the record states another number, ${signed.index}`);
  demand(signed.entry[1] === log.name, WRONG, 'the entry is for another ledger');
  return { ...signed, checkpoint };
}

/** @typedef {{line: number, from: string, to: string, fund: string, amount: bigint, asset: string, toAmount: bigint, date: string, purpose: string}} Payment */

const TRANSFER = 40;

/** The transfers of an entry, counted from 1 as a ledger counts them. @param {Message} entry @returns {Payment[]} */
export const paymentsOf = (entry) => entry[7].filter((/** @type {Message} */ action) => action[TRANSFER]).map((/** @type {Message} */ action, /** @type {number} */ i) => {
  const of = action[TRANSFER];
  return { line: i + 1, from: of[1] ?? '', to: of[2] ?? '', fund: of[3] ?? '', amount: of[5] ?? 0n, asset: of[6] ?? '', toAmount: of[14] ?? 0n, date: of[8] ?? entry[4] ?? '', purpose: of[9] ?? '' };
});
