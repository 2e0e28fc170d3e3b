/** The accounts table. Filters and the cursor are its address: reload, back and a copied link show the same rows. */
import { chooseAccount } from './connect.js';
import { clone, h, icon, part } from './dom.js';
import { accountName, amount, pill, time, words } from './format.js';
import { load } from './load.js';
import { address, go, link } from './router.js';
import { catalog, client, toolkits } from './service.js';

const FILTERS = ['user', 'toolkit', 'status'];

/** @param {import('./router.js').Place} place */
export function mountAccounts({ root, query, signal }) {
  const view = clone('accounts');
  const form = /** @type {HTMLFormElement} */ (view.querySelector('form'));
  const connect = () => chooseAccount({ user: address().query.get('user') ?? '', signal, done: show });
  let turn = new AbortController();

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    apply(form);
  });
  for (const select of form.querySelectorAll('select')) select.addEventListener('change', () => apply(form));
  // The cross of a search field empties it without submitting the form.
  form.querySelector('input')?.addEventListener('search', () => apply(form));
  part(view, 'connect').addEventListener('click', connect);
  root.replaceChildren(view);
  const filled = fillChoices(form);

  async function show(now = address().query) {
    // Only the newest question may fill the table.
    turn.abort();
    turn = new AbortController();
    const newest = AbortSignal.any([signal, turn.signal]);
    filled.then(() => newest.aborted || setFilters(view, form, now));
    setFilters(view, form, now);
    await load(
      part(view, 'results'),
      () => client.connectedAccounts.list(wanted(now), { signal: newest }),
      (page) => {
        setPages(view, page, now);
        return page.items.length > 0 ? [table(page.items)] : [empty(now, connect)];
      },
      {
        signal: newest,
        ways: now.size > 0 ? [h('a', { class: 'button quiet', href: '#/accounts' }, 'Clear filters')] : [],
      },
    );
  }

  show(query);
  return { update: show };
}

/** @param {URLSearchParams} query @returns {any} a status is what the address says: an unknown one is refused by the service */
function wanted(query) {
  const one = (/** @type {string} */ name) => (query.get(name) ? [/** @type {string} */ (query.get(name))] : undefined);
  return {
    userIds: one('user'),
    toolkitSlugs: one('toolkit'),
    statuses: one('status'),
    cursor: query.get('cursor') ?? undefined,
  };
}

/** New filters start at the first page: a cursor belongs to the filters it was made with. @param {HTMLFormElement} form */
function apply(form) {
  const data = new FormData(form);
  const target = link('/accounts', Object.fromEntries(FILTERS.map((name) => [name, String(data.get(name)).trim()])));
  if (target !== location.hash) go(target);
}

/** @param {HTMLFormElement} form */
async function fillChoices(form) {
  const { statuses } = await catalog();
  form.status.append(...Object.keys(statuses).map((name) => h('option', { value: name }, words(name))));
  // Without this list the filter by toolkit is missing and nothing else is: the table itself reports what is wrong.
  const known = await toolkits().catch(() => []);
  form.toolkit.append(...known.map((toolkit) => h('option', { value: toolkit.slug }, toolkit.name || toolkit.slug)));
}

/** @param {HTMLElement} view @param {HTMLFormElement} form @param {URLSearchParams} query */
function setFilters(view, form, query) {
  for (const name of FILTERS) {
    const field = /** @type {HTMLInputElement | HTMLSelectElement} */ (form.elements.namedItem(name));
    const value = query.get(name) ?? '';
    if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value)) {
      field.append(h('option', { value }, value));
    }
    field.value = value;
  }
  part(view, 'clear').hidden = !FILTERS.some((name) => query.get(name));
}

/** @param {HTMLElement} view @param {any} page @param {URLSearchParams} query */
function setPages(view, page, query) {
  const trail = Array.isArray(history.state?.trail) ? history.state.trail : [];
  const cursor = query.get('cursor');
  const to = (/** @type {string | null} */ target) =>
    link('/accounts', { ...Object.fromEntries(query), cursor: target });
  const previous = part(view, 'previous');
  const next = part(view, 'next');
  part(view, 'count').textContent = amount(page.totalItems ?? page.items.length, 'account', 'accounts');
  part(view, 'page').textContent = page.totalPages > 1 ? `Page ${page.currentPage} of ${page.totalPages}` : '';
  part(view, 'pages').hidden = !cursor && !page.nextCursor;
  previous.disabled = !cursor;
  next.disabled = !page.nextCursor;
  // A copied link brings its cursor but no trail; from there, back means the first page.
  previous.onclick = () => go(to(trail.at(-1) ?? null), { state: { trail: trail.slice(0, -1) } });
  next.onclick = () => go(to(page.nextCursor), { state: { trail: [...trail, cursor] } });
}

/** @param {any[]} accounts */
function table(accounts) {
  const node = clone('accounts-table');
  node.querySelector('tbody')?.append(...accounts.map(row));
  return node;
}

/** @param {any} account */
function row(account) {
  const cell = (/** @type {string} */ name, /** @type {(Node | string | false | null)[]} */ ...content) =>
    h('td', { role: 'cell', 'data-label': name }, ...content);
  const name = accountName(account);
  const known = [account.identity?.label, account.id].filter((text) => text && text !== name).join(' · ');
  return h(
    'tr',
    { role: 'row', 'data-id': account.id },
    h(
      'th',
      { role: 'rowheader', scope: 'row' },
      h('a', { href: link(`/accounts/${encodeURIComponent(account.id)}`) }, name),
      known && h('span', { class: 'sub' }, known),
    ),
    cell('Toolkit', h('span', { class: 'tag' }, account.toolkit.slug)),
    cell('User', account.userId ?? '–'),
    cell('Status', pill(account.status), account.reconnect?.pending && h('span', { class: 'sub' }, 'Reconnecting')),
    cell('Created', time(account.createdAt)),
    cell('Last refreshed', time(account.lastRefreshedAt)),
  );
}

/** @param {URLSearchParams} query @param {() => void} connect */
function empty(query, connect) {
  if (query.size > 0) {
    return h(
      'section',
      { class: 'card empty' },
      icon('search'),
      h('h2', {}, 'No account matches'),
      h('p', { class: 'muted' }, 'Try another user, toolkit or status.'),
      h('p', {}, h('a', { class: 'button', href: '#/accounts' }, 'Show all accounts')),
    );
  }
  return h(
    'section',
    { class: 'card empty' },
    icon('plug'),
    h('h2', {}, 'No connected accounts yet'),
    h('p', { class: 'muted' }, 'Connect the first one: its user signs in at the provider, and it appears here.'),
    h('p', {}, h('button', { type: 'button', class: 'primary', onclick: connect }, 'Connect your first account')),
  );
}
