// The witnesses that a reader asks for: so many of them must have cosigned the checkpoint of a page. This browser keeps them, and check.js
// takes this module where it does, or where the reader comes to say them.
import { utf8 } from './bytes.js';
import { faultText } from './errors.js';
import { Fault, openCheckpoint } from './note.js';
import { parsePolicy } from './policy.js';

/** @typedef {import('./note.js').Vkey} Vkey */
/** @typedef {{least: number, vkeys: string[]}} Asked */

/** @type {{[language: string]: {[key: string]: string}}} */
export const ASKED = {
  en: {
    title: 'Your witnesses',
    what: 'A witness cosigns a checkpoint only when it continues the one before, so nobody is shown a history of their own. Name witnesses that you trust, by the keys that they published. This browser keeps them, and sends them to nobody.',
    vkeys: 'Their keys (vkey), one a line',
    least: 'How many of them must have cosigned',
    keep: 'Keep, and check',
    enough: 'Witnesses: {n} of the {all} that you trust cosigned this checkpoint, and you ask for {least}.',
    few: 'Witnesses: only {n} of the {all} that you trust cosigned this checkpoint, and you ask for {least}. It may be shown to you alone.',
    unread: 'Your witnesses are not kept: {what} is no key of a witness, or stands there twice.',
    number: 'Your witnesses are not kept: the number must be from 1 to {all}.',
    forgets: 'This browser keeps nothing.',
  },
  zh: {
    title: '您的见证者',
    what: '见证者只联署接续前一个检查点的检查点，所以不会有人单独看到另一种历史。请按其公布的密钥写出您信任的见证者。它们保存在本浏览器中，不会发送给任何人。',
    vkeys: '其密钥（vkey），每行一个',
    least: '其中至少须有几个联署',
    keep: '保存并核验',
    enough: '见证者：您信任的 {all} 个中有 {n} 个联署了这个检查点，您要求 {least} 个。',
    few: '见证者：您信任的 {all} 个中只有 {n} 个联署了这个检查点，您要求 {least} 个。它可能只给您一人看。',
    unread: '未保存您的见证者：{what} 不是见证者的密钥，或重复。',
    number: '未保存您的见证者：个数应为 1 至 {all}。',
    forgets: '本浏览器不保存任何内容。',
  },
};

/** @param {string} language @param {string} key @param {{[name: string]: unknown}} [values] */
const tell = (language, key, values = {}) =>
  ASKED[language.startsWith('zh') ? 'zh' : 'en'][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** Null where none are kept, or nothing that can be read. @param {string | null | undefined} kept @returns {Asked | null} */
export function askedIn(kept) {
  try {
    const { least, vkeys } = JSON.parse(kept ?? 'null');
    const isOne = Number.isInteger(least) && Array.isArray(vkeys) && vkeys.every((vkey) => typeof vkey === 'string');
    return isOne && least >= 1 && least <= vkeys.length ? { least, vkeys } : null;
  } catch {
    return null;
  }
}

/** As a file of C2SP tlog-policy says it. @param {Asked} asked */
export const policyText = ({ least, vkeys }) =>
  [...vkeys.map((vkey, i) => `witness ${i + 1} ${vkey}`), `group yours ${least} ${vkeys.map((_, i) => i + 1).join(' ')}`, 'quorum yours', ''].join('\n');

/**
 * How many of them cosigned. A bad signature by one of them spoils the checkpoint.
 * @param {Asked} asked @param {string} note @param {Vkey} log @param {string} language @returns {Promise<import('./check.js').Verdict>} Throws Unsupported.
 */
export async function judge(asked, note, log, language) {
  try {
    const policy = await parsePolicy(policyText(asked), log), { witnesses } = await openCheckpoint(utf8(note), log, policy.witnesses);
    const isEnough = policy.holds(witnesses), values = { n: witnesses.length, all: asked.vkeys.length, least: asked.least };
    return { colour: isEnough ? 'green' : 'amber', text: tell(language, isEnough ? 'enough' : 'few', values) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { colour: 'red', text: faultText(language, error, 'checkpoint') };
  }
}

/**
 * What the reader typed, as it is kept; or in words why it is not. Nothing typed asks for nothing.
 * @param {string} lines @param {number} least @param {Vkey} log @param {string} language @returns {Promise<{asked: Asked | null, wrong: string}>}
 */
export async function read(lines, least, log, language) {
  const vkeys = lines.split('\n').map((line) => line.trim()).filter((line) => line !== ''), all = vkeys.length;
  if (all === 0) return { asked: null, wrong: '' };
  /** @type {string[]} */
  const good = [];
  for (const vkey of vkeys) {
    const isOne = !/\s/.test(vkey) && (await parsePolicy(policyText({ least: 1, vkeys: [...good, vkey] }), log).then(() => true, () => false));
    if (!isOne) return { asked: null, wrong: tell(language, 'unread', { what: vkey.slice(0, 40) }) };
    good.push(vkey);
  }
  if (!(Number.isInteger(least) && least >= 1 && least <= all)) return { asked: null, wrong: tell(language, 'number', { all }) };
  return { asked: { least, vkeys }, wrong: '' };
}

/** @template {keyof HTMLElementTagNameMap} K @param {HTMLElement} into @param {K} tag @param {string} [text] */
function put(into, tag, text = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  into.append(element);
  return element;
}

/**
 * @param {HTMLElement} into @param {Storage | null} store @param {string} name that it is kept by @param {Vkey} log @param {string} language
 * @param {() => void} changed called when other witnesses are kept
 */
export function putForm(into, store, name, log, language, changed) {
  const kept = askedIn(store?.getItem(name)), form = put(into, 'form');
  put(form, 'h2', tell(language, 'title'));
  put(form, 'p', tell(language, 'what'));
  const vkeys = put(put(form, 'label', tell(language, 'vkeys') + ' '), 'textarea');
  const least = put(put(form, 'label', tell(language, 'least') + ' '), 'input');
  [vkeys.rows, vkeys.spellcheck, vkeys.translate, vkeys.value] = [3, false, false, kept?.vkeys.join('\n') ?? ''];
  [least.type, least.min, least.value] = ['number', '1', String(kept?.least ?? 1)];
  put(form, 'button', tell(language, 'keep'));
  const answer = put(form, 'p');
  answer.setAttribute('aria-live', 'polite');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { asked, wrong } = await read(vkeys.value, Number(least.value), log, language);
    answer.textContent = wrong;
    if (wrong) return;
    try {
      if (asked) store?.setItem(name, JSON.stringify(asked));
      else store?.removeItem(name);
      if (!store) answer.textContent = tell(language, 'forgets');
      changed();
    } catch {
      answer.textContent = tell(language, 'forgets');
    }
  });
}
