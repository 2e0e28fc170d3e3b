import { listing } from './page.js';

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
   * @param {import('./types.js').AuthConfigQuery} [query]
   * @param {CallOptions} [options]
   * @returns {Promise<import('./page.js').Page<AuthConfig>> & AsyncIterable<AuthConfig>}
   * @example
   * for await (const config of devcaster.authConfigs.list({ toolkitSlug: ['gmail'] })) console.log(config.id);
   */
  list(query = {}, options) {
    return listing((from) => this.#transport.call('auth_configs.list', from, options), query);
  }

  /**
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<AuthConfig>}
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
   * @example
   * const { id } = await devcaster.authConfigs.create('gmail', {
   *   type: 'use_custom_auth',
   *   authScheme: 'OAUTH2',
   *   credentials: { client_id: '...', client_secret: '...' },
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
   * @example
   * await devcaster.authConfigs.update('ac_123456789012', { type: 'default', scopes: ['profile', 'email'] });
   */
  update(id, change, options) {
    return this.#transport.call('auth_configs.update', { ...change, id }, options);
  }

  /**
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
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
   * @param {{ cascade?: boolean }} [choices]
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @example
   * await devcaster.authConfigs.delete('ac_123456789012');
   */
  delete(id, choices = {}, options) {
    return this.#transport.call('auth_configs.delete', { ...choices, id }, options);
  }
}
