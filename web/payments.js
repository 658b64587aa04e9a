// Whether the payments that a page shows are what their authors signed. check.js takes it when the reader asks.
import { hex } from './bytes.js';
import { Unsupported, take } from './ed25519.js';
import { faultText } from './errors.js';
import { found as sayFound } from './found.js';
import { keptNodes, leafNow } from './hashes.js';
import { Fault } from './note.js';
import { paymentsOf, verifyReceipt } from './receipt.js';

const AT_ONCE = 6, TOLD_EVERY = 50, ASSET = 20;

/** @type {Map<string, string>} */
const saw = new Map();
/** For a browser that keeps nothing: what was seen on this page. @type {import('./history.js').Store} */
export const here = { getItem: (name) => saw.get(name) ?? null, setItem: (name, value) => void saw.set(name, value) };

/** @typedef {import('./note.js').Vkey} Vkey */
/** @typedef {import('./note.js').Checkpoint} Checkpoint */
/** @typedef {import('./receipt.js').Payment} Payment */
/** @typedef {Parameters<typeof verifyReceipt>[1]} Keeping */
/** @typedef {{dataset: {[name: string]: string | undefined}}} Row An element, or what a test has for one. */
/** @typedef {{record: string, line: string, texts: any}} Head What must show the amount of a payment, as its heading does, and the element of it; null where it is not there. */
/** @typedef {{ref: string, error: unknown}} Failed */
/**
 * checked: how many payments hold. differing: what the page shows is not what was signed. lacking: the page does not say all that is
 * compared. faults: a proof does not hold. missing: no proof was to be had. unproven: the assets whose decimals no record showed.
 * @typedef {{checked: number, differing: string[], lacking: string[], faults: Failed[], missing: Failed[], unproven: string[], receipts: Map<string, Uint8Array>, notes: Map<string, Checkpoint>}} Outcome
 */

/** How many decimals the entry declares for the asset, or null where it does not. @param {import('./wire.js').Message} entry @param {string} code */
export function decimalsIn(entry, code) {
  const found = entry[7].find((/** @type {import('./wire.js').Message} */ action) => action[ASSET]?.[1] === code);
  return found ? Number(found[ASSET][3] ?? 0n) : null;
}

/** The texts that stand below a node, each by itself. @param {any} node @returns {string[]} */
export const textsOf = (node) => (node.nodeType === 3 ? [node.data] : [...(node.childNodes ?? [])].flatMap(textsOf));

