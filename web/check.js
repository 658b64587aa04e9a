// Checks what a page shows. By itself: that the ledger's key signed the checkpoint, and that it continues what this browser saw. By a
// button: each payment (payments.js). docs/checking.md has what a page must hold.
import { Unsupported } from './ed25519.js';
import { Fault, openCheckpoint, parseVkey } from './note.js';
import { confirmKey, look, lookAtKey } from './keep.js';

/** @typedef {(key: string, values?: {[name: string]: unknown}) => string} Say */
/** @typedef {{colour: 'grey' | 'green' | 'amber' | 'red', text: string}} Verdict */
/** @typedef {import('./payments.js').Row} Row */
/** @typedef {import('./note.js').Vkey} Vkey */
/** @typedef {import('./note.js').Checkpoint} Checkpoint */

const AT_FIRST = 50;

/** @param {string} language @returns {Promise<Say>} */
export async function words(language) {
  const { WORDS } = await (language.startsWith('zh') ? import('./words-zh.js') : import('./words-en.js'));
  return (key, values = {}) => WORDS[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * What was seen of a checkpoint and its key, as a colour and sentences.
 * @param {import('./history.js').Seen} seen @param {ReturnType<typeof lookAtKey>} key @param {bigint} size @param {Say} say @returns {Verdict}
 */
export function verdictOfSeen(seen, key, size, say) {
  const last = (/** @type {bigint} */ of) => (of > 0n ? of - 1n : '–');
  const text = [say(seen.state, { size: last(size), when: seen.seen?.when, seen: seen.seen && last(seen.seen.size) })];
  if (seen.state === 'forked') return { colour: 'red', text: text[0] };
  if (!seen.isKept) text.push(say('forgets'));
  if (key.state === 'other') text.push(say('keyOther', { when: key.when }));
  else if (!key.isConfirmed) text.push(say('keyFirst'));
  const isWell = key.state !== 'other' && seen.state !== 'older' && seen.state !== 'unproven';
  // What is seen for the first time agrees with nothing yet.
  const well = seen.state === 'first' && !key.isConfirmed ? 'grey' : 'green';
  return { colour: isWell ? well : 'amber', text: text.join(' ') };
}

/** What an error means for the reader. @param {unknown} error @param {string} language @param {Say} say @returns {Promise<Verdict>} */
export async function verdictOfError(error, language, say) {
  if (!globalThis.crypto?.subtle) return { colour: 'amber', text: say('insecure') };
  if (error instanceof Unsupported) return { colour: 'amber', text: say('unsupported') };
  if (!(error instanceof Fault)) return { colour: 'amber', text: say('unreachable') };
  const { why } = await import('./faults.js');
  return { colour: 'red', text: say('fault', { why: why(language, error), refs: 'checkpoint' }) };
}

function storeOf() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** @template {keyof HTMLElementTagNameMap} K @param {HTMLElement} into @param {K} tag @param {string} [text] */
function put(into, tag, text = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  into.append(element);
  return element;
}

/** @param {HTMLElement} place has data-vkey, and data-files where the ledger's files lie */
export async function start(place) {
  const language = document.documentElement.lang, say = await words(language), store = storeOf();
  const today = new Date().toISOString().slice(0, 10), base = place.dataset.files ?? '/';
  place.replaceChildren();
  place.className = '';
  const about = put(place, 'p'), line = put(place, 'p'), buttons = put(place, 'p'), details = put(place, 'details');
  put(details, 'summary', say('aboutTitle'));
  const what = put(details, 'p');
  details.addEventListener('toggle', async () => (what.textContent = (await import('./found.js')).found(language)('about')));
  for (const live of [about, line]) live.setAttribute('aria-live', 'polite');
  /** @param {HTMLElement} where @param {Verdict} what */
  const show = (where, { colour, text }) => {
    where.className = `check ${colour}`;
    where.textContent = text;
  };
  /** @param {string} text @param {() => void} act */
  const button = (text, act) => {
    const one = put(buttons, 'button', text);
    one.type = 'button';
    one.addEventListener('click', act);
  };
  /** @param {{[name: string]: unknown}} seen */
  const offer = (seen) => button(say('save'), async () => (await import('./evidence.js')).save({ vkey: place.dataset.vkey, ...seen }));
  /** @type {import('./tiles.js').Get} */
  const get = async (path) => {
    const answer = await fetch(base + path);
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const tilesOf = async (/** @type {bigint} */ size) => new (await import('./tiles.js')).Tiles(get, size);
  /** @type {import('./history.js').Proofs} */
  const proofs = async (old, size) => (await tilesOf(size)).consistency(old);

  /** @type {Row[]} */
  const rows = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-record][data-line]'))];
  /** @param {Vkey} log @param {Checkpoint} checkpoint @param {number} most */
  const run = async (log, checkpoint, most) => {
    buttons.replaceChildren();
    try {
      const { checkPage, here } = await import('./payments.js');
      const { evidence, next, ...found } = await checkPage(rows, most, log, checkpoint, {
        language, say, get, tilesOf,
        told: (text) => show(line, { colour: 'grey', text }),
        seenOf: async (other) => {
          const seen = await look(store ?? here, log, other, proofs, today);
          return { ...verdictOfSeen(seen, lookAtKey(store, log, today), other.size, say), isOne: seen.state !== 'forked' && seen.state !== 'unproven' };
        },
      });
      show(line, found);
      if (found.colour === 'red') offer(evidence);
      if (next) button(next, () => run(log, checkpoint, rows.length));
    } catch (error) {
      show(line, await verdictOfError(error, language, say));
    }
  };

  let held = '';
  if (rows.length > 0) show(line, { colour: 'grey', text: say('unchecked') });
  try {
    const log = await parseVkey(place.dataset.vkey ?? ''), bytes = await get('checkpoint');
    if (!bytes) throw new Error('there is no checkpoint');
    held = new TextDecoder().decode(bytes);
    const checkpoint = await openCheckpoint(bytes, log), key = lookAtKey(store, log, today);
    const seen = await look(store, log, checkpoint, proofs, today), found = verdictOfSeen(seen, key, checkpoint.size, say);
    show(about, found);
    if (found.colour === 'red') offer({ what: found.text, notes: [held, seen.seen?.note] });
    if (key.state === 'other' || !key.isConfirmed) {
      put(buttons, 'code', log.vkey);
      button(say('trust'), () => {
        confirmKey(store, log, today);
        start(place);
      });
    }
    if (rows.length > 0) button(say('button', { n: Math.min(rows.length, AT_FIRST) }), () => run(log, checkpoint, AT_FIRST));
  } catch (error) {
    const found = await verdictOfError(error, language, say);
    show(about, found);
    if (found.colour === 'red') offer({ what: found.text, notes: [held] });
  }
}

if (typeof document !== 'undefined') {
  const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-vkey]'));
  if (place) start(place);
}
