// What the checks say in English. {name} is filled in.

/** @type {{[key: string]: string}} */
export const WORDS = {
  unchecked: 'Not checked yet. The server says this.',
  button: 'Check these {n} payments in this browser',
  save: 'Save the evidence',
  trust: 'I compared this key, and I trust it',
  first: "Signed by the ledger's key (record {size}). This browser sees this ledger for the first time.",
  same: "Signed by the ledger's key. It is what this browser saw on {when} (record {seen}).",
  continues: "Signed by the ledger's key (record {size}). It continues what this browser saw on {when} (record {seen}).",
  older: 'Older than what you saw on {when} (record {seen}). This is record {size}, and a beginning of that.',
  unproven: 'Signed by the ledger’s key (record {size}). Nobody showed that it continues what you saw on {when} (record {seen}).',
  forked: 'This ledger shows another history than on {when}. Do not publish it. Save the evidence.',
  forgets: 'This browser keeps nothing, so it cannot tell next time.',
  keyFirst: 'Its key is taken on trust: compare it with what the owner published.',
  keyOther: 'This page names another key than on {when}. fundtrail verify tells whether the ledger replaced its key.',
  aboutTitle: 'What this check is',
};
