// The SDK against a server on a bad day: right error, right number of attempts, nothing sent twice that must not be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Devcaster, DevcasterError } from '../js/index.js';
import { account, apiKey, errorBody, failure, json, stage } from './support/plays.js';

const id = 'ca_123456789012';

/** @param {Devcaster} devcaster */
const execute = (devcaster) => devcaster.tools.execute('GMAIL_GET_PROFILE', { userId: 'u', version: 'v' });

/** @type {[number, string, number][]} status, class, attempts of a get with one retry */
const statuses = [
  [400, 'BadRequestError', 1],
  [401, 'AuthenticationError', 1],
  [403, 'PermissionDeniedError', 1],
  [404, 'NotFoundError', 1],
  [408, 'BadRequestError', 2],
  [409, 'ConflictError', 2],
  [410, 'BadRequestError', 1],
  [422, 'UnprocessableEntityError', 1],
  [429, 'RateLimitError', 2],
  [500, 'InternalServerError', 2],
  [501, 'InternalServerError', 1],
  [503, 'InternalServerError', 2],
];

test('each status has its error, with all that the service says, and its number of attempts', async () => {
  await Promise.all(
    statuses.map(async ([status, name, attempts]) => {
      const { devcaster, heard } = await stage(
        (response) => json(response, status, errorBody(status, 7, 'A_Slug', 'a message')),
        { maxRetries: 1 },
      );
      const error = await failure(devcaster.connectedAccounts.get(id));
      assert.ok(error instanceof DevcasterError);
      assert.deepEqual(
        [error.name, error.status, error.slug, error.message, error.requestId, error.suggestedFix],
        [name, status, 'A_Slug', 'a message', 'req_1', 'Do it right.'],
      );
      assert.equal(heard.length, attempts, String(status));
    }),
  );
});

test('a storm of 503 ends after the retries, with growing pauses', async () => {
  const { devcaster, heard } = await stage((response) => json(response, 503, {}));
  await failure(devcaster.connectedAccounts.list());
  assert.equal(heard.length, 3);
  const pauses = [heard[1].at - heard[0].at, heard[2].at - heard[1].at];
  assert.ok(pauses[0] > 300 && pauses[1] > 650, String(pauses));
});

test('a call that comes through at last is an ordinary success', async () => {
  const { devcaster, heard } = await stage((response, _heard, number) =>
    number < 3 ? response.destroy() : json(response, 200, account()),
  );
  assert.equal((await devcaster.connectedAccounts.get(id)).id, id);
  assert.equal(heard.length, 3);
});

test('execute is sent at most once, whatever happens', async () => {
  /** @type {import('./support/plays.js').Part[]} */
  const parts = [
    (response) => json(response, 503, {}),
    (response) => json(response, 429, {}, { 'retry-after': '0' }),
    (response) => response.destroy(),
    (response) => response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
    () => {},
  ];
  for (const part of parts) {
    const { devcaster, heard } = await stage(part, { timeout: 300, maxRetries: 5 });
    await failure(execute(devcaster));
    assert.equal(heard.length, 1, String(part));
  }
});

test('Retry-After is followed, in seconds and as a date', async () => {
  const date = new Date('2026-05-01T12:00:00Z');
  for (const headers of [
    { 'retry-after': '1' },
    { date: date.toUTCString(), 'retry-after': new Date(date.getTime() + 1000).toUTCString() },
  ]) {
    const { devcaster, heard } = await stage((response, _heard, number) =>
      number === 1 ? json(response, 429, { message: 'slow down' }, headers) : json(response, 200, account()),
    );
    await devcaster.connectedAccounts.get(id);
    const pause = heard[1].at - heard[0].at;
    assert.ok(pause > 950 && pause < 1900, `${JSON.stringify(headers)} ${pause}`);
  }
});

test('who is told to come back in an hour is told so at once', async () => {
  const { devcaster, heard } = await stage((response) =>
    json(response, 429, { message: 'slow down' }, { 'retry-after': '3600' }),
  );
  assert.equal((await failure(devcaster.connectedAccounts.get(id))).name, 'RateLimitError');
  assert.equal(heard.length, 1);
});

test('what is no answer of the service is named so', async () => {
  /** @type {[number, string, string][]} status, body, code */
  const cases = [
    [502, '<html><h1>Bad gateway</h1></html>', 'TS-SDK::INTERNAL_SERVER_ERROR'],
    [200, '<html><h1>Sign in</h1></html>', 'TS-SDK::UNEXPECTED_ANSWER'],
    [200, '', 'TS-SDK::UNEXPECTED_ANSWER'],
    [200, '[]', 'TS-SDK::UNEXPECTED_ANSWER'],
    [200, '{"id":"ca_1"}', 'TS-SDK::UNEXPECTED_ANSWER'],
    [200, '{"id":"ca_1', 'TS-SDK::UNEXPECTED_ANSWER'],
    [200, '{"id":"\xff"}', 'TS-SDK::UNEXPECTED_ANSWER'],
    [403, 'null', 'TS-SDK::PERMISSION_DENIED'],
    [400, '{"error":"invalid","error_description":"no such thing"}', 'TS-SDK::BAD_REQUEST'],
  ];
  for (const [status, body, code] of cases) {
    const { devcaster } = await stage(
      (response) => response.writeHead(status, { 'x-request-id': 'req_2' }).end(Buffer.from(body, 'latin1')),
      { maxRetries: 0 },
    );
    const error = await failure(devcaster.connectedAccounts.get(id));
    assert.deepEqual([error.code, error.status, error.requestId], [code, status, 'req_2'], body);
    assert.doesNotMatch(error.message, /</);
  }
});

