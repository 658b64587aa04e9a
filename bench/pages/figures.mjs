// All figures of the pages that have a goal, each beside it, as a table in Markdown. Decides nothing. tools/page-figures runs it, and says how.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as ask } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAEMON, PROGRAM, makeDemo, ran, serve } from '../../tests/web/daemon.mjs';
import { TOP } from '../../tests/web/support.mjs';
import { NETWORKS, checksOf, launch, median, viewsOf } from './browser.mjs';
import { GOALS } from './goals.mjs';
import { wrk } from './load.mjs';

const RUNS = 3, SECONDS = 6, READERS = 200, STREAMS = 4;
const MAKER = join(process.env.FUNDTRAIL_PROGRAMS ?? join(TOP, 'build/release'), 'bench/fundtrail_make_ledger');
// One address asks all the time, which it may not do elsewhere. The second keeps no page, so that each is worked out.
const FREELY = '[limits]\nquestions_per_second = 1000000\nquestion_burst = 1000000\n', KEEPING_NONE = `${FREELY}page_cache_bytes = 0\n`;

// --- the table --------------------------------------------------------------------------------------------------------------------

const lines = [];
let failed = 0;
const say = (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
const number = (value) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2));
const atMost = (goal, unit = '') => ({ words: `at most ${goal.toLocaleString('en')}${unit}`, unit, goal, reached: (value) => value <= goal });
const atLeast = (goal, unit = '') => ({ words: `at least ${goal.toLocaleString('en')}${unit}`, unit, goal, reached: (value) => value >= goal });

function tell(what, { words, unit, goal, reached }, value, beside = '') {
  const times = goal > 0 ? `${(value / goal).toFixed(2)} ×, ` : '';
  lines.push(`| ${what} | ${words} | ${number(value)}${unit}${beside && `; ${beside}`} | ${times}${reached(value) ? 'reached' : '**missed**'} |`);
}
// What cannot be measured has its line too, and the others go on.
async function measure(what, work) {
  say(what);
  try {
    await work();
  } catch (error) {
    failed += 1;
    lines.push(`| ${what} | | not measured: ${String(error.message).split('\n')[0].slice(0, 160).replaceAll('|', '/')} | |`);
  }
}

// --- servers ----------------------------------------------------------------------------------------------------------------------

async function serving(place, ledger, settings, work) {
  const file = join(place, 'bench.toml');
  writeFileSync(file, settings);
  const { daemon, ...where } = await serve(ledger, '--config', file);
  try {
    await work({ ...where, pid: daemon.pid });
  } finally {
    const ended = new Promise((resolve) => daemon.once('close', resolve));
    daemon.kill('SIGTERM');
    await ended;
  }
}
const memory = (pid, which) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${which}:\\s+(\\d+)`))[1]) / 1024;
const forgetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, '5');
const runOn = (pid, cores) => execFileSync('taskset', ['-a', '-c', '-p', cores, String(pid)], { stdio: 'ignore' });

// As it is, not in gzip: status, bytes, ms, and the last of it.
function got(url) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    ask(url, { agent: false }, (answer) => {
      let bytes = 0, tail = '';
      answer.on('data', (part) => {
        bytes += part.length;
        tail = (tail + part.subarray(-500).toString()).slice(-500);
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, bytes, tail, ms: performance.now() - start }));
    }).on('error', reject);
  });
}
async function needed(url) {
  const answer = await got(url);
  if (answer.status !== 200) throw new Error(`${new URL(url).pathname} is answered with ${answer.status}`);
  return answer;
}

// --- what is measured -------------------------------------------------------------------------------------------------------------

async function views(address, first) {
  const browser = await launch();
  try {
    await viewsOf(browser, `${address}/`, NETWORKS['slow 4G'], 1);  // the browser's own first page takes longer
    const went = '/party/sweden-government-of/went/';
    const pages = { 'where the money of Sweden went': went, 'the home page': '/', 'a party': '/party/sweden-government-of/', 'a payment': `/payment/${first}/` };
    let shift = 0, task = 0;
    for (const [name, path] of Object.entries(pages)) {
      say(`  first view: ${name}`);
      const of = {};
      for (const [called, network] of Object.entries(NETWORKS)) of[called] = await viewsOf(browser, address + path, network, RUNS);
      const seen = Object.values(of), [{ bytes, html, requests }] = seen;
      tell(`first view, ${name}: as sent`, atMost((path === went ? GOALS.bytes : GOALS.mostBytes) / 1000, ' kB'), bytes / 1000, `the page itself ${number(html / 1000)} kB`);
      tell(`first view, ${name}: requests`, atMost(GOALS.requests), requests);
      for (const [called, network] of Object.entries(NETWORKS)) {
        const { fcp, lcp } = of[called];
        tell(`first and largest paint, ${name}, ${called}`, atMost(network.goal, ' ms'), Math.max(fcp, lcp), `first ${number(fcp)} ms`);
      }
      shift = Math.max(shift, ...seen.map(({ cls }) => cls));
      task = Math.max(task, ...seen.map((one) => one.task));
    }
    tell('layout shift, the most of these', atMost(0), shift);
    tell('longest task, the most of these', atMost(GOALS.task, ' ms'), task);
  } finally {
    await browser.close();
  }
}

const grants = ({ first, grants: count }) => `math.randomseed(7)
local function grant() return math.random(${first}, ${first + count - 1}) end
`;
const asked = (of, path) => `${grants(of)}request = function() return wrk.format("GET", ${path}) end`;
// TraceRequest { direction: FROM, ref: { record, line: 1 } }, written as protobuf does.
const traced = (of) => `${grants(of)}local function varint(n)
  local text = ""
  while n >= 128 do
    text = text .. string.char(128 + n % 128)
    n = math.floor(n / 128)
  end
  return text .. string.char(n)
