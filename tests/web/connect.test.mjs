// Other people's clients of the Connect protocol, against fundtraild: buf (connect-go), connect-es over node's http and over fetch, and
// the programs of examples/. The messages are made of proto/ by each client's own generator. tests/server/connect_test.cc has the
// protocol line by line.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { TOP } from './support.mjs';
import { makeDemo, ran, serve } from './daemon.mjs';

const MODULES = join(process.env.FUNDTRAIL_WEB_MODULES ?? join(TOP, 'build', 'web'), 'node_modules');
const PARTY = 'sweden-government-of', NOBODY = 'nobody-of-this-name';

let place, served, grpc, busy, es;  // es: connect-es and the messages, as a program of its own would import them
const daemons = [];

// A command to its end: its exit code and what it printed. No shell, and it does not stop the servers of this program.
function command(name, args, { cwd = place, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { cwd, env: { ...process.env, HOME: place, BUF_LOG_FORMAT: 'text', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    child.stdout.setEncoding('utf8').on('data', (part) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part) => (err += part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
const lines = (table) => table.trim().split('\n').slice(1);

before(async () => {
  place = mkdtempSync(join(tmpdir(), 'fundtrail-connect-'));
  symlinkSync(MODULES, join(place, 'node_modules'));
  writeFileSync(join(place, 'package.json'), '{"type": "module"}\n');
  mkdirSync(join(place, 'gen'));
  const files = readdirSync(join(TOP, 'proto/fundtrail/v1')).map((name) => `fundtrail/v1/${name}`);
  execFileSync('protoc', ['-I', join(TOP, 'proto'), `--plugin=${join(MODULES, '.bin/protoc-gen-es')}`, `--es_out=${join(place, 'gen')}`, '--es_opt=target=js,import_extension=js', ...files]);
  writeFileSync(
    join(place, 'es.js'),
    `export { create, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
     export { Code, ConnectError, createClient } from '@connectrpc/connect';
     export { createConnectTransport as overFetch } from '@connectrpc/connect-web';
     export { createConnectTransport as overHttp } from '@connectrpc/connect-node';
     ${files.map((file) => `export * from './gen/${file.replace('.proto', '_pb.js')}';`).join('\n')}`,
  );
  es = await import(pathToFileURL(join(place, 'es.js')).href);

  const ledger = makeDemo(place);
  // Another ledger, whose server answers each address one question a minute.
  ran(place, 'init', 'small', '--name', 'example.org/small', '--root-key', 'root.key', '--root-party', 'office');
  writeFileSync(join(place, 'busy.toml'), '[limits]\nquestions_per_second = 0.02\nquestion_burst = 1\n');
  const [one, other] = await Promise.all([serve(ledger), serve(join(place, 'small'), '--config', join(place, 'busy.toml'))]);
  daemons.push(one.daemon, other.daemon);
  ({ address: served, grpc } = one);
  busy = other.address;
});
after(() => {
  for (const daemon of daemons) daemon.kill('SIGKILL');
  if (place) rmSync(place, { recursive: true, force: true });
});

// Each way in which connect-es can ask.
const WAYS = [];
for (const over of ['overHttp', 'overFetch'])
  for (const useBinaryFormat of [true, false])
    for (const useHttpGet of [true, false]) WAYS.push({ over, useBinaryFormat, useHttpGet });
const named = ({ over, useBinaryFormat, useHttpGet }) => `${over === 'overHttp' ? "node's http" : 'fetch'}, ${useBinaryFormat ? 'proto' : 'JSON'}, ${useHttpGet ? 'GET' : 'POST'}`;
const clientOf = ({ over, ...how }, baseUrl = served) => es.createClient(es.Ledger, es[over]({ baseUrl, httpVersion: '1.1', ...how }));

async function errorOf(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof es.ConnectError, String(error));
    return error;
  }
  assert.fail('it was answered');
}
async function pagesOf(stream) {
  const pages = [];
  for await (const page of stream) pages.push(page);
  return pages;
}

describe('connect-es', () => {
  for (const way of WAYS) {
    it(`asks for one message: ${named(way)}`, async () => {
      let headers;
      const answer = await clientOf(way).balance({ party: PARTY }, { timeoutMs: 10_000, onHeader: (got) => (headers = got) });
      // What the program says of the same ledger would do as well; the server's own JSON is nearer.
      const response = await fetch(`${served}/fundtrail.v1.Ledger/Balance`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ party: PARTY }) });
      assert.deepEqual(es.toJson(es.BalanceAnswerSchema, answer), es.toJson(es.BalanceAnswerSchema, es.fromJson(es.BalanceAnswerSchema, await response.json())));
      assert.ok(answer.lines.length > 0);
      for (const line of answer.lines) assert.equal(line.received, line.drawn + line.held);
      assert.equal(headers.get('content-type'), way.useBinaryFormat ? 'application/proto' : 'application/json');
      assert.equal(headers.get('cache-control'), way.useHttpGet ? 'public, max-age=5' : 'no-store');  // so it came that way
    });

    it(`hears an error: ${named(way)}`, async () => {
      const error = await errorOf(clientOf(way).balance({ party: NOBODY }));
      assert.equal(error.code, es.Code.NotFound);
      assert.match(error.rawMessage, new RegExp(NOBODY));
      const outside = await errorOf(clientOf(way).balance({ party: PARTY, asOf: { case: 'record', value: 2n ** 40n } }));
      assert.equal(outside.code, es.Code.OutOfRange);
    });

    it(`hears that its time is over: ${named(way)}`, async () => {
      // With timeoutMs the client itself would count. So the header alone, and the server does.
      const error = await errorOf(clientOf(way).balance({ party: PARTY }, { headers: { 'Connect-Timeout-Ms': '0' } }));
      assert.equal(error.code, es.Code.DeadlineExceeded);
    });
  }

  for (const way of WAYS.filter(({ useHttpGet }) => !useHttpGet)) {
    it(`takes a stream of pages: ${named(way)}`, async () => {
      const pages = await pagesOf(clientOf(way).list({}, { timeoutMs: 30_000 }));
      const refs = pages.flatMap((page) => page.transfers.map(({ ref }) => `${ref.record}.${ref.line}`));
      assert.ok(pages.length > 1, 'it came in several pages');
      const table = lines(ran(place, '--server', grpc, 'list', '--csv'));
      assert.equal(refs.length, table.length);
      assert.equal(new Set(refs).size, refs.length);
      const few = await pagesOf(clientOf(way).list({ limit: 3n }));
      assert.deepEqual(few.flatMap((page) => page.transfers.map(({ ref }) => `${ref.record}.${ref.line}`)), refs.slice(0, 3));
      assert.equal(few.at(-1).next, refs[2]);
    });

    it(`hears an error as the end of a stream: ${named(way)}`, async () => {
      const error = await errorOf(pagesOf(clientOf(way).list({ party: NOBODY })));
      assert.equal(error.code, es.Code.NotFound);
      assert.match(error.rawMessage, new RegExp(NOBODY));
      const late = await errorOf(pagesOf(clientOf(way).list({}, { headers: { 'Connect-Timeout-Ms': '0' } })));
      assert.equal(late.code, es.Code.DeadlineExceeded);
    });

    it(`may leave in the middle of a stream: ${named(way)}`, async () => {
      for await (const page of clientOf(way).list({})) {
        assert.ok(page.transfers.length > 0);
        break;
      }
      assert.ok((await clientOf(way).getCheckpoint({})).asOf.size > 0n);
    });
  }

  it('learns from an error when to ask again', async () => {
    const way = { over: 'overHttp', useBinaryFormat: true, useHttpGet: false };
    let error;
    for (let i = 0; i < 2 && !error; ++i) error = await clientOf(way, busy).getCheckpoint({}).then(() => undefined, es.ConnectError.from);
    for (const again of [error, await errorOf(pagesOf(clientOf(way, busy).list({})))]) {
      assert.equal(again.code, es.Code.ResourceExhausted);
      assert.equal(again.details.length, 1);
      assert.equal(again.details[0].type, 'google.rpc.RetryInfo');
      const { retryDelay } = es.fromBinary(es.RetryInfoSchema, again.details[0].value);
      assert.ok(retryDelay.seconds > 0n && retryDelay.seconds <= 60n, `${retryDelay.seconds} s`);
    }
  });
});

