// What bundlers and workerd give for `import module from './edge.wasm'`.
declare const module: WebAssembly.Module;
export default module;
