// The leaf for runtimes where compiling bytes is forbidden (workerd, edge functions): the platform compiles
// the module when it is deployed and hands it over as an import.
import module from './core.wasm';

/** @returns {WebAssembly.Module} */
export const load = () => module;
