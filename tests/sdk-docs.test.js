// The SDK's own documentation, which is what an editor shows: each call has its purpose, its result, its errors and an
// example, and every example compiles against the types that the package ships.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as sdk from '../js/index.js';
import { root } from './support/build.js';
import { documented } from './support/examples.js';

mkdirSync(join(root, 'build'), { recursive: true });
const folder = mkdtempSync(join(root, 'build/examples-')); // inside, so that the types of Node are found
after(() => rmSync(folder, { recursive: true, force: true }));

const all = documented();
const client = new sdk.Devcaster({ apiKey: 'ak_0123456789abcdef' });
/** @type {[string, object][]} */
const surface = [
  ['connected-accounts.js', client.connectedAccounts],
  ['auth-configs.js', client.authConfigs],
  ['toolkits.js', client.toolkits],
  ['tools.js', client.tools],
  ['project.js', client.project.config],
  ['user-tokens.js', client.userTokens],
  ['connection-request.js', Object.create(sdk.ConnectionRequest.prototype)],
  ['page.js', Object.create(sdk.Page.prototype)],
];

test('each call tells its purpose, its result, its errors, and shows an example', () => {
  for (const [file, object] of surface) {
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(object));
    for (const name of names.filter((one) => !['constructor', 'toJSON'].includes(one))) {
      const found = all.find((one) => one.file === file && one.name === name);
      assert.ok(found?.purpose && found.example, `${file} ${name}`);
      for (const tag of ['@returns', '@throws']) assert.ok(found.tags.includes(tag), `${file} ${name} ${tag}`);
    }
  }
  for (const name of ['Devcaster', 'DevcasterAccounts', 'AuthScheme', 'mask', 'createMaskStream', 'verifyWebhook']) {
    assert.ok(
      all.some((one) => one.name === name && one.purpose && one.example),
      name,
    );
  }
});

/** @param {string[]} words @returns {string} what it complains about */
function tsc(words) {
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/tsc'), words, { cwd: root, encoding: 'utf8' });
  return stdout + stderr;
}

/** What the examples take for granted, as long as they do not make it themselves. @type {Record<string, string>} */
const given = {
  devcaster: 'Devcaster',
  request: 'Request',
  response: 'Response',
  subscription: '{ paid: boolean }',
  attempt: '{ verifier: string }',
};

/** An example as a module of its own; a `return` is one of the reader's function. @param {string} example */
function moduleOf(example) {
  const lines = example.split('\n').filter((line) => !line.startsWith('import '));
  const made = Object.entries(given).filter(([name]) => !example.includes(`const ${name} =`));
  return [
    `import { ${Object.keys(sdk).join(', ')} } from '@devcaster/core';`,
    ...made.map(([name, type]) => `declare const ${name}: ${type};`),
    'export async function example() {',
    ...lines,
    '}',
  ].join('\n');
}

/** What an editor has to know, and what it has to mark. */
const types = `
import { type Account, AuthScheme, type AuthSchemeName, Devcaster, DevcasterError, type ErrorCode } from '@devcaster/core';
const devcaster = new Devcaster({ userToken: async (refused) => refused ?? 'ut_1' });
export const status: Account['status'] = 'REVOKED';
export const scheme: AuthSchemeName = AuthScheme.Basic({ username: 'a', password: 'b', region: 'eu' }).authScheme;
export const code: ErrorCode = new DevcasterError('').code;
export const found: Promise<Account> = devcaster.connectedAccounts.get('ca_1', { minValid: 60, timeout: 5 });
AuthScheme.OAuth2({ subdomain: 'acme' });
AuthScheme.NoAuth();
// @ts-expect-error
export const wrongStatus: Account['status'] = 'ACTIV';
// @ts-expect-error
export const wrongCode: ErrorCode = 'TS-SDK::NO_SUCH';
// @ts-expect-error
AuthScheme.Basic({ username: 'a' });
// @ts-expect-error
AuthScheme.BearerToken();
// @ts-expect-error
AuthScheme.GoogleServiceAccount({ credentials_json: {} });
// @ts-expect-error
devcaster.connectedAccounts.list({ statuses: ['active'] });
// @ts-expect-error
devcaster.connectedAccounts.list({ userId: 'user_1' });
// @ts-expect-error
new Devcaster({ baseUrl: 'https://service.example' });
// @ts-expect-error
devcaster.tools.proxyExecute({ connectedAccountId: 'ca_1', endpoint: '/', method: 'get' });
`;

test('every example compiles against the types, and mistakes do not', () => {
  assert.equal(tsc(['-p', 'js', '--outDir', join(folder, 'types')]), '');
  const shown = all.filter(({ file, example }) => example && file !== 'client.js'); // that one is inside the package
  assert.ok(shown.length > 30, String(shown.length));
  shown.forEach(({ name, example }, number) => {
    writeFileSync(join(folder, `${number}-${name}.ts`), moduleOf(example));
  });
  writeFileSync(join(folder, 'types.ts'), types);
  const compilerOptions = {
    noEmit: true,
    allowJs: false,
    checkJs: false,
    paths: { '@devcaster/core': ['./types/index.d.ts'] },
  };
  const config = { extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  assert.equal(tsc(['-p', folder]), '');
});
