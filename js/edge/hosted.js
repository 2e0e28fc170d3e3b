/** The hosted flow at the edge: pages in front of what the account's shard does (connect.js). */

import { cookie, isSameOrigin, setCookie } from './auth.js';
import { hashHex, randomName } from './bytes.js';
import { ask, shardObject } from './objects.js';
import { toLocation } from './origin.js';
import { connectPage, continuePage, endPage, errorPage } from './pages.js';
import { shardOfId } from './shards.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./handler.js').Context} Context */
/** @typedef {import('./connect.js').Scene} Scene */

/** Binds a flow to the browser that began it. Lax: the browser comes back from the provider's site. */
const FLOW_COOKIE = '__Host-devcaster_flow';

/** @param {Context} context @param {string} name */
const pathOf = ({ settings }, name) => settings.core.catalog.operations.find((one) => one.name === name)?.path ?? '';

/** @param {Context} context @param {string} question @param {string | null} token @param {object} message */
const askFlow = async ({ settings, project }, question, token, message) => {
  const shard = shardOfId(token, project.shards);
  return shard === null
    ? { fault: 'link_not_found' }
    : ask(shardObject(settings.env, shard), question, { token, ...message });
};

/** @param {Context} context @param {Scene} scene @returns {{ status: number, error: any } | null} */
const problemOf = ({ settings, request_id }, { fault, refusal }) => {
  if (!fault && !refusal) return null;
  const { core } = settings;
  const { status, value } = fault
    ? core.fault(fault, { request_id })
    : core.fault('error', { request_id, error: refusal });
  return { status, error: value.error };
};

/** @param {Context} context @returns {Promise<Response>} */
export const showConnect = async (context) => {
  const scene = await askFlow(context, 'show', context.route.id, {});
  const problem = problemOf(context, scene);
  return problem ? errorPage(problem.status, problem.error) : connectPage(scene.show, null);
};

/** @param {Context} context @returns {Promise<Response>} */
export const submitConnect = async (context) => {
  const { request, route, body, origin, origins, sight, request_id } = context;
  if (!isSameOrigin(request, origins)) {
    const { status, error } = /** @type {any} */ (problemOf(context, { fault: 'not_same_origin' }));
    return errorPage(status, error);
  }
  // One cookie for all flows of a browser, so that two tabs do not undo each other.
  const kept = cookie(request, FLOW_COOKIE);
  const browser = kept !== null && /^[A-Za-z0-9_-]{43}$/.test(kept) ? kept : randomName(32);
  const scene = await askFlow(context, 'submit', route.id, {
    body,
    browser: await hashHex(browser),
    redirect_uri: origin + pathOf(context, 'oauth.callback'),
    request_id,
    sight,
  });
  const problem = problemOf(context, scene);
  if (problem && scene.show) {
    return connectPage(
      scene.show,
      { message: problem.error.message, fix: problem.error.suggested_fix },
      problem.status,
    );
  }
  if (problem) return errorPage(problem.status, problem.error);
  if (!scene.go) return ended(scene.end);
  const seconds = Math.floor(context.settings.core.catalog.limits.link / 1000);
  return continuePage(scene.go, 'One moment', { 'set-cookie': setCookie(FLOW_COOKIE, browser, seconds, 'Lax') });
};

/** After a posted form the browser is led on by a link: the page's policy lets no form redirect away. @param {any} end */
const ended = (end) => {
  const url = toLocation(end.url);
  return url ? continuePage(url, end.done ? 'Connected' : 'Not connected', {}) : endPage(end);
};

/** @param {Context} context @returns {Promise<Response>} */
export const callback = async (context) => {
  const { request, settings, origin, sight, request_id } = context;
  const { core, vault } = settings;
  const query = new URL(request.url).search.slice(1);
  const read = core.grant('callback', Date.now(), { query });
  if (!read.ok) {
    const problem = /** @type {any} */ (problemOf(context, { refusal: read.value }));
    return errorPage(problem.status, problem.error);
  }
  const { state, ...returned } = read.value;
  const known = await openState(vault, state);
  const browser = cookie(request, FLOW_COOKIE);
  const scene =
    known && browser !== null
      ? await askFlow(context, 'callback', known.token, {
          nonce: known.nonce,
          browser: await hashHex(browser),
          query,
          returned,
          request_id,
          sight,
        })
      : { fault: 'state_invalid' };
  const problem = problemOf(context, scene);
  if (problem) {
    const again =
      scene.go === 'again' && known ? origin + pathOf(context, 'connect.show').replace('{id}', known.token) : null;
    return errorPage(problem.status, problem.error, again);
  }
  const url = toLocation(scene.end.url);
  if (!url) return endPage(scene.end);
  return new Response(null, {
    status: 302,
    headers: { location: url, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
};

/**
 * @param {import('./vault.js').Vault} vault
 * @param {string | undefined} state
 * @returns {Promise<{ token: string, nonce: string } | null>}
 */
const openState = async (vault, state) => {
  try {
    return JSON.parse(await vault.openText('state', ['project'], state ?? ''));
  } catch (error) {
    if (error instanceof UnreadableError) return null;
    throw error;
  }
};