end
wrk.headers["Content-Type"] = "application/proto"
request = function()
  local ref = "\\8" .. varint(grant()) .. "\\16\\1"
  return wrk.format("POST", "/fundtrail.v1.Ledger/Trace", nil, "\\8\\1\\18" .. string.char(#ref) .. ref)
end`;
const looked = ({ parties }) => `math.randomseed(7)
local n = 0
request = function()
  n = n + 1
  local at = math.random(0, ${parties - 1})
  local text = ({ "p" .. at, "county+" .. at, "soc+" .. at % 100 })[n % 3 + 1]
  return wrk.format("GET", "/find/?q=" .. text)
end`;
function loaded(place, url, script, connections = 1, core = undefined) {
  const { failed: refused, ...said } = wrk(place, url, script, connections, SECONDS, core);
  if (refused > 0) throw new Error(`${refused} answers were refusals`);
  return said;
}

async function workedOut(place, made, address, pid) {
  await needed(`${address}/payment/${made.first}.1/went/`);
  await measure('trace page of 20 recipients, worked out each time', () => {
    const page = loaded(place, address, asked(made, '"/payment/" .. grant() .. ".1/went/"')), question = loaded(place, address, traced(made));
    tell('trace page of 20 recipients, worked out: p50', atMost(GOALS.uncached.p50, ' ms'), page.p50);
    tell('trace page of 20 recipients, worked out: p99', atMost(GOALS.uncached.p99, ' ms'), page.p99);
    tell('the page against its question over Connect, p50', atMost(GOALS.render, ' times'), page.p50 / question.p50, `question ${number(question.p50)} ms, p99 ${number(question.p99)} ms`);
  });
  await measure('find', async () => {
    await needed(`${address}/find/?q=soc`);  // makes the index
    tell(`find among ${made.parties.toLocaleString('en')} parties: p99`, atMost(GOALS.find, ' ms'), loaded(place, address, looked(made)).p99);
  });
  await measure('facets', async () => {
    const times = [];
    let cut = false;
    for (let i = 0; i < 2 * RUNS - 1; ++i) {
      const page = await (await fetch(`${address}/payments/`)).text(), { ms } = await needed(`${address}/payments/`);
      times.push(ms);
      cut = page.includes('Later ones were not counted.');
    }
    tell(`list of ${made.transfers.toLocaleString('en')} payments with its facets, median`, atMost(GOALS.facets, ' ms'), median(times), cut ? 'cut, and said' : 'all are counted');
  });
  await measure('CSV of all payments, file by file', async () => {
    const start = performance.now();
    let bytes = 0, files = 0;
    for (let after = ''; after !== undefined; ++files) {
      const file = await needed(`${address}/payments.csv${after && `?after=${after}`}`);
      bytes += file.bytes;
      after = file.tail.match(/after=([\d.]+)\s*$/)?.[1];
    }
    tell(`CSV of all payments, ${files} files one after the other`, atLeast(GOALS.csv, ' MB a second'), bytes / 1e3 / (performance.now() - start), `${number(bytes / 1e6)} MB`);
  });
  await measure('memory of readers of CSV', async () => {
    const before = memory(pid, 'VmRSS');
    forgetPeak(pid);
    await Promise.all(Array.from({ length: STREAMS }, (_, i) => needed(`${address}/payments.csv${i > 0 ? `?after=${made.first + i}.1` : ''}`)));
    tell(`memory of a reader of CSV, ${STREAMS} at once`, atMost(GOALS.csvReader, ' MB'), Math.max(0, memory(pid, 'VmHWM') - before) / STREAMS);
  });
}

async function byProgram(place, grpc, pid) {
  const start = performance.now();
  const bytes = Number(execFileSync('bash', ['-c', '"$0" --server "$1" list --csv | wc -c', PROGRAM, grpc], { cwd: place, encoding: 'utf8' }));
  const seconds = (performance.now() - start) / 1e3;
  tell('CSV of all payments by fundtrail list --csv', atLeast(GOALS.csv, ' MB a second'), bytes / 1e6 / seconds, `${number(bytes / 1e6)} MB`);
  // What the server keeps of its store for all readers it has by now. It also has what one reader gave back, so it may be a little more than said.
  const before = memory(pid, 'VmRSS');
  forgetPeak(pid);
  await Promise.all(Array.from({ length: STREAMS }, () => new Promise((resolve, reject) => {
    const reader = spawn(PROGRAM, ['--server', grpc, 'list', '--csv'], { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] });
    reader.on('error', reject).on('close', (code) => (code === 0 ? resolve() : reject(new Error(`fundtrail list ended with ${code}`))));
  })));
  tell(`memory of the server beside it, a reader, ${STREAMS} at once`, atMost(GOALS.csvReader, ' MB'), Math.max(0, memory(pid, 'VmHWM') - before) / STREAMS);
}

async function kept(place, made, address, pid) {
  const path = `/payment/${made.first}.1/went/`, answer = await fetch(address + path), etag = answer.headers.get('etag');
  await answer.text();
  const unchanged = `wrk.headers["If-None-Match"] = '${etag}'`, many = 16;
  tell('the same, kept: p99', atMost(GOALS.cached.p99, ' ms'), loaded(place, address + path, '').p99);
  tell('the same, which the reader has (304): p99', atMost(GOALS.unchanged.p99, ' ms'), loaded(place, address + path, unchanged).p99);
  const all = `0-${cpus().length - 1}`, other = Math.min(1, cpus().length - 1);
  runOn(pid, '0');
  try {
    tell(`pages a second of one core, kept, ${many} connections`, atLeast(GOALS.pagesASecond), loaded(place, address + path, '', many, other).rate);
    tell(`pages a second of one core, 304, ${many} connections`, atLeast(GOALS.pagesASecond), loaded(place, address + path, unchanged, many, other).rate);
  } finally {
    runOn(pid, all);
  }
}

async function checks(address) {
  const browser = await launch();
  try {
    const { first, ms, colour, text } = await checksOf(browser, `${address}/payments/?party=donor`, 2 * RUNS - 1);
    if (colour !== 'green') throw new Error(`the check says ${colour}: ${text}`);
    tell('check of 50 payments of 50 records, warm, processor ÷ 4', atMost(GOALS.check, ' ms'), ms, `the first ${number(first)} ms`);
  } finally {
    await browser.close();
  }
}

function readers(ledger) {
  const run = spawnSync('/usr/bin/python3', [join(TOP, 'tests/flood/readers.py'), '--program', PROGRAM, '--server', DAEMON, '--ledger', ledger, '--page', '/party/d1/went/', '--readers', String(READERS)], { encoding: 'utf8', timeout: 240_000 });
  const [, alone, p99, times, before, after] = run.stdout?.match(/p99 ([\d.]+); beside .* p99 ([\d.]+); p99 ([\d.]+) times .* MB (\d+) -> (\d+)/) ?? [];
  if (times === undefined) throw new Error(`readers.py ended with ${run.status}: ${run.stderr?.trim().split('\n').at(-1)}`);
  tell(`p99 of the fast among ${READERS} readers, a tenth of them slow`, atMost(GOALS.readers, ' times one alone'), Number(times), `${p99} ms, alone ${alone} ms; server ${before} MB, then ${after} MB${run.status === 0 ? '' : '; some answers were cut off or no page'}`);
}

// What takes very much longer than it may is ended.
function site(place, ledger, name, { seconds, megabytes }) {
  const folder = join(place, 'site'), most = 2 * seconds + 180, start = performance.now();
  mkdirSync(folder);
  try {
    const { status, stdout, error } = spawnSync(PROGRAM, ['--json', '--ledger', ledger, 'site', folder], { cwd: place, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 1000 * most, killSignal: 'SIGKILL' });
    const spent = (performance.now() - start) / 1e3;
    if (error?.code === 'ETIMEDOUT') return tell(`fundtrail site, ${name}`, atMost(seconds, ' s'), spent, 'it was not done then');
    if (status !== 0) throw new Error(`fundtrail site ended with ${status}`);
    const { bytes, files } = JSON.parse(stdout);
    tell(`fundtrail site, ${name}`, atMost(seconds, ' s'), spent, `${files.toLocaleString('en')} files`);
    if (megabytes) tell(`fundtrail site, ${name}: its size`, atMost(megabytes, ' MB'), bytes / 1e6);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// ----------------------------------------------------------------------------------------------------------------------------------

async function main(transfers) {
  const place = mkdtempSync(join(process.env.FUNDTRAIL_FIGURES ?? tmpdir(), 'fundtrail-page-figures-')), began = performance.now();
  const make = (name, count) => JSON.parse(execFileSync(MAKER, [join(place, name), String(count)], { encoding: 'utf8' }));
  try {
    say('the demo');
    const demo = makeDemo(place);
    const [, first] = ran(place, '--ledger', demo, 'list', '--party', 'sweden-government-of', '--limit', '1', '--csv').split('\n');
    await measure('first views', () => serving(place, demo, FREELY, ({ address }) => views(address, first.split(',')[0])));
    say(`a ledger of ${transfers} transfers`);
    const ledger = join(place, 'large'), made = make('large', transfers);
    await measure('pages that are worked out', () => serving(place, ledger, KEEPING_NONE, ({ address, pid }) => workedOut(place, made, address, pid)));
    await measure('CSV by the program', () => serving(place, ledger, KEEPING_NONE, ({ grpc, pid }) => byProgram(place, grpc, pid)));
    await measure('pages that are kept', () => serving(place, ledger, FREELY, ({ address, pid }) => kept(place, made, address, pid)));
    await measure('check of 50 payments', () => serving(place, ledger, FREELY, ({ address }) => checks(address)));
    await measure('readers', () => readers(ledger));
    await measure('fundtrail site of the demo', () => site(place, demo, 'the demo', GOALS.demoSite));
    const payments = Math.min(transfers, GOALS.largeSite.payments);
    await measure('fundtrail site of many payments', () => {
      const other = payments === transfers ? made : make('many', payments);
      site(place, join(place, payments === transfers ? 'large' : 'many'), `${other.transfers.toLocaleString('en')} payments to ${other.parties.toLocaleString('en')} parties`, GOALS.largeSite);
    });
    const what = `\`tools/page-figures ${transfers}\` on ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}, in ${Math.round((performance.now() - began) / 1e3)} s. First views are of the demo, the others of a ledger of ${made.transfers.toLocaleString('en')} transfers and ${made.parties.toLocaleString('en')} parties. Medians of ${RUNS} views; wrk for ${SECONDS} s.`;
    console.log([what, '', '| what | goal | here | of the goal |', '|---|---|---|---|', ...lines].join('\n'));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

main(Number(process.argv[2] ?? 1_000_000)).catch((error) => {
  console.error(`page-figures: ${error.message}`);
  process.exitCode = 1;
});
