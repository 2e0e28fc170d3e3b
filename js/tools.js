import { ToolVersionRequiredError } from './errors.js';
import { environment } from './options.js';
import { listing } from './page.js';

/** @typedef {import('./errors.js').BadRequestError} BadRequestError */
/** @typedef {import('./errors.js').InternalServerError} InternalServerError */
/** @typedef {import('./errors.js').NotFoundError} NotFoundError */
/** @typedef {import('./errors.js').ToolExecutionError} ToolExecutionError */
/** @typedef {import('./errors.js').ValidationError} ValidationError */
/** @typedef {import('./transport.js').Transport} Transport */
/** @typedef {import('./options.js').CallOptions} CallOptions */
/** @typedef {import('./types.js').Tool} Tool */

/** `devcaster.tools`: what can be done with a connected account. */
export class Tools {
  #transport;

  /** @param {Transport} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /**
   * List tools with their JSON Schemas. The result is the first page; walking it goes on over all.
   *
   * @param {import('./types.js').ToolQuery} [query]
   * @param {CallOptions} [options]
   * @returns {Promise<import('./page.js').Page<Tool>> & AsyncIterable<Tool>}
   * @throws {ValidationError} a filter that there is not; nothing was sent
   * @example
   * const { items } = await devcaster.tools.list({ toolkitSlug: 'gmail' });
   */
  list(query = {}, options) {
    return listing((from) => this.#transport.call('tools.list', from, options), query);
  }

  /**
   * One tool, with the JSON Schemas of its arguments and of its result.
   *
   * @param {string} slug
   * @param {{ version?: string | undefined }} [choices]
   * @param {CallOptions} [options]
   * @returns {Promise<Tool>}
   * @throws {NotFoundError} no such tool, or no such version
   * @example
   * const { inputParameters } = await devcaster.tools.get('GMAIL_GET_PROFILE');
   */
  get(slug, choices = {}, options) {
    return this.#transport.call('tools.get', { ...choices, slug }, options);
  }

  /**
   * Execute a tool with a user's connected account. It is sent once and never repeated, since nobody knows whether
   * a call whose answer was lost did its work. What the provider refuses comes back as `successful: false`.
   *
   * @param {string} slug
   * @param {import('./types.js').Execution} choices  with a `version`, unless the client's `toolkitVersions` or the
   *   environment names one: a tool that changes by itself breaks programs
   * @param {CallOptions} [options]
   * @returns {Promise<import('./types.js').ExecutionResult>}
   * @throws {ToolVersionRequiredError} nothing was sent
   * @throws {ToolExecutionError} no ACTIVE account, or several and none named: `errors` lists them
   * @throws {BadRequestError} arguments that the tool's schema does not allow: `errors` names each
   * @throws {NotFoundError} no such tool, or no such version
   * @example
   * const { data, successful } = await devcaster.tools.execute('GMAIL_GET_PROFILE', {
   *   userId: 'user_123',
   *   version: '20251111_00',
   *   arguments: {},
   * });
   */
  async execute(slug, choices, options) {
    const { dangerouslySkipVersionCheck = false, ...execution } = choices ?? {};
    const version = execution.version ?? chosenVersion(slug, this.#transport.toolkitVersions);
    if (version === undefined && !dangerouslySkipVersionCheck) {
      throw new ToolVersionRequiredError(`No version of ${slug} is given`, {
        suggestedFix:
          "Pass version, such as '20251111_00', or name it once in toolkitVersions or DEVCASTER_TOOLKIT_VERSION_<TOOLKIT>; " +
          'dangerouslySkipVersionCheck: true lets the service choose.',
      });
    }
    return this.#transport.call('tools.execute', { ...execution, version, slug }, options);
  }

  /**
   * One HTTP request to the provider with the account's credentials, which stay at the service. Sent once.
   *
   * @param {import('./types.js').ProxyCall} call
   * @param {CallOptions} [options]
   * @returns {Promise<import('./types.js').ProxyResult>}
   * @throws {ToolExecutionError} the account is not ACTIVE
   * @throws {BadRequestError} an endpoint outside the hosts of the toolkit
   * @throws {InternalServerError} the provider could not be reached
   * @example
   * const { data, status } = await devcaster.tools.proxyExecute({
   *   connectedAccountId: 'ca_123456789012',
   *   endpoint: '/gmail/v1/users/me/profile',
   *   method: 'GET',
   * });
   */
  proxyExecute(call, options) {
    return this.#transport.call('tools.proxy', call, options);
  }
}

/**
 * The version that the client or the environment names for a tool's toolkit. Which part of a tool's slug is the
 * toolkit cannot be seen (`GOOGLE_MAPS_GET_ROUTE`), so the longest name that is known wins.
 *
 * @param {string} slug
 * @param {string | Record<string, string> | undefined} versions
 * @returns {string | undefined}
 */
function chosenVersion(slug, versions) {
  if (typeof versions === 'string') return versions;
  const named = new Map(Object.entries(versions ?? {}).map(([toolkit, version]) => [upper(toolkit), version]));
  const words = upper(String(slug)).split('_');
  for (let count = words.length - 1; count > 0; count--) {
    const toolkit = words.slice(0, count).join('_');
    const version = named.get(toolkit) ?? environment(`DEVCASTER_TOOLKIT_VERSION_${toolkit}`);
    if (version) return version;
  }
  return undefined;
}

/** @param {string} name */
const upper = (name) => name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
