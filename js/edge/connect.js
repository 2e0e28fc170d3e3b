/** The hosted flow, as far as the account's shard is concerned: the connect page, the trip to the provider, the return. */

import { digest, hashHex, randomName, randomSeed, toBase64Url } from './bytes.js';
import { obtain } from './obtain.js';
import { identify, valOf, verify } from './provider.js';
import { discard } from './revocations.js';
import { askTemporary, exchangeTemporary } from './temporary.js';
import { askToken } from './token.js';
import { writeOrHold } from './verifier.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./shard.js').Row} Row */
/** @typedef {import('../core/reply.js').Reply} Reply */

/**
 * @typedef {object} Scene what a page of the flow shows
 * @property {string} [fault] why there is no page to show: name of a host fault
 * @property {any} [refusal] or the core's error
 * @property {any} [show] the core's description of the connect page
 * @property {any} [end] the core's description of how it ended
 * @property {string} [go] where the browser goes next
 */

/** @typedef {{ code?: string, error?: string, error_description?: string }} Returned what the core read of the callback's query, and more that it reads itself */

/** How many credentials may be tried by one link: enough for a person who mistypes, too few for who guesses. */
const MOST_ATTEMPTS = 10;
const MOST_DEPARTURES = 50; // to the provider: each is a flow that is kept for a day

/** @param {Shard} shard @param {Row} row */
const partsOf = async (shard, row) => {
  const config = await shard.directory.config(row.config);
  return (
    config && {
      toolkit: shard.settings.toolkits.definitions.get(row.toolkit) ?? 'null',
      config: config.record,
      credentials: config.credentials,
    }
  );
};

/** @param {Shard} shard @param {string} token of the link */
const byLink = async (shard, token) => {
  const hash = await hashHex(token);
  const link = shard.flows.link(hash);
  const row = link ? await shard.load(link.account) : null;
  if (!link || !row) return { fault: 'link_not_found' };
  const parts = await partsOf(shard, row);
  if (!parts) return { fault: 'config_not_found' };
  const described = shard.core.answer(
    'connect.show',
    Date.now(),
    shard.core.head({}, { record: row.record, ...parts }),
  );
  if (!described.ok) return { refusal: described.value };
  if (link.expires_at <= Date.now() && !described.value.done) return { fault: 'link_expired' };
  const most = described.value.consent ? MOST_DEPARTURES : MOST_ATTEMPTS;
  if (link.attempts >= most && !described.value.done) return { fault: 'rate_limited' };
  return { row, parts, hash, show: described.value };
};

/** Is this still the account's link? A newer one takes away what an older one began. @param {Shard} shard @param {Row} row @param {string} hash */
const isCurrent = ({ flows }, row, hash) => flows.link(hash)?.account === row.id;

/** @param {Shard} shard @param {Row} row @param {'success' | 'failed'} [outcome] @returns {Scene} */
const ended = (shard, row, outcome) => {
  const same_identity_as = shard.store.twins(row);
  const head = shard.core.head({ outcome, same_identity_as }, { record: row.record });
  const reply = shard.core.answer('oauth.callback', Date.now(), head);
  return reply.ok ? { end: reply.value } : { refusal: reply.value };
};

/**
 * @param {Shard} shard
 * @param {{ token: string }} message
 * @returns {Promise<Scene>}
 */
export const show = async (shard, { token }) => {
  const { fault, refusal, show: page } = await byLink(shard, token);
  return { fault, refusal, show: page };
};

/**
 * The page's button was pressed.
 * @param {Shard} shard
 * @param {{ token: string, body: string, browser: string, redirect_uri: string, request_id: string, sight: import('./shard.js').Sight }} message
 *   browser: hash of the cookie that the flow is bound to
 * @returns {Promise<Scene>}
 */
export const submit = async (shard, message) => {
  const found = await byLink(shard, message.token);
  if (!found.row) return { fault: found.fault, refusal: found.refusal };
  const { row, parts, hash, show: page } = found;
  if (!page.waiting) return { fault: 'link_used' };
  if (!shard.flows.attempt(hash, page.consent ? MOST_DEPARTURES : MOST_ATTEMPTS)) return { fault: 'rate_limited' };
  if (page.consent) return depart(shard, row, parts, page, message, hash);
  return typed(shard, row, parts, page, message, hash);
};

