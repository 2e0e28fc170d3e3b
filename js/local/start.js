// `npm start`: a whole Devcaster on this machine, from a fresh clone to a page that takes requests.
import { resolve } from 'node:path';
import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { forget, isOurs } from './folder.js';
import { refuseWhenBusy } from './guards.js';
import { readPort } from './ports.js';
import { setup } from './setup.js';
import { root } from './wasm.js';

/** Further settings of the service, by the same names. */
const SETTINGS = ['DEVCASTER_ORIGIN', 'DEVCASTER_SHARDS', 'DEVCASTER_LIMITS', 'DEVCASTER_ADDRESS_HEADER'];

const HELP = `npm start [-- --fresh [--yes]]

  --fresh   forget all data first, after asking
  --yes     do not ask

PORT (8787), DEVCASTER_DATA_DIR (.devcaster), DEVCASTER_DEMO_PORT (the next port), DEVCASTER_API_KEY (the project's first
key, made on the first start), DEVCASTER_ENCRYPTION_KEYS (made on the first start, kept beside the data folder), DEVCASTER_CATALOGUE (a folder with
providers.json and tools.json: the toolkits of real providers).`;

/** @param {string} dataDir @param {boolean | undefined} sure */
async function startFresh(dataDir, sure) {
  if (!isOurs(dataDir)) return;
  if (!sure) {
    if (!stdin.isTTY) throw new Error(`--fresh deletes ${dataDir}; nobody is here to ask, so say --yes as well`);
    const terminal = createInterface({ input: stdin, output: stdout });
    const answer = await terminal.question(`Delete every account and key in ${dataDir}? [y/N] `);
    terminal.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('Nothing was deleted.');
  }
  refuseWhenBusy(dataDir);
  forget(dataDir);
  console.log(`Forgot all data in ${dataDir}`);
}

/** @param {import('./local.js').Local} local */
function announce({ origin, newKey, signInLink, demoOrigin }) {
  if (newKey) console.log(`API key of this project, shown only now: ${newKey}`);
  console.log(`Demo provider:      ${demoOrigin}`);
  console.log(`Sign in:            ${signInLink}`);
  console.log(`Devcaster is ready: ${origin}`);
}

/** @param {import('./local.js').Local} local */
async function untilStopped(local) {
  /** @type {Promise<undefined>} */
  const asked = new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => done(undefined));
  });
  const how = await Promise.race([asked, local.died]);
  await local.stop();
  if (how)
    throw new Error(`workerd ended by itself (${how}). What was answered is on disk: start again with npm start`);
  console.log('Devcaster has stopped');
}

async function main() {
  const { values } = parseArgs({
    options: { fresh: { type: 'boolean' }, yes: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(HELP);
  const { env } = process;
  const dataDir = resolve(root, env.DEVCASTER_DATA_DIR || '.devcaster');
  const port = readPort('PORT', env.PORT) ?? 8787;
  const demoPort = readPort('DEVCASTER_DEMO_PORT', env.DEVCASTER_DEMO_PORT);
  if (values.fresh) await startFresh(dataDir, values.yes);
  await setup({ browsers: false });
  const { startLocal } = await import('./local.js'); // what it needs from npm is there only now
  const local = await startLocal({
    root,
    dataDir,
    port,
    demoPort,
    apiKey: env.DEVCASTER_API_KEY || undefined,
    encryptionKeys: env.DEVCASTER_ENCRYPTION_KEYS || undefined,
    catalogue: env.DEVCASTER_CATALOGUE ? resolve(env.DEVCASTER_CATALOGUE) : undefined,
    settings: Object.fromEntries(SETTINGS.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
    log: (line) => console.error(line),
  });
  announce(local);
  await untilStopped(local);
}

try {
  await main();
  process.exit(0); // open keep-alive connections are nobody's any more
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
