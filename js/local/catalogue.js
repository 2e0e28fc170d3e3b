// Toolkits of real providers, made ready for the service: a folder with providers.json and tools.json, facts that were
// collected by people, becomes definitions in which every member is a value and nothing is a sentence to the reader.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ slug: string, auth_schemes: object[], [more: string]: any }} Toolkit */
/** @typedef {{ slug: string, toolkit: string, [more: string]: any }} Tool */
/** @typedef {[Toolkit, Tool[]]} Definition a toolkit and its tools */

/** Maps whose values are sent as they are; what stands there for people ("300 to 172800") is left out. */
const SENT = ['required_headers', 'extra_token_params', 'extra_token_headers', 'extra_authorization_params'];
const PROSE = /^$|\{[^}]* [^}]*\}|\{YYYY|^\S+ on \/rest|, | to \d|\bfor\b|\balso\b/;
const USER_AGENT = 'User-Agent'; // what is asked for there is a name, and ours is as good as any
const OURS = 'Devcaster';

/** @param {Record<string, unknown> | null | undefined} map */
const settled = (map) =>
  Object.fromEntries(
    Object.entries(map ?? {}).flatMap(([name, value]) => {
      if (typeof value !== 'string' || !PROSE.test(value)) return [[name, value]];
      return name === USER_AGENT ? [[name, OURS]] : [];
    }),
  );

/**
 * How much a revocation ends is said in words: one token, the grant behind it, or (and where nobody has said it) all that
 * the user has given to the client.
 * @type {[RegExp, string][]}
 */
const ENDS = [
  [/\bone token\b|\brefresh token only\b/, 'token'],
  [/\buser\b/, 'user'],
  [/\bits (refresh|access) tokens?\b|\bof that authorization\b/, 'grant'],
];

/** @param {any} revocation */
const settledRevocation = (revocation) => {
  const effect = revocation?.effect;
  const [, ends] = ENDS.find(([words]) => typeof effect === 'string' && words.test(effect)) ?? [];
  return ends ? { ends, ...revocation } : revocation;
};

/** @param {any} scheme */
const settledScheme = (scheme) => ({
  ...scheme,
  ...('revocation' in scheme && { revocation: settledRevocation(scheme.revocation) }),
  ...Object.fromEntries(SENT.map((name) => [name, settled(scheme[name])])),
});

/** @param {string} slug @param {unknown} value  @param {RegExp} shape @param {string} what */
function check(slug, value, shape, what) {
  if (typeof value !== 'string' || !shape.test(value)) throw new Error(`${slug}: ${what}`);
}

/** Credentials go nowhere without TLS. @param {Toolkit} toolkit */
function checkToolkit(toolkit) {
  check(String(toolkit.slug), toolkit.slug, /^[a-z][a-z0-9_-]*$/, 'slug is lower-case letters, digits, - and _');
  check(toolkit.slug, toolkit.name, /\S/, 'name is missing');
  if (!Array.isArray(toolkit.auth_schemes) || toolkit.auth_schemes.length === 0)
    throw new Error(`${toolkit.slug}: auth_schemes is empty`);
  if (/"http:\/\//i.test(JSON.stringify([toolkit.auth_schemes, toolkit.api_base_url, toolkit.test_request])))
    throw new Error(`${toolkit.slug}: an address begins with http://, where credentials would be sent in the open`);
}

/** @param {any} file @param {string} name @returns {any[]} */
function listOf(file, name) {
  if (!Array.isArray(file?.[name])) throw new Error(`${name}.json has no list "${name}"`);
  return file[name];
}

/** @param {string} folder @param {string} name */
function read(folder, name) {
  const path = join(folder, `${name}.json`);
  if (!existsSync(path)) throw new Error(`no ${name}.json in ${folder}`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * @param {string} folder with providers.json ({ meta?, providers: [] }) and tools.json ({ tools: [] })
 * @returns {Definition[]} in the file's order
 * @throws {Error} that names the toolkit or tool, and what is wrong with it
 */
export function readCatalogue(folder) {
  const facts = read(folder, 'providers');
  const version = `${String(facts.meta?.generated ?? '').replaceAll('-', '')}_00`;
  /** @type {Map<string, Definition>} */
  const found = new Map();
  for (const provider of listOf(facts, 'providers')) {
    checkToolkit(provider);
    if (found.has(provider.slug)) throw new Error(`${provider.slug} is there twice`);
    found.set(provider.slug, [{ version, ...provider, auth_schemes: provider.auth_schemes.map(settledScheme) }, []]);
  }
  for (const tool of listOf(read(folder, 'tools'), 'tools')) {
    check(String(tool.slug), tool.slug, /^[A-Z][A-Z0-9_]*$/, 'slug is upper-case letters, digits and _');
    const [toolkit, tools] = found.get(tool.toolkit) ?? [];
    if (!toolkit || !tools) throw new Error(`${tool.slug}: there is no toolkit ${tool.toolkit}`);
    tools.push({ versions: [toolkit.version], ...tool });
  }
  return [...found.values()];
}
