// The Merkle tree: published vectors, and proofs made of tiles against a model that is written another way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Log, TOP, bytes, fromBase64, read, rootOf, sha256, unhex, vectors } from './support.mjs';
import { existsSync } from 'node:fs';
import { decimal, hex, unbase64 } from '../../web/bytes.js';
import { continues, leadsTo, leafHash, nodeHash } from '../../web/tree.js';
import { keptNodes, leafNow, sha256 as hashNow } from '../../web/hashes.js';
import { Tiles, besides, tilePath } from '../../web/tiles.js';

test('hashes in the page itself are those of node and of WebCrypto: each length up to three blocks, long ones, and the published ones', async () => {
  const of = (length, step) => Uint8Array.from({ length }, (_, i) => (i * step + length) & 255);
  for (const length of [...Array(200).keys(), 1000, 65534, 65535, 65536, 300_001]) assert.equal(hex(hashNow(of(length, 31))), hex(sha256(of(length, 31))), `${length} bytes`);
  // FIPS 180-4, the examples of NIST.
  assert.equal(hex(hashNow(bytes(''))), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(hex(hashNow(bytes('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(hex(hashNow(bytes('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))), '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1');
  assert.equal(hex(hashNow(new Uint8Array(1_000_000).fill(0x61))), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
  // A part of a larger buffer is hashed alone.
  assert.equal(hex(hashNow(of(300, 7).subarray(100, 230))), hex(sha256(of(300, 7).subarray(100, 230))));
  assert.equal(hex(leafNow(of(1082, 3))), hex(await leafHash(of(1082, 3))));
  // What is longer than a record may be is hashed by the browser: the page need not wait for it.
  assert.ok(leafNow(of(65_534, 3)) instanceof Uint8Array);
  const waits = leafNow(of(65_535, 3));
  assert.ok(waits instanceof Promise);
  assert.equal(hex(await waits), hex(await leafHash(of(65_535, 3))));
  const node = keptNodes(), left = of(32, 5), right = of(32, 9);
  for (const [a, b] of [[left, right], [right, left], [left, left], [left, right]]) assert.equal(hex(node(a, b)), hex(await nodeHash(a, b)));
  assert.equal(node(left, right), node(left, right), 'it is kept');
});

test('the numbers and base64 of one text only', () => {
  for (const good of ['0', '1', '18446744073709551615']) assert.equal(String(decimal(good)), good);
  for (const bad of ['', '00', '01', '-1', '+1', ' 1', '1 ', '1.0', '18446744073709551616', '99999999999999999999', '１']) assert.equal(decimal(bad), null, bad);
  assert.deepEqual(unbase64('aGk='), bytes('hi'));
  for (const bad of ['aGk', 'aGl=', 'aG k=', 'aGk=\n', 'aGk==', 'a-k=', 'é']) assert.equal(unbase64(bad), null, bad);
});

test('the eight classic leaves: each node, root and path', async () => {
  const { leaves_hex: leaves, node_hashes_by_level_hex: levels, root_by_size_hex: roots, inclusion_paths: paths, consistency_proofs: proofs } = vectors('merkle/rfc6962-8leaf.json');
  for (const [i, leaf] of leaves.entries()) assert.equal(hex(await leafHash(unhex(leaf))), levels[0][i]);
  assert.equal(paths.length > 2 && proofs.length > 2, true);
  for (const { leaf_index: index, tree_size: size, proof } of paths) {
    assert.equal(await leadsTo(unhex(roots[size]), BigInt(index), BigInt(size), unhex(levels[0][index]), proof.map(unhex)), true);
  }
  for (const { old_size: old, new_size: size, proof } of proofs) {
    assert.equal(await continues(BigInt(old), unhex(roots[old]), BigInt(size), unhex(roots[size]), proof.map(unhex)), 'holds');
  }
});

test('inclusion and consistency vectors: refused exactly where upstream refuses', async () => {
  for (const { file, leafIdx, treeSize, root, leafHash: leaf, proof, wantErr } of vectors('merkle/inclusion.json')) {
    if (!root || !leaf) continue;  // upstream's interface: an empty root, or an empty leaf hash, is no hash
    const holds = await leadsTo(fromBase64(root), BigInt(leafIdx), BigInt(treeSize), fromBase64(leaf), (proof ?? []).map(fromBase64));
    assert.equal(holds, !wantErr, file);
  }
  for (const { file, size1, size2, root1, root2, proof, wantErr } of vectors('merkle/consistency.json')) {
    const answer = await continues(BigInt(size1), fromBase64(root1 ?? ''), BigInt(size2), fromBase64(root2 ?? ''), (proof ?? []).map(fromBase64));
    assert.equal(answer === 'holds', !wantErr, file);
  }
});

const LEAVES = Array.from({ length: 300 }, (_, i) => bytes(`record ${i}`));

test('trees of 1 to 24 and of 300: proofs made of tiles lead, and with one changed bit they do not', async () => {
  const whole = new Log(LEAVES);
  for (const size of [...Array.from({ length: 24 }, (_, i) => i + 1), 255, 256, 257, 300]) {
    const log = new Log(LEAVES.slice(0, size)), tiles = new Tiles(async (path) => log.file(path), BigInt(size)), root = rootOf(log.leaves);
    for (const index of size > 24 ? [0, 1, 254, 255, 256, 299].filter((i) => i < size) : log.leaves.keys()) {
      const path = await tiles.hashes(besides(index, [0, size]));
      assert.equal(await leadsTo(root, BigInt(index), BigInt(size), log.leaves[index], path), true, `${index} of ${size}`);
      for (const i of path.keys()) {
        const changed = path.map((hash, j) => (i === j ? Uint8Array.from(hash, (byte, at) => (at === 7 ? byte ^ 16 : byte)) : hash));
        assert.equal(await leadsTo(root, BigInt(index), BigInt(size), log.leaves[index], changed), false);
      }
      assert.equal(await leadsTo(root, BigInt(index), BigInt(size), log.leaves[index], path.slice(1)), path.length === 0);
      assert.equal(await leadsTo(root, BigInt(index), BigInt(size), log.leaves[index], [...path, root]), false);
      assert.deepEqual(await tiles.record(index), LEAVES[index]);
    }
    for (let old = 1; old <= Math.min(size, 24); ++old) {
      const before = rootOf(whole.leaves.slice(0, old)), { proof, root: then } = await tiles.consistency(BigInt(old));
      assert.deepEqual(then, before);
      assert.equal(await continues(BigInt(old), before, BigInt(size), root, proof), 'holds', `${old} in ${size}`);
      const other = rootOf([...whole.leaves.slice(1, old), whole.leaves[0], whole.leaves[299]].slice(0, old));
      if (old < size && (old & (old - 1)) !== 0) assert.equal(await continues(BigInt(old), other, BigInt(size), root, proof), 'forked');
      if (old < size) assert.notEqual(await continues(BigInt(old), before, BigInt(size), other, proof), 'holds');
      for (const i of proof.keys()) {
        const changed = proof.map((hash, j) => (i === j ? Uint8Array.from(hash, (byte) => byte ^ 1) : hash));
        assert.equal(await continues(BigInt(old), before, BigInt(size), root, changed), 'bad');
      }
    }
  }
  assert.equal(await continues(3n, rootOf(whole.leaves.slice(0, 3)), 2n, rootOf(whole.leaves.slice(0, 2)), []), 'bad');
  assert.equal(await continues(2n, rootOf(whole.leaves.slice(0, 2)), 2n, rootOf(whole.leaves.slice(1, 3)), []), 'forked');
});

test("a log of Tessera's and a mirror of Sunlight's: their own tiles", async () => {
  const from = (folder) => async (path) => (existsSync(`${TOP}/tests/vectors/${folder}/${path}`) ? new Uint8Array(read(`tests/vectors/${folder}/${path}`)) : null);
  const sizeAndRoot = (folder, name = 'checkpoint') => read(`tests/vectors/${folder}/${name}`).toString().split('\n').slice(1, 3);
  const [size, root] = sizeAndRoot('sunlight-mirror'), mirror = new Tiles(from('sunlight-mirror'), BigInt(size));
  assert.equal(size, '300');
  assert.deepEqual(await mirror.hash([0, 300]), fromBase64(root));
  for (let old = 1; old < 15; ++old) {
    const [, before] = sizeAndRoot('tessera-log', `checkpoint.${old}`), [, now] = sizeAndRoot('tessera-log', 'checkpoint.15');
    const tiles = new Tiles(from('tessera-log'), 15n);
    assert.equal(await continues(BigInt(old), fromBase64(before), 15n, fromBase64(now), (await tiles.consistency(BigInt(old))).proof), 'holds');
  }
});

test('paths of tiles, a part that went and the whole that came, and files that are cut off', async () => {
  assert.equal(tilePath(0, 0, 256), 'tile/0/000');
  assert.equal(tilePath(1, 1234067, 5), 'tile/1/x001/x234/067.p/5');
  assert.equal(tilePath('entries', 999, 256), 'tile/entries/999');
  const log = new Log(LEAVES.slice(0, 256)), later = new Tiles(async (path) => (path.includes('.p/') ? null : log.file(path)), 200n);
  assert.deepEqual(await later.hash([0, 200]), rootOf(log.leaves.slice(0, 200)));
  assert.deepEqual(await later.record(199), LEAVES[199]);
  const cut = new Tiles(async (path) => log.file(path)?.slice(0, 40) ?? null, 256n);
  await assert.rejects(cut.hash([0, 128]), /cut off/);
  await assert.rejects(cut.record(255), /cut off/);
  await assert.rejects(new Tiles(async () => null, 256n).hash([0, 1]), /not there/);
  assert.throws(() => new Tiles(async () => null, 1n << 60n), /too large/);
});
