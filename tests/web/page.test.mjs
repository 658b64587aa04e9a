// The checks in Chromium: pages with them under the Content-Security-Policy of the server, by key and by mouse, in both languages and at
// two widths. Also a server that changes, withholds, goes back and forks, and the saved checker from file:. Chromium sees no network: what it asks
// for is answered here.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { EXAMPLE, Log, STRANGER, TOP, bytes, declares, entry, read, record, transfer, vectors } from './support.mjs';
import { ERRORS } from '../../web/errors.js';
import { FAULTS } from '../../web/faults.js';
import { FOUND } from '../../web/found.js';
import { Tiles } from '../../web/tiles.js';
import { WORDS as EN } from '../../web/words-en.js';
import { WORDS as ZH } from '../../web/words-zh.js';

// ./check installs both: tools/packages.txt, web/package.json.
const from = createRequire(join(process.env.FUNDTRAIL_WEB_MODULES ?? join(TOP, 'build', 'web'), 'package.json'));
const CHROMIUM = process.env.FUNDTRAIL_CHROMIUM ?? '/usr/bin/chromium-headless-shell';
const { chromium } = from('playwright-core'), axe = readFileSync(from.resolve('axe-core/axe.min.js'), 'utf8');

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const SITE = 'https://ledger.example';

let browser, place;
before(async () => {
  assert.ok(existsSync(CHROMIUM), `${CHROMIUM} is not there`);
  place = mkdtempSync(join(tmpdir(), 'fundtrail-web-'));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
});
after(async () => {
  await browser?.close();
  rmSync(place, { recursive: true, force: true });
});

const AMOUNTS = [12345n, 5n, ...Array.from({ length: 60 }, (_, i) => BigInt(100000 + i))];
const RECORDS = [
  record({ of: entry({ actions: [declares('CNY', 2)] }) }),
  record({ index: 1, of: entry({ actions: AMOUNTS.map((amount) => transfer({ amount })) }) }),
  record({ index: 2, of: entry({ actions: [transfer({ to: 'hub', amount: 700 })] }) }),
];
const LOG = new Log(RECORDS);
const OTHER = new Log([RECORDS[0], RECORDS[1], record({ index: 2, of: entry({ actions: [transfer({ to: 'thief', amount: 700 })] }) })]);

const RECEIPT = await new Tiles(async (path) => OTHER.file(path), 3n).receipt(2, OTHER.note());

const shown = (amount) => `${(amount / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',')}.${String(amount % 100n).padStart(2, '0')}`;
const rowOf = (ref, to, amount, more = '') => {
  const [of, line] = ref.split('.');
  return `<tr data-record="${of}" data-line="${line}" data-from="donor" data-to="${to}" data-amount="${amount}" data-asset="CNY" data-fund="flood" data-date="2026-03-01" data-asset-record="0" ${more}><td>${ref}</td><td>2026-03-01</td><td><bdi>Donor</bdi></td><td>${shown(amount)} CNY</td></tr>`;
};
const ROWS = [rowOf('1.1', 'village', 12345n), rowOf('1.2', 'village', 5n), rowOf('2.1', 'hub', 700n)];
const pageOf = ({ lang = 'en', rows = ROWS, vkey = LOG.vkey } = {}) =>
  `<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Payments</title><link rel="icon" href="data:,">
  <script type="module" src="/web/check.js"></script><main><h1>Payments</h1><table>${rows.join('')}</table><div data-vkey="${vkey}"></div></main></html>`;

// A browser of its own for one reader, and the site as it is when asked. Everything that goes wrong unseen is in `faults`.
async function reader({ width = 1280, files = (path) => LOG.file(path) } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, acceptDownloads: true });
  const page = await context.newPage(), site = { html: pageOf(), files }, faults = [], asked = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/404/.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url()), path = url.pathname.slice(1);
    asked.push(url.host === new URL(SITE).host ? path : url.href);
    if (path === '') return route.fulfill({ contentType: 'text/html; charset=utf-8', headers: { 'Content-Security-Policy': POLICY }, body: site.html });
    if (path === 'web/noble.js') return site.library ? route.fulfill({ contentType: 'text/javascript', body: site.library }) : route.fulfill({ status: 404, body: '' });
    if (path.startsWith('web/')) return route.fulfill({ contentType: 'text/javascript', body: read(path) });
    const file = site.files(path);
    return file ? route.fulfill({ contentType: 'application/octet-stream', body: Buffer.from(file) }) : route.fulfill({ status: 404, body: '' });
  });
  const bars = async () => page.$$eval('.check', (all) => all.map((one) => `${one.className.replace('check ', '')}: ${one.textContent}`));
  return {
    page, site, faults, asked, bars,
    open: async (scheme = 'https') => {
      await page.goto(`${SITE.replace('https', scheme)}/`);
      await page.waitForFunction(() => document.querySelector('[data-vkey] p[aria-live].check')?.textContent && document.querySelector('[data-vkey] p')?.className);
      return (await bars())[0];
    },
    check: async (words = EN) => {
      await page.getByRole('button', { name: words.button.split('{n}')[0] }).click();
      await page.waitForFunction(() => !document.querySelectorAll('.check')[1]?.className.includes('grey'));
      return (await bars())[1];
    },
    close: async () => {
      assert.deepEqual(faults, []);
      assert.deepEqual(asked.filter((url) => /^https?:/.test(url)), [], 'nothing from another host');
      await context.close();
    },
  };
}

