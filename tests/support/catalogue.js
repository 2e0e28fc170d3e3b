// A catalogue of real providers for the tests of the core, and how to look into the requests that are built from it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCore } from '../../js/core/core.js';
import { readCatalogue } from '../../js/local/catalogue.js';
import { edgeWasmPath } from './build.js';

// The catalogue is collected outside this repository: a folder with providers.json and tools.json.
const folder = process.env.DEVCASTER_CATALOGUE ?? '/work/shared/catalogue';
export const skip = existsSync(join(folder, 'providers.json'))
  ? false
  : `no catalogue at ${folder} (set DEVCASTER_CATALOGUE)`;
/** @param {string} name @returns {any} */
export const read = (name) => (skip ? { [name]: [] } : JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));

const core = await openCore(readFileSync(edgeWasmPath));
export const now = 1_800_000_000_000;
export const redirect = 'https://me.example/oauth/callback';
export const places = {
  subdomain: 'acme',
  shop: 'acme',
  host: 'gitlab.example',
  login_host: 'login.example',
  tenant: 'common',
  api_version: '2026-07',
};
export const client = { client_id: 'id 1', client_secret: 's:e/c r+t', ...places };
export const ids = { cloud_id: 'cl', realm_id: '77', tenant_id: 'tn', account_sid: 'AC1', token_id: '9' };
export const val = {
  access_token: 'at/1+',
  refresh_token: 'rt 1',
  instance_url: 'https://acme.salesforce.example',
  ...places,
  ...ids,
};

/** @type {any[]} each scheme of each toolkit, as the service takes it */
export const schemes = (skip ? [] : readCatalogue(folder)).flatMap(([toolkit]) =>
  toolkit.auth_schemes.map((/** @type {any} */ scheme) => ({
    name: `${toolkit.slug} ${scheme.scheme} ${scheme.variant ?? ''}`,
    scheme,
    toolkit: { ...toolkit, auth_schemes: [scheme] },
  })),
);

/** @param {any} entry @param {object} [more] */
export const head = ({ toolkit, scheme }, more) => ({
  toolkit,
  config: { id: 'ac_1', toolkit: toolkit.slug, auth_scheme: scheme.scheme },
  credentials: client,
  val,
  redirect_uri: redirect,
  ...more,
});

/** @param {string} template @param {Record<string, string>} values */
export const filled = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** @param {any} request @returns {Headers} */
export const headersOf = (request) => new Headers(request.headers);

/** @param {any} request @returns {Record<string, string>} */
export function bodyOf(request) {
  const json = headersOf(request).get('content-type') === 'application/json';
  if (json) return JSON.parse(request.body);
  const pairs = [...new URLSearchParams(request.body ?? '')];
  assert.equal(new Set(pairs.map(([name]) => name)).size, pairs.length, `a parameter stands twice in ${request.body}`);
  return Object.fromEntries(pairs);
}

/** What RFC 6749 section 2.3.1 makes of a header, undone. @param {string | null} header */
export const basicOf = (header) =>
  header &&
  Buffer.from(header.replace('Basic ', ''), 'base64')
    .toString()
    .split(':')
    .map((part) => decodeURIComponent(part.replace(/\+/g, ' ')));

/** A step of the core. @param {string} step @param {object} given @param {string} [body] @returns {any} */
export const grant = (step, given, body) => core.grant(step, now, given, body);

/** @param {string} step @param {object} given @param {string} [body] @returns {any} */
export const tool = (step, given, body) => core.tool(step, now, given, body);
