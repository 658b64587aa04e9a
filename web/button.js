// The button that checks the payments of a page, and what of the page is compared. These are rows, and on one payment's page its headings.

/** @typedef {import('./check.js').Verdict} Verdict */
/** @typedef {import('./note.js').Checkpoint} Checkpoint */
/** @typedef {import('./payments.js').Row} Row */

const AT_FIRST = 50;

/** The payment whose page an address is. The reader asked for it, so that no mirror can choose another. @param {string} path */
export function paymentAt(path) {
  const [, record, line, way] = path.match(/\/payment\/(\d+)\.(\d+)\/(went\/|came\/)?$/) ?? [];
  return record === undefined ? null : { record, line, isTrace: way !== undefined };
}

/**
 * What says that it is a payment, or is a row of one: with the marks by which it is compared, or without them.
 * @param {Document} page @returns {HTMLElement[]}
 */
export function rowsOf(page) {
  const isOfPayment = (/** @type {HTMLElement} */ row) =>
    row.matches('[data-record], [data-line]') || [...row.querySelectorAll('th a')].some((link) => paymentAt(/** @type {HTMLAnchorElement} */ (link).pathname));
  return /** @type {HTMLElement[]} */ ([...page.querySelectorAll('tr, [data-record], [data-line]')]).filter(isOfPayment);
}

/** What of a page must show the amount of the payment that it is of. @param {Document} page @param {string} path @param {string} query @returns {import('./payments.js').Head[]} */
export function headsOf(page, path, query) {
  const own = paymentAt(path);
  if (!own || (own.isTrace && query)) return [];  // of a part of its time the sum is another
  return (own.isTrace ? ['.lead'] : ['h1', 'title']).map((what) => ({ ...own, texts: page.querySelector(what) }));
}

/**
 * @param {{language: string, log: import('./note.js').Vkey, checkpoint: Checkpoint, get: import('./tiles.js').Get,
 *   tilesOf: (size: bigint) => Promise<import('./tiles.js').Tiles>, line: HTMLElement, button: (text: string, act: () => void) => void,
 *   clear: () => void, show: (where: HTMLElement, what: Verdict) => void,
 *   tell: (where: HTMLElement, what: Verdict, evidence: {[name: string]: unknown}) => void, fail: (where: HTMLElement, error: unknown) => Promise<void>,
 *   seenOf: (here: NonNullable<import('./history.js').Store>, checkpoint: Checkpoint) => Promise<Verdict & {isOne: boolean}>}} page
 */
export async function check({ language, log, checkpoint, get, tilesOf, line, button, clear, show, tell, fail, seenOf }) {
  const rows = rowsOf(document), { pathname, search } = location, heads = headsOf(document, pathname, search), own = paymentAt(pathname);
  /** @param {number} most */
  const run = async (most) => {
    clear();
    try {
      const { checkPage, here } = await import('./payments.js');
      const { evidence, next, save, ...found } = await checkPage(rows, most, log, checkpoint, {
        language, get, tilesOf, heads, own,
        told: (text) => show(line, { colour: 'grey', text }),
        seenOf: (other) => seenOf(here, other),
      });
      tell(line, found, evidence);
      if (found.colour !== 'red') button(save, async () => (await import('./save.js')).saveAnswer({ vkey: log.vkey, ...evidence }));
      if (next) button(next, () => run(rows.length));
    } catch (error) {
      await fail(line, error);
    }
  };
  await run(AT_FIRST);
}