for (const [lang, words] of [['en', EN], ['zh', ZH]]) {
  for (const width of [390, 1280]) {
    test(`payments hold: ${lang}, ${width} px, with the keyboard, and axe finds nothing`, async () => {
      const one = await reader({ width });
      one.site.html = pageOf({ lang });
      const first = await one.open();
      assert.ok(first.startsWith('grey: ') && first.includes(words.keyFirst), first);
      assert.deepEqual((await one.bars())[1], `grey: ${words.unchecked}`);
      assert.ok(new Set(one.asked).size <= 9, `${one.asked}`);
      const button = one.page.getByRole('button', { name: words.button.replace('{n}', '3') });
      await button.focus();
      await one.page.keyboard.press('Enter');
      await one.page.waitForFunction(() => document.querySelectorAll('.check')[1]?.className === 'check green');
      assert.equal((await one.bars())[1], `green: ${FOUND[lang].checked.replace('{n}', '3').replace('{all}', '3')}`);
      await one.page.getByText(words.aboutTitle).click();
      await one.page.getByText(FOUND[lang].about.slice(0, 30)).waitFor();
      assert.ok(await one.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
      // axe is put in by the debugger, past the page's policy.
      const violations = await one.page.evaluate(`${axe}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then((found) => found.violations.map(({ id }) => id))`);
      assert.deepEqual(violations, []);
      await one.close();
    });
  }
}

test('a page that came back: what was seen, what continues it, what is older, and another key', async () => {
  const one = await reader({ files: (path) => new Log(RECORDS.slice(0, 2)).file(path) });
  one.site.html = pageOf({ rows: [] });
  assert.ok((await one.open()).startsWith('grey: '));
  assert.ok((await one.open()).startsWith('green: Signed by the ledger\'s key. It is what'));
  one.site.files = (path) => LOG.file(path);
  assert.match(await one.open(), /^green: .*\(record 2\)\. It continues what this browser saw on .* \(record 1\)/);
  one.site.files = (path) => (path === 'checkpoint' ? bytes(LOG.note(1)) : LOG.file(path));
  assert.match(await one.open(), /^amber: Older than what you saw .*\(record 2\)\. This is record 0/);
  one.site.files = (path) => (path === 'checkpoint' ? LOG.file(path) : null);
  await one.page.getByRole('button', { name: EN.trust }).click();
  assert.match(await one.open(), /^green: .*\(record 2\)\.$/);
  const stranger = new Log(RECORDS, { key: STRANGER });
  one.site.html = pageOf({ rows: [], vkey: stranger.vkey });
  one.site.files = (path) => stranger.file(path);
  assert.match(await one.open(), /^amber: .*another key than on /);
  await one.close();
});

test('a server that forks: red, with the evidence of two notes to save, and it stays so', async () => {
  const one = await reader();
  one.site.html = pageOf({ rows: [] });
  await one.open();
  const longer = new Log([...OTHER.records, record({ index: 3 })]);
  one.site.files = (path) => longer.file(path);
  assert.match(await one.open(), /^red: This ledger shows another history than on /);
  const [download] = await Promise.all([one.page.waitForEvent('download'), one.page.getByRole('button', { name: EN.save }).click()]);
  const evidence = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.deepEqual([evidence.vkey, evidence.notes], [LOG.vkey, [longer.note(), LOG.note()]]);
  one.site.files = (path) => LOG.file(path);
  assert.match(await one.open(), /^red: /);
  await one.close();
});

test('a server that changes a byte, a name, an amount, or withholds: the sentence for each', async () => {
  const told = async (change, script = () => {}) => {
    const one = await reader();
    await one.page.addInitScript(script);
    change(one.site);
    await one.open();
    const bar = await one.check();
    await one.close();
    return bar;
  };
  const red = (refs) => `red: ${FOUND.en.differs.replace('{refs}', refs)}`;
  const rows = (...own) => pageOf({ rows: own });
  assert.equal(await told((site) => (site.html = rows(ROWS[0], rowOf('2.1', 'village', 700n)))), red('2.1'));
  assert.equal(await told((site) => (site.html = rows(ROWS[0].replace('123.45 CNY', '923.45 CNY')))), red('1.1'));
  assert.equal(await told((site) => (site.html = rows(ROWS[0].replace('123.45 CNY', '1.2345 CNY')))), red('CNY'));
  assert.equal(await told((site) => (site.html = rows(rowOf('1.63', 'village', 1n)))), red('1.63'));
  const without = await told((site) => (site.files = (path) => (path.startsWith('tile/entries') ? null : LOG.file(path))));
  assert.ok(without.startsWith(`amber: ${FOUND.en.missing.replace('{refs}', '1.1, 1.2, 2.1')}`), without);
  const changed = await told((site) => {
    site.files = (path) => (path.startsWith('tile/entries') ? LOG.file(path).map((byte, i, all) => (i === all.length - 20 ? byte ^ 1 : byte)) : LOG.file(path));
  });
  assert.ok(changed.startsWith('red: This does not hold: ') && changed.includes(FAULTS.en.RECORD_CHANGED), changed);
  // Its receipts are of a history that the page's checkpoint is not of.
  const fork = (site) => {
    site.html = rows(rowOf('2.1', 'thief', 700n));
    site.files = (path) => (path === 'record/2.tlog-proof' ? RECEIPT : LOG.file(path));
  };
  assert.match(await told(fork), /^red: This ledger shows another history/);
  // A browser that keeps nothing compares within the page.
  const off = () => Object.defineProperty(window, 'localStorage', { get: () => { throw new Error('off'); } });
  assert.match(await told(fork, off), /^red: This ledger shows another history/);
  assert.match(await told(() => {}, off), /^green: /);
});
test('a checkpoint that is changed, gone, or by another key, and a page that did not come over https', async () => {
  const one = await reader();
  one.site.html = pageOf({ rows: [] });
  one.site.files = (path) => (path === 'checkpoint' ? bytes(LOG.note().replace('\n3\n', '\n4\n')) : null);
  assert.equal(await one.open(), `red: ${ERRORS.en.fault.replace('{why}', FAULTS.en.CHECKPOINT_BAD).replace('{refs}', 'checkpoint')}`);
  one.site.files = () => null;
  assert.equal(await one.open(), `amber: ${ERRORS.en.unreachable}`);
  one.site.files = (path) => new Log(RECORDS, { key: STRANGER }).file(path);
  assert.match(await one.open(), new RegExp(`^red: .*${FAULTS.en.WRONG_KEY}`));
  assert.equal(await one.open('http'), `amber: ${ERRORS.en.insecure}`);
  await one.close();
});

test('a browser without Ed25519: amber on a site without the fallback, and checked on one that has it', async () => {
  const one = await reader();
  await one.page.addInitScript(() => {
    crypto.subtle.importKey = async () => {
      throw new DOMException('unknown', 'NotSupportedError');
    };
  });
  assert.equal(await one.open(), `amber: ${ERRORS.en.unsupported}`);
  one.site.library = readFileSync(from.resolve('@noble/ed25519'));
  assert.match(await one.open(), /^grey: Signed by the ledger's key /);
  assert.match(await one.check(), /^green: Your browser checked 3 of 3 /);
  await one.close();
  const other = await reader();
  other.site.library = one.site.library;
  await other.open();
  assert.ok(!other.asked.some((path) => /noble|fallback/.test(path)), 'a browser that has it asks for no fallback');
  await other.close();
});

test('more than 50 payments: 50 at first, all of them next', async () => {
  const one = await reader();
  one.site.html = pageOf({ rows: AMOUNTS.map((amount, i) => rowOf(`1.${i + 1}`, 'village', amount)) });
  await one.open();
  assert.ok((await one.check()).includes('50 of 62'));
  await one.page.getByRole('button', { name: FOUND.en.buttonAll.replace('{n}', '62') }).click();
  await one.page.getByText('62 of 62').waitFor();
  await one.close();
});

test("Chromium's signatures are libsodium's: 914 of CCTV and 151 of Wycheproof", async () => {
  const one = await reader();
  one.site.html = pageOf({ rows: [] });
  await one.open();
  const judge = (cases) => one.page.evaluate(async (list) => {
    const { verify } = await import('/web/ed25519.js'), unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
    return Promise.all(list.map(({ key, msg, sig }) => verify(unhex(key), unhex(msg), unhex(sig))));
  }, cases);
  const strict = new Set(vectors('ed25519/cctv-expected.json')['common_minus_low_order (verify_strict)']), cctv = vectors('ed25519/cctv-ed25519vectors.json');
  const hexed = cctv.map(({ key, msg, sig }) => ({ key, sig, msg: Buffer.from(msg).toString('hex') }));
  assert.deepEqual(await judge(hexed), cctv.map(({ number }) => strict.has(number)));
  const groups = vectors('ed25519/wycheproof-ed25519_test.json').testGroups;
  const wycheproof = groups.flatMap(({ publicKey, tests }) => tests.map(({ msg, sig, result }) => ({ key: publicKey.pk, msg, sig, isGood: result === 'valid' })));
  assert.equal(wycheproof.length, 151);
  assert.deepEqual(await judge(wycheproof), wycheproof.map(({ isGood }) => isGood));
  await one.close();
});

test('hostile texts stay texts', async () => {
  const one = await reader();
  const name = '&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;';
  one.site.html = pageOf({ rows: [rowOf('2.1', name, 700n), rowOf(name + '.1', 'hub', 1n)] });
  await one.open();
  assert.ok((await one.check()).startsWith('red: '));
  assert.equal(await one.page.locator('img').count(), 0);
  await one.close();
});

test('the saved checker from file: receipts that hold and do not, both languages, axe, and no request', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } }), page = await context.newPage(), faults = [], asked = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => asked.push(new URL(request.url()).protocol));
  writeFileSync(join(place, 'checker.html'), read('web/checker.html'));
  const files = { 'good.tlog-proof': EXAMPLE.receipt, 'bad.tlog-proof': EXAMPLE.receipt.replace('index 1', 'index 0') };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  await page.goto(pathToFileURL(join(place, 'checker.html')).href);
  await page.setInputFiles('#files', Object.keys(files).map((name) => join(place, name)));
  await page.getByText('First give the key.').waitFor();
  await page.fill('#vkey', EXAMPLE.vkey);
  await page.locator('#vkey').blur();
  await page.waitForFunction(() => document.querySelectorAll('.check.green, .check.red').length === 2);
  const found = await page.locator('#found').innerText();
  for (const part of ['Holds: record 1 of example.org/aid, recorded 2026-03-01 10:00:01 UTC', '1.1: donor → village, 12,345 smallest units of CNY, fund flood, 2026-03-01', 'Also: DeclareAsset', `Does not hold: ${FAULTS.en.NOT_INCLUDED}`]) {
    assert.ok(found.includes(part), found);
  }
  await page.locator('#language').click();
  await page.waitForFunction(() => document.querySelectorAll('.check.green, .check.red').length === 2 && document.documentElement.lang === 'zh');
  assert.ok((await page.locator('#found').innerText()).includes('成立：example.org/aid 的记录 1'));
  await page.fill('#policy', 'quorum w');
  await page.locator('#policy').blur();
  await page.getByText(FAULTS.zh.BAD_INPUT).first().waitFor();
  const violations = await page.evaluate(`${axe}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then((all) => all.violations.map(({ id }) => id))`);
  assert.deepEqual(violations, []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual([faults, [...new Set(asked)]], [[], ['file:']]);
  await context.close();
});

