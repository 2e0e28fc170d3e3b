/** @typedef {import('./errors.js').AuthenticationError} AuthenticationError */
/** @typedef {import('./errors.js').BadRequestError} BadRequestError */
/** @typedef {import('./errors.js').PermissionDeniedError} PermissionDeniedError */
/** @typedef {import('./transport.js').Transport} Transport */
/** @typedef {import('./options.js').CallOptions} CallOptions */
/** @typedef {import('./types.js').ProjectConfig} ProjectConfig */

/** `devcaster.project.config`: settings of the whole project. */
export class Config {
  #transport;

  /** @param {Transport} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /**
   * The configuration: names, masking, logs, which account a tool takes.
   *
   * @param {CallOptions} [options]
   * @returns {Promise<ProjectConfig>}
   * @throws {AuthenticationError}
   * @example
   * const { maskSecretKeysInConnectedAccount } = await devcaster.project.config.get();
   */
  get(options) {
    return this.#transport.call('project_config.get', {}, options);
  }

  /**
   * What is left out stays as it is.
   *
   * @param {ProjectConfig} change
   * @param {CallOptions} [options]
   * @returns {Promise<ProjectConfig>} the whole
   * @throws {PermissionDeniedError} the key has no `admin`
   * @throws {BadRequestError}
   * @example
   * await devcaster.project.config.update({ maskStyle: 'full' });
   */
  update(change, options) {
    return this.#transport.call('project_config.update', change, options);
  }
}

/** `devcaster.project` */
export class Project {
  /** @param {Transport} transport */
  constructor(transport) {
    /** @readonly */
    this.config = new Config(transport);
  }
}
