// A gateway in the real workerd, in front of an API on this machine.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectModules } from '../../js/local/modules.js';
import { root } from './build.js';
import { runWorkerd } from './workerd.js';

/** The gateway's own key at the API: it must be seen nowhere else. */
export const KEY = 'ak_gateway-0123456789abcdefghijklmnopqr';

/** The modules of a Worker of the tests', as workerd's configuration. @param {string} entry path below the repository */
export function workerModules(entry) {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const leaves = Object.fromEntries(Object.keys(imports).map((name) => [name, imports[name].workerd.slice(2)]));
  const items = collectModules(root, entry, leaves).map(({ name, kind, file, text }) => {
    const content = text === undefined ? `embed ${JSON.stringify(file)}` : JSON.stringify(text);
    return `(name = ${JSON.stringify(name)}, ${kind} = ${content})`;
  });
  return items.join(',\n');
}

/** @param {string} entry @param {string[]} bindings names, by environment */
export const workerConfig = (entry, bindings) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${workerModules(entry)}],
      compatibilityDate = "2026-10-23",
      compatibilityFlags = ["legacy_module_registry"],
      bindings = [${bindings.map((name) => `(name = "${name}", fromEnvironment = "${name}")`).join(', ')}],
      globalOutbound = "near",
    )),
    (name = "near", network = (allow = ["127.0.0.1/32"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

/**
 * @param {string} baseURL of the API
 * @param {Record<string, unknown>} [options] of createHandler, as JSON; `timeout` is the upstream's
 */
export async function startGateway(baseURL, { timeout = 2000, apiKey = KEY, ...options } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'devcaster-gateway-'));
  const env = { GATEWAY: JSON.stringify({ upstream: { baseURL, apiKey, timeout }, ...options }) };
  /** @type {string[]} */
  const lines = [];
  const config = workerConfig('tests/support/gateway-worker.js', Object.keys(env));
  const { origin, pid, stop } = await runWorkerd(folder, config, env, (text) => void lines.push(text));
  return {
    origin,
    pid,
    logs: () => lines.join(''),
    /**
     * @param {string} path below /api/v3 @param {RequestInit & { user?: string, session?: object }} [init]
     */
    async ask(path, { user = 'ada', session = { userId: user }, headers, ...init } = {}) {
      const response = await fetch(`${origin}/api/v3${path}`, {
        ...init,
        headers: { 'x-session': JSON.stringify(session), .../** @type {object} */ (headers) },
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: text && JSON.parse(text) };
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The bytes of a request as they are, and all that comes back until the connection ends or nothing more comes.
 * @param {string} origin @param {string} bytes @param {{ wait?: number }} [options] milliseconds
 * @returns {Promise<{ text: string, ended: boolean }>} ended: by the other side
 */
export const raw = (origin, bytes, { wait = 3000 } = {}) =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    let ended = false;
    socket.setTimeout(wait, () => socket.destroy());
    socket.on('data', (part) => {
      text += part.toString('latin1');
    });
    socket.on('end', () => {
      ended = true;
    });
    socket.on('error', () => {
      ended = true;
    });
    socket.on('close', () => resolve({ text, ended }));
  });
