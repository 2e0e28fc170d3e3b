import { listing } from './page.js';

/** @typedef {import('./errors.js').BadRequestError} BadRequestError */
/** @typedef {import('./errors.js').NotFoundError} NotFoundError */
/** @typedef {import('./errors.js').PermissionDeniedError} PermissionDeniedError */
/** @typedef {import('./errors.js').ValidationError} ValidationError */
/** @typedef {import('./transport.js').Transport} Transport */
/** @typedef {import('./options.js').CallOptions} CallOptions */
/** @typedef {import('./types.js').AuthConfig} AuthConfig */
/** @typedef {import('./types.js').Success} Success */

/** `devcaster.authConfigs`: how the users of each toolkit authenticate. */
export class AuthConfigs {
  #transport;

  /** @param {Transport} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /**
   * List auth configs. The result is the first page; walking it goes on over all.
   *
   * @param {import('./types.js').AuthConfigQuery} [query]
   * @param {CallOptions} [options]
   * @returns {Promise<import('./page.js').Page<AuthConfig>> & AsyncIterable<AuthConfig>}
   * @throws {ValidationError} a filter that there is not; nothing was sent
   * @example
   * for await (const config of devcaster.authConfigs.list({ toolkitSlug: ['gmail'] })) console.log(config.id);
   */
  list(query = {}, options) {
    return listing((from) => this.#transport.call('auth_configs.list', from, options), query);
  }

  /**
   * One auth config; of its credentials only the client id is shown.
   *
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<AuthConfig>}
   * @throws {NotFoundError}
   * @example
   * const { authScheme } = await devcaster.authConfigs.get('ac_123456789012');
   */
  get(id, options) {
    return this.#transport.call('auth_configs.get', { id }, options);
  }

  /**
   * Without `type`, the service's own credentials for the toolkit are used.
   *
   * @param {string} toolkit  its slug
   * @param {import('./types.js').AuthConfigCreation} [creation]
   * @param {CallOptions} [options]
   * @returns {Promise<{ toolkit: { slug: string }, authConfig: Pick<AuthConfig, 'id' | 'authScheme' | 'isDevcasterManaged'> }
   *   & Pick<AuthConfig, 'id' | 'authScheme' | 'isDevcasterManaged'>>}
   * @throws {NotFoundError} no such toolkit
   * @throws {BadRequestError} the service has no credentials of its own for it, or yours are not whole
   * @throws {PermissionDeniedError} the key has no `admin`
   * @example
   * const { id } = await devcaster.authConfigs.create('gmail', {
   *   type: 'use_custom_auth',
   *   authScheme: 'OAUTH2',
   *   credentials: { client_id: 'your-client-id', client_secret: 'your-client-secret' },
   * });
   */
  async create(toolkit, creation = {}, options) {
    const model = await this.#transport.call('auth_configs.create', { ...creation, toolkit }, options);
    return { ...model.authConfig, ...model };
  }

  /**
   * What is left out stays as it is.
   *
   * @param {string} id
   * @param {import('./types.js').AuthConfigChange} change
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @throws {NotFoundError}
   * @throws {BadRequestError}
   * @throws {PermissionDeniedError} the key has no `admin`
   * @example
   * await devcaster.authConfigs.update('ac_123456789012', { type: 'default', scopes: ['profile', 'email'] });
   */
  update(id, change, options) {
    return this.#transport.call('auth_configs.update', { ...change, id }, options);
  }

  /**
   * Let its accounts execute, refresh and be connected again.
   *
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @throws {NotFoundError}
   * @throws {PermissionDeniedError} the key has no `admin`
   * @example
   * await devcaster.authConfigs.enable('ac_123456789012');
   */
  enable(id, options) {
    return this.updateStatus(id, { enabled: true }, options);
  }

  /**
   * Stops execution, refresh and new links of its accounts, and leaves their status as it is.
   *
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @throws {NotFoundError}
   * @throws {PermissionDeniedError} the key has no `admin`
   * @example
   * await devcaster.authConfigs.disable('ac_123456789012');
   */
  disable(id, options) {
    return this.updateStatus(id, { enabled: false }, options);
  }

  /**
   * Enable or disable, as a value says.
   *
   * @param {string} id
   * @param {{ enabled: boolean }} change
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @throws {NotFoundError}
   * @throws {PermissionDeniedError} the key has no `admin`
   * @example
   * await devcaster.authConfigs.updateStatus('ac_123456789012', { enabled: false });
   */
  updateStatus(id, { enabled }, options) {
    return this.#transport.call('auth_configs.set_status', { id, enabled }, options);
  }

  /**
   * Refused while it has accounts, unless `cascade` says to delete and revoke them, too.
   *
   * @param {string} id
   * @param {{ cascade?: boolean | undefined }} [choices]
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @throws {NotFoundError}
   * @throws {BadRequestError} it has accounts
   * @throws {PermissionDeniedError} the key has no `admin`
   * @example
   * await devcaster.authConfigs.delete('ac_123456789012');
   */
  delete(id, choices = {}, options) {
    return this.#transport.call('auth_configs.delete', { ...choices, id }, options);
  }
}
