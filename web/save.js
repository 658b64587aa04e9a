// Files that a reader saves: a picture, or the evidence when something does not hold.

/** @param {Blob} file @param {string} name */
export function saveFile(file, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
}

/** @param {{[name: string]: unknown}} what @param {string} name */
const saveSeen = (what, name) => saveFile(new Blob([JSON.stringify({ page: location.href, when: new Date().toISOString(), ...what }, null, 1)]), name);

/** All that was seen. @param {{[name: string]: unknown}} evidence */
export const saveEvidence = (evidence) => saveSeen(evidence, 'fundtrail-evidence.json');

/** A page as it was checked: what opened.js reads, docs/formats.md has its form. @param {{[name: string]: unknown}} evidence */
export function saveAnswer(evidence) {
  const said = [...document.querySelectorAll('.lead')].map((lead) => lead.textContent);
  saveSeen({ format: 'fundtrail answer 1', title: document.title, said, ...evidence }, 'fundtrail-answer.json');
}
