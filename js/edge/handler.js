/** The edge handler in service mode: one request in, one response out, and nothing secret in any log. */

import { allow, callerOf, isSameOrigin, isUnsafe } from './auth.js';
import { readBody } from './body.js';
import { operationOf } from './catalog.js';
import { Directory } from './directory.js';
import { elsewhere, elsewhereAtLast } from './elsewhere.js';
import { createGateway } from './gateway/gateway.js';
import { apiHeaders, strictTransport } from './headers.js';
import { callback, showConnect, submitConnect } from './hosted.js';
import { nameOf, ObjectError } from './objects.js';
import { operations } from './operations.js';
import { isOurs, misdirected } from './origin.js';
import { errorPage } from './pages.js';
import { signIn, signOut } from './sessions.js';
import { openEngine, openSettings } from './settings.js';
import { isStatic, serveStatic } from './static.js';
import { TokenRequest } from './user-token-service.js';

/** @typedef {import('./objects.js').Answer} Answer */

/**
 * @typedef {object} Context what an operation works with
 * @property {Request} request
 * @property {string} request_id
 * @property {import('./settings.js').Settings} settings
 * @property {import('./directory.js').Caller} caller
 * @property {import('./directory.js').Project} project
 * @property {any} route what the core read from the request
 * @property {string} body
 * @property {import('./shard.js').Sight} sight
 * @property {string} origin the address that people use
 * @property {string[]} origins all addresses that are ours
 * @property {(name: string) => Answer} fault
 * @property {(error: string) => Answer} refusal for an error of the core's, JSON text
 */

/** Operations that answer with a page; their errors are pages too. @type {Record<string, (context: Context) => Promise<Response>>} */
const pages = { 'connect.show': showConnect, 'connect.submit': submitConnect, 'oauth.callback': callback };

/** @type {Record<string, (context: Context) => Promise<Answer> | Answer>} */
const answers = { ...operations, 'session.create': signIn, 'session.delete': signOut };

/** Bytes that somebody may send who has shown no credential: a key, or the fields of a connect page. */
const ANONYMOUS_BODY = 16 * 1024;

/**
 * How much of a body an operation may have: where anybody may ask, little.
 * @param {import('../core/core.js').Core} core
 * @param {string} name
 */
const mostOf = ({ catalog }, name) =>
  operationOf(catalog, name)?.scope === null ? Math.min(ANONYMOUS_BODY, catalog.limits.body) : catalog.limits.body;

/** @param {URL} url */
const isApi = ({ pathname }) => pathname.startsWith('/api/');

/** @param {Answer} answer @param {string} request_id */
const toResponse = ({ status, text, headers }, request_id) =>
  new Response(text, { status, headers: { ...apiHeaders, ...headers, 'x-request-id': request_id } });

/**
 * @param {Request} request
 * @param {string} request_id
 * @param {import('./settings.js').Settings} settings
 * @returns {Promise<Response>}
 */
