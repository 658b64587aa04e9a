// A reader's browser on a slow phone, for tools/web-bench and tools/page-figures: what a first view of a page takes, and what a check does.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TOP } from '../../tests/web/support.mjs';

export const NETWORKS = {
  // Bytes a second and ms of a way there and back, as devtools' "Slow 4G" and "3G" of WebPageTest.
  'slow 4G': { down: 1_600_000 / 8, up: 750_000 / 8, latency: 150, goal: 1200 },
  '3G': { down: 400_000 / 8, up: 400_000 / 8, latency: 400, goal: 2000 },
};
export const CPU = 4;  // a phone's processor takes so many times as long
const SETTLES = 700;  // ms after `load` in which nothing more may move

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export function launch() {
  const from = createRequire(join(process.env.FUNDTRAIL_WEB_MODULES ?? join(TOP, 'build', 'web'), 'package.json'));
  return from('playwright-core').chromium.launch({ executablePath: process.env.FUNDTRAIL_CHROMIUM ?? '/usr/bin/chromium-headless-shell', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

// Runs in the page before anything of it.
function observe() {
  const seen = { fcp: 0, lcp: 0, cls: 0, task: 0 };
  window.seen = seen;
  const on = (type, hear) => new PerformanceObserver((list) => list.getEntries().forEach(hear)).observe({ type, buffered: true });
  on('paint', (entry) => entry.name === 'first-contentful-paint' && (seen.fcp = entry.startTime));
  on('largest-contentful-paint', (entry) => (seen.lcp = entry.startTime));
  on('layout-shift', (entry) => (seen.cls += entry.value));
  on('longtask', (entry) => (seen.task = Math.max(seen.task, entry.duration)));
}

// One first view: nothing is kept from another.
async function view(browser, url, network) {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  try {
    const page = await context.newPage(), devtools = await context.newCDPSession(page);
    let requests = 0, bytes = 0, html = 0, itself;
    devtools.on('Network.requestWillBeSent', ({ request, requestId, type }) => {
      requests += /^https?:/.test(request.url) ? 1 : 0;
      if (type === 'Document') itself = requestId;
    });
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      bytes += encodedDataLength;
      if (requestId === itself) html = encodedDataLength;
    });
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: network.latency, downloadThroughput: network.down, uploadThroughput: network.up });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU });
    await page.addInitScript(observe);
    await page.goto(url, { waitUntil: 'load', timeout: 60_000 });
    await page.waitForTimeout(SETTLES);
    return { ...(await page.evaluate(() => window.seen)), requests, bytes, html };
  } finally {
    await context.close();
  }
}

// Medians of so many first views.
export async function viewsOf(browser, url, network, runs) {
  const views = [];
  for (let i = 0; i < runs; ++i) views.push(await view(browser, url, network));
  return Object.fromEntries(Object.keys(views[0]).map((key) => [key, median(views.map((one) => one[key]))]));
}

// Presses the button and waits for the verdict: the ms it took, and what was said. Runs in the page.
async function pressed() {
  const line = document.querySelectorAll('p.check')[1], start = performance.now();
  [...document.querySelectorAll('[data-vkey] button')].at(-1).click();
  while (!/green|amber|red/.test(line.className)) await new Promise((go) => setTimeout(go, 1));
  return { ms: performance.now() - start, colour: line.className.replace('check ', ''), text: line.textContent };
}

// The check of the payments on a page: the first, and the median of so many in a browser that did it before. The network is as fast as it
// gets, so that what is left is the work.
export async function checksOf(browser, url, runs) {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  try {
    const page = await context.newPage(), devtools = await context.newCDPSession(page), found = [];
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU });
    for (let i = 0; i <= runs; ++i) {
      await page.goto(url, { waitUntil: 'load', timeout: 60_000 });
      await page.waitForFunction(() => document.querySelectorAll('[data-vkey] button').length > 0, { timeout: 30_000 });
      found.push(await page.evaluate(pressed));
    }
    const [first, ...warm] = found;
    return { first: first.ms, ms: median(warm.map((one) => one.ms)), colour: first.colour, text: first.text };
  } finally {
    await context.close();
  }
}
