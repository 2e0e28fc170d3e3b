// The masking of credentials by itself, for programs that only want that.
import { openCore } from './core/core.js';
import { toStream } from './core/mask.js';

/** @typedef {import('./core/core.js').Core} Core */
/** @typedef {{ style?: 'prefix' | 'full' }} MaskOptions  `prefix`: first four characters and `...`; `full`: REDACTED */

/**
 * `mask` and `createMaskStream` over one core, which is opened when it is first needed.
 *
 * @param {import('./core/base.js').CoreSource} source
 */
export function masking(source) {
  /** @type {Promise<Core> | undefined} */
  let opened;
  const open = () => {
    opened ??= openCore(source);
    return opened;
  };
  /** @param {Core} core @param {MaskOptions} options @returns {[number, number]} */
  const chosen = ({ catalog: { mask: codes } }, { style = 'prefix' }) => [codes.byName, codes[style]];

  return {
    /**
     * @param {string | object} json
     * @param {MaskOptions} [options]
     * @returns {Promise<any>}
     */
    async mask(json, options = {}) {
      const core = await open();
      const text = typeof json === 'string' ? json : JSON.stringify(json);
      const masked = core.mask(text, ...chosen(core, options));
      return typeof json === 'string' ? masked : JSON.parse(masked);
    },

    /** @param {MaskOptions} [options] @returns {TransformStream<Uint8Array, Uint8Array>} */
    createMaskStream(options = {}) {
      return toStream(async () => {
        const core = await open();
        return core.masker(...chosen(core, options));
      });
    },
  };
}
