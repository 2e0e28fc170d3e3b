/** Settings → Project Settings → Project Configuration. */
import { crumbs } from './crumbs.js';
import { ask } from './dialog.js';
import { busy, clone, h, part } from './dom.js';
import { load, signedOut } from './load.js';
import { problem } from './notice.js';
import { client } from './service.js';
import { toast } from './toast.js';

const MASK = 'maskSecretKeysInConnectedAccount';

/** @param {import('./router.js').Place} place */
export function mountConfiguration({ root, signal }) {
  const place = h('div');
  root.replaceChildren(place);
  return load(
    place,
    () => client.project.config.get(),
    (config) => [panel(config, signal)],
    { signal },
  ).then(() => undefined);
}

/** @param {any} config @param {AbortSignal} signal */
function panel(config, signal) {
  const view = clone('configuration');
  const toggle = /** @type {HTMLInputElement} */ (view.querySelector('#mask-secrets'));
  const prints = /** @type {HTMLInputElement} */ (view.querySelector('#fingerprints'));
  part(view, 'crumbs').replaceWith(
    crumbs(
      [
        ['Settings', '#/settings'],
        ['Project Settings', '#/settings/project'],
      ],
      'Project Configuration',
    ),
  );

  /** Shows what the service says it is now, never what was asked for. @param {any} now */
  function show(now) {
    toggle.checked = now[MASK];
    prints.checked = now.fingerprints === true;
    /** @type {HTMLElement} */ (document.getElementById('who')).textContent = now.displayName ?? '';
    part(view, 'exposed').hidden = now[MASK];
    field('displayName').value = now.displayName ?? '';
    for (const name of ['maskStyle', 'accountSelection']) field(name).value = now[name] ?? field(name).value;
  }
  const field = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement} */ (view.querySelector(`[name="${name}"]`));
  const store = async (/** @type {object} */ change) => show(await client.project.config.update(change));
  show(config);

  toggle.addEventListener('click', (event) => {
    // The switch moves when the service has agreed.
    event.preventDefault();
    if (toggle.checked) setTimeout(() => attempt(toggle, { [MASK]: true }, 'Secrets are masked.'));
    else setTimeout(() => expose(store, signal));
  });
  prints.addEventListener('click', (event) => {
    event.preventDefault();
    const wanted = prints.checked;
    const words = wanted ? 'Masked secrets have fingerprints.' : 'No fingerprints are shown.';
    setTimeout(() => attempt(prints, { fingerprints: wanted }, words));
  });
  for (const name of ['maskStyle', 'accountSelection']) {
    const select = field(name);
    let kept = select.value;
    select.addEventListener('change', async () => {
      if (await attempt(select, { [name]: select.value }, 'Saved.')) kept = select.value;
      else select.value = kept;
    });
  }
  part(view, 'project').addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    attempt(
      /** @type {HTMLElement} */ (view.querySelector('form button')),
      { displayName: field('displayName').value.trim() },
      'Saved.',
    );
  });
  return view;

  /** @param {HTMLElement} control @param {object} change @param {string} words */
  async function attempt(control, change, words) {
    const section = /** @type {HTMLElement} */ (control.closest('section'));
    section.querySelector(':scope > .notice[role=alert]')?.remove();
    try {
      await busy(control, () => store(change));
      toast(words);
      return true;
    } catch (error) {
      signedOut(error);
      section.append(problem(error));
      return false;
    }
  }
}

/** @param {(change: object) => Promise<void>} store @param {AbortSignal} signal */
async function expose(store, signal) {
  const done = await ask({
    title: 'Show full credentials?',
    body: [
      'Every connected account’s tokens, keys and passwords will be readable in full in API responses, by any key that may reveal secrets. Whoever sees such an answer, a log of it or a copy can act as your users.',
      'Do this only when your programs need the tokens themselves and you guard them well. Tools do not need it.',
    ],
    action: 'Turn masking off',
    danger: true,
    signal,
    run: () =>
      store({ [MASK]: false }).catch((error) => {
        signedOut(error);
        throw error;
      }),
  });
  if (done) toast('Masking is off.', 'bad');
}
