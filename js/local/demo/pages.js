import { html, layout } from './html.js';
import { SCOPES } from './scopes.js';

/**
 * @param {{ origin: string, uid: string, client: string, hint: string, problem?: string }} about `hint` fills the field
 * @returns {string}
 */
export function loginPage({ origin, uid, client, hint, problem }) {
  return layout(
    { title: 'Sign in', origin },
    html`
<h1>Sign in</h1>
<p>to continue to <strong>${client}</strong></p>
<form method="post" action="/interaction/${uid}/login">
<label for="login">Login name</label>
<input id="login" name="login" value="${hint}" required maxlength="64" autofocus autocomplete="username"
  autocapitalize="none" spellcheck="false" aria-describedby="login-help${problem ? ' login-problem' : ''}"
  ${problem ? html`aria-invalid="true"` : ''}>
${problem ? html`<p class="problem" id="login-problem" role="alert">${problem}</p>` : ''}
<p class="help" id="login-help">Any name works, for example <em>ada</em>. There is no password.</p>
<div class="actions">
<button type="submit" class="primary">Sign in</button>
<button type="submit" formaction="/interaction/${uid}/cancel" formnovalidate>Cancel</button>
</div>
</form>`,
  );
}

/** @param {string} scope */
const scopeLine = (scope) =>
  html`<li><span>${SCOPES.get(scope) ?? 'Use this permission'}</span> <code>${scope}</code></li>`;

/**
 * @param {{ origin: string, uid: string, client: string, login: string, scopes: string[] }} about
 * @returns {string}
 */
export function consentPage({ origin, uid, client, login, scopes }) {
  return layout(
    { title: 'Allow access', origin },
    html`
<h1>Allow access?</h1>
<p><strong>${client}</strong> asks for access to the account <strong>${login}</strong>.
<a href="/interaction/${uid}?switch=1">Use another account</a></p>
<h2 id="scopes">If you allow it, ${client} can</h2>
<ul class="scopes" aria-labelledby="scopes">${scopes.map(scopeLine)}</ul>
<form method="post" action="/interaction/${uid}/consent">
<div class="actions">
<button type="submit" name="decision" value="allow" class="primary">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</div>
</form>`,
  );
}

/**
 * @param {{ origin: string, title: string, text: string, code?: string }} about `code` is OAuth's name of the error
 * @returns {string}
 */
export function problemPage({ origin, title, text, code }) {
  return layout(
    { title, origin },
    html`
<h1>${title}</h1>
<p>${text}</p>
${code ? html`<p class="help">Error code: <code>${code}</code></p>` : ''}
<p>Go back to the application and start again.</p>`,
  );
}

/** Columns of the table on the home page: the heading and where the number is. */
const COLUMNS = /** @type {[string, (row: any) => number][]} */ ([
  ['Codes exchanged', (row) => row.token.authorization_code],
  ['Refreshes', (row) => row.refresh],
  ['Revocations', (row) => row.revocation],
  ['Introspections', (row) => row.introspection],
  ['User info', (row) => row.userinfo],
  ['API calls', (row) => row.api],
  ['Refused', (row) => Object.values(row.refused).reduce((sum, count) => sum + count, 0)],
]);

/** @param {string} name @param {any} row */
const ledgerRow = (name, row) => html`
<tr><th scope="row">${name}</th>${COLUMNS.map(([, count]) => html`<td>${count(row)}</td>`)}</tr>`;

/**
 * @param {{ origin: string, ledger: import('./ledger.js').Ledger }} about
 * @returns {string}
 */
export function homePage({ origin, ledger }) {
  const { since, total, accounts } = ledger.read();
  return layout(
    { title: 'What it saw', origin, wide: true },
    html`
<h1>An OAuth provider to try things with</h1>
<p>Applications connect accounts here the way they do at a real service: sign in, consent, tokens that refresh and can
be revoked. It keeps its accounts on this machine.</p>
<h2 id="seen">What it saw since <time datetime="${since}">${since.slice(0, 19).replace('T', ' ')} UTC</time></h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="seen">
<table>
<thead><tr><th scope="col">Account</th>${COLUMNS.map(([title]) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${Object.entries(accounts).map(([name, row]) => ledgerRow(name, row))}</tbody>
<tfoot>${ledgerRow('Everything', total)}</tfoot>
</table>
</div>
<p class="help">The same as JSON: <a href="/ledger">/ledger</a>. Every address for applications:
<a href="/.well-known/openid-configuration">/.well-known/openid-configuration</a>.</p>`,
  );
}
