// A site that `fundtrail site` wrote, of the demo ledger: what its pages forbid the browser, opened as files and over HTTP, and what comes
// out of a printer on A4.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PROGRAM, makeDemo, ran, serve } from './daemon.mjs';
import { TOP } from './support.mjs';

const from = createRequire(join(process.env.FUNDTRAIL_WEB_MODULES ?? join(TOP, 'build', 'web'), 'package.json'));
const CHROMIUM = process.env.FUNDTRAIL_CHROMIUM ?? '/usr/bin/chromium-headless-shell';
const { chromium } = from('playwright-core');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
// A4 in px of CSS, without margins of 1 cm: what a page may be wide.
const PAPER = 718;
const PRINTED = ['', 'payments/2020/', 'parties/', 'idle/', 'findings/', 'party/sweden-government-of/', 'party/sweden-government-of/went/', 'party/world-food-programme/statement/', 'zh/party/sweden-government-of/went/'];

let place, folder, ledger, payment, browser, host, address;

before(async () => {
  for (const path of [CHROMIUM, PROGRAM]) assert.ok(existsSync(path), `${path} is not there`);
  place = mkdtempSync(join(tmpdir(), 'fundtrail-folder-'));
  ledger = makeDemo(place);
  ran(place, '--ledger', ledger, 'site', 'site');
  folder = join(place, 'site');
  payment = readdirSync(join(folder, 'payment')).sort()[0];
  // As a web server without a rule does it: a folder is its index.html.
  host = createServer((request, response) => {
    const path = join(folder, decodeURIComponent(new URL(request.url, 'http://host').pathname)), file = path.endsWith('/') ? `${path}index.html` : path;
    if (!existsSync(file)) return response.writeHead(404).end();
    return response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' }).end(readFileSync(file));
  });
  await new Promise((listening) => host.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${host.address().port}/`;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
});
after(async () => {
  await browser?.close();
  host?.close();
  if (place) rmSync(place, { recursive: true, force: true });
});

const policyIn = (html) => html.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/)?.[1].replaceAll('&apos;', "'");

test('pages of a folder forbid what pages of a server forbid, but for frames, of which a page can say nothing', async () => {
  const { address: served, daemon } = await serve(ledger);
  try {
    const header = (await fetch(served)).headers.get('content-security-policy');
    for (const page of ['', 'zh/', 'find/', `payment/${payment}/`, 'party/sweden-government-of/went/'])
      assert.equal(policyIn(readFileSync(join(folder, page, 'index.html'), 'utf8')), header.replace(" frame-ancestors 'none';", ''), page);
    assert.equal(policyIn(await (await fetch(served)).text()), undefined, 'a server says it in its header alone');
  } finally {
    daemon.kill('SIGKILL');
  }
});

for (const how of ['as files', 'over HTTP']) {
  test(`the policy of a folder stops nothing of its own, and all else: ${how}`, async () => {
    const root = how === 'as files' ? `${pathToFileURL(folder)}/` : address, stopped = [];
    const page = await (await browser.newContext()).newPage();
    page.on('console', (message) => message.text().startsWith('policy ') && stopped.push(message.text()));
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => console.log(`policy ${violatedDirective} stopped ${blockedURI}`)));
    await page.goto(`${root}${how === 'as files' ? 'index.html' : ''}`);
    await page.fill('input[name=q]', 'sweden');
    await page.click('header button');
    await page.waitForSelector('#found a');
    await page.click('#found a');
    await page.click('a[href*="went/"]');
    await page.waitForSelector('figure img');
    assert.ok(await page.locator('figure img').first().evaluate((image) => image.decode().then(() => image.naturalWidth > 0)));
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('main table')).borderCollapse), 'collapse', 'it has its style');
    assert.deepEqual(stopped, []);
    await page.evaluate(() => {
      document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/x.png' }));
      fetch('https://elsewhere.example/').catch(() => {});
    });
    await page.waitForTimeout(200);
    for (const kind of ['img-src', 'connect-src']) assert.match(stopped.join('\n'), new RegExp(`policy ${kind} stopped https://elsewhere\\.example`));
    await page.context().close();
  });
}

// How many sheets, and how large each is, in points.
function sheetsOf(pdf) {
  const text = pdf.toString('latin1'), boxes = [...text.matchAll(/\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/g)];
  return { count: (text.match(/\/Type ?\/Page\b(?!s)/g) ?? []).length, sizes: boxes.map(([, width, height]) => [Math.round(width), Math.round(height)]) };
}

test('pages print on A4: a payment on one sheet, no table past the edge of the paper, and no ways through the site', async () => {
  const page = await (await browser.newContext({ viewport: { width: PAPER, height: 1000 } })).newPage();
  await page.emulateMedia({ media: 'print' });
  const wrong = [];
  for (const path of [...PRINTED, `payment/${payment}/`, `zh/payment/${payment}/`]) {
    await page.goto(String(pathToFileURL(join(folder, path, 'index.html'))));
    const seen = await page.evaluate(() => {
      const isShown = (element) => element.getClientRects().length > 0;
      return {
        sideways: document.documentElement.scrollWidth - innerWidth,
        ways: [...document.querySelectorAll('header nav, form, button, .skip, .doors')].filter(isShown).length,
        answer: ['h1', 'main', 'footer'].filter((part) => !isShown(document.querySelector(part))),
        letters: Math.min(...[...document.querySelectorAll('td, th')].map((cell) => parseFloat(getComputedStyle(cell).fontSize))),
      };
    });
    if (seen.sideways > 0 || seen.ways > 0 || seen.answer.length > 0 || seen.letters < 8) wrong.push(`${path}: ${JSON.stringify(seen)}`);
    const { count, sizes } = sheetsOf(await page.pdf({ format: 'A4', margin: { top: '1cm', right: '1cm', bottom: '1cm', left: '1cm' } }));
    if (sizes.length === 0 || sizes.some(([width, height]) => Math.abs(width - 595) > 1 || Math.abs(height - 842) > 1)) wrong.push(`${path}: sheets of ${JSON.stringify(sizes)}`);
    if (path.includes('payment/') ? count !== 1 : count < 1) wrong.push(`${path}: ${count} sheets`);
  }
  assert.deepEqual(wrong, []);
  await page.context().close();
});
