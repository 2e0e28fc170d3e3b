/**
 * Addresses in the fragment: `#/accounts?status=ACTIVE`. The state of a view lives in its address, so that reload, back and a
 * copied link work; what is only needed for going back (the cursors before this page) lives in the history entry.
 */

/** @typedef {{ update?: (query: URLSearchParams) => void }} Mounted */
/** @typedef {{ root: HTMLElement, params: string[], query: URLSearchParams, signal: AbortSignal }} Place */
/** @typedef {{ path: string, leave: AbortController, mounted: Mounted | undefined }} Current */
/** @typedef {{ pattern: RegExp, title: string, mount: (place: Place) => Mounted | void | Promise<Mounted | void> }} Route */

/** @returns {{ path: string, query: URLSearchParams }} */
export function address() {
  const [path, query = ''] = location.hash.slice(1).split('?', 2);
  return { path, query: new URLSearchParams(query) };
}

/**
 * @param {string} path
 * @param {Record<string, string | null | undefined>} [query] empty members are left out
 */
export function link(path, query = {}) {
  const text = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  ).toString();
  return `#${path}${text && `?${text}`}`;
}

/** @param {string} hash as `link` writes it @param {{ replace?: boolean, state?: unknown }} [how] */
export function go(hash, { replace = false, state = null } = {}) {
  history[replace ? 'replaceState' : 'pushState'](state, '', hash);
  dispatchEvent(new Event('devcaster:move'));
}

/**
 * @param {HTMLElement} root
 * @param {Route[]} routes the last one serves every other address
 * @returns {{ show: () => void, stop: () => void }}
 */
export function createRouter(root, routes) {
  /** @type {Current | null} */
  let current = null;

  async function show() {
    const { path, query } = address();
    const route = routes.find(({ pattern }) => pattern.test(path)) ?? routes[routes.length - 1];
    if (current?.path === path && current.mounted?.update) {
      current.mounted.update(query);
      return;
    }
    const first = current === null;
    current?.leave.abort();
    /** @type {Current} */
    const here = { path, leave: new AbortController(), mounted: undefined };
    current = here;
    document.title = `${route.title} · Devcaster`;
    mark(path);
    const params = (route.pattern.exec(path) ?? []).slice(1).map(decode);
    // A view that has nothing to update answers nothing.
    here.mounted = /** @type {Mounted | undefined} */ (
      await route.mount({ root, params, query, signal: here.leave.signal })
    );
    // A new view starts at its heading for keyboard and screen reader; the first one leaves the focus to the browser.
    if (!first && current === here) root.querySelector('h1')?.focus();
  }

  const stopping = new AbortController();
  for (const event of ['hashchange', 'devcaster:move']) {
    addEventListener(
      event,
      () => {
        if (location.hash.startsWith('#/')) show();
      },
      { signal: stopping.signal },
    );
  }
  return {
    show,
    stop() {
      stopping.abort();
      current?.leave.abort();
    },
  };
}

/** @param {string | undefined} text */
function decode(text = '') {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Shows in the navigation where we are. @param {string} path */
function mark(path) {
  for (const node of document.querySelectorAll('#top nav a')) {
    const target = node.getAttribute('href')?.slice(1) ?? '';
    const inside = path === target || path.startsWith(`${target}/`);
    if (inside) node.setAttribute('aria-current', path === target ? 'page' : 'true');
    else node.removeAttribute('aria-current');
  }
}
