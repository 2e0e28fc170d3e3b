// What bundlers and workerd give for `import module from './core.wasm'`.
declare const module: WebAssembly.Module;
export default module;
