import { demoClient, startDemoProvider } from './provider.js';

/**
 * Runs the demo provider as a process of its own. Environment: DEMO_PORT (8788), DEMO_HOST (127.0.0.1), DEMO_DATA_DIR,
 * DEMO_REDIRECT_URI (several with a comma between), DEMO_CLIENT_SECRET, DEMO_ACCESS_TOKEN_SECONDS.
 */

/** @param {string} name @returns {string} */
function needed(name) {
  const value = process.env[name];
  if (value) return value;
  process.stderr.write(`Demo provider: ${name} is not set.\n`);
  process.exit(1);
}

/** @param {string} name @param {number} otherwise @param {number} least @returns {number} */
function whole(name, otherwise, least) {
  const value = Number(process.env[name] ?? otherwise);
  if (Number.isInteger(value) && value >= least) return value;
  process.stderr.write(`Demo provider: ${name} must be a whole number of at least ${least}.\n`);
  process.exit(1);
}

const secret = needed('DEMO_CLIENT_SECRET');
// Nothing that this process starts, and no dump of its environment, needs to see it from here on.
delete process.env.DEMO_CLIENT_SECRET;

try {
  const demo = await startDemoProvider({
    port: whole('DEMO_PORT', 8788, 0),
    host: process.env.DEMO_HOST ?? '127.0.0.1',
    dataDir: needed('DEMO_DATA_DIR'),
    clients: [demoClient(secret, needed('DEMO_REDIRECT_URI').split(','))],
    accessTokenSeconds: whole('DEMO_ACCESS_TOKEN_SECONDS', 3600, 1),
  });
  process.stdout.write(`Demo provider is ready: ${demo.origin}\n`);
  const stop = () => void demo.close().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(signal, stop);
} catch (error) {
  process.stderr.write(`Demo provider: ${/** @type {Error} */ (error).message}\n`);
  process.exit(1);
}