/**
 * Fields that somebody typed in: they are tried at the provider before they are kept. Where the client fetches a token
 * of its own, it is fetched now.
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./provider.js').Parts} parts
 * @param {any} page
 * @param {{ body: string, sight: import('./shard.js').Sight }} message
 * @param {string} hash of the link
 * @returns {Promise<Scene>}
 */
const typed = async (shard, row, parts, page, { body, sight }, hash) => {
  const { core, store } = shard;
  const decide = (/** @type {Row} */ now, /** @type {object | null} */ identity, config = parts.config) => {
    const told = { ...parts, config, record: now.record, siblings: store.records(now.user, now.toolkit) };
    return core.change('submit', Date.now(), core.head({ identity, by: sight.by }, told), body);
  };
  const reply = decide(row, null);
  if (!reply.ok) return { show: page, refusal: reply.value };
  const { effects } = reply.value;
  const own = effects.includes('obtain') ? await obtain(shard, row.config, { ...parts, val: reply.second }) : {};
  if (own.fault || own.refusal) return { show: page, fault: own.fault, refusal: own.refusal?.value };
  const given = { ...parts, val: own.token?.credential ?? reply.second };
  const fault = effects.includes('verify') ? await verify(shard, given) : null;
  if (fault && own.token) await discard(shard, given);
  if (fault) return { show: page, fault };
  if (own.token) return granted(shard, row, parts, own.token, sight, hash);
  const identity = await identify(shard, given);
  const config = (await shard.directory.configRecord(row.config)) ?? 'null';
  return shard.lock(row.user, async () => {
    const now = store.get(row.id);
    if (!now) return { fault: 'link_not_found' };
    if (!isCurrent(shard, now, hash)) return { fault: 'link_used' };
    const last = decide(now, identity, config);
    if (!last.ok) return { show: page, refusal: last.value };
    const outcome = { event: 'submit', head: { identity }, body, val: last.second };
    return ended(shard, await writeOrHold(shard, now, last, outcome, sight), 'success');
  });
};

/**
 * Off to the provider: single-use state, bound to this browser, and a secret that stays here: PKCE's, or a temporary one.
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./provider.js').Parts} parts
 * @param {any} page
 * @param {{ token: string, browser: string, redirect_uri: string, sight: import('./shard.js').Sight }} message
 * @param {string} link its hash
 * @returns {Promise<Scene>}
 */
const depart = async (shard, row, parts, page, { token, browser, redirect_uri, sight }, link) => {
  const { core, store, flows, settings } = shard;
  const nonce = randomName(32);
  const verifier = randomName(32);
  const challenge = toBase64Url(await digest(verifier));
  const until = Date.now() + core.catalog.limits.link;
  const state = await settings.vault.sealText('state', ['project'], JSON.stringify({ token, nonce }));
  const hash = await hashHex(nonce);
  const known = { ...parts, val: await valOf(shard, row) };
  const step = core.grant('authorize', Date.now(), core.head({ redirect_uri, state, challenge }, known));
  const { target, secret, fault, refusal } =
    step.value?.outcome === 'temporary'
      ? await askTemporary(shard, known, { callback: redirect_uri, state })
      : { target: step.request?.target, secret: verifier, refusal: step.value };
  if (fault) return { show: page, fault };
  if (!target || !secret) return { refusal };
  const sealed = await settings.vault.sealText('verifier', ['project', row.id], secret);
  return shard.lock(row.user, async () => {
    const now = store.get(row.id);
    if (!now) return { fault: 'link_not_found' };
    if (!isCurrent(shard, now, link)) return { fault: 'link_used' };
    const reply = await shard.mayConnect(now, sight.by);
    if (!reply.ok) return { refusal: reply.value };
    await shard.write(now, reply, {
      also: () => flows.put(hash, browser, { account: row.id, verifier: sealed, redirectUri: redirect_uri }, until),
    });
    return { go: target };
  });
};

/**
 * The browser came back. `state` was opened by the handler; what it holds leads here. Everything that can be checked
 * is checked before the state is spent: an answer that somebody made up must not end a consent that is under way.
 * @param {Shard} shard
 * @param {{ token: string, nonce: string, browser: string, query: string, returned: Returned, sight: import('./shard.js').Sight }} message
 * @returns {Promise<Scene>}
 */
