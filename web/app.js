/** Start: who is signed in decides between the sign-in form and the views. */
import { mountAccount } from './account.js';
import { mountAccounts } from './accounts.js';
import { mountConfigs } from './configs.js';
import { mountConfiguration } from './configuration.js';
import { h } from './dom.js';
import { mountKeys } from './keys.js';
import { loading, problem } from './notice.js';
import { createRouter, go } from './router.js';
import { forgetSession, isSignedOut, maybeSignedIn, signOut, whoAmI } from './service.js';
import { mountSettings } from './settings.js';
import { mountSignIn, takeToken, useToken } from './sign-in.js';
import { toast } from './toast.js';

const HOME = '#/accounts';
const root = /** @type {HTMLElement} */ (document.getElementById('view'));
const top = /** @type {HTMLElement} */ (document.getElementById('top'));

/** @type {import('./router.js').Route[]} */
const routes = [
  { pattern: /^\/accounts$/, title: 'Connected accounts', mount: mountAccounts },
  { pattern: /^\/accounts\/([^/]+)$/, title: 'Account', mount: mountAccount },
  { pattern: /^\/auth-configs$/, title: 'Auth configs', mount: mountConfigs },
  { pattern: /^\/settings$/, title: 'Settings', mount: mountSettings },
  { pattern: /^\/settings\/project$/, title: 'Project Settings', mount: mountSettings },
  { pattern: /^\/settings\/project\/configuration$/, title: 'Project Configuration', mount: mountConfiguration },
  { pattern: /^\/settings\/project\/api-keys$/, title: 'API keys', mount: mountKeys },
  {
    pattern: /^/,
    title: 'Not found',
    mount: ({ root: place }) =>
      place.replaceChildren(
        h(
          'div',
          { class: 'view narrow empty' },
          h('h1', { tabindex: -1 }, 'There is no such page'),
          h('p', {}, h('a', { href: HOME }, 'All connected accounts')),
        ),
      ),
  },
];

/** @type {ReturnType<typeof createRouter> | null} */
let router = null;

/** @param {any} session what the service says about the signed-in key and its project */
function enter(session) {
  /** @type {HTMLElement} */ (document.getElementById('who')).textContent = session.project?.displayName ?? '';
  top.hidden = false;
  router?.stop();
  router = createRouter(root, routes);
  if (location.hash.startsWith('#/')) router.show();
  else go(HOME, { replace: true });
}

/** @param {unknown} [error] why the form is shown, when that is not plain */
function leave(error) {
  forgetSession();
  router?.stop();
  router = null;
  top.hidden = true;
  mountSignIn(root, { error, done: start });
}

/** Asks the service who we are. A sign-in link wins over an older session: it was just followed. */
async function start() {
  root.replaceChildren(loading());
  const token = takeToken();
  if (!token && !maybeSignedIn()) return leave();
  try {
    if (token) await useToken(token);
    enter(await whoAmI());
  } catch (error) {
    if (token || isSignedOut(error)) leave(token ? error : undefined);
    else root.replaceChildren(problem(error, h('button', { type: 'button', onclick: start }, 'Try again')));
  }
}

// A session can end under any view; wherever that shows first, the form comes back and the address stays.
addEventListener('devcaster:signed-out', () => leave());
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#sign_in=')) start();
});

document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  root.focus();
});

document.getElementById('sign-out')?.addEventListener('click', () => {
  signOut().then(
    () => {
      history.replaceState(null, '', HOME);
      leave();
    },
    (error) => (isSignedOut(error) ? leave() : toast(error.message, 'bad')),
  );
});

start();
