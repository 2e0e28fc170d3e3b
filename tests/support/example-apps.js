// The gateway's examples, run from the packed tarball as their readers would run them, in front of a real service.
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../js/local/ports.js';
import { root } from './build.js';
import { installed as installedIn } from './installed.js';
import { workerModules } from './packed.js';
import { runWorkerd } from './workerd.js';

/** @typedef {{ folder: string, home: string }} Installed */

/**
 * @typedef {object} App
 * @property {string} origin
 * @property {string} gateway where the gateway's operations are, below the origin
 * @property {() => string} logs all that it has written
 * @property {(name: string, until?: number) => Promise<string>} signIn the cookie of somebody who is signed in now
 * @property {() => unknown} stop
 */

/** @param {Installed} installed @param {string} name of the example @returns {string} where it is, beside the package */
export function addExample({ folder }, name) {
  const to = join(folder, name);
  cpSync(join(root, 'tests/examples', name), to, { recursive: true });
  return to;
}

/** By the form of the example. @param {string} origin @returns {App['signIn']} */
const signInAt = (origin) => async (name) => {
  const answer = await fetch(`${origin}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ name }),
    redirect: 'manual',
  });
  return /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';
};

/**
 * A program of Node's.
 * @param {string} folder @param {string} file @param {Record<string, string>} settings @param {string} path of the gateway
 * @returns {Promise<App>}
 */
async function startProgram(folder, file, settings, path) {
  const port = await freePort();
  const env = { PATH: process.env.PATH, PORT: String(port), ...settings };
  const child = spawn(process.execPath, [file], { cwd: folder, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      said += chunk;
    });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${file} has ended: ${said}`)));
  ended.catch(() => {}); // in the end it is ended
  await Promise.race([once(child.stdout, 'data'), ended]);
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    gateway: `${path}/api/v3`,
    logs: () => said,
    signIn: signInAt(origin),
    stop: () => child.kill(),
  };
}

/** @param {{ origin: string, apiKey: string }} service */
const settingsOf = ({ origin, apiKey }) => ({
  DEVCASTER_BASE_URL: origin,
  DEVCASTER_API_KEY: apiKey,
  SESSION_SECRET: randomBytes(32).toString('hex'),
});

/** @param {Installed} installed @param {{ origin: string, apiKey: string }} service */
export const startNode = (installed, service) =>
  startProgram(addExample(installed, 'node'), 'server.js', settingsOf(service), '');

/** @param {Installed} installed @param {{ origin: string, apiKey: string }} service */
export async function startHono(installed, service) {
  const packages = await installedIn('examples/hono');
  const folder = addExample(installed, 'hono');
  const [inside] = packages.resolve.paths('hono') ?? [];
  symlinkSync(inside, join(folder, 'node_modules'));
  return startProgram(folder, 'app.js', settingsOf(service), '/accounts');
}

/** wrangler.jsonc, read as js/local/config.js reads that of the service. @param {string} folder */
export const deploymentIn = (folder) =>
  JSON.parse(readFileSync(join(folder, 'wrangler.jsonc'), 'utf8').replace(/^\s*\/\/.*$/gm, ''));

/**
 * A Worker with the settings of the example, in the real workerd.
 * @param {string} folder for its configuration
 * @param {string} modules
 * @param {{ compatibility_date: string }} deployment
 * @param {{ origin: string, apiKey: string }} service
 * @returns {Promise<App & { tokenSecret: string }>}
 */
export async function runWorker(folder, modules, deployment, service) {
  const env = { ...settingsOf(service), USER_TOKEN_SECRET: randomBytes(32).toString('hex') };
  const bindings = Object.keys(env).map((name) => `(name = "${name}", fromEnvironment = "${name}")`);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${modules}],
      compatibilityDate = "${deployment.compatibility_date}",
      compatibilityFlags = ["legacy_module_registry"], # modules by their paths: there is no bundler here
      bindings = [${bindings.join(', ')}],
      globalOutbound = "near",
    )),
    (name = "near", network = (allow = ["127.0.0.1/32"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
  let said = '';
  const { origin, stop } = await runWorkerd(folder, config, env, (text) => {
    said += text;
  });
  /** What the sign-in of that application makes. @type {App['signIn']} */
  const signIn = async (name, until = Date.now() + 60_000) => {
    const session = `${encodeURIComponent(name)}.${until}`;
    return `session=${session}.${createHmac('sha256', env.SESSION_SECRET).update(session).digest('hex')}`;
  };
  return { origin, gateway: '/api/v3', tokenSecret: env.USER_TOKEN_SECRET, logs: () => said, signIn, stop };
}

/** @param {Installed} installed @param {{ origin: string, apiKey: string }} service */
export async function startWorker(installed, service) {
  const deployment = deploymentIn(addExample(installed, 'worker'));
  const modules = workerModules(installed, join('worker', deployment.main));
  return runWorker(installed.folder, modules, deployment, service);
}
