// Where the built things are, and the native build for tests.
import { join } from 'node:path';
import { exclusively } from '../../js/local/lock.js';
import { edgeWasmPath, generator, maskWasmPath, root, run, wasmPath } from '../../js/local/wasm.js';

export { edgeWasmPath, maskWasmPath, root, wasmPath };

/** C tests stand in its folder `c`, fuzzers in `fuzz`, all under sanitizers. */
export const nativeDir = join(root, 'build/native');

/** Build the C tests and fuzzers; costs next to nothing when they are up to date. Two test files may ask at once. */
export async function buildNative() {
  await exclusively(join(root, 'build/native.lock'), () => {
    run(['cmake', '-S', root, '-B', nativeDir, '-DCMAKE_C_COMPILER=clang', ...generator(nativeDir)]);
    run(['cmake', '--build', nativeDir, '--parallel', '2']);
  });
}