/** Amounts as a page writes them: "1,200,000.00 USD". What follows a point are the decimals. Dates are none. @param {string} text */
export function amountsIn(text) {
  const found = text.replace(/\d{4}-\d\d-\d\d/g, ' ').matchAll(/(?:^|[^\d.,])((\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?)(?!\d|[.,]\d)/g);
  return [...found].map(([, raw, whole, part = '']) => ({ raw, units: BigInt(whole.replaceAll(',', '') + part), decimals: part.length }));
}

/** The same key, which keeps what it found of notes and authors. @param {Keeping} log @returns {Keeping} */
function keeping(log) {
  /** @type {Map<string, any>} */
  const known = new Map();
  /** @param {string} name @param {() => unknown} find */
  const once = (name, find) => known.get(name) ?? known.set(name, find()).get(name);
  return {
    leaf: leafNow,
    node: keptNodes(),
    ...log,
    isGood: (note, signature) => once(note + hex(signature), () => log.isGood(note, signature)),
    take: (key) => once(hex(key), () => take(key)),
  };
}

/** The payment that a row shows: "12.3". @param {Row} row */
export const refOf = ({ dataset: { record = '?', line = '?' } }) => `${record}.${line}`;

/** The amounts that stand in an element, without the payment's own number, which reads like one. @param {any} element @param {string} ref */
function amountsBeside(element, ref) {
  const shown = textsOf(element).flatMap(amountsIn), own = shown.findIndex(({ raw }) => raw === ref);
  return own < 0 ? shown : shown.filter((_, i) => i !== own);
}

/** @param {{decimals: number}[]} amounts */
const decimalsOf = (amounts) => [...new Set(amounts.map(({ decimals }) => decimals))];

const COMPARED = /** @type {const} */ (['from', 'to', 'amount', 'asset', 'fund', 'date']);

/**
 * Where a row parts from the payment: the names of its attributes, or 'shown' for the amount that people read; and whether one of them is not
 * there. `decimals` is how many the page may have given the asset. A name or a purpose may read like the amount too, so there may be several.
 * @param {Row} row @param {Payment} payment @returns {{parts: string[], isWhole: boolean, decimals: number[]}}
 */
export function compare(row, payment) {
  const said = COMPARED.filter((name) => row.dataset[name] !== undefined), shown = amountsBeside(row, refOf(row));
  /** @type {string[]} */
  const parts = said.filter((name) => row.dataset[name] !== String(payment[name]));
  const found = shown.filter(({ units }) => units === payment.amount);
  if (shown.length > 0 && found.length === 0) parts.push('shown');
  return { parts, isWhole: said.length === COMPARED.length && shown.length > 0, decimals: decimalsOf(found) };
}

/** The same of a heading. What an exchange became may stand there too. @param {Head} head @param {Payment} payment */
export function compareHead({ record, line, texts }, payment) {
  const shown = texts ? amountsBeside(texts, `${record}.${line}`) : [], found = shown.filter(({ units }) => units === payment.amount);
  const isOther = payment.toAmount > 0n && shown.some(({ units }) => units === payment.toAmount);
  return { parts: shown.length > 0 && found.length === 0 && !isOther ? ['shown'] : [], isWhole: shown.length > 0, decimals: decimalsOf(found) };
}

/**
 * @param {Row[]} rows @param {Keeping} log @param {(record: string) => Promise<Uint8Array>} receiptOf Throws where there is none.
 * @param {(done: number) => void} [told] @param {Head[]} [heads] @returns {Promise<Outcome>} Throws Unsupported.
 */
export async function checkPayments(rows, log, receiptOf, told = () => {}, heads = []) {
  /** @type {Outcome} */
  const outcome = { checked: 0, differing: [], lacking: [], faults: [], missing: [], unproven: [], receipts: new Map(), notes: new Map() };
  /** @type {Map<string, ReturnType<typeof verifyReceipt>>} */
  const verified = new Map(), own = keeping(log);
  /** @param {string} record */
  const read = async (record) => {
    if (!/^(0|[1-9][0-9]{0,15})$/.test(record)) throw new Error('it names no record');
    const bytes = await receiptOf(record);
    outcome.receipts.set(record, bytes);
    const receipt = await verifyReceipt(bytes, own);
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
  const waiting = [...new Set(rows.flatMap(({ dataset: { record } }) => record ?? []))];
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
  /** @param {string} record @param {string} line @param {(payment: Payment) => {parts: string[], isWhole: boolean, decimals: number[]}} judge @param {string} [assetRecord] */
  const look = async (record, line, judge, assetRecord) => {
    const ref = `${record}.${line}`;
    try {
      const { entry } = await open(record), payment = paymentsOf(entry).find((one) => String(one.line) === line);
      const { parts, isWhole, decimals } = payment ? judge(payment) : { parts: ['line'], isWhole: true, decimals: [] };
      if (parts.length > 0) outcome.differing.push(ref);
      else if (!isWhole) outcome.lacking.push(ref);
      if (payment && decimals.length > 0) {
        const asset = assets.get(payment.asset) ?? { decimals, record: undefined };
        asset.decimals = asset.decimals.filter((of) => decimals.includes(of));
        asset.record ??= assetRecord;
        assets.set(payment.asset, asset);
      }
      return parts.length === 0 && isWhole;
    } catch (error) {
      fail(ref, error);
      return false;
    }
  };
  for (const [i, row] of rows.entries()) {
    told(i + 1);
    const { record, line, assetRecord } = row.dataset;
    if (record === undefined || line === undefined) outcome.lacking.push(refOf(row));
    else if (await look(record, line, (payment) => compare(row, payment), assetRecord)) ++outcome.checked;
  }
  for (const head of heads) await look(head.record, head.line, (payment) => compareHead(head, payment));
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
 * @param {Outcome} outcome @param {number} all @param {string} language @returns {import('./check.js').Verdict}
 */
export function verdict({ differing, lacking, faults, missing, unproven, checked }, all, language) {
  const tell = sayFound(language);
  const refs = (/** @type {string[]} */ all) => {
    const list = [...new Set(all)];
    return list.slice(0, 5).join(', ') + (list.length > 5 ? ' …' : '');
  };
  if (differing.length > 0) return { colour: 'red', text: tell('differs', { refs: refs(differing) }) };
  if (faults.length > 0) return { colour: 'red', text: faultText(language, faults[0].error, refs(faults.map(({ ref }) => ref))) };
  const text = [tell('checked', { n: checked, all })];
  if (unproven.length > 0) text.push(tell('decimals', { assets: refs(unproven) }));
  if (missing.length > 0) text.unshift(tell('missing', { refs: refs(missing.map(({ ref }) => ref)) }));
  if (lacking.length > 0) text.unshift(tell('lacking', { refs: refs(lacking) }));
  return { colour: missing.length + lacking.length > 0 || checked === 0 ? 'amber' : 'green', text: text.join(' ') };
}

/**
 * Checks the rows of a page, and that the checkpoints of their receipts are of one history with what was seen.
 * @param {Row[]} rows all of the page @param {number} most how many are checked @param {Vkey} log @param {Checkpoint} checkpoint
 * @param {{language: string, get: import('./tiles.js').Get, tilesOf: (size: bigint) => Promise<import('./tiles.js').Tiles>, told: (text: string) => void, heads?: Head[], own?: {record: string, line: string, isTrace: boolean} | null, seenOf: (checkpoint: Checkpoint) => Promise<import('./check.js').Verdict & {isOne: boolean}>}} page
 * @returns {Promise<import('./check.js').Verdict & {evidence: {[name: string]: unknown}, next?: string, save: string}>} `next` offers to check the rest, `save` to keep it.
 */
export async function checkPage(rows, most, log, checkpoint, { language, get, tilesOf, told, heads = [], own = null, seenOf }) {
  const tiles = await tilesOf(checkpoint.size), tell = sayFound(language), asked = rows.slice(0, most);
  let hasReceipts = true;
  /** @param {string} record */
  const receiptOf = async (record) => {
    const given = hasReceipts ? await get(`record/${record}.tlog-proof`) : null;
    if (!given) hasReceipts = false;  // a host of files: the tiles tell
    return given ?? tiles.receipt(Number(record), checkpoint.note);
  };
  const outcome = await checkPayments(asked, { ...log, node: tiles.node }, receiptOf, (n) => {
    if (n % TOLD_EVERY === 1) told(tell('checking', { n, all: asked.length }));  // a screen reader says each
  }, heads);
  // A page of another payment than the one that was asked for is none of it.
  if (own && !own.isTrace && !rows.some(({ dataset: { record, line } }) => record === own.record && line === own.line)) outcome.differing.unshift(`${own.record}.${own.line}`);
  let found = verdict(outcome, rows.length, language);
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
    heads: heads.map(({ texts }) => (texts ? textsOf(texts).join(' ') : '')),
  };
  return { ...found, evidence, next: most < rows.length ? tell('buttonAll', { n: rows.length }) : undefined, save: tell('saveAnswer') };
}
