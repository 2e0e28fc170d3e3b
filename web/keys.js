/** Settings → Project Settings → API keys: list, create (shown once), delete. */
import { crumbs } from './crumbs.js';
import { ask, open } from './dialog.js';
import { busy, h } from './dom.js';
import { time } from './format.js';
import { load, signedOut } from './load.js';
import { problem } from './notice.js';
import { call, catalog, everything } from './service.js';
import { toast } from './toast.js';

/** @param {import('./router.js').Place} place */
export function mountKeys({ root, signal }) {
  const place = h('div');
  const creating = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: async () => {
        if (await create(signal)) await show();
      },
    },
    'Create key',
  );
  root.replaceChildren(
    h(
      'div',
      { class: 'view narrow' },
      crumbs(
        [
          ['Settings', '#/settings'],
          ['Project Settings', '#/settings/project'],
        ],
        'API keys',
      ),
      h('div', { class: 'heading' }, h('h1', { tabindex: -1 }, 'API keys'), creating),
      place,
    ),
  );
  const show = () =>
    load(
      place,
      () => everything((cursor) => call('api_keys.list', { cursor })),
      (keys) => [h('ul', { class: 'card rows' }, ...keys.map((key) => row(key, show, signal)))],
      { signal },
    );
  show();
}

/** @param {any} key @param {() => Promise<unknown>} show @param {AbortSignal} signal */
function row(key, show, signal) {
  const remove = async () => {
    const done = await ask({
      title: 'Delete this API key?',
      body: [
        h('p', {}, h('strong', {}, key.name || key.id), ' (', h('code', {}, key.id), ')'),
        'Programs that use it are refused from now on. This cannot be undone.',
      ],
      action: 'Delete key',
      danger: true,
      signal,
      run: () => call('api_keys.delete', { id: key.id }),
    });
    if (done) await show();
  };
  return h(
    'li',
    {},
    h(
      'div',
      {},
      h('strong', {}, key.name || key.id),
      h(
        'span',
        { class: 'sub' },
        key.name && h('code', {}, key.id),
        ' created ',
        time(key.createdAt),
        ', last used ',
        time(key.lastUsedAt),
      ),
      h(
        'span',
        { class: 'tags' },
        ...(key.scopes ?? []).map((/** @type {string} */ scope) => h('span', { class: 'tag' }, scope)),
      ),
    ),
    h(
      'button',
      { type: 'button', class: 'danger quiet', 'aria-label': `Delete ${key.name || key.id}`, onclick: remove },
      'Delete',
    ),
  );
}

/** @param {AbortSignal} signal @returns {Promise<boolean>} whether a key was made */
async function create(signal) {
  const { scopes } = await catalog();
  const trouble = h('div');
  const submit = h('button', { type: 'submit', class: 'primary' }, 'Create key');
  const name = /** @type {HTMLInputElement} */ (
    h('input', { id: 'key-name', name: 'name', required: true, autofocus: true, autocomplete: 'off' })
  );
  const cancel = h('button', { type: 'button' }, 'Cancel');
  const form = /** @type {HTMLFormElement} */ (
    h(
      'form',
      {},
      h('h2', { id: 'key-title' }, 'Create an API key'),
      trouble,
      h('label', { for: 'key-name' }, 'Name'),
      name,
      h(
        'fieldset',
        {},
        h('legend', {}, 'It may'),
        ...scopes.map((/** @type {string} */ scope, /** @type {number} */ at) =>
          h(
            'label',
            { class: 'check' },
            h('input', { type: 'checkbox', name: 'scope', value: scope, checked: at === 0 }),
            scope,
          ),
        ),
      ),
      h('div', { class: 'actions' }, cancel, submit),
    )
  );
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { 'aria-labelledby': 'key-title' }, form));
  let done = false;
  cancel.addEventListener('click', () => dialog.close());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const chosen = new FormData(form).getAll('scope');
      const made = await busy(submit, () => call('api_keys.create', { name: name.value.trim(), scopes: chosen }));
      dialog.replaceChildren(...once(made, () => dialog.close()));
      done = true;
      // Escape must not take away what is shown only once.
      dialog.addEventListener('cancel', (cancelled) => cancelled.preventDefault());
    } catch (error) {
      signedOut(error);
      trouble.replaceChildren(problem(error));
    }
  });
  await open(dialog, signal);
  return done;
}

/** The only time the key is seen. @param {any} made @param {() => void} close */
function once(made, close) {
  const copy = h(
    'button',
    {
      type: 'button',
      onclick: () =>
        navigator.clipboard.writeText(made.key).then(
          () => toast('Copied.'),
          () => toast('Copy it by hand.', 'bad'),
        ),
    },
    'Copy',
  );
  return [
    h('h2', { id: 'key-title' }, 'Your new API key'),
    h('p', {}, 'Keep it now: it is shown only this once.'),
    h('p', {}, h('code', { class: 'wrap secret' }, made.key)),
    h(
      'div',
      { class: 'actions' },
      copy,
      h('button', { type: 'button', class: 'primary', autofocus: true, onclick: close }, 'I have kept it'),
    ),
  ];
}
