/** Signing the page in and out. The cookie's value is random; the project keeps its SHA-256. */

import { cookie, isBrowser, isSameOrigin, SESSION_COOKIE, setCookie } from './auth.js';
import { hashHex } from './bytes.js';
import { forgetDirectory } from './directory.js';
import { ask, projectObject } from './objects.js';

/** @typedef {import('./handler.js').Context} Context */
/** @typedef {import('./objects.js').Answer} Answer */

/** @param {string | undefined} secret */
const hashed = async (secret) => (secret === undefined ? null : hashHex(secret));

/** @param {Context} context @returns {Promise<Answer>} */
export const signIn = async (context) => {
  const { request, origins, settings, route, project, request_id } = context;
  // Another site must not be able to sign somebody in here as somebody else.
  if (isBrowser(request) && !isSameOrigin(request, origins)) return context.fault('not_same_origin');
  const { key, token } = route.refs;
  const proof = { key: await hashed(key), token: await hashed(key === undefined ? token : undefined) };
  const { session, caller, seconds } = await ask(projectObject(settings.env), 'signIn', { ...proof, request_id });
  if (session === null) return context.fault('sign_in_refused');
  const head = settings.core.head({ api: route.api, caller }, { project: project.record });
  const { status, text } = settings.core.answer(route.name, Date.now(), head);
  return { status, text, headers: { 'set-cookie': setCookie(SESSION_COOKIE, session, seconds, 'Strict') } };
};

/** @param {Context} context @returns {Promise<Answer>} */
export const signOut = async (context) => {
  const { request, origins, settings, route } = context;
  const session = cookie(request, SESSION_COOKIE);
  if (session !== null) {
    if (!isSameOrigin(request, origins)) return context.fault('not_same_origin');
    await ask(projectObject(settings.env), 'signOut', { hash: await hashHex(session) });
    forgetDirectory();
  }
  const { status, text } = settings.core.answer(route.name, Date.now(), { api: route.api });
  return { status, text, headers: { 'set-cookie': setCookie(SESSION_COOKIE, '', 0, 'Strict') } };
};
