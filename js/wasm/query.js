// The same leaf as module.js for functions at the edge that a bundler prepares: there a query says that the module is
// wanted, not an instance.
// @ts-expect-error no file has a query in its name
import module from './core.wasm?module';

/** @type {() => WebAssembly.Module} */
export const load = () => module;
