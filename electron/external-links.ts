/** Which addresses may leave the desk for the person's browser. */

/** Where the desk's own help and the parts it names are documented. */
const knownHosts = ['github.com', 'www.electronjs.org', 'www.postgresql.org'];

/**
 * Why the address may not be opened, in words for the person; null when it may.
 * @param updatesHost where this build takes its updates from
 */
export function externalLinkProblem(address: string, updatesHost?: string): string | null {
  const problem = webLinkProblem(address);
  if (problem !== null) return problem;
  const url = new URL(address);
  if (url.protocol !== 'https:') return 'Only https addresses are opened in the browser.';
  if (url.host === updatesHost) return null;
  if (url.port !== '' || !knownHosts.includes(url.hostname))
    return `Ticket Desk opens only sites that it knows: ${knownHosts.join(', ')}.`;
  return null;
}

/**
 * Why a link that somebody wrote into a comment can't be opened, in words for the person; null when it can, which for a
 * site that is not known is once the person has agreed.
 */
export function webLinkProblem(address: string): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return 'That is no web address.';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only web addresses are opened.';
  if (url.username !== '' || url.password !== '') return 'An address with a user name in it is not opened.';
  return null;
}
