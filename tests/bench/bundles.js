// What a page loads: bundles for browsers, minified and gzipped, of ours and of the peers.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { atMost, notMeasured } from './measure.js';
import { peer } from './peers.js';

/** @typedef {import('./measure.js').Row} Row */

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const MOST = 22_000;

const gzipped = (/** @type {string} */ text) => gzipSync(text, { level: 9 }).length;
const inKb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/**
 * @param {any} esbuild @param {string} contents @param {string} resolveDir @param {'browser' | 'node'} [platform]
 * @returns {Promise<string | undefined>} undefined: it cannot be bundled for that platform
 */
async function bundle(esbuild, contents, resolveDir, platform = 'browser') {
  const options = { bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, logLevel: 'silent' };
  try {
    const stdin = { contents, resolveDir };
    return (await esbuild.build({ ...options, stdin, platform })).outputFiles[0].text;
  } catch {
    return undefined;
  }
}

/** Ours: how much of it is the wasm. @param {string} text */
function parts(text) {
  const code = gzipped(text.replace(/(["'`])eN[\w+/]{9999,}=*\1/, '""')); // eN: how base64 of deflated bytes begins
  return `JavaScript ${inKb(code)}, wasm ${inKb(gzipped(text) - code)}`;
}

/** @param {string} name @param {string} what @param {any} esbuild @returns {Promise<Row>} */
async function theirs(name, what, esbuild) {
  const contents = `export { ${what} } from '${name}';`;
  const forBrowsers = await bundle(esbuild, contents, here);
  const forNode = (await bundle(esbuild, contents, here, 'node')) ?? '';
  const measured = forBrowsers
    ? `${gzipped(forBrowsers)} bytes`
    : `cannot be bundled for browsers; for Node ${gzipped(forNode)} bytes`;
  return { what: `  ${name}`, target: '', measured };
}

/** @returns {Promise<Row[]>} */
export async function benchBundles() {
  const what = 'browser bundle of { Devcaster }, gzipped';
  const esbuild = peer('esbuild');
  if (!esbuild) return [notMeasured(what, `at most ${MOST} bytes`, 'esbuild is not installed')];
  const ours = async (/** @type {string} */ name) =>
    /** @type {string} */ (await bundle(esbuild, `export { ${name} } from '@devcaster/core';`, root));
  const [whole, part, streamed] = await Promise.all([
    ours('Devcaster'),
    ours('DevcasterAccounts'),
    bundle(esbuild, "export { Client } from './js/client.js';", root),
  ]);
  return [
    atMost(what, gzipped(whole), MOST, 'bytes', parts(whole)),
    atMost('  { DevcasterAccounts }: connect and list', gzipped(part), gzipped(whole) - 1, 'bytes', parts(part)),
    {
      what: '  the page: the wasm is streamed',
      target: '',
      measured: `${gzipped(streamed ?? '')} bytes of JavaScript`,
    },
    await theirs('@composio/core', 'Composio', esbuild),
    await theirs('@nangohq/node', 'Nango', esbuild),
    await theirs('@pipedream/sdk', 'PipedreamClient', esbuild),
  ];
}
