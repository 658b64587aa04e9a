// Checks what a page shows. By itself: that the ledger's key signed the checkpoint, and that it continues what this browser saw. By a
// button: each payment (button.js). What a page must hold: docs/checking.md.
import { openCheckpoint, parseVkey } from './note.js';
import { confirmKey, look, lookAtKey } from './keep.js';

/** @typedef {(key: string, values?: Seen) => string} Say */
/** @typedef {{colour: 'grey' | 'green' | 'amber' | 'red', text: string}} Verdict */
/** @typedef {{[name: string]: unknown}} Seen */
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
  // The first agrees with nothing yet.
  const well = seen.state === 'first' && !key.isConfirmed ? 'grey' : 'green';
  return { colour: isWell ? well : 'amber', text: text.join(' ') };
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
  const today = new Date().toISOString().slice(0, 10), base = place.dataset.files ?? '/', vkey = place.dataset.vkey ?? '';
  place.replaceChildren();
  place.className = '';
  const about = put(place, 'p'), cosigned = put(place, 'p'), line = put(place, 'p'), buttons = put(place, 'p'), details = put(place, 'details');
  put(details, 'summary', say('aboutTitle'));
  const what = put(details, 'p');
  details.addEventListener('toggle', async () => (what.textContent = (await import('./found.js')).found(language)('about')));
  for (const live of [about, cosigned, line]) live.setAttribute('aria-live', 'polite');
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
  /** @param {HTMLElement} where @param {Verdict} what @param {Seen} evidence to save, of what does not hold */
  const tell = (where, what, evidence) => {
    show(where, what);
    if (what.colour === 'red') button(say('save'), async () => (await import('./save.js')).saveEvidence({ vkey, what: what.text, ...evidence }));
  };
  /** @param {HTMLElement} where @param {unknown} error @param {Seen} [evidence] */
  const fail = async (where, error, evidence = {}) => tell(where, (await import('./errors.js')).verdictOfError(error, language), evidence);
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
  /** @param {ReturnType<typeof storeOf> | import('./history.js').Store} store @param {Vkey} log @param {Checkpoint} checkpoint */
  const seenOf = async (store, log, checkpoint) => {
    const seen = await look(store, log, checkpoint, proofs, today), key = lookAtKey(store, log, today);
    return { ...verdictOfSeen(seen, key, checkpoint.size, say), seen, key, isOne: seen.state !== 'forked' && seen.state !== 'unproven' };
  };

  let held = '';
  const rows = document.querySelectorAll('[data-record]').length;
  if (rows > 0) show(line, { colour: 'grey', text: say('unchecked') });
  try {
    const log = await parseVkey(vkey), bytes = await get('checkpoint');
    if (!bytes) throw new Error('there is no checkpoint');
    held = new TextDecoder().decode(bytes);
    const checkpoint = await openCheckpoint(bytes, log), found = await seenOf(store, log, checkpoint);
    tell(about, found, { notes: [held, found.seen.seen?.note] });
    const asks = `fundtrail witnesses ${log.name}`;
    const cosigners = async () => {
      cosigned.className = cosigned.textContent = '';
      const kept = store?.getItem(asks);
      if (!kept) return;
      const { askedIn, judge } = await import('./witnesses.js'), asked = askedIn(kept);
      if (asked) await judge(asked, held, log, language).then((what) => tell(cosigned, what, { notes: [held] }), (error) => fail(cosigned, error));
    };
    const form = async () => (await import('./witnesses.js')).putForm(put(details, 'div'), store, asks, log, language, cosigners);
    if (details.open) form();
    else details.addEventListener('toggle', form, { once: true });
    details.open = location.pathname.endsWith('/check/');
    if (found.key.state === 'other' || !found.key.isConfirmed) {
      put(buttons, 'code', log.vkey);
      button(say('trust'), () => {
        confirmKey(store, log, today);
        start(place);
      });
    }
    await cosigners();
    if (rows === 0) return;
    const check = async () => (await import('./button.js')).check({ language, log, checkpoint, get, tilesOf, button, line, show, tell, fail, clear: () => buttons.replaceChildren(), seenOf: (here, other) => seenOf(store ?? here, log, other) });
    button(say('button', { n: Math.min(rows, AT_FIRST) }), check);
  } catch (error) {
    await fail(about, error, { notes: [held] });
  }
}

if (typeof document !== 'undefined') {
  document.querySelector('header input[type="search"]')?.addEventListener('focus', () => import('./find.js'), { once: true });
  const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-vkey]'));
  if (place) await start(place);
  // A narrow window shows no picture (style.css).
  const wide = matchMedia('(min-width:640px)'), take = () => import('./picture.js');
  if (document.querySelector('figure.flow')) wide.matches ? take() : wide.addEventListener('change', take, { once: true });
}
