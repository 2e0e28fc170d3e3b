/** One account: everything known about it, and what can be done with it. */
import { accountActions } from './account-actions.js';
import { activitySection } from './activity.js';
import { aliasField } from './alias.js';
import { crumbs } from './crumbs.js';
import { h } from './dom.js';
import { mountExecute } from './execute.js';
import { accountName, pill, plain, time } from './format.js';
import { load } from './load.js';
import { catalog, client } from './service.js';

/** @param {import('./router.js').Place} place */
export function mountAccount({ root, params, signal }) {
  const [id] = params;
  const facts = h('div', { 'data-part': 'facts' });
  const tools = h('div', { 'data-part': 'tools' });
  const history = h('div', { 'data-part': 'activity' });
  root.replaceChildren(h('div', { class: 'detail' }, facts, tools, history));
  const showActivity = activitySection(history, id, signal);
  let executable = false;

  async function show() {
    const read = () => Promise.all([client.connectedAccounts.get(id), catalog()]);
    const found = await load(facts, read, ([account, { statuses }]) => sections(account, statuses, { show, signal }), {
      signal,
      title: 'Account',
      ways: [h('a', { class: 'button quiet', href: '#/accounts' }, 'All accounts')],
    });
    if (!found) return;
    showActivity();
    const [account, { statuses }] = found;
    document.title = `${accountName(account)} · Devcaster`;
    // The tool form keeps what was typed while the account above it is read again.
    if (!executable && statuses[account.status] !== 'wait') {
      executable = true;
      mountExecute(tools, account, { signal, done: show });
    }
  }
  return show();
}

/**
 * @param {any} account
 * @param {Record<string, string>} statuses
 * @param {{ show: () => Promise<void>, signal: AbortSignal }} view
 */
function sections(account, statuses, view) {
  const name = accountName(account);
  const reconnecting =
    account.reconnect?.pending &&
    h(
      'p',
      { class: 'notice' },
      'A new consent is under way until ',
      time(account.reconnect.expiresAt, 'long'),
      '. The account keeps working meanwhile.',
    );
  return [
    h(
      'div',
      { class: 'stack' },
      crumbs([['Accounts', '#/accounts']], name),
      h(
        'div',
        { class: 'heading' },
        h(
          'div',
          {},
          h('h1', { tabindex: -1 }, name),
          h('p', { class: 'about muted' }, pill(account.status), account.statusReason),
        ),
        accountActions(account, statuses[account.status], view),
      ),
      reconnecting,
    ),
    overview(account, view),
    credentials(account),
  ];
}

/** @param {any} account @param {{ show: () => Promise<void>, signal: AbortSignal }} view */
function overview(account, view) {
  const config = account.authConfig ?? {};
  /** @type {[string, Node | string | null | undefined][]} */
  const rows = [
    ['Alias', aliasField(account, view)],
    ['Identity', account.identity && `${account.identity.label ?? account.identity.id}`],
    ['Identity id', account.identity?.id],
    ['User', account.userId],
    ['Toolkit', h('span', { class: 'tag' }, account.toolkit.slug)],
    ['Account id', h('code', {}, account.id)],
    ['Readable id', account.wordId],
    ['Auth config', h('span', {}, h('code', {}, config.id ?? '–'), config.isDisabled ? ' (disabled)' : '')],
    ['Auth scheme', config.authScheme && h('code', {}, config.authScheme)],
    [
      'Credentials of',
      config.isDevcasterManaged === undefined ? null : config.isDevcasterManaged ? 'this service' : 'the auth config',
    ],
    ['Scopes granted', account.scopes?.granted?.join(' ')],
    ['Scopes missing', account.scopes?.missing?.join(' ')],
    ['Created', time(account.createdAt, 'long')],
    ['Updated', time(account.updatedAt, 'long')],
    ['Last used', time(account.lastUsedAt, 'long')],
    ['Last refreshed', time(account.lastRefreshedAt, 'long')],
    ['Next refresh', time(account.nextRefreshAt, 'long')],
    ['Token expires', time(account.expiresAt, 'long')],
    ['Test request', account.testRequestEndpoint],
  ];
  return h(
    'section',
    { class: 'card overview', 'aria-labelledby': 'overview-title' },
    h('h2', { id: 'overview-title' }, 'Overview'),
    list(rows.filter(([, value]) => value !== null && value !== undefined && value !== '')),
  );
}

/**
 * The credentials as the API answered them: whether they are masked is decided there, for this key and this project.
 * @param {any} account
 */
function credentials(account) {
  const members = Object.entries(account.state?.val ?? {});
  return h(
    'section',
    { class: 'card credentials', 'aria-labelledby': 'credentials-title' },
    h('h2', { id: 'credentials-title' }, 'Credentials'),
    account.state?.authScheme &&
      h(
        'p',
        { class: 'help' },
        'As the API shows them: see the project’s ',
        h('a', { href: '#/settings/project/configuration' }, 'masking setting'),
        '.',
      ),
    members.length > 0
      ? list(
          members.map(([name, value]) => [
            h('code', {}, name),
            h('div', {}, h('code', { class: 'wrap', 'data-member': name }, plain(value)), ...marks(account, name)),
          ]),
        )
      : h('p', { class: 'muted' }, 'None are stored.'),
  );
}

/** The fingerprints of a member and of what is in it, where the project has them on. @param {any} account @param {string} name */
function marks(account, name) {
  return Object.entries(account.fingerprints ?? {})
    .filter(([path]) => path === name || path.startsWith(`${name}.`))
    .map(([path, digits]) =>
      h('p', { class: 'help' }, path === name ? 'Fingerprint ' : `Fingerprint of ${path} `, h('code', {}, digits)),
    );
}

/** @param {(Node | string | null | undefined)[][]} rows */
function list(rows) {
  return h(
    'dl',
    { class: 'facts' },
    ...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}
