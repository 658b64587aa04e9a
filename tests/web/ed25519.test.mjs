// Signatures: what the browser's WebCrypto takes after our own refusals is what libsodium takes.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { TOP, bytes, read, unhex, vectors } from './support.mjs';
import { Unsupported, isSound, verify } from '../../web/ed25519.js';

async function judgeCctv(verify) {
  const strict = new Set(vectors('ed25519/cctv-expected.json')['common_minus_low_order (verify_strict)']);
  const cases = vectors('ed25519/cctv-ed25519vectors.json');
  assert.equal(cases.length, 914);
  assert.equal(strict.size, 43);
  for (const { number, key, sig, msg } of cases) {
    assert.equal(await verify(unhex(key), bytes(msg), unhex(sig)), strict.has(number), `number ${number}`);
  }
}

async function judgeWycheproof(verify) {
  let cases = 0;
  for (const { publicKey, tests } of vectors('ed25519/wycheproof-ed25519_test.json').testGroups) {
    for (const { tcId, msg, sig, result } of tests) {
      assert.equal(await verify(unhex(publicKey.pk), unhex(msg), unhex(sig)), result === 'valid', `case ${tcId}`);
      ++cases;
    }
  }
  assert.equal(cases, 151);
}

// As in a browser that has no Ed25519.
async function withoutEd25519(run) {
  const own = globalThis.crypto.subtle.importKey;
  globalThis.crypto.subtle.importKey = async () => {
    throw new DOMException('unknown', 'NotSupportedError');
  };
  try {
    await run();
  } finally {
    globalThis.crypto.subtle.importKey = own;
  }
}

test('CCTV: accepts exactly the 43 that libsodium does', () => judgeCctv(verify));
test('Wycheproof: each of 151 cases as its authors say', () => judgeWycheproof(verify));

// `npm run fallback` puts the library beside the modules of web/, as it is put here.
const library = join(process.env.FUNDTRAIL_WEB_MODULES ?? join(TOP, 'build', 'web'), 'node_modules/@noble/ed25519/index.js');
const unable = existsSync(library) ? false : 'run tools/web-modules: @noble/ed25519 is not there';
test('the fallback, on the points of @noble/ed25519: the same 43 of CCTV, and all of Wycheproof and sign.input', { skip: unable }, async () => {
  const place = mkdtempSync(join(tmpdir(), 'fundtrail-fallback-'));
  try {
    for (const name of ['bytes.js', 'ed25519.js', 'fallback.js']) copyFileSync(join(TOP, 'web', name), join(place, name));
    copyFileSync(library, join(place, 'noble.js'));
    writeFileSync(join(place, 'package.json'), '{"type": "module"}');
    const { verify: other } = await import(pathToFileURL(join(place, 'ed25519.js')).href);
    await withoutEd25519(async () => {
      await judgeCctv(other);
      await judgeWycheproof(other);
      for (const line of read('tests/vectors/ed25519/sign.input').toString().trim().split('\n').slice(0, 32)) {
        const [, key, message, both] = line.split(':'), signature = unhex(both.slice(0, 128));
        assert.equal(await other(unhex(key), unhex(message), signature), true);
        assert.equal(await other(unhex(key), unhex(message + '00'), signature), false);
      }
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

test('sign.input: 128 good signatures, and none for another message', async () => {
  const lines = read('tests/vectors/ed25519/sign.input').toString().trim().split('\n');
  assert.equal(lines.length, 128);
  for (const line of lines) {
    const [, key, message, both] = line.split(':'), signature = unhex(both.slice(0, 128));
    assert.equal(await verify(unhex(key), unhex(message), signature), true);
    assert.equal(await verify(unhex(key), unhex(message + '00'), signature), false);
  }
});

test('the 14 ways to write a point of small order, and points above the field, are refused without asking the browser', async () => {
  const small = ['00'.repeat(32), '01' + '00'.repeat(31), '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'ec' + 'ff'.repeat(30) + '7f', 'ed' + 'ff'.repeat(30) + '7f', 'ee' + 'ff'.repeat(30) + '7f'];
  const own = globalThis.crypto.subtle.verify;
  const good = unhex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const signature = unhex('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b');
  assert.equal(await verify(good, new Uint8Array(), signature), true);
  try {
    globalThis.crypto.subtle.verify = async () => true;  // an engine that takes all
    for (const hex of small) {
      for (const sign of [0, 0x80]) {
        const point = unhex(hex);
        point[31] |= sign;
        assert.equal(isSound(point), false, hex);
        assert.equal(await verify(point, new Uint8Array(), signature), false);
        assert.equal(await verify(good, new Uint8Array(), Uint8Array.of(...point, ...signature.slice(32))), false);
      }
    }
    for (let low = 0xed; low <= 0xff; ++low) assert.equal(isSound(unhex(low.toString(16) + 'ff'.repeat(30) + '7f')), false);
    assert.equal(isSound(unhex('eb' + 'ff'.repeat(30) + '7f')), true);
    assert.equal(isSound(good), true);
  } finally {
    globalThis.crypto.subtle.verify = own;
  }
});

test('lengths, no point at all, and a browser without Ed25519', async () => {
  const key = unhex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'), none = new Uint8Array();
  assert.equal(await verify(key.slice(1), none, new Uint8Array(64)), false);
  assert.equal(await verify(key, none, new Uint8Array(63)), false);
  assert.equal(await verify(unhex('02' + '00'.repeat(31)), none, new Uint8Array(64).fill(3)), false);
  // web/ has no fallback until somebody makes it.
  await withoutEd25519(async () => {
    if (!existsSync(join(TOP, 'web/noble.js'))) await assert.rejects(verify(key, none, new Uint8Array(64).fill(3)), Unsupported);
  });
});
