// The same leaf as module.js, with the service's module.
import module from './edge.wasm';

/** @returns {WebAssembly.Module} */
export const load = () => module;
