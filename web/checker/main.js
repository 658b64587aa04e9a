// The saved checker: receipts are dropped on it, and it says of each what holds. It needs no network.
import { Unsupported } from '../ed25519.js';
import { parseVkey } from '../note.js';
import { parsePolicy } from '../policy.js';
import { paymentsOf, verifyReceipt } from '../receipt.js';
import { actionName } from '../wire.js';
import { why } from '../faults.js';

const TEXT = {
  en: {
    title: 'Check a receipt',
    what: 'Choose receipts (.tlog-proof) or drop them on this page. They are checked here: this file sends nothing and asks nobody.',
    vkey: "The ledger's key (vkey), as its owner published it, and not as the receipt's sender says",
    policy: 'Who must have cosigned (a tlog-policy); empty asks for no witnesses',
    files: 'Receipts',
    none: 'First give the key.',
    holds: 'Holds: record {index} of {ledger}, recorded {time}, is in the ledger as it was signed, under a checkpoint of {size} records.',
    signed: 'For {author}, of {date}, signed by {keys}',
    cosigned: 'Cosigned by {names}',
    payment: '{ref}: {from} → {to}, {amount} smallest units of {asset}, fund {fund}, {date} {purpose}',
    action: 'Also: {name}',
    fails: 'Does not hold: {why}.',
    unsupported: 'This browser cannot check signatures: use Chrome 137, Firefox 129, Safari 17 or later.',
    notTitle: 'What this does not show',
    not: [
      'That the keys might sign for the author, and that the rules of money were kept: fundtrail verify replays all records.',
      'That nobody else is shown another history: that needs a policy, or checkpoints that readers compare.',
      'What is in other records: the names of parties, how many decimals an asset has, what was paid on.',
    ],
  },
  zh: {
    title: '核验回执',
    what: '选择回执（.tlog-proof），或拖到本页。核验在这里进行：本文件不发送任何内容，也不询问任何人。',
    vkey: '账本的密钥（vkey）：以所有者公布的为准，不以寄送回执者所说为准',
    policy: '谁须联署（tlog-policy）；留空则不要求见证者',
    files: '回执',
    none: '请先填写密钥。',
    holds: '成立：{ledger} 的记录 {index}，记于 {time}，按其签名的内容存在于账本中；检查点共 {size} 条记录。',
    signed: '代表 {author}，日期 {date}，签名密钥 {keys}',
    cosigned: '联署者：{names}',
    payment: '{ref}：{from} → {to}，{asset} 的最小单位 {amount}，基金 {fund}，{date} {purpose}',
    action: '另有：{name}',
    fails: '不成立：{why}。',
    unsupported: '本浏览器不能核验签名：请用 Chrome 137、Firefox 129、Safari 17 或更新版本。',
    notTitle: '这不能说明什么',
    not: [
      '密钥是否有权代表作者签名，资金规则是否遵守：fundtrail verify 重放全部记录来判断。',
      '是否有人看到另一种历史：这需要策略，或由读者互相比对检查点。',
      '其他记录的内容：各方的名称、资产有几位小数、款项是否转付。',
    ],
  },
};

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id */
const typed = (id) => /** @type {HTMLTextAreaElement} */ (document.getElementById(id)).value;
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
const own = () => TEXT[/** @type {'en' | 'zh'} */ (language)];
/** @param {string} text @param {{[name: string]: unknown}} values */
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** @param {HTMLElement} into @param {string} tag @param {string} text */
function put(into, tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  into.append(element);
  return element;
}

function label() {
  document.documentElement.lang = language;
  const { title, what, vkey, policy, files, notTitle, not } = own();
  for (const [id, text] of Object.entries({ title, what, 'vkey-label': vkey, 'policy-label': policy, 'files-label': files, 'not-title': notTitle })) at(id).textContent = text;
  at('not').replaceChildren();
  for (const text of not) put(at('not'), 'li', text);
  const other = at('language');
  other.lang = language === 'zh' ? 'en' : 'zh';
  other.textContent = language === 'zh' ? 'English' : '中文';
}

/** A time in microseconds. @param {bigint} micros */
function timeOf(micros) {
  const time = new Date(Number(micros / 1000n));
  return Number.isNaN(time.getTime()) ? '?' : time.toISOString().replace('T', ' ').slice(0, 19) + ' UTC';
}

/** @param {HTMLElement} into @param {Uint8Array} bytes */
async function checkOne(into, bytes) {
  const text = own(), line = put(into, 'p', '…');
  /** @param {string} colour @param {string} words */
  const show = (colour, words) => {
    line.className = `check ${colour}`;
    line.textContent = words;
  };
  try {
    const log = await parseVkey(typed('vkey').trim()), policy = typed('policy').trim();
    const { index, micros, entry, signers, checkpoint } = await verifyReceipt(bytes, log, policy ? await parsePolicy(policy + '\n', log) : undefined);
    show('green', fill(text.holds, { index, ledger: log.name, time: timeOf(micros), size: checkpoint.size }));
    const list = put(into, 'ul', '');
    put(list, 'li', fill(text.signed, { author: entry[2], date: entry[4], keys: signers.join(', ') }));
    if (checkpoint.witnesses.length > 0) put(list, 'li', fill(text.cosigned, { names: checkpoint.witnesses.map((vkey) => vkey.split('+')[0]).join(', ') }));
    for (const payment of paymentsOf(entry)) {
      const amount = String(payment.amount).replace(/\B(?=(\d{3})+$)/g, ',');
      put(list, 'li', fill(text.payment, { ...payment, amount, ref: `${index}.${payment.line}` }));
    }
    for (const action of entry[7]) {
      const name = actionName(Number(Object.keys(action)[0]));
      if (name !== 'Transfer') put(list, 'li', fill(text.action, { name }));
    }
  } catch (error) {
    if (error instanceof Unsupported || !crypto.subtle) show('amber', text.unsupported);
    else show('red', fill(text.fails, { why: why(language, error) }));
  }
}

/** @type {File[]} */
let files = [];
async function checkAll() {
  const into = at('found');
  into.replaceChildren();
  if (files.length > 0 && typed('vkey').trim() === '') return void put(into, 'p', own().none);
  for (const file of files) {
    put(into, 'h2', file.name);
    await checkOne(into, new Uint8Array(await file.arrayBuffer()));
  }
}

at('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  label();
  checkAll();
});
at('files').addEventListener('change', () => {
  files = [...(/** @type {HTMLInputElement} */ (at('files')).files ?? [])];
  checkAll();
});
for (const id of ['vkey', 'policy']) at(id).addEventListener('change', checkAll);
addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.className = 'drop';
});
addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.className = '';
  files = [...(event.dataTransfer?.files ?? [])];
  checkAll();
});
label();
