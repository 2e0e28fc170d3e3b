/** User tokens in the service: who is given one, whose one is that is shown, and what a request becomes that comes with one. */

import { audit } from './audit.js';
import { Directory } from './directory.js';
import { ask, ObjectError, shardObject } from './objects.js';
import { openProjectKey, projectKey, USER_TOKENS } from './project-keys.js';
import { shardOfUser } from './shards.js';
import { refusalOf } from './user-token-uses.js';
import { makeToken, readToken, signingKey } from './user-tokens.js';

/** @typedef {import('./directory.js').Caller} Caller */
/** @typedef {import('./handler.js').Context} Context */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('./settings.js').Settings} Settings */
/** @typedef {import('./user-tokens.js').Claims} Claims */
/** @typedef {import('./user-tokens.js').SigningKey} SigningKey */
/** @typedef {import('./user-token-uses.js').Bearer} Bearer */

/**
 * @typedef {object} TokenKey
 * @property {number} number
 * @property {string} sealed
 * @property {string[]} makers API keys that there are: a token ends with the key that asked for it
 */

/** A question to the project. @param {import('./project.js').Office} office @returns {Promise<TokenKey>} */
export const tokenKey = async (office) => {
  const key = await projectKey(office, USER_TOKENS);
  return { ...key, makers: office.tables.all('SELECT id FROM api_keys').map(({ id }) => id) };
};

/**
 * The last one that was opened; there is one at a time. Never the promise: the request that began it may be cancelled, and
 * the others would wait for ever.
 * @type {{ sealed: string, key: SigningKey } | undefined}
 */
let opened;

/** @param {Settings} settings @param {TokenKey} stored @returns {Promise<SigningKey>} */
const open = async ({ vault }, { number, sealed }) => {
  if (opened?.sealed === sealed) return opened.key;
  const raw = await openProjectKey(vault, USER_TOKENS, sealed);
  const key = await signingKey(`service-${number}`, raw);
  raw.fill(0);
  opened = { sealed, key };
  return key;
};

/** What else a caller's token says: the operations are told who asks, and need not know it. @type {WeakMap<Caller, Claims>} */
const claimed = new WeakMap();

/**
 * @param {Directory} directory
 * @param {string} token
 * @returns {Promise<Caller | 'over' | null>} null: it is none of ours
 */
export const tokenCaller = async (directory, token) => {
  const { settings } = directory;
  const stored = await directory.tokenKey();
  const claims = await readToken(settings.core, await open(settings, stored), token);
  if (!claims || claims.by === null || !stored.makers.includes(claims.by)) return null;
  if (claims.over) return 'over';
  const { id, scopes, links } = claims;
  const caller = { kind: 'token', id, scopes, links };
  claimed.set(caller, claims);
  return caller;
};

/** @param {Context} context @returns {Promise<Answer>} */
export const createToken = async (context) => {
  const { settings, route, project, caller, body, request_id } = context;
  const { core, env } = settings;
  const signing = await open(settings, await new Directory(settings).tokenKey());
  const shard = await shardOfUser(route.refs.user, project.shards);
  const { epoch } = await ask(shardObject(env, shard), 'tokenEpoch', {});
  const token = await makeToken(core, signing, { caller, epoch, counts: true }, body);
  if ('refusal' in token) return context.refusal(token.refusal.text);
  audit({ op: route.name, request_id, id: token.id, caller });
  const { status, text } = core.answer(route.name, Date.now(), core.head({ token: token.token }, { made: token.made }));
  return { status, text };
};

/** @param {Context} context @returns {Promise<Answer>} */
export const endTokens = async ({ settings, route, project, caller, request_id }) => {
  const { core, env } = settings;
  const { user } = route.refs;
  await ask(shardObject(env, await shardOfUser(user, project.shards)), 'endTokens', { user });
  audit({ op: route.name, request_id, caller });
  const { status, text } = core.answer(route.name, Date.now(), {});
  return { status, text };
};

