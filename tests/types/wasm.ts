// The modules by themselves, for runtimes that take them as imports.
import core from '@devcaster/core/core.wasm';
import { Devcaster } from '@devcaster/core';
import mask from '@devcaster/core/mask.wasm';

const modules: WebAssembly.Module[] = [core, mask];
new Devcaster({ apiKey: 'ak_1', wasm: core });
// @ts-expect-error nothing is no module
new Devcaster({ apiKey: 'ak_1', wasm: null });
console.log(modules);
// @ts-expect-error the package's own files are nobody else's
import('@devcaster/core/js/transport.js');
