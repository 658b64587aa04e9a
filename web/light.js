// A row of a table lights its ribbons in the picture, and a ribbon its rows, by pointer, touch and keyboard alike. picture.js takes this
// module when somebody first points at one of them.

/** @typedef {{from?: string, to?: string, asset?: string}} Way Who paid, who received, and in which asset, as data- attributes say it. */

/**
 * Whether a row speaks of a ribbon: all the parties that the row names are those of the ribbon. Ribbons of folded accounts lack ids.
 * @param {Way} row @param {Way} ribbon
 */
export function speaksOf(row, ribbon) {
  if (row.from === undefined && row.to === undefined) return false;
  return (row.from === undefined || row.from === ribbon.from) && (row.to === undefined || row.to === ribbon.to);
}

/**
 * The same picture as elements of the page, in place of the image. A parser of text would be refused by the page's policy; that of a
 * request is not.
 * @param {HTMLImageElement} image @returns {Promise<Element | null>} Null where it could not be read: the image stays.
 */
function inlined(image) {
  return new Promise((take) => {
    const request = new XMLHttpRequest();
    request.open('GET', image.src);
    request.responseType = 'document';
    request.onerror = () => take(null);
    request.onload = () => {
      const drawn = request.status === 200 ? request.responseXML?.documentElement : null;
      if (drawn?.localName !== 'svg') return take(null);
      const picture = document.importNode(drawn, true);
      picture.setAttribute('role', 'img');
      picture.setAttribute('aria-label', image.alt);
      image.replaceWith(picture);
      take(picture);
    };
    request.send();
  });
}

/** @param {HTMLImageElement} image of one asset, or of the only one @param {HTMLElement[]} rows @param {Element} first what was pointed at */
function light(image, rows, first) {
  const asset = new URL(image.src).searchParams.get('asset');
  const own = rows.filter((row) => !asset || row.dataset.asset === asset);
  /** @type {Promise<SVGElement[]> | undefined} */
  let ribbons;
  const read = () => (ribbons ??= inlined(image).then((picture) => /** @type {SVGElement[]} */ ([...(picture?.querySelectorAll('path[data-hop]') ?? [])])));
  /** @type {Element | null} */
  let now = null;
  /** @param {Element | null} at a row, a ribbon, or nothing */
  const show = async (at) => {
    if (at === now) return;
    now = at;
    const all = await read();
    if (at !== now) return;  // the pointer went on
    const way = /** @type {HTMLElement | SVGElement | null} */ (at)?.dataset;
    const isRow = at instanceof HTMLElement;
    for (const ribbon of all) ribbon.classList.toggle('lit', way !== undefined && (isRow ? speaksOf(way, ribbon.dataset) : ribbon === at));
    for (const row of own) row.classList.toggle('lit', way !== undefined && (isRow ? row === at : speaksOf(row.dataset, way)));
  };
  /** @param {Event} event @param {string} what */
  const under = (event, what) => /** @type {Element} */ (event.target).closest(what);
  for (const row of own) {
    row.addEventListener('pointerover', () => show(row));
    row.addEventListener('focusin', () => show(row));
    row.addEventListener('focusout', () => show(null));
    // A finger that is lifted leaves the row lit, so that the picture can be looked at.
    row.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && show(null));
  }
  const frame = image.closest('figure');
  frame?.addEventListener('pointerover', async (event) => {
    await read();
    show(under(event, 'path[data-hop]'));
  });
  frame?.addEventListener('pointerleave', () => show(null));
  const row = own.find((one) => one.contains(first));
  if (row) show(row);
}

/** @param {Element} first what was pointed at */
export function start(first) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('main tr[data-from], main tr[data-to]')]);
  for (const image of /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll('figure.flow img'))) light(image, rows, first);
}
