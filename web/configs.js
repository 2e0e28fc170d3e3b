/** Auth configs: how accounts of a toolkit are connected, and by whose client. */
import { createConfig } from './config-create.js';
import { h, icon } from './dom.js';
import { amount, time, words } from './format.js';
import { load } from './load.js';
import { link } from './router.js';
import { authConfigs } from './service.js';

/** @param {import('./router.js').Place} place */
export function mountConfigs({ root, signal }) {
  const place = h('div');
  const creating = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: async () => {
        if (await createConfig(signal)) await show();
      },
    },
    'Create auth config',
  );
  root.replaceChildren(
    h(
      'div',
      { class: 'view' },
      h(
        'div',
        { class: 'heading' },
        h(
          'div',
          {},
          h('h1', { tabindex: -1 }, 'Auth configs'),
          h('p', { class: 'muted' }, 'How accounts of a toolkit are connected.'),
        ),
        creating,
      ),
      place,
    ),
  );
  const show = () =>
    load(
      place,
      () => authConfigs({ showDisabled: true }),
      (configs) => [configs.length > 0 ? table(configs) : empty()],
      { signal },
    );
  show();
}

function empty() {
  return h(
    'section',
    { class: 'card empty' },
    icon('key'),
    h('h2', {}, 'No auth configs yet'),
    h('p', { class: 'muted' }, 'An auth config holds the client that accounts of a toolkit are connected with.'),
  );
}

/** @param {any[]} configs */
function table(configs) {
  const names = ['Name', 'Toolkit', 'Scheme', 'Status', 'Accounts', 'Created'];
  return h(
    'table',
    { role: 'table', class: 'cards' },
    h('caption', { class: 'hidden' }, 'Auth configs'),
    h(
      'thead',
      { role: 'rowgroup' },
      h('tr', { role: 'row' }, ...names.map((name) => h('th', { role: 'columnheader', scope: 'col' }, name))),
    ),
    h('tbody', { role: 'rowgroup' }, ...configs.map(row)),
  );
}

/** @param {any} config */
function row(config) {
  const cell = (/** @type {string} */ name, /** @type {(Node | string)[]} */ ...content) =>
    h('td', { role: 'cell', 'data-label': name }, ...content);
  return h(
    'tr',
    { role: 'row', 'data-id': config.id },
    h('th', { role: 'rowheader', scope: 'row' }, config.name || config.id, h('span', { class: 'sub' }, config.id)),
    cell('Toolkit', h('span', { class: 'tag' }, config.toolkit.slug)),
    cell('Scheme', h('code', {}, config.authScheme)),
    cell('Status', h('span', { class: 'pill', 'data-status': config.status }, words(config.status))),
    cell(
      'Accounts',
      h(
        'a',
        { href: link('/accounts', { toolkit: config.toolkit.slug }) },
        amount(config.noOfConnections ?? 0, 'account', 'accounts'),
      ),
    ),
    cell('Created', time(config.createdAt)),
  );
}
