// An edge function in the runtime whose condition is `edge-light`, built and served by Next.js.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../js/local/ports.js';

const START_MS = 60_000;

/** @param {string} folder */
const environment = (folder) => ({
  PATH: process.env.PATH,
  HOME: folder,
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_ENV: /** @type {const} */ ('production'),
});

/**
 * A project with one function, beside the packages that it needs.
 * @param {NodeJS.Require} packages
 * @param {import('./runtimes.js').Installed} installed with the suite
 */
function writeProject(packages, { folder: from, home }) {
  const folder = mkdtempSync(join(dirname(packages.resolve('next/package.json')), '../../function-'));
  cpSync(home, join(folder, 'node_modules/@devcaster/core'), { recursive: true });
  cpSync(join(from, 'contract'), join(folder, 'contract'), { recursive: true });
  mkdirSync(join(folder, 'pages/api'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const entry = "export { default } from '../../contract/function.js';\nexport const config = { runtime: 'edge' };\n";
  writeFileSync(join(folder, 'pages/api/contract.js'), entry);
  return folder;
}

/** @param {string} address @param {() => boolean} isOver */
async function listening(address, isOver) {
  for (const end = Date.now() + START_MS; Date.now() < end && !isOver(); await sleep(100)) {
    const answer = await fetch(address).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) return;
  }
  throw new Error('Next.js does not listen');
}

/**
 * @param {NodeJS.Require} packages
 * @param {import('./runtimes.js').Installed} installed
 * @returns {Promise<{ address: string, stop: () => Promise<void> }>} the function's address
 */
export async function startFunction(packages, installed) {
  const folder = writeProject(packages, installed);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { bin } = packages('next/package.json');
  const program = join(packages.resolve('next/package.json'), '..', bin.next);
  const options = { cwd: folder, env: environment(folder) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'build', '--webpack'], {
    ...options,
    encoding: 'utf8',
  });
  if (status !== 0) {
    remove();
    throw new Error(`next build failed: ${stdout}${stderr}`);
  }
  const port = await freePort();
  const words = [program, 'start', '--port', String(port), '--hostname', '127.0.0.1'];
  const child = spawn(process.execPath, words, { ...options, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    remove();
  };
  try {
    await listening(`http://127.0.0.1:${port}/`, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: `http://127.0.0.1:${port}/api/contract`, stop };
}
