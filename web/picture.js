// What a page with a picture can do beside showing it. It saves it as PNG, copies the permanent link, and lights what a reader points at
// (light.js). Without this module the page says the same.

const PNG_WIDTH = 1600;

/** @type {{[language: string]: {[key: string]: string}}} */
export const WORDS = {
  en: { png: 'Save as PNG', copy: 'Copy this link', copied: 'Copied', kept: 'The link could not be copied' },
  zh: { png: '另存为 PNG', copy: '复制此链接', copied: '已复制', kept: '未能复制链接' },
};

/** The name of the file of a picture: "party-donor-went.png". @param {string} address of the SVG */
export const pngName = (address) => new URL(address).pathname.replace(/^\/+/, '').replace(/\.svg$/, '.png').replaceAll('/', '-');

/** @param {HTMLElement} after @param {string} text @param {(button: HTMLButtonElement) => void} act */
function putButton(after, text, act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', () => act(button));
  after.after(' ', button);
}

/** @param {string} address of an SVG */
async function savePng(address) {
  const image = new Image(), canvas = document.createElement('canvas'), paper = canvas.getContext('2d');
  image.src = address;
  await image.decode();
  [canvas.width, canvas.height] = [PNG_WIDTH, Math.round((PNG_WIDTH * image.naturalHeight) / image.naturalWidth)];
  if (!paper) return;
  paper.fillStyle = 'white';
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(image, 0, 0, canvas.width, canvas.height);
  /** @type {Blob | null} */
  const file = await new Promise((take) => canvas.toBlob(take, 'image/png'));
  if (file) (await import('./save.js')).saveFile(file, pngName(address));
}

function start() {
  const words = WORDS[document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'];
  for (const image of /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll('figure.flow img'))) {
    const file = /** @type {HTMLElement | null} */ (image.closest('figure')?.querySelector('figcaption a')), { src } = image;
    if (file) putButton(file, words.png, () => savePng(src));
  }
  const lasting = /** @type {HTMLAnchorElement | null} */ (document.querySelector('a[rel~="bookmark"]'));
  // Over http a browser lets no page copy.
  if (lasting && navigator.clipboard) putButton(lasting, words.copy, async (button) => {
    const isCopied = await navigator.clipboard.writeText(lasting.href).then(() => true, () => false);
    button.textContent = isCopied ? words.copied : words.kept;
  });
  const events = ['pointerover', 'focusin'];
  /** @param {Event} event */
  const point = async (event) => {
    if (!(event.target instanceof Element && event.target.closest('figure.flow, tr[data-from], tr[data-to]'))) return;
    for (const one of events) document.removeEventListener(one, point);
    (await import('./light.js')).start(event.target);
  };
  for (const one of events) document.addEventListener(one, point);
}

if (typeof document !== 'undefined') start();
