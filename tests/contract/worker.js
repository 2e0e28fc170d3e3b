// The suite in a Worker.
import * as sdk from '@devcaster/core';
import module from '@devcaster/core/core.wasm';
import { answer } from './answer.js';

export default {
  /** @param {Request} request */
  fetch: (request) => answer(request, sdk, module),
};
