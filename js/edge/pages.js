/** The pages of the hosted flow: plain words, no script of their own, nothing secret. */

import { pageHeaders } from './headers.js';
import { html } from './html.js';

/**
 * @param {number} status
 * @param {string} title
 * @param {unknown} content
 * @param {Record<string, string>} [headers]
 */
const page = (status, title, content, headers = {}) => {
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/styles/connect.css">
<script type="module" src="/assets/connect-page.js"></script>
</head>
<body>
<main class="card">
${content}
</main>
</body>
</html>
`;
  return new Response(text, {
    status,
    headers: { ...pageHeaders, 'content-type': 'text/html; charset=utf-8', ...headers },
  });
};

/** @param {{ name: string, label?: string | null, description?: string | null, secret?: boolean, required?: boolean }} field */
const input = ({ name, label, description, secret, required }) => html`
<label for="field-${name}">${label || name}</label>
<input id="field-${name}" name="${name}" type="${secret === false ? 'text' : 'password'}" autocomplete="off" autocapitalize="off"
  spellcheck="false"${required ? html` required` : ''}${description ? html` aria-describedby="help-${name}"` : ''}>
${description ? html`<small id="help-${name}">${description}</small>` : ''}`;

/**
 * The connect page: which toolkit, and whose account it becomes.
 * @param {any} show as the core describes it
 * @param {{ message: string, fix?: string | null } | null} problem with what was sent before
 * @param {number} [status]
 */
export const connectPage = (show, problem, status = 200) => {
  const name = show.toolkit.name;
  if (!show.waiting) return overPage(show);
  const whose = html`<dl>
<div><dt>Toolkit</dt><dd>${name}</dd></div>
<div><dt>For user</dt><dd>${show.user}</dd></div>
${show.alias ? html`<div><dt>Alias</dt><dd>${show.alias}</dd></div>` : ''}
</dl>`;
  const form = show.consent
    ? html`<p class="notice">You will be sent to ${name} to sign in and to agree. Go on only if you are that user and asked for this.</p>
<form method="post"><button type="submit">Continue to ${name}</button></form>`
    : html`<form method="post">${show.fields.map(input)}
<p class="notice">Go on only if you are that user and asked for this.</p>
<button type="submit">Connect</button></form>`;
  return page(
    status,
    `Connect ${name}`,
    html`<h1>Connect <span class="toolkit">${name}</span></h1>
<p>The account you connect will belong to the user below, and will be used in that user's name.</p>
${problem ? html`<p class="error" role="alert">${problem.message}${problem.fix ? ` ${problem.fix}` : ''}</p>` : ''}
${whose}
${form}`,
  );
};

/** The host has the last word, where the page that sent the user asked for it. */
const UNCONFIRMED = 'It is used once the page that sent you here has confirmed it.';

/** The link has done its work, or has run out. @param {any} show */
const overPage = (show) =>
  show.done
    ? page(
        200,
        'Connected',
        html`<h1>Already connected</h1>
<p>${show.toolkit.name} is connected for ${show.user}. ${show.held ? UNCONFIRMED : 'You can close this page.'}</p>`,
      )
    : page(
        410,
        'Link is over',
        html`<h1>This link is over</h1>
<p>${show.reason ?? 'It was used already, or its ten minutes are over.'}</p>
<p>Ask whoever sent you the link for a new one.</p>`,
      );

/**
 * A link that the page's script follows by itself: a posted form may not be redirected to another site.
 * @param {string} target
 * @param {string} words
 * @param {Record<string, string>} headers
 */
export const continuePage = (target, words, headers) =>
  page(
    200,
    'Continue',
    html`<h1>${words}</h1>
<p>If nothing happens, follow the link.</p>
<p><a href="${target}" data-continue>Continue</a></p>`,
    headers,
  );

/** How a connection ended, where there is no address of the caller's to go to. @param {any} end */
export const endPage = (end) =>
  end.done
    ? page(
        200,
        'Connected',
        html`<h1>Connected</h1>
<p>The account is connected for ${end.user}. ${end.held ? UNCONFIRMED : 'You can close this page.'}</p>
${end.same_identity_as.length > 0 ? html`<p class="notice">The same identity is connected already, as ${end.same_identity_as.join(', ')}.</p>` : ''}`,
      )
    : page(
        200,
        'Not connected',
        html`<h1>Not connected</h1>
<p>${end.reason ?? 'The connection was not made.'}</p>
<p>You can close this page, and ask for a new link to try again.</p>`,
      );

/**
 * @param {number} status
 * @param {{ message: string, suggested_fix?: string | null, request_id?: string }} error
 * @param {string | null} again where to try again
 */
export const errorPage = (status, { message, suggested_fix: fix, request_id: id }, again = null) =>
  page(
    status,
    'This did not work',
    html`<h1>This did not work</h1>
<p class="error" role="alert">${message}</p>
${fix ? html`<p>${fix}</p>` : ''}
${again ? html`<p class="actions"><a class="button" href="${again}">Try again</a></p>` : ''}
<p><small>Request ${id}</small></p>`,
  );
