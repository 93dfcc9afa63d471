/** HOST, which shells and compilers' tools set too, without wishing anything of a server. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';

export interface ChosenHost {
  /** What to bind. */
  host: string;
  /** Why that is not what HOST says, for the person. */
  hostNotice?: string;
}

const standardHost = '127.0.0.1';
/** What compilers are told to build for, as conda sets it: x86_64-conda-linux-gnu, arm64-apple-darwin20.0.0. */
const buildTarget = /^[a-z0-9_]+-[a-z0-9_.]+-(linux|darwin|windows|w64|freebsd)/i;

/** @param given HOST as it was read. @param ownName this computer's */
export function chooseHost(given: string, ownName = hostname()): ChosenHost {
  const why = isOwnName(given, ownName)
    ? "this computer's name, as shells set it"
    : buildTarget.test(given) && 'what compilers build for, as conda sets it';
  if (!why) return { host: given };
  return {
    host: standardHost,
    hostNotice: `HOST is set to ${given}: ${why}, and no wish to be reached by others. Listening on ${standardHost}; to be reached, set HOST to an address such as 0.0.0.0.`,
  };
}

/** With or without the domain behind it. */
function isOwnName(host: string, ownName: string): boolean {
  const [name, own] = [host.toLowerCase(), ownName.toLowerCase()];
  if (own === '' || isIP(name) !== 0 || name === 'localhost') return false;
  return name === own || name.startsWith(`${own}.`) || own.startsWith(`${name}.`);
}