test('an answer without end is given up, and not asked for again', async () => {
  const piece = Buffer.alloc(1 << 20, ' ');
  for (const headers of [{ 'content-length': String(2 ** 33) }, {}]) {
    let sent = 0;
    const { devcaster, heard } = await stage(async (response) => {
      response.writeHead(200, headers);
      const closed = new Promise((resolve) => response.once('close', resolve));
      while (!response.destroyed && sent < 200) {
        sent++;
        if (!response.write(piece))
          await Promise.race([closed, new Promise((resolve) => response.once('drain', resolve))]);
      }
    });
    const error = await failure(devcaster.connectedAccounts.get(id));
    assert.equal(error.name, 'ConnectionError');
    assert.match(error.message, /larger than 64 MiB/);
    assert.equal(heard.length, 1);
    assert.ok(sent < 150, `${sent} MiB were read`);
  }
});

test('a redirect is not followed, so the key goes nowhere else', async () => {
  const other = await stage((response) => json(response, 200, account()));
  for (const status of [301, 302, 307, 308]) {
    const { devcaster, heard } = await stage((response, { url }) =>
      response.writeHead(status, { location: other.origin + url }).end(),
    );
    const error = await failure(devcaster.connectedAccounts.get(id));
    assert.equal(error.name, 'ConnectionError');
    assert.match(error.message, /redirect/);
    assert.equal(heard.length, 1);
  }
  assert.equal(other.heard.length, 0);
});

test('slow headers and a slow body end at the timeout', async () => {
  /** @type {import('./support/plays.js').Part[]} */
  const parts = [() => {}, (response) => response.writeHead(200).write('{"id":')];
  for (const part of parts) {
    const { devcaster, heard } = await stage(part, { maxRetries: 0 });
    const begin = performance.now();
    const error = await failure(devcaster.connectedAccounts.get(id, { timeout: 200 }));
    assert.deepEqual([error.name, error.code], ['TimeoutError', 'TS-SDK::TIMEOUT']);
    assert.ok(performance.now() - begin < 600);
    assert.equal(heard.length, 1);
  }
});

test('a timeout also holds for a fetch that does not listen', async () => {
  const devcaster = new Devcaster({ apiKey, timeout: 50, maxRetries: 0, fetch: () => new Promise(() => {}) });
  assert.equal((await failure(devcaster.connectedAccounts.get(id))).name, 'TimeoutError');
});

test('an abort ends a call with its own reason: before, during, and between attempts', async () => {
  const reason = new Error('the user left');
  const { devcaster, heard } = await stage(() => {});
  assert.equal(await failure(devcaster.connectedAccounts.get(id, { signal: AbortSignal.abort(reason) })), reason);
  assert.equal(heard.length, 0);

  const during = new AbortController();
  setTimeout(() => during.abort(reason), 50);
  assert.equal(await failure(devcaster.connectedAccounts.get(id, { signal: during.signal })), reason);

  const between = await stage((response) => json(response, 503, {}));
  const pause = new AbortController();
  setTimeout(() => pause.abort(reason), 150);
  assert.equal(await failure(between.devcaster.connectedAccounts.get(id, { signal: pause.signal })), reason);
  assert.equal(between.heard.length, 1);
});

test('a body that stops in the middle is a lost connection', async () => {
  const { devcaster, heard } = await stage(
    (response) => {
      response.writeHead(200, { 'content-length': '999' }).write('{"id":');
      setTimeout(() => response.destroy(), 20);
    },
    { maxRetries: 1 },
  );
  const error = await failure(devcaster.connectedAccounts.get(id));
  assert.deepEqual([error.name, error.code], ['ConnectionError', 'TS-SDK::CONNECTION_ERROR']);
  assert.ok(error.cause);
  assert.equal(heard.length, 2);
});

test('a server that is not there is a lost connection, with the cause', async () => {
  const { devcaster, close } = await stage(() => {}, { maxRetries: 0 });
  await close();
  const error = await failure(devcaster.connectedAccounts.get(id));
  assert.equal(error.name, 'ConnectionError');
  assert.ok(error.cause instanceof Error);
});

test('clients do not disturb each other', async () => {
  const { origin, heard } = await stage((response, { headers }) =>
    json(response, 200, account({ user_id: String(headers['x-api-key']) })),
  );
  const keys = Array.from({ length: 20 }, (_, number) => `ak_number_${number}`);
  const accounts = await Promise.all(
    keys.map((key) => new Devcaster({ apiKey: key, baseURL: origin }).connectedAccounts.get(id)),
  );
  assert.deepEqual(
    accounts.map(({ userId }) => userId),
    keys,
  );
  assert.equal(heard.length, 20);
});
