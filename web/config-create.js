/** The dialog that creates an auth config. Which fields a scheme needs comes from the toolkit's own definition. */
import { open } from './dialog.js';
import { busy, h } from './dom.js';
import { signedOut } from './load.js';
import { problem } from './notice.js';
import { client, toolkits } from './service.js';
import { toast } from './toast.js';

const MANAGED = 'use_devcaster_managed_auth';
const CUSTOM = 'use_custom_auth';

/** @param {AbortSignal} signal @returns {Promise<boolean>} whether one was created */
export async function createConfig(signal) {
  const trouble = h('div');
  const fields = h('div');
  const toolkit = select('config-toolkit', [['', 'Choose one…']]);
  const way = select('config-way', []);
  const name = h('input', { id: 'config-name', autocomplete: 'off' });
  const submit = h('button', { type: 'submit', class: 'primary' }, 'Create');
  const cancel = h('button', { type: 'button' }, 'Cancel');
  const form = /** @type {HTMLFormElement} */ (
    h(
      'form',
      {},
      h('h2', { id: 'config-title' }, 'Create an auth config'),
      trouble,
      h('label', { for: 'config-toolkit' }, 'Toolkit'),
      toolkit,
      h('label', { for: 'config-way' }, 'Authentication'),
      way,
      h('label', { for: 'config-name' }, 'Name ', h('span', { class: 'muted' }, '(optional)')),
      name,
      fields,
      h('div', { class: 'actions' }, cancel, submit),
    )
  );
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { 'aria-labelledby': 'config-title' }, form));
  /** @type {any} */
  let chosen = null;

  const fail = (/** @type {unknown} */ error) => {
    signedOut(error);
    trouble.replaceChildren(problem(error));
  };
  const showFields = () => fields.replaceChildren(...inputs(chosen, way.value));
  cancel.addEventListener('click', () => dialog.close());
  toolkits().then(
    (known) => toolkit.append(...known.map((one) => h('option', { value: one.slug }, one.name || one.slug))),
    fail,
  );
  toolkit.addEventListener('change', async () => {
    trouble.replaceChildren();
    way.replaceChildren();
    fields.replaceChildren();
    if (!toolkit.value) return;
    const slug = toolkit.value;
    const found = await client.toolkits.get(slug).catch(fail);
    if (!found || slug !== toolkit.value) return;
    chosen = found;
    way.append(...ways(chosen));
    showFields();
  });
  way.addEventListener('change', showFields);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    trouble.replaceChildren();
    try {
      await busy(submit, () =>
        client.authConfigs.create(toolkit.value, {
          ...proof(way.value, form),
          name: /** @type {HTMLInputElement} */ (name).value.trim() || undefined,
        }),
      );
      toast('Auth config created.');
      dialog.close('made');
    } catch (error) {
      fail(error);
    }
  });
  return (await open(dialog, signal)) === 'made';
}

/** @param {string} id @param {[string, string][]} options */
function select(id, options) {
  return /** @type {HTMLSelectElement} */ (
    h('select', { id, required: true }, ...options.map(([value, text]) => h('option', { value }, text)))
  );
}

/** The toolkit's managed credentials where this service has them, and every scheme with credentials of one's own. @param {any} toolkit */
function ways(toolkit) {
  const managed = (toolkit.devcasterManagedAuthSchemes ?? []).length > 0;
  return [
    managed && h('option', { value: '' }, 'Managed by this service'),
    ...details(toolkit).map((one) => h('option', { value: one.mode }, one.mode)),
  ].filter((one) => one !== false);
}

/** @param {any} toolkit @returns {any[]} */
const details = (toolkit) => toolkit?.authConfigDetails ?? [];

/** @param {any} toolkit @param {string} scheme */
function inputs(toolkit, scheme) {
  const needs = details(toolkit).find((one) => one.mode === scheme)?.fields?.authConfigCreation;
  return [...(needs?.required ?? []), ...(needs?.optional ?? [])].flatMap((/** @type {any} */ field) => {
    const id = `config-field-${field.name}`;
    const required = (needs.required ?? []).includes(field);
    return [
      h(
        'label',
        { for: id },
        field.displayName || field.name,
        !required && h('span', { class: 'muted' }, ' (optional)'),
      ),
      h('input', {
        id,
        name: field.name,
        'data-credential': true,
        required,
        autocomplete: 'off',
        spellcheck: 'false',
        type: field.secret || /** @type {string} */ (field.type) === 'password' ? 'password' : 'text',
        value: field.default ?? null,
      }),
      field.description && h('p', { class: 'help' }, field.description),
    ].filter(Boolean);
  });
}

/** @param {string} scheme '' for managed credentials @param {HTMLFormElement} form @returns {any} */
function proof(scheme, form) {
  if (!scheme) return { type: MANAGED };
  const given = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[data-credential]'))].filter(
    (input) => input.value,
  );
  return {
    type: CUSTOM,
    authScheme: scheme,
    credentials: Object.fromEntries(given.map((input) => [input.name, input.value])),
  };
}
