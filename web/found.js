// What the checks of payments say, and what such a check is, in English and Chinese. {name} is filled in.

/** @type {{[language: string]: {[key: string]: string}}} */
export const FOUND = {
  en: {
    about: 'This check is a program that this site sent you. It finds what a mirror, a cache or a break-in changed. Against the site’s owner use the saved checker, another mirror, or fundtrail verify. It does not look at names, totals and pictures, at whether the keys might sign, nor at the rules of money: fundtrail verify does.',
    checking: 'Checking {n} of {all} …',
    buttonAll: 'Check all {n}',
    saveAnswer: 'Save this answer with its proofs',
    checked: 'Your browser checked {n} of {all} payments: each is in the ledger, as the keys that it names signed it, and this page shows the same. It did not check that nothing is left out.',
    decimals: 'How many decimals {assets} has is the word of the server.',
    lacking: 'This page does not say all of payment {refs} that is compared: it is not checked whole.',
    missing: 'The proof of payment {refs} could not be read: it is not checked.',
    differs: 'This does not hold: payment {refs} on this page is not what its author signed. Do not publish it. Save the evidence.',
  },
  zh: {
    about: '这项核验是本网站发给您的程序。它能发现镜像、缓存或入侵者所做的改动。若要防备网站所有者，请用另存的核验器、另一个镜像，或 fundtrail verify。它不看名称、合计和图，不看密钥是否有权签名，也不看资金规则：这些由 fundtrail verify 核验。',
    checking: '正在核验第 {n} 笔，共 {all} 笔……',
    buttonAll: '核验全部 {n} 笔',
    saveAnswer: '保存本回答及其证明',
    checked: '您的浏览器核验了 {all} 笔付款中的 {n} 笔：每一笔都在账本中，由其所列密钥签名，本页所示与之相同。没有核验是否有遗漏。',
    decimals: '{assets} 有几位小数，是服务器的说法。',
    lacking: '本页没有写全付款 {refs} 供比对的内容：未全部核验。',
    missing: '读不到付款 {refs} 的证明：未核验。',
    differs: '不成立：本页的付款 {refs} 不是其作者所签的内容。请勿发布，并保存证据。',
  },
};

/** @param {string} language @returns {import('./check.js').Say} */
export const found = (language) => (key, values = {}) => FOUND[language.startsWith('zh') ? 'zh' : 'en'][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
