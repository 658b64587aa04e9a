// The pages for everybody in Chromium, as fundtraild serves them of a ledger that the program made. It is the county of examples/county,
// with names that mean harm. Each kind of page in both languages, at two widths, with and without script. Also the browser's check behind
// a proxy that changes, withholds, goes back and forks; what caches ask; and the keyboard.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { DAEMON, PROGRAM, ran, serve as start } from './daemon.mjs';
import { Key, TOP } from './support.mjs';
import { FOUND } from '../../web/found.js';
import { WORDS as PICTURE } from '../../web/picture.js';
import { ASKED } from '../../web/witnesses.js';
import { WORDS as EN } from '../../web/words-en.js';
import { WORDS as ZH } from '../../web/words-zh.js';

const from = createRequire(join(process.env.FUNDTRAIL_WEB_MODULES ?? join(TOP, 'build', 'web'), 'package.json'));
const CHROMIUM = process.env.FUNDTRAIL_CHROMIUM ?? '/usr/bin/chromium-headless-shell';
const { chromium } = from('playwright-core'), axe = readFileSync(from.resolve('axe-core/axe.min.js'), 'utf8');

const MARKUP = '</script><img src=x onerror=alert(1)>', WIDE = '文'.repeat(100), ARABIC = 'الهلال الأحمر العربي', FORMULA = '=cmd|x';
const ROOT = ['--key', 'root.key', '--as', 'office'];

let browser, place, town, fork, served, old;
const daemons = [];

const run = (...args) => ran(town, ...args);
const write = (ledger, ...args) => run('--ledger', ledger, ...args, ...ROOT);
function pay(ledger, to, amount, { payer = 'hostile', purpose = '' } = {}) {
  const said = write(ledger, 'pay', '--from', payer, '--to', to, '--amount', amount, '--asset', 'CNY', '--fund', 'hostile', '--date', '2026-06-01', '--purpose', purpose, '--memo', MARKUP);
  return `${said.match(/^Record (\d+)/)[1]}.1`;
}

// The address of its pages. It ends with the tests.
async function serve(ledger) {
  // All of these readers are one address, and a fast machine asks more than 200 times a second.
  const limits = join(town, 'limits.toml');
  writeFileSync(limits, '[limits]\nquestions_per_second = 5000\nquestion_burst = 5000\n');
  const { address, daemon } = await start(join(town, ledger), '--config', limits);
  daemons.push(daemon);
  return address;
}

// What the tests ask about: ids, payments, and the ledger's size.
const here = {};

before(async () => {
  for (const path of [CHROMIUM, PROGRAM, DAEMON]) assert.ok(existsSync(path), `${path} is not there`);
  place = mkdtempSync(join(tmpdir(), 'fundtrail-site-'));
  town = join(place, 'county');
  execFileSync('bash', [join(TOP, 'examples/county/run.sh'), town], { env: { ...process.env, FUNDTRAIL: PROGRAM }, stdio: ['ignore', 'ignore', 'pipe'] });
  const party = (id, name, role) => write('ledger', 'party', 'add', id, '--name', name, '--role', role);
  party('hostile', MARKUP, 'holder');
  party('wide', WIDE, 'recipient');
  party('arabic', ARABIC, 'recipient');
  party('formula', FORMULA, 'recipient');
  write('ledger', 'fund', 'add', 'hostile', '--name', MARKUP, '--owner', 'office');
  write('ledger', 'place', 'add', 'hostile', '--name', MARKUP);
  run('--ledger', 'ledger', 'concern', 'raise', 'hostile', '--kind', 'quality', '--project', 'roofs', '--words', `${MARKUP} ${WIDE}`, '--key', 'residents.key');
  pay('ledger', 'hostile', '50,000.00', { payer: 'tea-company' });
  here.payment = pay('ledger', 'wide', '20,000.00', { purpose: `${MARKUP} ${'文'.repeat(300)}` });
  pay('ledger', 'formula', '5,000.00', { purpose: FORMULA });
  here.programme = 'hostile';
  write('ledger', 'programme', 'add', here.programme, '--name', MARKUP, '--owner', 'office');
  // As the ledger stood, for the proxy that goes back, and for the history that it did not have.
  cpSync(join(town, 'ledger'), join(town, 'fork'), { recursive: true });
  old = run('--ledger', 'ledger', 'checkpoint');
  here.last = pay('ledger', 'arabic', '10,000.00', { purpose: ARABIC });
  here.other = pay('fork', 'formula', '9,000.00');
  pay('fork', 'formula', '1.00');
  [served, fork] = await Promise.all([serve('ledger'), serve('fork')]);
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
});
after(async () => {
  await browser?.close();
  for (const daemon of daemons) daemon.kill('SIGKILL');
  if (place) rmSync(place, { recursive: true, force: true });
});

