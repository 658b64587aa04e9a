// Files that a reader saves: a picture, or the evidence when something does not hold.

/** @param {Blob} file @param {string} name */
export function saveFile(file, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
}

/** All that was seen. @param {{[name: string]: unknown}} evidence */
export function saveEvidence(evidence) {
  saveFile(new Blob([JSON.stringify({ page: location.href, when: new Date().toISOString(), ...evidence }, null, 1)]), 'fundtrail-evidence.json');
}
