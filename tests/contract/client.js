// What every client does whatever it is asked: its secrets, its errors, its signals, its headers, its module.
import { methodsOf } from './context.js';

/** @param {import('./context.js').Context} context */
export function clientCases({ sdk, client, open, baseURL, apiKey, inspect, wasm, failure, newUser, test, assert }) {
  const { connectedAccounts } = client;

  /** Everything that can be seen of a value. @param {any} value @param {Set<any>} [seen] @returns {string} */
  const visible = (value, seen = new Set()) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || !value || seen.has(value)) return String(value);
    seen.add(value);
    return Reflect.ownKeys(value)
      .map((name) => `${String(name)}: ${visible(Object.getOwnPropertyDescriptor(value, name)?.value, seen)}`)
      .join('\n');
  };

  test('neither a client nor its errors show the key', async () => {
    const key = `ak_${'wrong'.repeat(8)}`;
    const own = open({ apiKey: key });
    const error = await failure(own.connectedAccounts.list());
    assert.deepEqual(
      [error.name, error.code, error.status, error.slug],
      ['AuthenticationError', 'TS-SDK::AUTHENTICATION_ERROR', 401, 'HTTP_Unauthorized'],
    );
    assert.ok(error.requestId);
    for (const value of [own, own.connectedAccounts, error]) {
      const seen = [`${value}`, JSON.stringify(value), visible(value), inspect?.(value), value.message, value.stack];
      assert.ok(!seen.join('\n').includes(key.slice(0, 9)), seen.join('\n'));
    }
    assert.deepEqual(JSON.parse(JSON.stringify(open())), { baseURL });
  });

  test('errors are of their classes and tell code, status, request id and what to do', async () => {
    const error = await failure(connectedAccounts.get('ca_unknown000000'));
    assert.ok(error instanceof sdk.NotFoundError && error instanceof sdk.DevcasterError && error instanceof Error);
    assert.deepEqual([error.name, error.code, error.status], ['NotFoundError', 'TS-SDK::NOT_FOUND', 404]);
    assert.ok(error.requestId && error.suggestedFix, JSON.stringify(error));
    const { name, message, requestId } = JSON.parse(JSON.stringify(error));
    assert.deepEqual([name, message, requestId], [error.name, error.message, error.requestId]);
  });

  test('what cannot be right is refused before anything is sent', async () => {
    let sent = 0;
    /** @type {typeof fetch} */
    const counting = (...args) => {
      sent++;
      return fetch(...args);
    };
    const { connectedAccounts: own } = open({ fetch: counting });
    const wrong = [
      own.list(/** @type {any} */ ({ userId: ['misspelt'] })),
      own.list({ limit: 1.5 }),
      own.list({ statuses: /** @type {any} */ (['CONNECTED']) }),
      own.get(''),
      own.get('..'),
    ].map(failure);
    for (const error of await Promise.all(wrong)) {
      assert.deepEqual([error.name, error.code], ['ValidationError', 'TS-SDK::VALIDATION_ERROR']);
    }
    assert.equal(sent, 0);
    await own.list({ limit: 1 });
    assert.equal(sent, 1);
    let said;
    try {
      open(/** @type {any} */ ({ baseUrl: 'https://misspelt.example' }));
    } catch (error) {
      said = error;
    }
    assert.ok(said instanceof sdk.ValidationError);
  });

  test('an aborted signal ends calls, walks and waits with its reason', async () => {
    const reason = new Error('the user left');
    assert.equal(await failure(connectedAccounts.list({}, { signal: AbortSignal.abort(reason) })), reason);
    const controller = new AbortController();
    const leaving = { signal: controller.signal };
    const calls = [
      connectedAccounts.list({}, leaving),
      connectedAccounts.get('ca_unknown000000', leaving),
      connectedAccounts.waitForConnection('ca_unknown000000', leaving),
      (async () => {
        for await (const _ of connectedAccounts.list({ limit: 1 }, leaving));
      })(),
    ].map(failure);
    controller.abort(reason);
    for (const error of await Promise.all(calls)) assert.equal(error, reason);
  });

  test('an answer that does not come is given up in time', async () => {
    /** @type {typeof fetch} never answers, and ends when it is told to, as every fetch does */
    const silent = (_input, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const slow = open({ fetch: silent, timeout: 50, maxRetries: 0 });
    const error = await failure(slow.connectedAccounts.list());
    assert.deepEqual([error.name, error.code], ['TimeoutError', 'TS-SDK::TIMEOUT']);
    assert.ok(error instanceof sdk.ConnectionError);
  });

  test('headers of the client and of the call go along, and credentials of one kind', async () => {
    /** @type {Headers[]} */
    const sent = [];
    /** @type {typeof fetch} */
    const listening = (input, init) => {
      sent.push(new Headers(init?.headers));
      return fetch(input, init);
    };
    const own = open({ fetch: listening, defaultHeaders: { 'x-team': 'red', 'x-place': 'here' } });
    await own.connectedAccounts.list({ limit: 1 }, { headers: { 'x-team': 'blue' } });
    const read = (/** @type {string[]} */ names) => names.map((name) => sent.at(-1)?.get(name) ?? null);
    assert.deepEqual(read(['x-team', 'x-place', 'x-api-key', 'authorization']), ['blue', 'here', apiKey, null]);
    await own.connectedAccounts.list({ limit: 1 });
    assert.deepEqual(read(['x-team']), ['red']);
    sent.length = 0;
    let asked = 0;
    const user = open({ fetch: listening, apiKey: undefined, userToken: async () => `token_${++asked}` });
    assert.equal((await failure(user.connectedAccounts.list())).status, 401);
    assert.equal((await failure(user.connectedAccounts.list())).status, 401);
    const used = sent.map((headers) => [headers.get('x-api-key'), headers.get('authorization')]);
    assert.ok(used.length >= 2);
    assert.deepEqual(
      used,
      used.map((_, number) => [null, `Bearer token_${number + 1}`]),
    );
  });

  test('clients know nothing of each other', async () => {
    const stranger = open({ apiKey: `ak_${'other'.repeat(8)}` });
    const twin = open({ baseURL: `${baseURL}/` });
    const query = { userIds: [newUser()] };
    const [one, two, three] = await Promise.all([
      connectedAccounts.list(query),
      failure(stranger.connectedAccounts.list(query)),
      twin.connectedAccounts.list(query),
    ]);
    assert.deepEqual([one.items, two.status, three.items], [[], 401, []]);
  });

  test('the client with accounts alone does the same with them', async () => {
    const small = new sdk.DevcasterAccounts({ apiKey, baseURL, dangerouslyAllowBrowser: true });
    assert.deepEqual(methodsOf(small), methodsOf({ connectedAccounts }));
    assert.deepEqual((await small.connectedAccounts.list({ userIds: [newUser()] })).items, []);
    const error = await failure(small.connectedAccounts.get('ca_unknown000000'));
    assert.ok(error instanceof sdk.NotFoundError);
    assert.deepEqual(JSON.parse(JSON.stringify(small)), { baseURL });
  });

  test('a client takes its core as a module, and as a way to one', async () => {
    const module = await wasm();
    // By its name: an edge function's module may come from outside of its realm.
    assert.equal(Object.prototype.toString.call(module), '[object WebAssembly.Module]');
    for (const source of [module, () => module, async () => module]) {
      const { items } = await open({ wasm: source }).connectedAccounts.list({ userIds: [newUser()] });
      assert.deepEqual(items, []);
    }
  });
}
