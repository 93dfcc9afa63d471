/** The desk's page as Chromium's debugging port tells of it (chromedevtools.github.io/devtools-protocol, HTTP endpoints). */

/** @returns null while there is none. @throws Error where nothing listens. */
export async function findDeskPage(debugUrl: string): Promise<{ id: string } | null> {
  const pages = (await (await fetch(`${debugUrl}/json`)).json()) as { id: string; url: string }[];
  return pages.find(({ url }) => url.startsWith('app://desk/')) ?? null;
}
