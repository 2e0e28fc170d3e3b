// The examples of the SDK's documentation, run as they stand there against a real service and a real provider: only the
// ids are those of things that exist.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '../js/index.js';
import { documented } from './support/examples.js';
import { withEnvironment } from './support/plays.js';
import { startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** Not here: the page's client, and what needs more of the reader's own than an id; other tests run those calls. */
const ELSEWHERE = ['Client', 'DevcasterAccounts', 'verifyWebhook', 'completeAuth'];
const examples = documented().filter(({ name, example }) => example && !ELSEWHERE.includes(name));

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {sdk.Devcaster} as the examples have it: wherever it is given a link, a person connects */
let devcaster;
/** @type {Promise<unknown>[]} */
let visits = [];

before(async () => {
  service = await startService();
  devcaster = new sdk.Devcaster({ apiKey: service.apiKey, baseURL: service.origin, fetch: watching });
});
after(() => service?.close());

/** @param {any} input @param {RequestInit} [init] */
async function watching(input, init) {
  const response = await fetch(input, init);
  const text = await response.clone().text();
  const link = /"redirect_url":"([^"]+)"/.exec(text)?.[1];
  if (link) visits.push(new Visitor(service).connect(link, 'ada'));
  return response;
}

/** @param {string} toolkit */
const configOf = async (toolkit) => (await devcaster.authConfigs.list({ toolkitSlug: [toolkit] })).items[0].id;

/** What the example speaks of. @param {string} file @param {string} example @returns {Promise<[string, string][]>} */
async function things(file, example) {
  const user = `user_${crypto.randomUUID()}`;
  const own = file === 'auth-configs.js'; // the others' must not be disabled or deleted
  const config = own
    ? (await devcaster.authConfigs.create('gmail')).id
    : await configOf(/APIKey/.test(example) ? 'demokey' : 'gmail');
  /** @type {[string, string][]} */
  const pairs = [
    ['user_123', user],
    ['ac_123456789012', config],
  ];
  if (!/ca_123456789012|tools\.execute/.test(example)) return pairs;
  const request = await devcaster.connectedAccounts.link(user, await configOf('gmail'));
  return [...pairs, ['ca_123456789012', (await request.waitForConnection({ interval: 50 })).id]];
}

const AsyncFunction = /** @type {any} */ (async () => {}).constructor;

/** @param {string} file @param {string} example */
async function run(file, example) {
  const changed = (await things(file, example)).reduce((text, [from, to]) => text.replaceAll(from, to), example);
  const lines = changed.split('\n').filter((line) => !line.startsWith('import '));
  const given = {
    ...sdk,
    devcaster,
    console: { log() {}, error() {} },
    subscription: { paid: false },
    response: new Response('{}'),
  };
  const names = Object.entries(given).filter(([name]) => !changed.includes(`const ${name} =`));
  const program = new AsyncFunction(...names.map(([name]) => name), lines.join('\n'));
  await program(...names.map(([, value]) => value));
}

for (const { file, name, example } of examples) {
  test(`${file} ${name}`, async () => {
    await withEnvironment({ DEVCASTER_API_KEY: service.apiKey, DEVCASTER_BASE_URL: service.origin }, () =>
      run(file, example),
    );
    await Promise.all(visits);
    visits = [];
  });
}

test('there are examples', () => assert.ok(examples.length > 30, String(examples.length)));
