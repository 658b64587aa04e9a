// On the page /check/: receipts and saved answers that a reader chooses, or drops there, are checked in the browser. Nothing is sent.
import { opened } from './opened.js';

const WORDS = {
  en: ['Receipts and saved answers, to choose here or to drop on this page', 'Checked with the key that this page names. The saved checker does it without this site.'],
  zh: ['选择收据和保存的回答，或拖到本页', '用本页所示的密钥核验。离线核验程序可脱离本站核验。'],
};

const language = document.documentElement.lang, place = document.getElementById('kept'), named = /** @type {HTMLElement | null} */ (document.querySelector('[data-vkey]'));

/** @template {keyof HTMLElementTagNameMap} K @param {HTMLElement} into @param {K} tag @param {string} [text] */
function put(into, tag, text = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  into.append(element);
  return element;
}

if (place && named) {
  const [label, about] = WORDS[language.startsWith('zh') ? 'zh' : 'en'], vkey = named.dataset.vkey ?? '';
  const chosen = put(put(place, 'label', label + ' '), 'input');
  chosen.type = 'file';
  chosen.multiple = true;
  put(place, 'p', about);
  const into = put(place, 'div');
  into.setAttribute('aria-live', 'polite');
  /** @param {FileList | null | undefined} files */
  const check = async (files) => {
    // What is still at work on earlier files writes into a place that is no longer shown.
    into.replaceChildren();
    const found = put(into, 'div');
    for (const file of files ?? []) {
      put(found, 'h3', file.name);
      for (const { colour, text, items } of await opened(new Uint8Array(await file.arrayBuffer()), vkey, '', language)) {
        put(found, 'p', text).className = `check ${colour}`;
        const list = items.length > 0 ? put(found, 'ul') : null;
        for (const item of items) if (list) put(list, 'li', item);
      }
    }
  };
  chosen.addEventListener('change', () => check(chosen.files));
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    check(event.dataTransfer?.files);
  });
}
