// The suite in an edge function. Its bundler takes a module only with a query, which no export of a package has.
import * as sdk from '@devcaster/core';
// @ts-expect-error the suite is beside the installed package, not here
import module from '../node_modules/@devcaster/core/js/wasm/core.wasm?module';
import { answer } from './answer.js';

/** @param {Request} request */
export default (request) => answer(request, sdk, module);
