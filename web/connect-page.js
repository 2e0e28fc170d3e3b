/**
 * The hosted connect page works without this script. With it, a link that only leads on is followed by itself (a posted form
 * may not redirect to the provider under the page's policy), and a form is sent once however often its button is pressed.
 */
const onward = document.querySelector('a[data-continue]');
if (onward instanceof HTMLAnchorElement && /^https?:$/.test(onward.protocol)) location.replace(onward.href);

for (const form of document.forms) {
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault();
    sent = true;
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true');
  });
  // Coming back from the provider shows this page as it was left; it must be usable again.
  addEventListener('pageshow', () => {
    sent = false;
    for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled');
  });
}
