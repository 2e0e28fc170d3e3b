// Runs the service in the real `workerd` with local disk: writes its configuration, starts it, waits for it, stops it.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { configText } from './config.js';
import { BUSY, guards } from './guards.js';
import { hasIpv6 } from './ports.js';

const START_MS = 30_000;
const STOP_MS = 5_000;
const PASSED_ON = ['PATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'TZ'];
/**
 * @typedef {object} WorkerdOptions
 * @property {string} root of the repository
 * @property {string} dataDir
 * @property {string} siteDir
 * @property {string} [toolkits] file of toolkits that are brought along
 * @property {number} port
 * @property {string} demo host:port of the demo provider
 * @property {Record<string, string>} settings names as in config.js; they go by environment
 * @property {(line: string) => void} log
 */
/** @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Exit */

/** The program itself: the package's `bin` may be a script around it, which would keep the control pipe. @param {string} root */
const binaryOf = (root) => /** @type {string} */ (createRequire(join(root, 'package.json'))('workerd').default);

/** @param {WorkerdOptions} options @param {Record<string, string>} sockets name to address */
function launch({ root, dataDir, siteDir, toolkits, demo, settings, log }, sockets) {
  const config = join(dataDir, 'workerd.capnp');
  const objects = join(dataDir, 'objects');
  mkdirSync(objects, { recursive: true, mode: 0o700 });
  writeFileSync(config, configText(root, Object.keys(sockets), toolkits), { mode: 0o600 });
  const command = [
    ...guards(dataDir),
    binaryOf(root),
    'serve',
    config,
    '--import-path=/',
    '--control-fd=3',
    ...Object.entries(sockets).map(([name, address]) => `--socket-addr=${name}=${address}`),
    `--external-addr=demo=${demo}`,
    `--directory-path=objects=${objects}`,
    `--directory-path=site=${siteDir}`,
  ];
  const kept = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  // No core dump: it would hold open credentials. A group of its own: Ctrl-C is for us, and we stop it in order.
  const child = spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'sh', ...command], {
    env: { ...Object.fromEntries(kept), ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: /** @type {import('node:stream').Readable} */ (stream) }).on('line', log);
  }
  return child;
}

/** @param {import('node:child_process').ChildProcess} child @param {number} sockets how many must be open */
function listening(child, sockets) {
  return new Promise((resolve) => {
    let open = 0;
    createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdio[3]) }).on(
      'line',
      () => ++open === sockets && resolve(true),
    );
  });
}

/** @param {Exit} exit @param {string} dataDir */
function startFailure({ code, signal }, dataDir) {
  if (code === BUSY) return new Error(`Another Devcaster runs on the data in ${dataDir}: stop it first`);
  return new Error(`workerd did not start (${signal ?? `exit code ${code}`}); what it said stands above`);
}

/**
 * Start the service and wait until it takes requests.
 * @param {WorkerdOptions} options
 * @returns {Promise<{ pid: number, exited: Promise<Exit>, stop: () => Promise<void> }>}
 */
export async function startWorkerd(options) {
  const { port, dataDir } = options;
  // `localhost` is 127.0.0.1 for some programs and ::1 for others.
  const sockets = { http: `127.0.0.1:${port}`, ...((await hasIpv6()) && { http6: `[::1]:${port}` }) };
  const child = launch(options, sockets);
  /** @type {Promise<Exit>} */
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  };
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, START_MS, 'late');
  });
  const first = await Promise.race([listening(child, Object.keys(sockets).length), exited, late]);
  clearTimeout(timer);
  if (first === true) return { pid: /** @type {number} */ (child.pid), exited, stop };
  if (first !== 'late') throw startFailure(/** @type {Exit} */ (first), dataDir);
  await stop();
  throw new Error(`workerd did not listen within ${START_MS / 1000} seconds`);
}
