// What a file says that somebody kept: a receipt, or a saved answer with the receipts of its payments. The saved checker shows it, and /check/.
import { hex, textOf, utf8 } from './bytes.js';
import { Unsupported } from './ed25519.js';
import { why } from './faults.js';
import { parseVkey } from './note.js';
import { parsePolicy } from './policy.js';
import { paymentsOf, verifyReceipt } from './receipt.js';
import { actionName } from './wire.js';

/** @typedef {{colour: 'green' | 'amber' | 'red', text: string, items: string[]}} Found */
/** @typedef {{title: string, page: string, when: string, rows: {ref: string, data: {[name: string]: string}}[], receipts: {[record: string]: string}}} Answer */

const PARTS = ['from', 'to', 'amount', 'asset', 'fund', 'date'];

const OPENED = {
  en: {
    holds: 'Holds: record {index} of {ledger}, recorded {time}, is in the ledger as it was signed, under a checkpoint of {size} records.',
    signed: 'For {author}, of {date}, signed by {keys}',
    cosigned: 'Cosigned by {names}',
    payment: '{ref}: {from} → {to}, {amount} smallest units of {asset}, fund {fund}, {date} {purpose}',
    action: 'Also: {name}',
    fails: 'Does not hold: {why}.',
    forked: 'Contradicts a receipt above: the ledger signed two histories.',
    answer: 'Saved answer: {n} of {all} payments are as signed; not so: {refs}. Totals and names are not checked.',
    named: 'The file says of itself, unproven: ',
    unsupported: 'This browser cannot check signatures: use Chrome 137, Firefox 129, Safari 17 or later.',
  },
  zh: {
    holds: '成立：{ledger} 的记录 {index}，记于 {time}，按其签名的内容存在于账本中；检查点共 {size} 条记录。',
    signed: '代表 {author}，日期 {date}，签名密钥 {keys}',
    cosigned: '联署者：{names}',
    payment: '{ref}：{from} → {to}，{asset} 的最小单位 {amount}，基金 {fund}，{date} {purpose}',
    action: '另有：{name}',
    fails: '不成立：{why}。',
    forked: '与以上收据矛盾：账本签了两种历史。',
    answer: '保存的回答：{all} 笔付款中 {n} 笔与所签相同；不同：{refs}。合计和名称未核验。',
    named: '文件自称，未证明：',
    unsupported: '本浏览器不能核验签名：请用 Chrome 137、Firefox 129、Safari 17 或更新版本。',
  },
};

/** @param {string} text @param {{[name: string]: unknown}} values */
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** A time in microseconds. @param {bigint} micros */
function timeOf(micros) {
  const time = new Date(Number(micros / 1000n));
  return Number.isNaN(time.getTime()) ? '?' : time.toISOString().replace('T', ' ').slice(0, 19) + ' UTC';
}

/** The saved answer in a file; null where it is something else. @param {Uint8Array} bytes @returns {Answer | null} */
export function readAnswer(bytes) {
  try {
    const answer = JSON.parse(textOf(bytes) ?? '');
    const isText = (/** @type {unknown} */ part) => typeof part === 'string', { format, title, page, when, rows, receipts } = answer;
    if (format !== 'fundtrail answer 1' || ![title, page, when].every(isText) || !Array.isArray(rows) || Object(receipts) !== receipts) return null;
    return rows.every((/** @type {any} */ row) => isText(row?.ref) && /^\d+\.\d+$/.test(row.ref)) && Object.values(receipts).every(isText) ? answer : null;
  } catch {
    return null;
  }
}

/**
 * Each receipt of a file, and before those of an answer what they say of its rows.
 * @param {Uint8Array} bytes @param {string} vkey @param {string} policy empty: none @param {string} language @returns {Promise<Found[]>}
 */
export async function opened(bytes, vkey, policy, language) {
  const text = OPENED[language.startsWith('zh') ? 'zh' : 'en'], answer = readAnswer(bytes);
  /** @type {Map<string, {[name: string]: unknown}>} */
  const signed = new Map();
  /** By the size of a checkpoint its root: of one history there is one. @type {Map<bigint, string>} */
  const roots = new Map();
  /** @param {Uint8Array} receipt @param {string} [record] that it must be of @returns {Promise<Found>} */
  const open = async (receipt, record) => {
    try {
      const log = await parseVkey(vkey);
      const { index, micros, entry, signers, checkpoint } = await verifyReceipt(receipt, log, policy ? await parsePolicy(policy + '\n', log) : undefined);
      const { size } = checkpoint, root = hex(checkpoint.root);
      if ((roots.get(size) ?? root) !== root) return { colour: 'red', text: text.forked, items: [] };
      roots.set(size, root);
      const items = [fill(text.signed, { author: entry[2], date: entry[4], keys: signers.join(', ') })];
      if (checkpoint.witnesses.length > 0) items.push(fill(text.cosigned, { names: checkpoint.witnesses.map((vkey) => vkey.split('+')[0]).join(', ') }));
      for (const payment of paymentsOf(entry)) {
        const ref = `${index}.${payment.line}`, amount = String(payment.amount).replace(/\B(?=(\d{3})+$)/g, ',');
        // A good receipt of another record is none of this one.
        if (record === undefined || String(index) === record) signed.set(ref, payment);
        items.push(fill(text.payment, { ...payment, amount, ref }));
      }
      for (const action of entry[7]) {
        const name = actionName(Number(Object.keys(action)[0]));
        if (name !== 'Transfer') items.push(fill(text.action, { name }));
      }
      return { colour: 'green', text: fill(text.holds, { index, ledger: log.name, time: timeOf(micros), size }), items };
    } catch (error) {
      if (error instanceof Unsupported || !crypto.subtle) return { colour: 'amber', text: text.unsupported, items: [] };
      return { colour: 'red', text: fill(text.fails, { why: why(language, error) }), items: [] };
    }
  };
  if (!answer) return [await open(bytes)];
  /** @type {Found[]} */
  const found = [];
  for (const [record, receipt] of Object.entries(answer.receipts)) found.push(await open(utf8(receipt), record));
  /** A row of which no receipt is there says nothing that was signed, whatever it says. @param {Answer['rows'][0]} row */
  const isSigned = ({ ref, data }) => {
    const payment = signed.get(ref);
    return payment && PARTS.every((part) => data?.[part] === String(payment[part]));
  };
  const differing = answer.rows.filter((row) => !isSigned(row)), all = answer.rows.length, has = (/** @type {string} */ colour) => found.some((one) => one.colour === colour);
  const colour = has('amber') || all === 0 ? 'amber' : differing.length > 0 || has('red') ? 'red' : 'green';
  const refs = differing.map(({ ref }) => ref).join(', ') || '-';
  // What the file says of itself must not look like a part of what was found.
  const named = JSON.stringify([answer.title, answer.page, answer.when]);
  return [{ colour, text: fill(text.answer, { n: all - differing.length, all, refs }), items: [text.named + named.slice(1, -1)] }, ...found];
}