test('a checked page is saved as one file, which /check/ and the saved checker read again; a changed one is red', async () => {
  const one = await reader();
  await one.open();
  assert.ok((await one.check()).startsWith('green: '));
  const [download] = await Promise.all([one.page.waitForEvent('download'), one.page.getByRole('button', { name: FOUND.en.saveAnswer }).click()]);
  const kept = join(place, 'fundtrail-answer.json'), changed = join(place, 'changed.json'), text = readFileSync(await download.path(), 'utf8'), answer = JSON.parse(text);
  assert.deepEqual([answer.format, answer.title, answer.vkey, answer.rows.length, Object.keys(answer.receipts)], ['fundtrail answer 1', 'Payments', LOG.vkey, 3, ['0', '1', '2']]);
  writeFileSync(kept, text);
  writeFileSync(changed, text.replace('"amount": "700"', '"amount": "70000"'));
  await one.close();

  const check = await reader();
  check.site.html = `<!doctype html><html lang="zh"><meta charset="utf-8"><title>Check</title><link rel="icon" href="data:,"><script type="module" src="/web/drop.js"></script><main><h1>Check</h1><div id="kept"></div><div data-vkey="${LOG.vkey}"></div></main></html>`;
  await check.page.goto(`${SITE}/`);
  await check.page.locator('#kept input').waitFor();
  await check.page.setInputFiles('#kept input', [kept, changed]);
  await check.page.waitForFunction(() => document.querySelectorAll('#kept .check').length === 8);
  assert.deepEqual(await check.page.evaluate(() => [...document.querySelectorAll('#kept .check')].map(({ className }) => className.slice(6))), ['green', 'green', 'green', 'green', 'red', 'green', 'green', 'green']);
  assert.ok((await check.page.locator('#kept').innerText()).includes('文件自称，未证明："Payments"'));
  await check.close();

  const context = await browser.newContext(), page = await context.newPage();
  writeFileSync(join(place, 'checker.html'), read('web/checker.html'));
  await page.goto(pathToFileURL(join(place, 'checker.html')).href);
  await page.fill('#vkey', LOG.vkey);
  await page.setInputFiles('#files', [kept, changed]);
  await page.waitForFunction(() => document.querySelectorAll('.check.green, .check.red').length === 8);
  const found = await page.locator('#found').innerText();
  for (const part of ['3 of 3 payments are as signed; not so: -.', '2 of 3 payments are as signed; not so: 2.1.', '2.1: donor → hub, 700 smallest units of CNY']) assert.ok(found.includes(part), found);
  await context.close();
});

