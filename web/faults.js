// The faults of docs/formats.md in words, in English and Chinese.

/** @type {{[language: string]: {[fault: string]: string}}} */
export const FAULTS = {
  en: {
    NOT_A_PROOF: 'the file is no proof',
    NO_RECORD: 'the proof carries no record',
    CHECKPOINT_BAD: 'the checkpoint is not what the ledger signed',
    WRONG_KEY: 'another key signed the checkpoint',
    NO_QUORUM: 'too few witnesses of the policy cosigned the checkpoint',
    RECORD_CHANGED: 'the record is not what its author signed, and its proof does not lead to the ledger',
    NOT_INCLUDED: 'the proof does not lead from the record to the ledger',
    RECORD_WRONG: 'the record is not of the form that this program knows',
    ENTRY_SIGNATURE_BAD: 'a signature of the record is bad',
    BAD_INPUT: 'the key or the policy cannot be read',
  },
  zh: {
    NOT_A_PROOF: '文件不是证明',
    NO_RECORD: '证明中没有记录',
    CHECKPOINT_BAD: '检查点不是账本所签的内容',
    WRONG_KEY: '检查点由另一把密钥签名',
    NO_QUORUM: '按策略，联署检查点的见证者不够',
    RECORD_CHANGED: '记录不是其作者所签的内容，其证明也不通向账本',
    NOT_INCLUDED: '证明不从该记录通向账本',
    RECORD_WRONG: '记录的格式本程序不认识',
    ENTRY_SIGNATURE_BAD: '记录有一个签名不对',
    BAD_INPUT: '密钥或策略读不懂',
  },
};

/** What is wrong, in words. @param {string} language @param {unknown} error */
export function why(language, error) {
  const own = FAULTS[language.startsWith('zh') ? 'zh' : 'en'];
  return own[error instanceof Error && 'fault' in error ? String(error.fault) : 'NOT_A_PROOF'];
}
