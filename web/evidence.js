// What a reader saves when something does not hold: a file with all that was seen.

/** @param {{[name: string]: unknown}} evidence */
export function save(evidence) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify({ page: location.href, when: new Date().toISOString(), ...evidence }, null, 1)]));
  link.download = 'fundtrail-evidence.json';
  link.click();
}
