// What an error means for the reader: that something does not hold, or that it could not be told. check.js takes it where there is one.
import { Unsupported } from './ed25519.js';
import { why } from './faults.js';
import { Fault } from './note.js';

/** @type {{[language: string]: {[key: string]: string}}} */
export const ERRORS = {
  en: {
    unreachable: 'The checkpoint could not be read, so nothing is checked. The server says this.',
    unsupported: 'This browser can check hashes but not signatures: use Chrome 137, Firefox 129, Safari 17 or later. This site has no program for older ones.',
    insecure: 'This page did not come over https, so this browser cannot check it.',
    fault: 'This does not hold: {why} ({refs}). Do not publish it. Save the evidence.',
  },
  zh: {
    unreachable: '读不到检查点，所以什么都没有核验。以上是服务器的说法。',
    unsupported: '本浏览器能核验哈希，不能核验签名：请用 Chrome 137、Firefox 129、Safari 17 或更新版本。本站没有供旧浏览器用的程序。',
    insecure: '本页不是经 https 传来的，浏览器无法核验。',
    fault: '不成立：{why}（{refs}）。请勿发布，并保存证据。',
  },
};

/** @param {string} language @returns {{[key: string]: string}} */
const own = (language) => ERRORS[language.startsWith('zh') ? 'zh' : 'en'];

/** @param {string} language @param {unknown} error a Fault @param {string} refs what does not hold */
export const faultText = (language, error, refs) => own(language).fault.replace('{why}', () => why(language, error)).replace('{refs}', () => refs);

/** @param {unknown} error @param {string} language @returns {import('./check.js').Verdict} */
export function verdictOfError(error, language) {
  if (!globalThis.crypto?.subtle) return { colour: 'amber', text: own(language).insecure };
  if (error instanceof Unsupported) return { colour: 'amber', text: own(language).unsupported };
  if (!(error instanceof Fault)) return { colour: 'amber', text: own(language).unreachable };
  return { colour: 'red', text: faultText(language, error, 'checkpoint') };
}
