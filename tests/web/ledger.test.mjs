// A ledger that the program made: its receipts and its archive, as the browser checks them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TOP, faultOf } from './support.mjs';
import { openCheckpoint, parseVkey } from '../../web/note.js';
import { decimalsIn } from '../../web/payments.js';
import { paymentsOf, verifyReceipt } from '../../web/receipt.js';
import { Tiles } from '../../web/tiles.js';
import { continues } from '../../web/tree.js';

// That of the build, or of the folder that the tests of ./check are told to run.
const PROGRAM = process.env.FUNDTRAIL_PROGRAMS ? join(process.env.FUNDTRAIL_PROGRAMS, 'cli/fundtrail') : (process.env.FUNDTRAIL_PROGRAM ?? join(TOP, 'build/release/cli/fundtrail'));

test('receipts and the archive of a real ledger: what the program writes is what is made of the tiles, byte for byte', async () => {
  const place = mkdtempSync(join(tmpdir(), 'fundtrail-web-'));
  try {
    const run = (...args) => execFileSync(PROGRAM, args, { cwd: place, encoding: 'utf8' });
    const at = (name) => new Uint8Array(readFileSync(join(place, name)));
    run('keygen', '--out', 'k');
    run('init', 'l', '--name', 'example.org/l', '--root-key', 'k', '--date', '2026-01-01');
    const write = (...args) => run('--ledger', 'l', ...args, '--key', 'k');
    write('asset', 'add', 'CNY');
    write('party', 'add', 'donor', '--name', '捐赠人', '--role', 'source');
    write('party', 'add', 'hub', '--name', '红十字会');
    write('fund', 'add', 'winter', '--name', 'Winter relief');
    for (const amount of ['1,000.00', '0.05']) {
      write('pay', '--from', 'donor', '--to', 'hub', '--amount', amount, '--asset', 'CNY', '--fund', 'winter', '--as', 'root', '--date', '2026-01-02', '--purpose', '大米', '--receipt', `r${amount}`);
    }
    run('--ledger', 'l', 'archive', 'a');
    const log = await parseVkey(readFileSync(join(place, 'l/vkey'), 'utf8').split('\n')[0]);
    const first = await verifyReceipt(at('r1,000.00'), log), last = await verifyReceipt(at('r0.05'), log);
    assert.deepEqual(paymentsOf(first.entry), [{ line: 1, from: 'donor', to: 'hub', fund: 'winter', amount: 100000n, asset: 'CNY', toAmount: 0n, date: '2026-01-02', purpose: '大米' }]);
    assert.equal(paymentsOf(last.entry)[0].amount, 5n);

    const get = async (path) => (existsSync(join(place, 'a', path)) ? at(`a/${path}`) : null);
    const checkpoint = await openCheckpoint(at('a/checkpoint'), log), tiles = new Tiles(get, checkpoint.size);
    assert.deepEqual(await tiles.receipt(Number(last.index), checkpoint.note), at('r0.05'));
    const decimals = [];
    for (let i = 0; i < Number(checkpoint.size); ++i) decimals.push(decimalsIn((await verifyReceipt(await tiles.receipt(i, checkpoint.note), log)).entry, 'CNY'));
    assert.deepEqual(decimals.filter((of) => of !== null), [2]);
    const { size, root } = first.checkpoint;
    assert.equal(size, checkpoint.size - 1n);
    assert.equal(await continues(size, root, checkpoint.size, checkpoint.root, (await tiles.consistency(size)).proof), 'holds');
    assert.equal(await faultOf(verifyReceipt(at('r0.05').map((byte, i) => (i === 40 ? byte ^ 1 : byte)), log)) === 'HOLDS', false);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
