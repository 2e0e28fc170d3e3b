// A person of the suite sits beside the test's own server, which follows the link in the real service and provider.

/** @param {string} desk the server's address @returns {import('./context.js').Suite['visit']} */
export const visitBy = (desk) => async (link, decision) => {
  const response = await fetch(`${desk}/visit`, { method: 'POST', body: JSON.stringify({ link, decision }) });
  if (!response.ok) throw new Error(`the visit failed: ${await response.text()}`);
};