// One of each kind of page: its path, and the status that it has where that is not 200.
const kinds = () => [
  '', 'payments/', 'parties/', 'funds/', 'projects/', 'needs/', 'places/', 'give/', 'programmes/', 'payments/?kind=donation', 'payments/?sort=amount', 'parties/?sort=name', 'parties/?place=gbt2260:520521', 'notices/', 'concerns/', 'evaluations/', 'policies/',
  'check/', 'data/', 'about/', 'glossary/', 'idle/', 'findings/', 'findings/?kind=duplicate', 'committed/', 'committed/?by=year', 'flows/', 'flows/?by=party-kind', 'parties/?by=kind', 'payments/?sort=date&asset=CNY&min=100', 'compare/', 'compare/?by=flows', 'compare/2026/',
  'party/hostile/statement/', 'party/office/below/', `programme/${here.programme}/statement/`, 'went/', `went/?refs=${here.payment}%20${here.last}`, `came/?refs=${here.payment}&method=both`,
  'party/tea-company/went/?method=both', 'find/?q=Invented', `find/?q=${encodeURIComponent('img src')}`, 'find/?q=nobody-of-this-name',
  'party/hostile/', 'party/wide/', 'party/tea-company/went/', 'party/arabic/came/', 'fund/hostile/',
  'project/roofs/', 'need/coats/', 'need/coats/pledge/', 'place/hostile/', 'place/gbt2260:520521/', `payment/${here.payment}/`, `payment/${here.payment}/went/`,
  `payment/${here.payment}/came/`, 'payments/?party=hostile', '@34/party/tea-company/went/', '@34/embed/party/tea-company/went/', 'party/nobody/',
];
const statusOf = (path) => (path === 'party/nobody/' ? 404 : 200);
const addressOf = (path, lang) => `${served}/${lang === 'zh' ? 'zh/' : ''}${path}`;

