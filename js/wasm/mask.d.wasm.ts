// What bundlers and workerd give for `import module from './mask.wasm'`.
declare const module: WebAssembly.Module;
export default module;