describe('buf lint', () => {
  it("finds that each value of an enum begins with the enum's name", async () => {
    const config = JSON.stringify({ version: 'v2', lint: { use: ['ENUM_VALUE_PREFIX'] } });
    const { code, out, err } = await command(join(MODULES, '.bin/buf'), ['lint', '--config', config, '.'], { cwd: join(TOP, 'proto') });
    assert.deepEqual([code, out, err], [0, '', '']);
  });
});

describe('buf curl', () => {
  const buf = (method, question, ...more) =>
    command(join(MODULES, '.bin/buf'), ['curl', '--protocol', 'connect', '--schema', join(TOP, 'proto'), '-d', JSON.stringify(question), ...more, `${served}/fundtrail.v1.Ledger/${method}`]);
  const messagesOf = (out) => JSON.parse(`[${out.trim().replace(/\}\n\{/g, '},{')}]`);

  it('asks for one message', async () => {
    const { code, out, err } = await buf('Balance', { party: PARTY });
    assert.equal(code, 0, err);
    const answer = await clientOf(WAYS[0]).balance({ party: PARTY });
    assert.deepEqual(messagesOf(out), [es.toJson(es.BalanceAnswerSchema, answer)]);
  });

  it('takes a stream of pages', async () => {
    const { code, out, err } = await buf('List', {});
    assert.equal(code, 0, err);
    const pages = messagesOf(out);
    assert.ok(pages.length > 1);
    assert.equal(pages.flatMap((page) => page.transfers).length, (await pagesOf(clientOf(WAYS[0]).list({}))).flatMap((page) => page.transfers).length);
  });

  it('hears an error, and one at the end of a stream', async () => {
    for (const method of ['Balance', 'List']) {
      const { code, out, err } = await buf(method, { party: NOBODY });
      assert.notEqual(code, 0);
      assert.equal(out, '');
      const error = JSON.parse(err);
      assert.equal(error.code, 'not_found');
      assert.match(error.message, new RegExp(NOBODY));
    }
  });
});

