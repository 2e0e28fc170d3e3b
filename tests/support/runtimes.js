// The contract suite in each runtime: every one is handed the package that was installed from the tarball, and reports
// its cases as they end.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { which } from '../../js/local/apt.js';
import { openBrowser, visitor } from './browser.js';
import { root } from './build.js';
import { openDesk } from './desk.js';
import { startFunction } from './next.js';
import { namesOf, workerModules } from './packed.js';
import { runWorkerd } from './workerd.js';

/** @typedef {import('./desk.js').Service} Service */
/** @typedef {import('./desk.js').Outcome} Outcome */
/** @typedef {Awaited<ReturnType<typeof import('./packed.js').installPacked>>} Installed */

const PATIENCE = 120_000;
const SUITE = 'contract';

/** Puts the suite beside the installed package, so that its own imports lead there. @param {Installed} installed */
export const addSuite = ({ folder }) => cpSync(join(root, 'tests/contract'), join(folder, SUITE), { recursive: true });

/** @param {Service} service @param {string} desk */
const settingsOf = ({ origin, apiKey }, desk) => ({ baseURL: origin, apiKey, connectOrigin: origin, desk });

/** Lines of JSON as the outcomes that they are. @param {NodeJS.ReadableStream} input @returns {AsyncIterable<Outcome>} */
async function* outcomesIn(input) {
  for await (const line of createInterface({ input })) yield JSON.parse(line);
}

/**
 * A program that runs the suite.
 * @param {Installed} installed @param {Service} service
 * @param {string} program @param {string[]} words @param {string} [file] of the suite
 */
export async function* inProgram({ folder }, service, program, words, file = 'imported.js') {
  const desk = await openDesk(service);
  const child = spawn(program, [...words, join(folder, SUITE, file)], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      NO_COLOR: '1',
      CONTRACT: JSON.stringify(settingsOf(service, desk.origin)),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    said += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(String(signal ?? code)));
  });
  try {
    yield* outcomesIn(child.stdout);
    const end = await ended;
    if (end !== '0' || said !== '') throw new Error(`${program} ended with ${end}: ${said}`);
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
    desk.close();
  }
}

/** A configuration with the suite's Worker, which may call this machine. @param {Installed} installed */
function workerConfig(installed) {
  const modules = workerModules(installed, join(SUITE, 'worker.js'));
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [${modules}], compatibilityDate = "2025-09-01")),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}

/** @param {string} address of what answers with the outcomes @param {Service} service */
async function* byRequest(address, service) {
  const desk = await openDesk(service);
  try {
    const body = JSON.stringify(settingsOf(service, desk.origin));
    const answer = await fetch(address, { method: 'POST', body, signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || !answer.body) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
    yield* outcomesIn(Readable.fromWeb(/** @type {any} */ (answer.body)));
  } finally {
    desk.close();
  }
}

/** The bare `workerd`. @param {Installed} installed @param {Service} service */
export async function* inWorkerd(installed, service) {
  const folder = mkdtempSync(join(tmpdir(), 'devcaster-contract-'));
  try {
    const workerd = await runWorkerd(folder, workerConfig(installed));
    yield* stopping(byRequest(workerd.origin, service), workerd.stop);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An edge function. @param {Installed} installed @param {Service} service @param {NodeJS.Require} packages with Next.js */
export async function* inFunction(installed, service, packages) {
  const { address, stop } = await startFunction(packages, installed);
  yield* stopping(byRequest(address, service), stop);
}

/** @param {AsyncIterable<Outcome>} outcomes @param {() => Promise<void>} stop when they are over, however that is */
async function* stopping(outcomes, stop) {
  try {
    yield* outcomes;
  } finally {
    await stop();
  }
}

/** A page without a bundler: what names mean there stands in its import map. @param {Installed} installed */
export function modulePages({ folder, home }) {
  const inside = relative(folder, home);
  const names = Object.entries(namesOf(home, ['browser', 'import'])).filter(([, path]) => path.endsWith('.js'));
  const imports = Object.fromEntries(names.map(([name, path]) => [name, `/${join(inside, path)}`]));
  const files = { '/core.wasm': join(home, namesOf(home, ['browser'])['@devcaster/core/core.wasm']) };
  return { folder, files, script: `/${SUITE}/page.js`, importMap: { imports } };
}

/** @param {Service} service @param {import('./desk.js').Pages} pages */
export async function* inChromium(service, pages) {
  const desk = await openDesk(service, pages);
  const browser = await openBrowser();
  try {
    const { page, complaints } = await visitor(browser);
    page.on('crash', () => desk.fail(new Error('the page crashed')));
    page.on('console', (message) => {
      // A script that does not even begin can only say so there.
      if (message.type() === 'error' && complaints.length > 0) desk.fail(new Error(complaints.join('\n')));
    });
    page.on('pageerror', (error) => desk.fail(error));
    await page.goto(desk.origin);
    yield* desk.outcomes;
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  } finally {
    await browser.close();
    desk.close();
  }
}

/** Firefox asks nobody anything and tells nobody anything while it is under test. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.enabled': false,
};

/** The machine's own Firefox opens the page, which reports by itself. @param {Service} service @param {import('./desk.js').Pages} pages */
export async function* inFirefox(service, pages) {
  const program = which('firefox-esr') ?? which('firefox');
  if (!program) throw new Error('there is no Firefox in PATH');
  const profile = mkdtempSync(join(tmpdir(), 'devcaster-firefox-'));
  const lines = Object.entries(PREFERENCES).map(
    (pair) => `user_pref(${pair.map((one) => JSON.stringify(one)).join(', ')});`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const desk = await openDesk(service, pages);
  const child = spawn(program, ['--headless', '--no-remote', '--profile', profile, desk.origin], {
    env: { PATH: process.env.PATH, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.once('error', (error) => desk.fail(error));
  child.once('exit', (code) => desk.fail(new Error(`Firefox ended with ${code}`)));
  try {
    yield* desk.outcomes;
  } finally {
    desk.close();
    // The group: it has processes of its own, which write to the profile until they are gone.
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
