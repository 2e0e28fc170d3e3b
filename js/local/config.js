// The configuration of the real `workerd`, in its own language.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { collectModules } from './modules.js';

/** The service's settings: they reach it by environment alone, so no file ever holds them. */
const SETTINGS = [
  'DEVCASTER_ENCRYPTION_KEYS',
  'DEVCASTER_API_KEY',
  'DEVCASTER_DEMO',
  'DEVCASTER_SIGN_IN',
  'DEVCASTER_ORIGIN',
  'DEVCASTER_SHARDS',
  'DEVCASTER_LIMITS',
  'DEVCASTER_ADDRESS_HEADER',
];

/** A Cap'n Proto text. @param {string} text */
const quoted = (text) => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;

/** What wrangler.jsonc says, so that one machine and Cloudflare's network run the same thing. @param {string} root */
function deployment(root) {
  const text = readFileSync(join(root, 'wrangler.jsonc'), 'utf8');
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, ''));
}

/** What the package's imports that differ per runtime stand for in workerd. @param {string} root */
function leaves(root) {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.fromEntries(Object.keys(imports).map((name) => [name, imports[name].workerd.replace('./js/', '')]));
}

/**
 * The script with toolkits that stand in a file; without one, the script alone.
 * @param {string} main module @param {string | undefined} file
 * @returns {import('./modules.js').WorkerModule[]}
 */
function withToolkits(main, file) {
  if (!file) return [];
  const folder = dirname(main);
  const text = `import toolkits from './brought-toolkits';
import { bringToolkits } from './index.js';
export * from './${basename(main)}';
export { default } from './${basename(main)}';
bringToolkits(toolkits);
`;
  return [
    { name: join(folder, 'with-toolkits.js'), kind: 'esModule', text },
    { name: join(folder, 'brought-toolkits'), kind: 'json', file },
  ];
}

/**
 * The configuration: no port, no folder of data and no secret in it, those come by command line and environment.
 * @param {string} root
 * @param {string[]} sockets names
 * @param {string} [toolkits] file of toolkits, as `npm run toolkits` writes it
 */
export function configText(root, sockets, toolkits) {
  const { main, compatibility_date: date, durable_objects: objects, assets } = deployment(root);
  const entry = main.replace(/^js\//, '');
  const script = [...withToolkits(entry, toolkits), ...collectModules(join(root, 'js'), entry, leaves(root))];
  const modules = script.map((module) => {
    const content =
      module.text === undefined ? `embed ${quoted(/** @type {string} */ (module.file))}` : quoted(module.text);
    return `(name = ${quoted(module.name)}, ${module.kind} = ${content})`;
  });
  /** @type {{ name: string, class_name: string }[]} */
  const classes = objects.bindings;
  const bindings = [
    ...classes.map((one) => `(name = ${quoted(one.name)}, durableObjectNamespace = ${quoted(one.class_name)})`),
    `(name = ${quoted(assets.binding)}, service = "site")`,
    '(name = "DEMO", service = "demo")',
    ...SETTINGS.map((name) => `(name = ${quoted(name)}, fromEnvironment = ${quoted(name)})`),
  ];
  const namespaces = classes.map(
    (one) =>
      `(className = ${quoted(one.class_name)}, uniqueKey = ${quoted(`devcaster-${one.class_name}`)}, enableSql = true)`,
  );
  const list = (/** @type {string[]} */ items) => items.map((item) => `\n        ${item},`).join('');
  // The old module registry knows `#wasm` as a name; the new one takes it for a fragment of the importer's address.
  // "public" closes the outbound network to this machine and its neighbours; the demo provider has its own binding.
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${list(modules)}
      ],
      compatibilityDate = ${quoted(date)},
      compatibilityFlags = ["legacy_module_registry"],
      bindings = [${list(bindings)}
      ],
      durableObjectNamespaces = [${list(namespaces)}
      ],
      durableObjectStorage = (localDisk = "objects"),
      globalOutbound = "internet",
    )),
    (name = "internet", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
    (name = "demo", external = (http = ())),
    (name = "objects", disk = (writable = true)),
    (name = "site", disk = (writable = false)),
  ],
  sockets = [${sockets.map((name) => `(name = "${name}", http = (), service = "main")`).join(', ')}],
);
`;
}
