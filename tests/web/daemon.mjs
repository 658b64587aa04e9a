// fundtraild over a ledger, for tests in node and for tools/web-bench: the programs of the build, and the demo that quickstart makes.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { TOP } from './support.mjs';

// Those of the build, or of the folder that the tests of ./check are told to run.
const program = (variable, path) =>
  process.env.FUNDTRAIL_PROGRAMS ? join(process.env.FUNDTRAIL_PROGRAMS, path) : (process.env[variable] ?? join(TOP, 'build/release', path));
export const PROGRAM = program('FUNDTRAIL_PROGRAM', 'cli/fundtrail'), DAEMON = program('FUNDTRAIL_DAEMON', 'server/fundtraild');

// Runs the program in a folder. What it printed.
export const ran = (folder, ...args) => execFileSync(PROGRAM, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });

// The demo of public humanitarian payments in `folder`, as quickstart makes it. Its ledger's path.
export function makeDemo(folder) {
  for (const path of [PROGRAM, DAEMON]) if (!existsSync(path)) throw new Error(`${path} is not there`);
  const example = join(TOP, 'examples/fts-afghanistan'), ledger = join(folder, 'ledger'), by = ['--key', 'root.key', '--as', 'ocha-fts'];
  ran(folder, 'keygen', '--out', 'root.key');
  ran(folder, 'init', 'ledger', '--name', 'example.org/fts-demo', '--root-key', 'root.key', '--root-party', 'ocha-fts', '--root-name', 'OCHA Financial Tracking Service');
  execFileSync(join(example, 'registers'), [PROGRAM, ledger, join(folder, 'root.key'), 'ocha-fts'], { stdio: ['ignore', 'ignore', 'pipe'] });
  copyFileSync(join(example, 'flows.csv'), join(folder, 'flows.csv'));  // the import writes its rejects beside it
  try {
    ran(folder, '--ledger', 'ledger', 'import', 'csv', 'flows.csv', '--map', join(example, 'fts.toml'), '--register', '--open-missing', ...by);
  } catch (error) {
    if (error.status !== 1) throw error;  // 1: the example has rows that do not say who paid, which are rejected
  }
  return ledger;
}

// Starts it on free ports: the address of its pages, that of gRPC, and the process, which whoever asked must end.
export function serve(ledger, ...more) {
  const daemon = spawn(DAEMON, ['--ledger', ledger, '--listen', '127.0.0.1:0', '--http', '127.0.0.1:0', ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  process.on('exit', () => daemon.kill('SIGKILL'));  // whatever becomes of the tests
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (part) => {
      said += part;
      const address = said.match(/ at (http:\/\/127\.0\.0\.1:\d+)/);
      const grpc = said.match(/ serving .* address=(\S+)/);
      if (!address || !grpc) return;
      daemon.removeAllListeners('exit');
      resolve({ address: address[1], grpc: grpc[1], daemon });
    };
    daemon.stdout.on('data', hear);
    daemon.stderr.on('data', hear);
    daemon.on('error', reject);
    daemon.on('exit', (code) => reject(new Error(`fundtraild ended with ${code}: ${said}`)));
  });
}