export const callback = async (shard, message) => {
  const { core, flows, settings } = shard;
  const hash = await hashHex(message.nonce);
  const link = await hashHex(message.token);
  const account = flows.link(link)?.account;
  const row = account === undefined ? null : await shard.load(account);
  const parts = row && (await partsOf(shard, row));
  if (!row) return { fault: 'link_used' }; // superseded, or deleted with its account
  if (!parts) return { fault: 'config_not_found' };
  const begun = flows.find(hash, message.browser, Date.now());
  if (!begun.flow) return { fault: begun.fault };
  const verifier = await settings.vault.openText('verifier', ['project', row.id], begun.flow.verifier);
  const { returned } = message;
  const checked = core.grant('callback_check', Date.now(), core.head(returned, parts));
  if (!checked.ok) return { refusal: checked.value };
  const isTemporary = checked.value?.outcome === 'temporary';
  const about = isTemporary
    ? core.grant('oauth1_returned', Date.now(), core.head(returned, { ...parts, val: verifier }))
    : null;
  if (about && !about.ok) return { refusal: about.value };
  const denial = about ? about.value : returned.error && returned;
  const may = await shard.mayConnect(row);
  if (!may.ok) return { refusal: may.value };
  const { flow, fault } = flows.take(hash, message.browser, Date.now());
  if (!flow) return { fault };
  const { by } = message.sight;
  if (denial) return refused(shard, row, denial, by, link);
  const asked = { redirect_uri: flow.redirectUri, code: returned.code, verifier };
  const known = { ...parts, val: await valOf(shard, row) };
  // Some providers tell the callback alone which of their customers it is: the core takes from the query what the
  // toolkit's definition names.
  const answer = { query: message.query, anew: true };
  const told = isTemporary
    ? await exchangeTemporary(shard, known, verifier, returned)
    : await askToken(shard, row.config, 'exchange', asked, known, answer);
  if (told.refusal) return { refusal: told.refusal.value };
  // The account still waits: its link leads back to the button as long as it lives.
  if (told.fault) return { fault: told.fault, go: 'again' };
  const { grant, credential } = told;
  if (grant.outcome === 'later') return { fault: 'provider_unreachable', go: 'again' };
  if (grant.outcome !== 'granted') return refused(shard, row, grant, by, link);
  return granted(shard, row, parts, { grant, credential }, message.sight, link);
};

/**
 * The provider gave tokens.
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./provider.js').Parts} parts
 * @param {import('./obtain.js').Token} token
 * @param {import('./shard.js').Sight} sight
 * @param {string} link its hash
 * @returns {Promise<Scene>}
 */
const granted = async (shard, row, parts, token, sight, link) => {
  const { core, store } = shard;
  const { grant, credential } = token;
  const given = { ...parts, val: credential };
  const identity = await identify(shard, given);
  let isKept = false;
  /** @param {string} config the auth config's record: it may be disabled by now @returns {Promise<Scene>} */
  const take = async (config) => {
    const now = store.get(row.id);
    if (!now) return { fault: 'account_not_found' };
    if (!isCurrent(shard, now, link)) return { fault: 'link_used' };
    const told = { ...parts, config, record: now.record, siblings: store.records(now.user, now.toolkit) };
    const head = core.head({ grant, identity, by: sight.by, seed: randomSeed() }, told);
    const reply = core.change('connect', Date.now(), head);
    if (!reply.ok) {
      shard.activity.note(now.id, reply); // somebody else came back
      return { refusal: reply.value };
    }
    const outcome = { event: 'connect', head: { grant, identity, seed: randomSeed() }, credential, val: credential };
    const written = await writeOrHold(shard, now, reply, outcome, sight, () => {
      isKept = true;
    });
    return ended(shard, written, 'success');
  };
  try {
    const config = (await shard.directory.configRecord(row.config)) ?? 'null';
    return await shard.lock(row.user, () => take(config));
  } finally {
    // Refused, or something broke: what nobody keeps must not stay alive at the provider.
    if (!isKept) await discard(shard, given);
  }
};

/**
 * The provider or the user said no.
 * @param {Shard} shard
 * @param {Row} row
 * @param {{ error?: string, error_description?: string }} words
 * @param {import('./activity.js').By} by
 * @param {string} link its hash
 * @returns {Promise<Scene>}
 */
const refused = (shard, row, { error, error_description }, by, link) =>
  shard.lock(row.user, async () => {
    const { core, store } = shard;
    const now = store.get(row.id);
    if (!now) return { fault: 'account_not_found' };
    if (!isCurrent(shard, now, link)) return { fault: 'link_used' };
    const reply = core.change('deny', Date.now(), core.head({ error, error_description, by }, { record: now.record }));
    if (!reply.ok) return { refusal: reply.value };
    return ended(shard, await shard.write(now, reply), 'failed');
  });