const serve = async (request, request_id, settings) => {
  const { core, env } = settings;
  const url = new URL(request.url);
  if (!isOurs(url, settings.origin)) return misdirected();
  if (isStatic(request, url.pathname)) {
    const file = await serveStatic(url.pathname, env);
    if (file) return file;
  }
  const origin = settings.origin?.origin ?? url.origin;
  const origins = [origin];
  /** @param {string} name @returns {Answer} */
  const fault = (name) => {
    const { status, text } = core.fault(name, { request_id });
    return { status, text };
  };
  /** @param {string} error @returns {Answer} */
  const refusal = (error) => {
    const { status, text } = core.fault('error', core.head({ request_id }, { error }));
    return { status, text };
  };
  // Method and path say which operation it is. Nothing of a body is read before it is known who sends it.
  const line = { method: request.method, target: url.pathname + url.search };
  const first = core.route(line);
  const name = first.ok ? first.value.name : first.second;
  const isPage = Object.hasOwn(pages, name);
  const directory = new Directory(settings);
  const isOver = settings.limits.isOver(request); // a guess too many is not worth a question to the Project
  const [caller, project] = await Promise.all([callerOf(request, directory, isOver), directory.project()]);
  const from = elsewhere(request, url, origin, project.record);
  if (from.preflight && isApi(url)) return from.preflight;
  const counted = settings.limits.take(caller, request);
  /** @param {Answer} answer */
  const respond = (answer) =>
    toResponse({ ...answer, headers: { ...from.headers, ...counted?.headers, ...answer.headers } }, request_id);
  /** @param {Answer} answer */
  const send = (answer) => (isPage ? errorPage(answer.status, JSON.parse(answer.text).error) : respond(answer));
  if (counted?.ok === false) {
    const stopped = send(fault('rate_limited'));
    for (const [header, value] of Object.entries(counted.headers)) stopped.headers.set(header, value);
    return stopped;
  }
  // Who is not known here learns nothing of which routes and parameters there are.
  const allowed = allow(core, name || 'project_config.get', caller, project.record);
  const stopped = name === '' ? isApi(url) && allowed.status === 401 : !allowed.ok;
  if (stopped) return send(refusal(allowed.text));
  if (caller.kind === 'session' && isUnsafe(request.method) && !isSameOrigin(request, origins))
    return send(fault('not_same_origin'));
  if (name === '') return send(refusal(first.text));
  const read = await readBody(request, mostOf(core, name));
  if (read.fault) return send(fault(read.fault));
  const token = caller.kind === 'token' ? new TokenRequest(caller, from.origin, from.origins) : null;
  if (token && !from.page.allowed) return send(fault('not_same_origin'));
  const routed = token ? token.route(core, line, read.body) : read.body === '' ? first : core.route(line, read.body);
  if (!routed.ok) return send(refusal(routed.text));
  // A page of the flow is nobody's but the user's who has its link.
  const by = { kind: isPage ? 'link' : caller.kind, id: isPage ? undefined : caller.id, request_id };
  /** @type {Context} */
  const context = {
    request,
    request_id,
    settings,
    caller,
    project,
    route: { ...routed.value, write: isUnsafe(request.method) },
    body: routed.second,
    sight: { ...allowed.value, by },
    origin,
    origins,
    fault,
    refusal,
  };
  if (isPage) return pages[name](context);
  return respond(token ? await token.answer(context, answers[name]) : await answers[name](context));
};

/** The answer where the request got no further. @param {string} name @param {Request} request @param {string} request_id */
const faultResponse = async (name, request, request_id) => {
  const { status, text } = (await openEngine()).fault(name, { request_id });
  const { preflight, headers } = elsewhereAtLast(request);
  // A browser that may not ask never sees why.
  if (preflight && isApi(new URL(request.url))) return preflight;
  return toResponse({ status, text, headers }, request_id);
};

/** @returns {{ fetch: (request: Request, env: import('./settings.js').Env) => Promise<Response> }} */
const createService = () => ({
  async fetch(request, env) {
    const request_id = crypto.randomUUID();
    let settings;
    try {
      settings = await openSettings(env);
    } catch {
      return faultResponse('not_configured', request, request_id); // the reason is in the log
    }
    const response = await serve(request, request_id, settings).catch((error) => {
      // Names alone: a message may quote what it was about.
      const where = error instanceof ObjectError ? error.message : undefined;
      console.error(JSON.stringify({ request_id, method: request.method, error: nameOf(error), where }));
      return faultResponse(where?.includes('UnreadableError') ? 'unreadable' : 'internal', request, request_id);
    });
    response.headers.set('x-request-id', request_id);
    if (settings.origin?.protocol === 'https:')
      for (const [header, value] of Object.entries(strictTransport)) response.headers.set(header, value);
    return response;
  },
});

/**
 * Without options the service as a fetch-style handler: everything else comes by the Worker's bindings. With `upstream` a
 * gateway in front of a service, or of any API like it.
 * @overload
 * @returns {ReturnType<typeof createService>}
 * @example
 * export { Accounts, Project } from '@devcaster/core/edge';
 * export default createHandler();
 */
/**
 * @overload
 * @param {import('./gateway/options.js').GatewayOptions} options
 * @returns {ReturnType<typeof createGateway>}
 * @throws {TypeError} when the options are not good
 * @example
 * const upstream = { baseURL: 'https://backend.devcaster.dev', apiKey: env.DEVCASTER_API_KEY };
 * const gateway = createHandler({ upstream, authorize: async (request) => ({ userId: await userOf(request) }) });
 */
/**
 * @param {import('./gateway/options.js').GatewayOptions} [options]
 * @returns {any}
 */
export function createHandler(options) {
  return options ? createGateway(options) : createService();
}