// The programs of examples/, built as their README says, in a copy beside proto/. They print the same.
describe('a program of examples/', () => {
  let copy;
  before(() => {
    copy = join(place, 'copy');
    cpSync(join(TOP, 'proto'), join(copy, 'proto'), { recursive: true });
    for (const name of ['README.md', 'go', 'typescript']) cpSync(join(TOP, 'examples', name), join(copy, 'examples', name), { recursive: true, filter: (path) => !/node_modules|dist|gen$/.test(path) });
    symlinkSync(MODULES, join(copy, 'examples/typescript/node_modules'));
  });
  // The lines of the README's block that begins with `first`, but for npm install, which the link above stands for.
  const shownIn = (first) => {
    const page = readFileSync(join(TOP, 'examples/README.md'), 'utf8');
    const block = page.split('```').find((part) => part.includes(first));
    assert.ok(block, `examples/README.md shows no ${first}`);
    return block.split('\n').slice(1).filter((line) => line !== '' && line !== 'npm install').join('\n');
  };
  // Built once; then the last line is what one runs.
  const env = { GO111MODULE: 'off', GOFLAGS: '' };
  const build = (first) => command('bash', ['-ec', shownIn(first).replace(/\n[^\n]*$/, '')], { cwd: copy, env });
  const start = (first, url, party) => {
    const shown = shownIn(first).split('\n'), last = shown.at(-1).replace('http://127.0.0.1:7480', url).replace(PARTY, party);
    assert.match(last, new RegExp(`${url} ${party}$`));
    return command('bash', ['-ec', `${shown[0]}\n${last}`], { cwd: copy, env });
  };
  const PROGRAMS = { Go: 'go build', TypeScript: 'npm run build' };
  const said = {};

  for (const [language, first] of Object.entries(PROGRAMS)) {
    it(`in ${language} answers with the ledger's own figures`, async () => {
      const built = await build(first);
      assert.equal(built.code, 0, built.err + built.out);
      const { code, out, err } = await start(first, served, PARTY);
      assert.equal(code, 0, err);
      said[language] = out;
      const { lines: accounts } = await clientOf(WAYS[0]).balance({ party: PARTY });
      const count = lines(ran(place, '--server', grpc, 'list', '--party', PARTY, '--csv')).length;
      assert.ok(accounts.length > 0 && count > 0);
      assert.match(said[language], new RegExp(`^${count} payments$`, 'm'));
      const { assets } = await clientOf(WAYS[0]).trace({ direction: es.Direction.FROM, party: PARTY });
      for (const { asset, asked, decimals } of assets) assert.ok(said[language].replaceAll(',', '').includes(`  ${asked / 10n ** BigInt(decimals)}.${String(asked % 10n ** BigInt(decimals)).padStart(decimals, '0')} ${asset} = `));
    });

    it(`in ${language} says why there is no answer`, async () => {
      const refused = await start(first, served, NOBODY);
      assert.equal(refused.code, 1, refused.err);
      assert.match(refused.err, /not_?found/i);
      assert.match(refused.err, new RegExp(NOBODY));
      const nobodyThere = await start(first, 'http://127.0.0.1:1', PARTY);
      assert.equal(nobodyThere.code, 3, nobodyThere.err);
    });
  }

  it('prints what the other prints', () => assert.equal(said.Go, said.TypeScript));
});