// A browser of its own for one reader. What goes wrong unseen is in `faults`, with the page on which it did.
async function reader({ width = 1280, script = true, colorScheme = 'light', change } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled: script, colorScheme });
  const page = await context.newPage(), faults = [];
  let at = '';
  const tell = (what) => faults.push(`${at}: ${what}`);
  page.on('console', (message) => {
    // Chromium says so of a page that tells what is not there, as it should.
    if (message.type() === 'error' && !(statusOf(at) === 404 && /status of 404/.test(message.text()))) tell(message.text());
  });
  page.on('pageerror', (error) => tell(error));
  page.on('dialog', (dialog) => {
    tell(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${served}/`)) tell(`it asks for ${request.url()}`);
  });
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => console.error(`policy ${violatedDirective} stopped ${blockedURI}`)));
  if (change) await context.route('**/*', change);
  const colours = () => page.$$eval('p.check', (all) => all.map((one) => one.className.replace('check ', '')));
  const bars = () => page.$$eval('p.check', (all) => all.map((one) => `${one.className.replace('check ', '')}: ${one.textContent}`));
  return {
    page, faults, bars, colours,
    open: async (path, lang = 'en') => {
      at = path;
      const answer = await page.goto(addressOf(path, lang));
      // The checkpoint is read: the first bar stands.
      if (script && !path.includes('embed/')) await page.waitForFunction(() => document.querySelector('p.check')?.textContent && document.querySelector('[data-vkey] button, p.check:not(.grey)'));
      return answer;
    },
    check: async (words = EN) => {
      await page.getByRole('button', { name: words.button.split('{n}')[0] }).click();
      await page.waitForFunction(() => !document.querySelectorAll('p.check')[1]?.className.includes('grey'));
      return (await bars())[1];
    },
    close: () => context.close(),
  };
}

// axe is put in by the debugger, past the page's policy.
const audit = (page) =>
  page.evaluate(`${axe}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((found) =>
    found.violations.map(({ id, nodes }) => id + ' ' + nodes.slice(0, 2).map(({ html }) => html.slice(0, 160)).join(' | ')))`);

// In the page: makes each word of ours 40 % longer, and says by how much the page is too wide then.
function lengthened() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest('bdi, code, pre, script, svg')) continue;
    node.data = node.data.replace(/[A-Za-z]{2,}/g, (word) => word + 'm'.repeat(Math.ceil(word.length * 0.4)));
  }
  return document.documentElement.scrollWidth - innerWidth;
}

// Two at a time: what one waits for, the other uses.
describe('each kind of page', { concurrency: 2 }, () => {
  for (const lang of ['en', 'zh']) {
    for (const width of [390, 1280]) {
      for (const script of [true, false]) {
        it(`${lang}, ${width} px, ${script ? 'with' : 'without'} script`, async () => {
          // In the dark too, at one of the widths.
          const colorScheme = width === 390 ? 'light' : 'dark', one = await reader({ width, script, colorScheme });
          // axe is itself a script. Without script it looks at pages as they are when check.js does nothing: at some, since the footer alone
          // is another one there.
          const plain = script ? one : await reader({ width, colorScheme, change: (route) => (/\/web\/check\.js$/.test(route.request().url()) ? route.fulfill({ contentType: 'text/javascript', body: '' }) : route.continue()) });
          // Beside a few that it sees in each mix, axe looks at each page once: at every other one in English on a phone, in the light, and at
          // the rest in Chinese on a wide screen, in the dark. FUNDTRAIL_EVERY_PAGE, as in `./check --all`, has it look at each in each mix with script.
          const some = ['', 'check/', `payment/${here.payment}/`, 'party/tea-company/went/'], half = (lang === 'en') === (width === 390);
          const audited = (path, i) => some.includes(path) || (script && (process.env.FUNDTRAIL_EVERY_PAGE || (half && i % 2 === (lang === 'en' ? 0 : 1))));
          const wrong = [];
          for (const [i, path] of kinds().entries()) {
            const answer = await one.open(path, lang);
            if (answer.status() !== statusOf(path)) wrong.push(`${path}: status ${answer.status()}`);
            const seen = await one.page.evaluate(() => ({
              sideways: document.documentElement.scrollWidth - innerWidth,
              lang: document.documentElement.lang,
              headings: document.querySelectorAll('h1').length,
              harm: document.querySelectorAll('[onerror], img[src="x"]').length,
              blank: [...document.images].filter((image) => image.getClientRects().length > 0 && image.naturalWidth === 0).length,
            }));
            if (seen.sideways > 0) wrong.push(`${path}: ${seen.sideways} px too wide`);
            if (seen.lang !== lang || seen.headings !== 1 || seen.harm !== 0 || seen.blank !== 0) wrong.push(`${path}: ${JSON.stringify(seen)}`);
            if (audited(path, i)) {
              if (plain !== one) await plain.page.goto(addressOf(path, lang));
              for (const violation of await audit(plain.page)) wrong.push(`${path}: ${violation}`);
            }
            // Words of another language may be 40 % longer: they still fit a phone.
            if (script && width === 390 && lang === 'en') {
              const sideways = await one.page.evaluate(lengthened);
              if (sideways > 0) wrong.push(`${path}: with longer words ${sideways} px too wide`);
            }
          }
          assert.deepEqual([...wrong, ...one.faults], []);
          await Promise.all([one.close(), plain.close()]);
        });
      }
    }
  }
});

test('what these tests look for is found where it is: contrast, pictures without words, too wide a page, and what it loads from elsewhere', async () => {
  const one = await reader({ width: 390 });
  await one.open('parties/');
  await one.page.evaluate(() => {
    document.querySelector('p.check').style.color = '#ccc';
    document.querySelector('main').append(new Image());
  });
  const found = (await audit(one.page)).map((line) => line.split(' ')[0]);
  assert.deepEqual(found.sort(), ['color-contrast', 'image-alt']);
  assert.deepEqual(one.faults, []);
  const sideways = await one.page.evaluate(() => {
    document.querySelector('.wide').style.overflow = 'visible';
    document.querySelector('main img').src = 'https://elsewhere.example/x.png';
    return document.documentElement.scrollWidth - innerWidth;
  });
  assert.ok(sideways > 0);
  await one.page.waitForTimeout(200);
  assert.match(one.faults.join('\n'), /parties\/: policy img-src stopped https:\/\/elsewhere\.example/);
  await one.close();
});

// As a page writes an amount of CNY.
const shown = (fen) => `${(BigInt(fen) / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',')}.${String(BigInt(fen) % 100n).padStart(2, '0')}`;
const json = async (path) => JSON.parse(await (await fetch(`${served}/${path}`)).text());

for (const lang of ['en', 'zh']) {
  for (const script of [true, false]) {
    test(`the sums of the answers stand in the texts: ${lang}, ${script ? 'with' : 'without'} script`, async () => {
      const one = await reader({ script });
      const text = async (path, part) => {
        await one.open(path, lang);
        return one.page.locator(part).first().innerText();
      };
      for (const [path, parts] of [['party/tea-company/went', ['reached', 'held', 'returned']], ['party/hostile/came', ['brought_in']]]) {
        const [asset] = (await json(`${path}.json`)).assets, lead = await text(`${path}/`, '.lead'), table = await one.page.locator('main table').first().innerText();
        assert.ok(BigInt(asset.asked) > 0n && lead.includes(shown(asset.asked)), `${lead} has no ${shown(asset.asked)}`);
        for (const part of parts) {
          assert.ok(table.includes(shown(asset[part])), `${part} ${shown(asset[part])} is not in ${table}`);
          const share = (Number((BigInt(asset[part]) * 1000000n) / BigInt(asset.asked)) / 10000).toFixed(2);
          assert.ok(lead.includes(share), `${part} ${share} is not in ${lead}`);
        }
      }
      // 60,000 and 40,000 of the example, and what the test added.
      assert.ok((await text('', '.lead')).includes('150,000.00'), 'what sources brought in');
      const payment = await text(`payment/${here.payment}/`, 'main');
      for (const part of ['20,000.00', MARKUP, WIDE, '文'.repeat(300)]) assert.ok(payment.replace(/\s+/g, ' ').includes(part), `${part} is not in ${payment}`);
      const parties = await text('parties/', 'main');
      for (const part of [MARKUP, WIDE, ARABIC, FORMULA]) assert.ok(parties.includes(part), part);
      assert.deepEqual(one.faults, []);
      await one.close();
    });
  }
}

test('a site in a folder, opened as files: it leads on, finds, and shows pictures', async () => {
  run('--ledger', 'ledger', 'site', 'folder');
  const page = await (await browser.newContext()).newPage(), faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', () => faults.push('a dialog'));
  await page.goto(String(pathToFileURL(join(town, 'folder/zh/index.html'))));
  await page.click('nav a[lang=en]');
  await page.fill('input[name=q]', 'TEA company');
  await page.click('header button');
  await page.waitForSelector('#found a');  // the page's script looks once it has come
  assert.match(await page.textContent('#found'), / · Party · tea-company/);
  await page.click('#found a');
  await page.click('a[href*="went/"]');
  assert.match(await page.textContent('h1'), /where the money went/);
  await page.click('nav a');
  assert.equal(await page.textContent('h1'), 'Payments');
  await page.click('a[href*="payments/2026/"]');
  await page.click('tr a[href*="payment/"]');
  assert.match(await page.textContent('h1'), /^Payment \d+\.\d+: /);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('a spreadsheet runs nothing of a name: an apostrophe stands before a formula, and ?raw=1 is exact', async () => {
  const csv = async (query) => (await fetch(`${served}/parties.csv${query}`)).text();
  const safe = await csv('');
  assert.ok(safe.includes(`\n'${FORMULA},`) && safe.includes(MARKUP), safe);
  assert.doesNotMatch(safe, /(^|,)=/m);
  assert.ok((await csv('?raw=1')).includes(`\n${FORMULA},`));
});

test('the check of a payment, by the keyboard: green, in both languages', async () => {
  for (const [lang, words] of [['en', EN], ['zh', ZH]]) {
    const one = await reader();
    await one.open(`payment/${here.payment}/`, lang);
    await one.page.getByRole('button', { name: words.button.split('{n}')[0] }).focus();
    await one.page.keyboard.press('Enter');
    await one.page.waitForFunction(() => document.querySelectorAll('p.check')[1]?.className === 'check green');
    assert.equal((await one.bars())[1], `green: ${FOUND[lang].checked.replace('{n}', '1').replace('{all}', '1')}`);
    // The sentence and its bar are seen, in colours that axe takes.
    const bar = one.page.locator('p.check.green').last();
    assert.ok((await bar.boundingBox()).height >= 20);
    assert.equal(await bar.evaluate((element) => getComputedStyle(element).borderLeftColor), 'rgb(31, 138, 59)');
    assert.deepEqual(await audit(one.page), []);
    await one.open('', lang);
    assert.deepEqual((await one.colours())[0], 'green', 'the second page continues what the first one saw');
    assert.deepEqual(one.faults, []);
    await one.close();
  }
});

// Between the reader and the server: what is asked for, as it is answered after `change` of its text.
const changing = (pattern, change) => async (route) => {
  const url = new URL(route.request().url());
  if (!pattern.test(url.pathname)) return route.continue();
  const answer = await route.fetch();
  return route.fulfill({ response: answer, body: change(await answer.text()) });
};

test('a proxy that changes one byte of an amount: red, wherever it stands', async () => {
  const path = `payment/${here.payment}/`, pattern = new RegExp(`^/${path}$`);
  for (const [what, before, changed] of [['what people read', '>20,000.00 CNY<', '>90,000.00 CNY<'], ['what programs read', 'data-amount="2000000"', 'data-amount="9000000"'], ['who is paid', 'data-to="wide"', 'data-to="tide"'], ['the heading', ', 20,000.00 CNY</bdi></h1>', ', 90,000.00 CNY</bdi></h1>'], ['the name of the window', ', 20,000.00 CNY · ', ', 90,000.00 CNY · ']]) {
    let times = 0;
    const one = await reader({ change: changing(pattern, (text) => text.replaceAll(before, () => (++times, changed))) });
    await one.open(path);
    assert.ok(times > 0, `${before} is on the page`);
    assert.equal(await one.check(), `red: ${FOUND.en.differs.replace('{refs}', here.payment)}`, what);
    assert.ok(await one.page.getByRole('button', { name: EN.save }).isVisible());
    assert.deepEqual(await audit(one.page), []);
    await one.close();
  }
});

test('a proxy that takes away what is compared, or answers with another payment: it is told', async () => {
  const path = `payment/${here.payment}/`, pattern = new RegExp(`^/${path}$`);
  const told = async (change, at = path) => {
    const one = await reader({ change });
    await one.open(at);
    const bar = await one.check();
    await one.close();
    return bar;
  };
  const lacking = (await told(changing(pattern, (text) => text.replace(/ data-amount="\d+"/, ''))));
  assert.ok(lacking.startsWith(`amber: ${FOUND.en.lacking.replace('{refs}', here.payment)}`), lacking);
  const other = await (await fetch(addressOf(`payment/${here.last}/`, 'en'))).text();
  assert.equal(await told(changing(pattern, () => other)), `red: ${FOUND.en.differs.replace('{refs}', here.payment)}`);
  // The sum of its way is the payment's amount.
  const way = `${path}went/`, changed = changing(new RegExp(`^/${way}$`), (text) => text.replace('<p class="lead"><b>20,000.00', '<p class="lead"><b>90,000.00'));
  assert.match(await told((route) => route.continue(), way), /^green: /);
  assert.equal(await told(changed, way), `red: ${FOUND.en.differs.replace('{refs}', here.payment)}`);
});

test('each page of payments holds as it is', async () => {
  for (const path of ['payments/', 'party/tea-company/went/', 'party/hostile/', 'fund/hostile/', `payment/${here.payment}/came/`, `payment/${here.last}/`, `@${here.last.split('.')[0]}/payment/${here.payment}/`]) {
    const one = await reader();
    await one.open(path);
    const bar = (await one.page.locator('[data-record]').count()) > 0 ? await one.check() : 'green: ';
    assert.match(bar, /^green: /, path);
    assert.deepEqual(one.faults, []);
    await one.close();
  }
});

test('witnesses that the reader asks for are kept, and missed on each page', async () => {
  const one = await reader();
  await one.open('check/');
  const key = new Key(3);
  await one.page.getByLabel(ASKED.en.vkeys).fill(key.vkey('witness.example/x', 4));
  await one.page.getByRole('button', { name: ASKED.en.keep }).click();
  const few = ASKED.en.few.replace('{n}', 0).replace('{all}', 1).replace('{least}', 1);
  await one.page.getByText(few).waitFor();
  assert.deepEqual(await audit(one.page), []);
  await one.open('payments/');
  await one.page.getByText(few).waitFor();
  assert.ok((await one.bars()).includes(`amber: ${few}`));
  await one.open('check/');
  await one.page.getByLabel(ASKED.en.vkeys).fill('');
  await one.page.getByRole('button', { name: ASKED.en.keep }).click();
  await one.page.waitForFunction(() => document.querySelectorAll('p.check').length === 1);
  assert.deepEqual(one.faults, []);
  await one.close();
});

test('a picture: a row lights its ribbons, a ribbon its rows; saved as PNG, and its link copied', async () => {
  const one = await reader(), { page } = one;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: served });
  await one.open('party/tea-company/went/');
  await page.getByRole('button', { name: PICTURE.en.png }).waitFor();
  assert.equal(await page.locator('figure.flow svg').count(), 0, 'nothing is loaded twice until somebody points at something');
  const lit = () => page.$$eval('.lit', (all) => all.map((one) => `${one.localName} ${one.dataset.from ?? ''} ${one.dataset.to ?? ''}`));
  const row = page.locator('main tr[data-from="tea-company"][data-to]').first(), to = await row.getAttribute('data-to');
  await row.hover();
  await page.locator('path.lit').first().waitFor();
  const hovered = await lit();
  assert.ok(hovered.includes(`path tea-company ${to}`) && hovered.every((what) => what.endsWith(` tea-company ${to}`)), `${hovered}`);
  assert.equal(hovered.filter((what) => what.startsWith('tr')).length, 1);
  assert.deepEqual(await audit(page), []);
  // By the keyboard: a link in the row has the focus.
  await page.mouse.move(0, 0);
  await page.waitForFunction(() => document.querySelectorAll('.lit').length === 0);
  await row.locator('a').first().focus();
  await page.locator('path.lit').first().waitFor();
  assert.deepEqual(await lit(), hovered);
  await page.locator('header a').first().focus();
  await page.waitForFunction(() => document.querySelectorAll('.lit').length === 0);
  // And back.
  await page.locator(`path[data-from="tea-company"][data-to="${to}"]`).first().hover({ force: true });
  await page.locator('tr.lit').first().waitFor();
  assert.ok((await lit()).includes(`tr tea-company ${to}`), `${await lit()}`);

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: PICTURE.en.png }).click()]);
  const png = readFileSync(await download.path());
  assert.equal(download.suggestedFilename(), 'party-tea-company-went.png');
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  assert.equal(png.readUInt32BE(16), 1600, 'its width');
  assert.ok(png.length > 10_000, `${png.length} bytes: something is drawn`);
  await page.getByRole('button', { name: PICTURE.en.copy }).click();
  await page.getByRole('button', { name: PICTURE.en.copied }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), new RegExp(`^${served}/@\\d+/party/tea-company/went/$`));
  assert.deepEqual(one.faults, []);
  await one.close();
  const plain = await reader({ script: false });
  await plain.open('party/tea-company/went/');
  assert.deepEqual([await plain.page.locator('figure.flow img').count(), await plain.page.locator('main button').count()], [1, 1], 'the picture, and the button of the form');
  await plain.close();
});

