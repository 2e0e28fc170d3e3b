/** Which toolkits and tools this service has. Their definitions are data in the catalogue's format. */

import { demo, demoTools } from './toolkits/demo.js';
import { demokey, demokeyTools } from './toolkits/demokey.js';
import { gmail, gmailTools } from './toolkits/gmail.js';

/**
 * @typedef {object} Demo
 * @property {string} origin
 * @property {string} client_id
 * @property {string} client_secret
 * @property {object} [oauth2] members of the definition in which the provider there differs from the demo provider
 * @property {Definition[]} [toolkits] more of that origin
 */

/**
 * @typedef {object} Toolkits
 * @property {Map<string, string>} definitions slug -> definition as JSON text, ready for the core
 * @property {Map<string, string>} tools slug -> definition as JSON text
 * @property {Map<string, string>} toolsOf slug of a toolkit -> the definitions of its tools, a JSON array
 * @property {Map<string, string>} managed slug -> credentials that the host itself brings, as JSON text
 * @property {string | null} origin where requests of these toolkits may go although it is no public address
 */

/** @typedef {[{ slug: string, auth_schemes: object[] }, { slug: string }[]]} Definition a toolkit and its tools */

/** @type {Definition[]} */
const all = [
  [demo, demoTools],
  [demokey, demokeyTools],
  [gmail, gmailTools],
];

/** @type {Definition[]} */
let brought = [];

/**
 * Toolkits of real providers. Called once, before anything is served: the handler and the Durable Objects of a script
 * share it. One with the slug of a demo toolkit takes its place.
 *
 * @param {Definition[]} toolkits as `npm run toolkits` writes them
 * @example
 * import toolkits from './toolkits.json';
 * bringToolkits(toolkits);
 */
export const bringToolkits = (toolkits) => {
  brought = toolkits;
};

/** @param {Toolkits} found @param {Definition} definition @param {(definition: object) => string} write */
const add = (found, [toolkit, tools], write) => {
  found.definitions.set(toolkit.slug, write({ ...toolkit, tools_count: tools.length }));
  for (const tool of tools) found.tools.set(tool.slug, write(tool));
  found.toolsOf.set(toolkit.slug, `[${tools.map(write).join(',')}]`);
};

/** @param {Toolkits} found @param {Demo} demo */
const addDemo = (found, { origin, client_id, client_secret, oauth2, toolkits = [] }) => {
  // Split, not replaced: an origin must not be read as a replacement pattern.
  const place = (/** @type {object} */ definition) => JSON.stringify(definition).split('{demo}').join(origin);
  const own = (/** @type {object} */ scheme) => ('token_url' in scheme ? { ...scheme, ...oauth2 } : scheme);
  found.origin = origin;
  for (const [toolkit, tools] of [...all, ...toolkits]) {
    if (brought.some(([{ slug }]) => slug === toolkit.slug)) continue;
    add(found, [{ ...toolkit, auth_schemes: toolkit.auth_schemes.map(own) }, tools], place);
    found.managed.set(toolkit.slug, JSON.stringify({ client_id, client_secret }));
  }
};

/**
 * @param {Demo | null} demo null: no demo provider, so none of its toolkits either
 * @returns {Toolkits}
 */
export const openToolkits = (demo) => {
  /** @type {Toolkits} */
  const found = { definitions: new Map(), tools: new Map(), toolsOf: new Map(), managed: new Map(), origin: null };
  if (demo) addDemo(found, demo);
  for (const definition of brought) add(found, definition, JSON.stringify);
  return found;
};
