// Whether the payments that a page shows are what their authors signed. check.js takes it when the reader asks.
import { Unsupported } from './ed25519.js';
import { why } from './faults.js';
import { found as sayFound } from './found.js';
import { Fault } from './note.js';
import { decimalsIn, paymentsOf, verifyReceipt } from './receipt.js';

const AT_ONCE = 6, TOLD_EVERY = 50;

/** @type {Map<string, string>} */
const saw = new Map();
/** For a browser that keeps nothing: what was seen on this page. @type {import('./history.js').Store} */
export const here = { getItem: (name) => saw.get(name) ?? null, setItem: (name, value) => void saw.set(name, value) };

/** @typedef {import('./note.js').Vkey} Vkey */
/** @typedef {import('./note.js').Checkpoint} Checkpoint */
/** @typedef {import('./receipt.js').Payment} Payment */
/** @typedef {{dataset: {[name: string]: string | undefined}}} Row An element, or what a test has for one. */
/** @typedef {{ref: string, error: unknown}} Failed */
/**
 * checked: how many payments hold. differing: what the page shows is not what was signed. faults: a proof does not hold. missing: no proof
 * was to be had. unproven: the assets whose decimals no record showed.
 * @typedef {{checked: number, differing: string[], faults: Failed[], missing: Failed[], unproven: string[], receipts: Map<string, Uint8Array>, notes: Map<string, Checkpoint>}} Outcome
 */

/** The texts that stand below a node, each by itself. @param {any} node @returns {string[]} */
export const textsOf = (node) => (node.nodeType === 3 ? [node.data] : [...(node.childNodes ?? [])].flatMap(textsOf));

