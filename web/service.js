/** The page's one client: the same SDK as everybody's, signed in by a cookie that scripts cannot read. */
import { Client } from '/assets/sdk/client.js';
import { Transport } from '/assets/sdk/transport.js';

/** @type {import('/assets/sdk/options.js').ClientOptions} */
const options = {
  credentials: 'same-origin',
  baseURL: location.origin,
  // A function: a module that could not be fetched is asked for again by the next call.
  wasm: () => WebAssembly.compileStreaming(fetch('/assets/sdk/wasm/core.wasm')),
};

export const client = new Client(options);

/** For the operations that only this page uses: sessions and API keys. */
const transport = new Transport(options);

/** What the core knows: statuses, operations, limits. */
export const catalog = async () => (await transport.core()).catalog;

/** @param {string} operation the core's name of it @param {object} args */
export const call = (operation, args) => transport.call(operation, args);

/** @param {string} name @returns {Promise<boolean>} whether this service runs the operation */
export async function offers(name) {
  const operation = (await catalog()).operations.find((/** @type {any} */ one) => one.name === name);
  return operation !== undefined && operation.service !== false;
}

/** Who is signed in; rejects with AuthenticationError when nobody is. */
export const whoAmI = () => call('session.info', {});

// Whether asking who is signed in is worth it. The session itself is a cookie that no script can read.
const MARK = 'devcaster.signed-in';

export const maybeSignedIn = () => localStorage.getItem(MARK) !== null;
export const forgetSession = () => localStorage.removeItem(MARK);

/** @param {{ apiKey: string } | { signInToken: string }} proof */
export async function signIn(proof) {
  const session = await call('session.create', proof);
  localStorage.setItem(MARK, '1');
  return session;
}

export const signOut = () => call('session.delete', {});

/** @param {any} error whether it says that the session is over */
export const isSignedOut = (error) => error?.name === 'AuthenticationError';

/**
 * Every page of a list. Choices in a form must be complete: an entry that is missing cannot be chosen.
 * @param {(cursor: string | undefined) => Promise<any>} list
 * @returns {Promise<any[]>}
 */
export async function everything(list) {
  const items = [];
  /** @type {string | undefined} */
  let cursor;
  do {
    const page = await list(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return items;
}

export const toolkits = () => everything((cursor) => client.toolkits.list({ limit: 1000, cursor }));
export const authConfigs = (/** @type {object} */ query = {}) =>
  everything((cursor) => client.authConfigs.list({ ...query, limit: 1000, cursor }));
