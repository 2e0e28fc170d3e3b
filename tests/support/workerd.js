// The real `workerd` with a configuration of the test's own.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { guards } from '../../js/local/guards.js';
import { root } from './build.js';

const START_MS = 20_000;

/**
 * @param {string} folder for the configuration file
 * @param {string} config its text, with one socket on port 0
 * @param {Record<string, string>} [env] all that it sees of the environment
 * @param {(text: string) => void} [log] takes what the Worker writes
 * @param {string[]} [more] words of its command line
 * @returns {Promise<{ origin: string, pid: number, ports: Record<string, number>, stop: () => Promise<void> }>} ports: all that
 *   it listens on, by socket or, where it has none, by event
 */
export async function runWorkerd(folder, config, env = {}, log, more = []) {
  const file = join(folder, 'workerd.capnp');
  writeFileSync(file, config);
  const binary = createRequire(join(root, 'package.json'))('workerd').default;
  const [command, ...words] = [...guards(folder), binary, 'serve', file, '--import-path=/', '--control-fd=3', ...more];
  const child = spawn(command, words, {
    env,
    stdio: ['ignore', log ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (bytes) => {
    said += bytes;
    log?.(String(bytes));
  });
  child.stdout?.on('data', (bytes) => log?.(String(bytes)));
  const exited = new Promise((done) => child.once('exit', done));
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  /** @type {NodeJS.Timeout | undefined} */
  let late;
  /** @type {Record<string, number>} */
  const ports = {};
  /** @type {Promise<number | undefined>} */
  const listening = new Promise((resolve) => {
    const control = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
    createInterface({ input: control }).on('line', (line) => {
      const { event, socket, port } = JSON.parse(line);
      ports[socket ?? event] = port;
      if (socket) resolve(port);
    });
    late = setTimeout(() => resolve(undefined), START_MS);
  });
  const port = await Promise.race([listening, exited.then(() => undefined)]);
  clearTimeout(late);
  if (port !== undefined)
    return { origin: `http://127.0.0.1:${port}`, pid: /** @type {number} */ (child.pid), ports, stop };
  await stop();
  throw new Error(`workerd does not listen: ${said}`);
}
