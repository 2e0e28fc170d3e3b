// The same leaf as module.js, with the masker alone.
import module from './mask.wasm';

/** @returns {WebAssembly.Module} */
export const load = () => module;