/** Amounts as a page writes them: "1,200,000.00 USD". What follows a point are the decimals. Dates are none. @param {string} text */
export function amountsIn(text) {
  const found = text.replace(/\d{4}-\d\d-\d\d/g, ' ').matchAll(/(?:^|[^\d.,])((\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?)(?!\d|[.,]\d)/g);
  return [...found].map(([, raw, whole, part = '']) => ({ raw, units: BigInt(whole.replaceAll(',', '') + part), decimals: part.length }));
}

/** The payment that a row shows: "12.3". @param {Row} row */
export const refOf = (row) => `${row.dataset.record}.${row.dataset.line}`;

/**
 * Where a row parts from the payment: the names of its attributes, or 'shown' for the amount that people read. `decimals` is how many the
 * page may have given the asset. A name or a purpose may read like the amount too, so there may be several; none where no amount is shown.
 * @param {Row} row @param {Payment} payment @returns {{parts: string[], decimals: number[]}}
 */
export function compare(row, payment) {
  const parts = [];
  for (const name of /** @type {const} */ (['from', 'to', 'amount', 'asset', 'fund', 'date'])) {
    const said = row.dataset[name];
    if (said !== undefined && said !== String(payment[name])) parts.push(name);
  }
  const shown = textsOf(row).flatMap(amountsIn), own = shown.findIndex(({ raw }) => raw === refOf(row));
  if (own >= 0) shown.splice(own, 1);  // the payment's number reads like an amount
  const found = shown.filter(({ units }) => units === payment.amount);
  if (row.dataset.amount !== undefined && shown.length > 0 && found.length === 0) parts.push('shown');
  return { parts, decimals: [...new Set(found.map(({ decimals }) => decimals))] };
}

/**
 * @param {Row[]} rows @param {Vkey} log @param {(record: string) => Promise<Uint8Array>} receiptOf Throws where there is none.
 * @param {(done: number) => void} [told] @returns {Promise<Outcome>} Throws Unsupported.
 */
export async function checkPayments(rows, log, receiptOf, told = () => {}) {
  /** @type {Outcome} */
  const outcome = { checked: 0, differing: [], faults: [], missing: [], unproven: [], receipts: new Map(), notes: new Map() };
  /** @type {Map<string, ReturnType<typeof verifyReceipt>>} */
  const verified = new Map();
  /** @param {string} record */
  const read = async (record) => {
    if (!/^(0|[1-9][0-9]{0,15})$/.test(record)) throw new Error('it names no record');
    const bytes = await receiptOf(record);
    outcome.receipts.set(record, bytes);
    const receipt = await verifyReceipt(bytes, log);
    outcome.notes.set(receipt.checkpoint.note, receipt.checkpoint);
    // A good receipt of another record is none of this one.
    if (String(receipt.index) !== record) throw new Fault('NOT_INCLUDED', `it is of record ${receipt.index}`);
    return receipt;
  };
  /** @param {string} record */
  const open = (record) => {
    const receipt = verified.get(record) ?? read(record);
    verified.set(record, receipt);
    return receipt;
  };
  // Some receipts are asked for ahead: what fails is told at its row.
  const waiting = [...new Set(rows.map((row) => String(row.dataset.record)))];
  const ahead = async () => {
    for (let record = waiting.shift(); record !== undefined; record = waiting.shift()) await open(record).catch(() => {});
  };
  for (let i = 0; i < AT_ONCE; ++i) ahead();
  /** @param {string} ref @param {unknown} error */
  const fail = (ref, error) => {
    if (error instanceof Unsupported) throw error;
    (error instanceof Fault ? outcome.faults : outcome.missing).push({ ref, error });
  };
  /** What all rows of an asset may have given it. @type {Map<string, {decimals: number[], record?: string}>} */
  const assets = new Map();
  for (const [i, row] of rows.entries()) {
    told(i + 1);
    try {
      const { entry } = await open(String(row.dataset.record));
      const payment = paymentsOf(entry).find((one) => String(one.line) === row.dataset.line);
      const { parts, decimals } = payment ? compare(row, payment) : { parts: ['line'], decimals: [] };
      if (parts.length > 0) outcome.differing.push(refOf(row));
      else ++outcome.checked;
      if (!payment || decimals.length === 0) continue;
      const asset = assets.get(payment.asset) ?? { decimals, record: undefined };
      asset.decimals = asset.decimals.filter((of) => decimals.includes(of));
      asset.record ??= row.dataset.assetRecord;
      assets.set(payment.asset, asset);
    } catch (error) {
      fail(refOf(row), error);
    }
  }
  for (const [code, { decimals, record }] of assets) {
    let declared = null;
    try {
      if (record !== undefined) declared = decimalsIn((await open(record)).entry, code);
    } catch (error) {
      if (error instanceof Unsupported || error instanceof Fault) fail(code, error);
    }
    if (decimals.length === 0 || (declared !== null && !decimals.includes(declared))) outcome.differing.push(code);
    else if (declared === null) outcome.unproven.push(code);
  }
  return outcome;
}

/**
 * What was found, as a colour and sentences.
 * @param {Outcome} outcome @param {number} all @param {string} language @param {import('./check.js').Say} say of check.js @returns {import('./check.js').Verdict}
 */
export function verdict({ differing, faults, missing, unproven, checked }, all, language, say) {
  const tell = sayFound(language);
  const refs = (/** @type {string[]} */ list) => list.slice(0, 5).join(', ') + (list.length > 5 ? ' …' : '');
  if (differing.length > 0) return { colour: 'red', text: tell('differs', { refs: refs(differing) }) };
  if (faults.length > 0) return { colour: 'red', text: say('fault', { refs: refs(faults.map(({ ref }) => ref)), why: why(language, faults[0].error) }) };
  const text = [tell('checked', { n: checked, all })];
  if (unproven.length > 0) text.push(tell('decimals', { assets: refs(unproven) }));
  if (missing.length > 0) text.unshift(tell('missing', { refs: refs(missing.map(({ ref }) => ref)) }));
  return { colour: missing.length > 0 || checked === 0 ? 'amber' : 'green', text: text.join(' ') };
}

/**
 * Checks the rows of a page, and that the checkpoints of their receipts are of one history with what was seen.
 * @param {Row[]} rows all of the page @param {number} most how many are checked @param {Vkey} log @param {Checkpoint} checkpoint
 * @param {{language: string, say: import('./check.js').Say, get: import('./tiles.js').Get, tilesOf: (size: bigint) => Promise<import('./tiles.js').Tiles>, told: (text: string) => void, seenOf: (checkpoint: Checkpoint) => Promise<import('./check.js').Verdict & {isOne: boolean}>}} page
 * @returns {Promise<import('./check.js').Verdict & {evidence: {[name: string]: unknown}, next?: string}>} `next` offers to check the rest.
 */
export async function checkPage(rows, most, log, checkpoint, { language, say, get, tilesOf, told, seenOf }) {
  const tiles = await tilesOf(checkpoint.size), tell = sayFound(language), asked = rows.slice(0, most);
  let hasReceipts = true;
  /** @param {string} record */
  const receiptOf = async (record) => {
    const given = hasReceipts ? await get(`record/${record}.tlog-proof`) : null;
    if (!given) hasReceipts = false;  // a host of files: the tiles tell
    return given ?? tiles.receipt(Number(record), checkpoint.note);
  };
  const outcome = await checkPayments(asked, log, receiptOf, (n) => {
    if (n % TOLD_EVERY === 1) told(tell('checking', { n, all: asked.length }));  // a screen reader says each
  });
  let found = verdict(outcome, rows.length, language, say);
  // The page's own is among them: what is in one of two histories is not in the ledger.
  for (const other of new Map([[checkpoint.note, checkpoint], ...outcome.notes]).values()) {
    if (found.colour === 'red') break;
    const { isOne, ...seen } = await seenOf(other);
    if (!isOne) found = seen;
  }
  const evidence = {
    what: found.text,
    notes: [checkpoint.note, ...outcome.notes.keys()],
    receipts: Object.fromEntries([...outcome.receipts].map(([record, bytes]) => [record, new TextDecoder().decode(bytes)])),
    rows: asked.map((row) => ({ ref: refOf(row), data: { ...row.dataset }, text: textsOf(row).join(' ') })),
  };
  return { ...found, evidence, next: most < rows.length ? tell('buttonAll', { n: rows.length }) : undefined };
}
