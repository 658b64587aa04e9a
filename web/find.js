// Names that are offered while a reader types in the box of the header. The form works without.

const WAIT = 150;  // ms: until somebody stops typing

/** @typedef {{kind: string, id: string, name: string}} Hit of a SearchAnswer */

/**
 * What is offered of an answer: each name once, with what tells it from others. Of a transfer it is the number.
 * @param {{hits?: Hit[]}} answer @returns {{value: string, label: string}[]}
 */
export function offersOf({ hits = [] }) {
  const offers = new Map();
  for (const { kind, id, name } of hits) {
    const value = (kind === 'transfer' ? '' : name) || id;
    if (!offers.has(value)) offers.set(value, { value, label: value === id ? name : id });
  }
  return [...offers.values()];
}

/** Whether there is enough to look for: one letter of Latin fits everything. @param {string} text */
export const isEnough = (text) => text.length > 1 || text > '\x7f';

/** @param {HTMLInputElement} box @param {string} address of the answers, without a question */
function offer(box, address) {
  const list = document.createElement('datalist');
  list.id = 'offers';
  box.after(list);
  box.setAttribute('list', list.id);
  box.autocomplete = 'off';
  let asked = '', timer = 0, isOver = false;
  const ask = async () => {
    const text = box.value.trim();
    if (isOver || text === asked || !isEnough(text)) return;
    if ([...list.options].some(({ value }) => value === text)) return;  // it was taken from the list
    asked = text;
    try {
      const answer = await fetch(`${address}?suggest=1&q=${encodeURIComponent(text)}`);
      isOver = answer.status === 404;  // a host of files
      if (!answer.ok) return;
      const offers = offersOf(await answer.json());
      if (text !== asked) return;  // somebody typed on
      list.replaceChildren(...offers.map(({ value, label }) => {
        const option = document.createElement('option');
        [option.value, option.label] = [value, label];
        return option;
      }));
    } catch {
      asked = '';  // no network: the next letter asks again
    }
  };
  box.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
}

if (typeof document !== 'undefined') {
  const box = /** @type {HTMLInputElement | null} */ (document.querySelector('header input[type="search"]'));
  if (box?.form) offer(box, box.form.action.replace(/\/$/, '.json'));
}
