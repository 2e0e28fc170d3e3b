// The service in real workerd with real storage, and time that passes when the test says so.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './build.js';
import { startHostile } from './hostile-service.js';

/** An alarm may be so late; each one by itself would take hours. */
const STEP = 10_000;

/** A copy of what workerd runs, with another main script. @param {string} script beside this file */
export function copyWith(script) {
  const copy = mkdtempSync(join(tmpdir(), 'devcaster-clock-'));
  for (const name of ['js', 'web']) cpSync(join(root, name), join(copy, name), { recursive: true, dereference: true });
  cpSync(join(root, 'tests/support', script), join(copy, 'js/edge', script));
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const wrangler = readFileSync(join(root, 'wrangler.jsonc'), 'utf8');
  writeFileSync(join(copy, 'wrangler.jsonc'), wrangler.replace('js/edge/worker.js', `js/edge/${script}`));
  mkdirSync(join(copy, 'build'));
  return copy;
}

/** @param {import('./hostile-service.js').HostileOptions} [options] */
export async function startSimulated(options = {}) {
  const copy = copyWith('clock-worker.js');
  const service = await startHostile({ ...options, root: copy });
  let ahead = 0;
  const now = () => Date.now() + ahead;
  service.provider.now = now;
  const tick = async () => (await fetch(`${service.origin}/clock?ahead=${ahead}`)).json();
  return {
    ...service,
    now,
    /**
     * Let time pass; every alarm comes at its time.
     * @param {number} ms
     * @param {(now: number) => unknown} [each] after each alarm
     */
    async pass(ms, each = () => {}) {
      const end = now() + ms;
      for (let { next } = await tick(); next !== null && next <= end; { next } = await tick()) {
        ahead += Math.ceil(Math.max(next - now(), STEP));
        await each(now());
      }
      ahead = Math.max(ahead, Math.ceil(end - Date.now()));
      await tick();
    },
    /** The machine's clock is set to another time; the provider's goes on as it did. @param {number} ms */
    async jump(ms) {
      service.provider.now = () => Date.now();
      ahead += ms;
      await tick();
    },
    /** To the first shard's tables. @param {string} query @returns {Promise<{ rows: any[], read: number }>} with how many rows were read since the last */
    async table(query) {
      return (await fetch(`${service.origin}/clock`, { method: 'POST', body: query })).json();
    },
    async close() {
      await service.close();
      rmSync(copy, { recursive: true, force: true });
    },
  };
}