/** @param {Settings} settings @param {string} id of an auth config @returns {Promise<{ ok: boolean, text: string }>} */
const configOf = async (settings, id) => {
  const stored = await new Directory(settings).stored(id);
  return { ok: true, text: JSON.stringify({ id, toolkit: { slug: stored?.toolkit } }) };
};

/** @param {Settings} settings @param {string} slug of a tool @returns {{ ok: boolean, text: string }} */
const toolOf = ({ core, toolkits }, slug) =>
  core.answer('tools.get', Date.now(), core.head({}, { tool: toolkits.tools.get(slug) ?? 'null', toolkits: '[]' }));

/** A request that comes with a user token. */
export class TokenRequest {
  #asked = false;

  /**
   * @param {Caller} caller @param {string | null} origin of the page that it is from, where a browser says so
   * @param {string[]} origins our own, and those of the project
   */
  constructor(caller, origin, origins) {
    this.claims = /** @type {Claims} */ (claimed.get(caller));
    this.origin = origin;
    this.origins = origins;
  }

  /**
   * What it becomes. A token without origins is good on all pages that the project names, and on our own.
   * @param {import('../core/core.js').Core} core
   * @param {{ method: string, target: string }} line
   * @param {string} body
   */
  route(core, line, body) {
    const scope = { ...this.claims.scope, origins: this.claims.scope.origins ?? this.origins };
    return core.route({ ...line, scope, origin: this.origin ?? undefined }, body);
  }

  /**
   * The operation, with shards that look at the token before each question. Which account may be used, is asked where the
   * account is; only what is no account's is looked at here.
   * @param {Context} context
   * @param {(context: Context) => Promise<Answer> | Answer} operation
   * @returns {Promise<Answer>}
   */
  async answer(context, operation) {
    const { settings, route, project } = context;
    const refused = await this.#objection(context);
    if (refused) return refused;
    const { id, epoch, expires, scope } = this.claims;
    const { user_id: user, toolkits } = scope;
    const bearer = { id, user, toolkits, epoch, expires, counts: route.counts ?? [] };
    const guarded = { ...settings, env: this.#guarded(settings.env, bearer) };
    try {
      const answer = await operation({ ...context, settings: guarded });
      // What no shard was asked for is the same for every user; but not for a token that is over.
      if (!this.#asked) {
        const shard = await shardOfUser(user, project.shards);
        await ask(shardObject(guarded.env, shard), 'admitted', {});
      }
      return answer;
    } catch (error) {
      const fault = error instanceof ObjectError ? refusalOf(error.cause) : null;
      if (fault === null) throw error;
      return context.fault(fault);
    }
  }

  /**
   * What is to be looked at first and is no account: here, each as a gateway would read it.
   * @param {Context} context
   * @returns {Promise<Answer | null>} why not
   */
  async #objection(context) {
    const { settings, route, refusal } = context;
    const { core } = settings;
    for (const read of route.reads ?? []) {
      if (read.kind === 'account') continue;
      const { ok, text } = await (read.kind === 'tool' ? toolOf(settings, read.id) : configOf(settings, read.id));
      if (!ok) return refusal(text);
      const judged = core.call('dc_owned', [], { read }, text);
      if (!judged.ok) return refusal(judged.text);
    }
    return null;
  }

  /**
   * Nothing reaches a shard by these without the token.
   * @param {import('./settings.js').Env} env @param {Bearer} bearer @returns {import('./settings.js').Env}
   */
  #guarded(env, bearer) {
    const { ACCOUNTS } = env;
    /** @param {any} id */
    const get = (id) => {
      const stub = ACCOUNTS.get(id);
      return {
        /** @param {string} question @param {object} message */
        answer: (question, message) => {
          this.#asked = true;
          return stub.answer(question, { ...message, bearer });
        },
      };
    };
    return { ...env, ACCOUNTS: { idFromName: (name) => ACCOUNTS.idFromName(name), get } };
  }
}