test('names are offered while somebody types, and the form works by itself', async () => {
  const one = await reader(), { page } = one, asked = [];
  page.on('request', (request) => request.url().includes('find.json') && asked.push(new URL(request.url()).search));
  await one.open('', 'zh');
  const box = page.getByRole('combobox').or(page.getByRole('searchbox')).first();
  await box.pressSequentially('tea-c', { delay: 20 });
  await page.waitForFunction(() => document.querySelectorAll('#offers option').length > 0);
  assert.ok((await page.$$eval('#offers option', (all) => all.map(({ label, value }) => `${label} ${value}`))).some((offer) => offer.includes('tea-company')));
  assert.ok(asked.length >= 1 && asked.length <= 2 && asked.at(-1) === '?suggest=1&q=tea-c', `${asked}`);
  assert.deepEqual(await audit(page), []);
  await box.fill('tea-company');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${served}/zh/party/tea-company/`);
  assert.deepEqual(one.faults, []);
  await one.close();
});

test('a proxy that changes a proof, or withholds it', async () => {
  const path = `payment/${here.payment}/`;
  // The second letter of the record in the proof: another record.
  const changed = await reader({ change: changing(/\.tlog-proof$/, (text) => text.replace(/^extra (.{40})(.)/m, (_, front, letter) => `extra ${front}${letter === 'A' ? 'B' : 'A'}`)) });
  await changed.open(path);
  assert.match(await changed.check(), /^red: This does not hold: /);
  await changed.close();
  const without = await reader({ change: (route) => (/\.tlog-proof$|\/tile\//.test(route.request().url()) ? route.fulfill({ status: 404, body: '' }) : route.continue()) });
  await without.open(path);
  assert.ok((await without.check()).startsWith(`amber: ${FOUND.en.missing.split('{refs}')[0]}`));
  assert.deepEqual(await audit(without.page), []);
  await without.close();
});

test('a proxy that goes back: amber; and one that shows another history: red, and it stays so', async () => {
  let checkpoint = null, host = null;
  const one = await reader({
    change: async (route) => {
      const url = new URL(route.request().url());
      if (checkpoint && url.pathname === '/checkpoint') return route.fulfill({ body: checkpoint });
      if (host) return route.fulfill({ response: await route.fetch({ url: host + url.pathname + url.search }) });
      return route.continue();
    },
  });
  await one.open('');
  assert.equal((await one.colours())[0], 'grey');
  checkpoint = old;
  await one.open('');
  assert.match((await one.bars())[0], /^amber: Older than what you saw /);
  assert.deepEqual(await audit(one.page), []);
  [checkpoint, host] = [null, fork];
  await one.open(`payment/${here.other}/`);
  assert.match((await one.bars())[0], /^red: This ledger shows another history than on /);
  assert.deepEqual(await audit(one.page), []);
  host = null;
  await one.open('');
  assert.match((await one.bars())[0], /^red: /);
  await one.close();
});

test('the skip link leads a keyboard to the answer', async () => {
  for (const [lang, path] of [['en', `payment/${here.payment}/`], ['zh', 'party/tea-company/went/']]) {
    const one = await reader({ script: false });
    await one.open(path, lang);
    await one.page.keyboard.press('Tab');
    const link = one.page.locator(':focus');
    assert.equal(await link.getAttribute('href'), '#main');
    const box = await link.boundingBox();
    assert.ok(box.x >= 0 && box.width > 20, 'it is seen while it has the focus');
    await one.page.keyboard.press('Enter');
    await one.page.keyboard.press('Tab');
    assert.ok(await one.page.evaluate(() => document.querySelector('main').contains(document.activeElement)), 'what comes next is in the answer');
    await one.close();
  }
});

test('HEAD says what GET does, and 304 answers whoever has it', async () => {
  // As it is, and packed as every browser takes it: fetch unpacks it again.
  const plain = (url, options = {}) => fetch(url, { ...options, headers: { 'Accept-Encoding': 'identity', ...options.headers } });
  for (const path of kinds()) {
    const url = addressOf(path, 'en'), got = await plain(url), body = Buffer.from(await got.arrayBuffer());
    const head = await plain(url, { method: 'HEAD' });
    const headers = (answer) => Object.fromEntries([...answer.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)));
    assert.equal(head.status, got.status, path);
    assert.deepEqual(headers(head), headers(got), path);
    assert.equal(Number(got.headers.get('content-length')), body.length, path);
    assert.equal((await head.arrayBuffer()).byteLength, 0, path);
    const tag = got.headers.get('etag');
    if (got.status !== 200) continue;
    assert.match(tag, path.startsWith('@') ? /^"pinned-.*-en"$/ : /^"\d+-[0-9a-f]{16}-.*-en"$/, path);
    for (const method of ['GET', 'HEAD']) {
      const again = await plain(url, { method, headers: { 'If-None-Match': `"other", W/${tag}` } });
      assert.deepEqual([again.status, again.headers.get('etag'), await again.text()], [304, tag, ''], path);
    }
    const other = await plain(url, { headers: { 'If-None-Match': tag.replace('-en"', '-zh"') } });
    assert.equal(other.status, 200, path);
    assert.ok(Buffer.from(await other.arrayBuffer()).equals(body), `${path}: the same bytes again`);
    const packed = await fetch(url), name = packed.headers.get('etag');
    assert.ok(Buffer.from(await packed.arrayBuffer()).equals(body), `${path}: the same bytes, packed`);
    assert.equal(name, packed.headers.has('content-encoding') ? tag.replace(/"$/, '-gzip"') : tag, path);
    assert.equal((await fetch(url, { headers: { 'If-None-Match': name } })).status, 304, path);
  }
});
