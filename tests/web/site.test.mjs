// The pages for everybody in Chromium, as fundtraild serves them of a ledger that the program made: the county of examples/county, with
// names that mean harm. Each kind of page in both languages, at two widths, with and without script; the browser's check behind a proxy
// that changes, withholds, goes back and forks; what caches ask; and the keyboard.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { TOP } from './support.mjs';
import { FOUND } from '../../web/found.js';
import { WORDS as EN } from '../../web/words-en.js';
import { WORDS as ZH } from '../../web/words-zh.js';

const from = createRequire(join(process.env.FUNDTRAIL_WEB_MODULES ?? join(TOP, 'build', 'web'), 'package.json'));
const CHROMIUM = process.env.FUNDTRAIL_CHROMIUM ?? '/usr/bin/chromium';
const { chromium } = from('playwright-core'), axe = readFileSync(from.resolve('axe-core/axe.min.js'), 'utf8');
// Those of the build, or of the folder that the tests of ./check are told to run.
const program = (variable, path) =>
  process.env.FUNDTRAIL_PROGRAMS ? join(process.env.FUNDTRAIL_PROGRAMS, path) : (process.env[variable] ?? join(TOP, 'build/release', path));
const PROGRAM = program('FUNDTRAIL_PROGRAM', 'cli/fundtrail'), DAEMON = program('FUNDTRAIL_DAEMON', 'server/fundtraild');

const MARKUP = '</script><img src=x onerror=alert(1)>', WIDE = '文'.repeat(100), ARABIC = 'الهلال الأحمر العربي', FORMULA = '=cmd|x';
const ROOT = ['--key', 'root.key', '--as', 'office'];

let browser, place, town, fork, served, old;
const daemons = [];

const run = (...args) => execFileSync(PROGRAM, args, { cwd: town, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const write = (ledger, ...args) => run('--ledger', ledger, ...args, ...ROOT);
function pay(ledger, to, amount, { payer = 'hostile', purpose = '' } = {}) {
  const said = write(ledger, 'pay', '--from', payer, '--to', to, '--amount', amount, '--asset', 'CNY', '--fund', 'hostile', '--date', '2026-06-01', '--purpose', purpose, '--memo', MARKUP);
  return `${said.match(/^Record (\d+)/)[1]}.1`;
}

// The address of its pages. It ends with the tests.
function serve(ledger) {
  const daemon = spawn(DAEMON, ['--ledger', join(town, ledger), '--listen', '127.0.0.1:0', '--http', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  daemons.push(daemon);
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (part) => {
      said += part;
      const address = said.match(/ at (http:\/\/127\.0\.0\.1:\d+)/);
      if (address && / serving /.test(said)) resolve(address[1]);
    };
    daemon.stdout.on('data', hear);
    daemon.stderr.on('data', hear);
    daemon.on('error', reject);
    daemon.on('exit', (code) => reject(new Error(`fundtraild ended with ${code}: ${said}`)));
  });
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
  for (const daemon of daemons) {
    daemon.removeAllListeners('exit');
    daemon.kill('SIGKILL');
  }
  if (place) rmSync(place, { recursive: true, force: true });
});

// One of each kind of page: its path, and the status that it has where that is not 200.
const kinds = () => [
  '', 'payments/', 'parties/', 'funds/', 'projects/', 'needs/', 'places/', 'give/', 'notices/', 'concerns/', 'evaluations/', 'policies/',
  'check/', 'data/', 'about/', 'glossary/', 'party/hostile/', 'party/wide/', 'party/tea-company/went/', 'party/arabic/came/', 'fund/hostile/',
  'project/roofs/', 'need/coats/', 'place/hostile/', 'place/gbt2260:520521/', `payment/${here.payment}/`, `payment/${here.payment}/went/`,
  `payment/${here.payment}/came/`, 'payments/?party=hostile', '@34/party/tea-company/went/', '@34/embed/party/tea-company/went/', 'party/nobody/',
];
const statusOf = (path) => (path === 'party/nobody/' ? 404 : 200);
const addressOf = (path, lang) => `${served}/${lang === 'zh' ? 'zh/' : ''}${path}`;

// A browser of its own for one reader. What goes wrong unseen is in `faults`, with the page on which it did.
async function reader({ width = 1280, script = true, change } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled: script });
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

const audit = (page) =>
  page.evaluate(`${axe}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((found) =>
    found.violations.map(({ id, nodes }) => id + ' ' + nodes.slice(0, 2).map(({ html }) => html.slice(0, 160)).join(' | ')))`);

for (const lang of ['en', 'zh']) {
  for (const width of [390, 1280]) {
    for (const script of [true, false]) {
      test(`each kind of page: ${lang}, ${width} px, ${script ? 'with' : 'without'} script`, async () => {
        // axe is itself a script: without script it looks at the page as it is when check.js does nothing.
        const one = await reader({ width, script });
        const plain = script ? one : await reader({ width, change: (route) => (/\/web\/check\.js$/.test(route.request().url()) ? route.fulfill({ contentType: 'text/javascript', body: '' }) : route.continue()) });
        const wrong = [];
        for (const path of kinds()) {
          const answer = await one.open(path, lang);
          if (answer.status() !== statusOf(path)) wrong.push(`${path}: status ${answer.status()}`);
          const seen = await one.page.evaluate(() => ({
            sideways: document.documentElement.scrollWidth - innerWidth,
            lang: document.documentElement.lang,
            headings: document.querySelectorAll('h1').length,
            images: document.querySelectorAll('img').length,
          }));
          if (seen.sideways > 0) wrong.push(`${path}: ${seen.sideways} px too wide`);
          if (seen.lang !== lang || seen.headings !== 1 || seen.images !== 0) wrong.push(`${path}: ${JSON.stringify(seen)}`);
          if (plain !== one) await plain.page.goto(addressOf(path, lang));
          for (const violation of await audit(plain.page)) wrong.push(`${path}: ${violation}`);
        }
        assert.deepEqual([...wrong, ...one.faults], []);
        await Promise.all([one.close(), plain.close()]);
      });
    }
  }
}
