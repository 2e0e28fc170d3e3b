/// <reference path="./types.d.ts" />

/**
 * Loads `oidc-provider` without its start-up notice.
 *
 * Why this exists: the package asks for Node 22, this repository for Node 20. All it misses there is `URL.parse`,
 * so that standard function is added first; the notice about the version is then of no use to a newcomer who reads
 * the terminal, and is held back while the package loads (and only then).
 *
 * @returns {Promise<typeof import('oidc-provider')>}
 */
export async function loadProvider() {
  const url = /** @type {{ parse?: (text: string, base?: string) => URL | null }} */ (/** @type {unknown} */ (URL));
  url.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);
  const { warn } = console;
  console.warn = () => {};
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
