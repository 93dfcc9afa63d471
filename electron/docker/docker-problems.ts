/** What keeps Docker from being used, and what to do about it on this system. */

export type DockerProblem = 'missing' | 'no-compose' | 'not-running' | 'no-permission' | 'silent';

const product: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Docker Desktop for Mac',
  win32: 'Docker Desktop for Windows',
};

export function problemWords(problem: DockerProblem, platform: NodeJS.Platform): string {
  const desktop = product[platform];
  switch (problem) {
    case 'missing':
      return desktop
        ? `Docker is not installed on this computer. Install ${desktop} (docs.docker.com/get-docker), start it, and look again.`
        : 'Docker is not installed on this computer. Install Docker Engine with its compose plugin (docs.docker.com/engine/install), and look again.';
    case 'no-compose':
      return desktop
        ? `Docker is there, but its compose plugin is missing or too old. Update ${desktop}, and look again.`
        : 'Docker is there, but its compose plugin is missing or too old: version 2.21 or later is needed. Install the package docker-compose-plugin (on Debian itself: docker-compose), and look again.';
    case 'not-running':
      return desktop
        ? `Docker is installed, but it does not run. Start ${desktop}, wait until it says that it runs, and look again.`
        : 'Docker is installed, but its daemon does not run. Start it by "sudo systemctl start docker", and look again.';
    case 'no-permission':
      return desktop
        ? `Docker runs, but does not let you use it. Start ${desktop} as the user that you are now.`
        : 'Docker runs, but does not let you use it. Add yourself to its group by "sudo usermod -aG docker $USER", log out and in, and look again.';
    case 'silent':
      return `Docker gives no answer. Restart ${desktop ?? 'it by "sudo systemctl restart docker"'}, and look again.`;
  }
}

/** What docker's own complaint means; null when it is about something else. */
export function problemIn(complaint: string): DockerProblem | null {
  if (/permission denied.*(docker|sock)/i.test(complaint)) return 'no-permission';
  if (
    /cannot connect to the docker daemon|error during connect|is the docker daemon running/i.test(complaint)
  )
    return 'not-running';
  if (/is not a docker command|unknown (shorthand )?flag|unknown command/i.test(complaint))
    return 'no-compose';
  return null;
}
