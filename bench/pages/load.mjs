// Many requests for pages over loopback, by wrk, for tools/web-bench and tools/page-figures.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const hasWrk = () => !spawnSync('wrk', ['-v']).error;

const millis = (text) => {
  const [, number, unit] = text.match(/^([\d.]+)(us|ms|s|m)$/);
  return Number(number) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit];
};
// One thread asks for `url`, or for what the Lua `script` says, over so many connections; on the processor `core` alone, if it is given.
// Times in ms; `failed`: answers of 400 and more.
export function wrk(place, url, script, connections, seconds, core) {
  const file = join(place, 'wrk.lua');
  writeFileSync(file, script);
  const command = [...(core === undefined ? [] : ['taskset', '-c', String(core)]), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', file, url];
  const said = execFileSync(command[0], command.slice(1), { encoding: 'utf8' });
  const at = (percent) => millis(said.match(new RegExp(`${percent}%\\s+(\\S+)`))[1]);
  return { p50: at(50), p99: at(99), rate: Number(said.match(/Requests\/sec:\s+([\d.]+)/)[1]), failed: Number(said.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0) };
}