test('a site in a folder, opened as files: links lead to pages, and names are found, in both languages, whatever they say', async () => {
  const folder = join(place, 'site'), put = (path, text) => (mkdirSync(join(folder, path, '..'), { recursive: true }), writeFileSync(join(folder, path), text));
  const hostile = '</script><img src=x onerror=alert(1)>';
  put('web/folder.js', read('web/folder.js'));
  put('names.js', `fundtrailNames(${JSON.stringify([['party', 'hub:1', 'Croix-Rouge française', ''], ['party', 'wfp', 'World Food Programme', 'iati XM-DAC-41140'], ['fund', 'food', hostile, ''], ['place', 'gz', '广州', '']])});\n`);
  put('party/hub:1/index.html', '<!doctype html><title>hub</title><h1>Croix-Rouge</h1>');
  const head = (root) => `<meta charset="utf-8"><title>Find</title><script defer src="${root}web/folder.js"></script>`;
  put('index.html', `<!doctype html>${head('./')}<a href="./party/hub:1/">hub</a><form action="./find/"><input name="q"><button>Find</button></form>`);
  const found = (root, words) => `<input name="q"><div id="found" ${words} data-party="P" data-fund="F" data-place="PL" data-none="none" data-more="more"></div><script defer src="${root}names.js"></script>`;
  put('find/index.html', `<!doctype html>${head('../')}${found('../', 'data-root="../"')}`);
  put('zh/find/index.html', `<!doctype html>${head('../../')}${found('../../', 'data-root="../../zh/"')}`);
  const page = await (await browser.newContext()).newPage(), faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', () => faults.push('a dialog'));
  const at = (path) => String(pathToFileURL(join(folder, path)));
  await page.goto(at('index.html'));
  await page.click('a');
  assert.equal(await page.textContent('h1'), 'Croix-Rouge');
  await page.goto(at('index.html'));
  await page.fill('input', ' FRANCAISE  rouge ');
  await page.click('button');
  assert.equal(await page.inputValue('input'), 'FRANCAISE  rouge');
  assert.equal(await page.textContent('#found'), 'Croix-Rouge française · P · hub:1');
  await page.click('#found a');
  assert.equal(await page.textContent('h1'), 'Croix-Rouge');
  const ask = async (path, q) => {
    await page.goto(`${at(path)}?q=${encodeURIComponent(q)}`);
    return page.locator('#found').textContent();
  };
  assert.equal(await ask('find/index.html', 'xm-dac-41140'), 'World Food Programme · P · wfp');
  assert.equal(await ask('find/index.html', 'food'), `${hostile} · F · foodWorld Food Programme · P · wfp`);
  assert.equal(await ask('find/index.html', 'nobody'), 'none');
  assert.equal(await ask('find/index.html', ''), '');
  assert.equal(await ask('zh/find/index.html', '广'), '广州 · PL · gz');
  assert.match(await page.getAttribute('#found a', 'href'), /^\.\.\/\.\.\/zh\/place\/gz\/index\.html$/);
  assert.deepEqual(faults, []);
  await page.context().close();
});
