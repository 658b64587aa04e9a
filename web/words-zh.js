// What the checks say in Chinese. words-en.js has the same keys: tests/web/check.test.mjs.

/** @type {{[key: string]: string}} */
export const WORDS = {
  unchecked: '尚未核验。以上是服务器的说法。',
  button: '在本浏览器中核验这 {n} 笔付款',
  save: '保存证据',
  trust: '我已比对这把密钥，并信任它',
  first: '有账本密钥的签名（至记录 {size}）。本浏览器第一次见到这本账。',
  same: '有账本密钥的签名。与本浏览器 {when} 所见相同（记录 {seen}）。',
  continues: '有账本密钥的签名（至记录 {size}）。它接续本浏览器 {when} 所见（记录 {seen}）。',
  older: '比您 {when} 所见更旧（记录 {seen}）。现在是记录 {size}，是那时的前一部分。',
  unproven: '有账本密钥的签名（至记录 {size}）。没有证明它接续您 {when} 所见（记录 {seen}）。',
  forked: '这本账现在的历史与 {when} 的不同。请勿发布，并保存证据。',
  forgets: '本浏览器不保存任何内容，下次无法比较。',
  keyFirst: '这把密钥暂且相信：请与所有者公布的比对。',
  keyOther: '本页的密钥与 {when} 的不同。账本是否更换过密钥，由 fundtrail verify 判断。',
  aboutTitle: '这项核验是什么',
};
