// The saved checker: receipts are dropped on it, and it says of each what holds. It needs no network.
import { opened } from '../opened.js';

const TEXT = {
  en: {
    title: 'Check a receipt',
    what: 'Choose receipts (.tlog-proof) and saved answers, or drop them here. This file checks them and sends nothing.',
    vkey: "The ledger's key (vkey), as its owner published it, and not as the receipt's sender says",
    policy: 'Who must have cosigned (a tlog-policy); empty asks for no witnesses',
    files: 'Files',
    none: 'First give the key.',
    notTitle: 'What this does not show',
    not: [
      'That the keys might sign for the author, and that the rules of money were kept: fundtrail verify replays all records.',
      'That nobody else is shown another history: that needs a policy, or checkpoints that readers compare.',
      'What is in other records: the names of parties, how many decimals an asset has, what was paid on.',
    ],
  },
  zh: {
    title: '核验收据',
    what: '选择收据（.tlog-proof）和保存的回答，或拖到本页。本文件不发送任何内容。',
    vkey: '账本的密钥（vkey）：以所有者公布的为准，不以寄送收据者所说为准',
    policy: '谁须联署（tlog-policy）；留空则不要求见证者',
    files: '文件',
    none: '请先填写密钥。',
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

/** @param {HTMLElement} into @param {string} tag @param {string} [text] */
function put(into, tag, text = '') {
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

/** @param {HTMLElement} into @param {Uint8Array} bytes */
async function checkOne(into, bytes) {
  for (const { colour, text, items } of await opened(bytes, typed('vkey').trim(), typed('policy').trim(), language)) {
    put(into, 'p', text).className = `check ${colour}`;
    const list = put(into, 'ul');
    for (const item of items) put(list, 'li', item);
  }
}

/** @type {File[]} */
let files = [];
async function checkAll() {
  // What is still at work on earlier files, or with an earlier key, writes into a place that is no longer shown.
  at('found').replaceChildren();
  const into = put(at('found'), 'div');
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
