// The network of the Worker as `npm start` configures it: public addresses, and the demo provider by its own binding.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '../js/local/ports.js';
import { startWorkerd } from '../js/local/workerd.js';
import { root } from './support/build.js';

/** A Worker that goes where it is told, with the plain `fetch` or through the binding. */
const PROBE = `
import { DurableObject } from 'cloudflare:workers';
export class Project extends DurableObject {}
export class Accounts extends DurableObject {}
export default {
  async fetch(request, env) {
    const query = new URL(request.url).searchParams;
    const by = query.get('by') === 'demo' ? env.DEMO : globalThis;
    try {
      return new Response(await (await by.fetch(query.get('to'))).text());
    } catch {
      return new Response('refused', { status: 502 });
    }
  },
};
`;

const folder = mkdtempSync(join(tmpdir(), 'devcaster-outbound-'));
/** @type {string[]} what reached this machine */
const reached = [];
const neighbour = createServer((request, response) => {
  reached.push(`${request.headers.host}${request.url}`);
  response.end('hello');
});
/** @type {Awaited<ReturnType<typeof startWorkerd>>} */
let workerd;
/** @type {number} */
let port;
/** @type {number} */
let neighbourPort;

before(async () => {
  await new Promise((resolve) => neighbour.listen(0, () => resolve(undefined)));
  neighbourPort = /** @type {import('node:net').AddressInfo} */ (neighbour.address()).port;
  for (const path of ['js/edge', 'data', 'site']) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'js/edge/worker.js'), PROBE);
  for (const name of ['wrangler.jsonc', 'package.json']) copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  port = await freePort();
  workerd = await startWorkerd({
    root: folder,
    dataDir: join(folder, 'data'),
    siteDir: join(folder, 'site'),
    port,
    demo: `127.0.0.1:${neighbourPort}`,
    settings: {},
    log: () => {},
  });
});
after(async () => {
  await workerd?.stop();
  neighbour.close();
  neighbour.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** @param {string} to @param {string} [by] */
const go = (to, by = 'fetch') => fetch(`http://127.0.0.1:${port}/?by=${by}&to=${encodeURIComponent(to)}`);

test('private addresses are refused, whatever they are called', async () => {
  const hosts = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '127.1', '2130706433'];
  const networks = ['10.0.0.1', '172.16.0.1', '192.168.0.1', '169.254.169.254', '[fd00::1]', '[fe80::1]'];
  for (const host of [...hosts, ...networks]) {
    const { status } = await go(`http://${host}:${neighbourPort}/secret`);
    assert.equal(status, 502, host);
  }
  assert.deepEqual(reached, []);
});

test('the binding reaches the demo provider and nothing else', async () => {
  assert.equal(await (await go('http://127.0.0.1/ledger', 'demo')).text(), 'hello');
  // Whatever address is asked for, the binding leads to the one program that it was made for.
  assert.equal(await (await go('http://10.0.0.1/ledger', 'demo')).text(), 'hello');
  assert.deepEqual(reached, ['127.0.0.1/ledger', '10.0.0.1/ledger']);
});
