/** How an update stands, in words for the person: what happened, what was kept, what to do. */
import type { UpdateStatus } from '../../proto/desktop-bridge.ts';
import { type FeedAnswer, type Offer, packageOf } from './feed.ts';
import type { Installation } from './policy.ts';

/** Chromium's names for a connection that failed or broke (net_error_list.h), and Node's. */
const connectionFailure =
  /net::ERR_(CONNECTION|INTERNET|NAME|ADDRESS|NETWORK|TIMED_OUT|EMPTY_RESPONSE|CONTENT_LENGTH|INCOMPLETE|HTTP2|QUIC|PROXY|SOCKET)|ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|socket hang up|aborted|HttpError: 5\d\d/i;

/** Whether the same may succeed later without anybody changing it. */
export function isConnectionFailure(thrown: unknown): boolean {
  return connectionFailure.test(`${codeOf(thrown)} ${thrown}`);
}

export function failureWords(
  thrown: unknown,
  { version, isTriedAgain }: { version: string | null; isTriedAgain: boolean },
): string {
  const code = codeOf(thrown);
  const what = version === null ? 'The update' : `Version ${version}`;
  if (code === 'ERR_CHECKSUM_MISMATCH')
    return `${what} was refused and deleted: what was fetched is not what was published. This version stays. Tell whoever runs your helpdesk's computers if it happens again.`;
  if (code === 'ERR_UPDATER_NO_CHECKSUM')
    return `${what} was refused: it was published without what is needed to check it. This version stays.`;
  if (isConnectionFailure(thrown)) {
    const where =
      version === null
        ? 'The place where updates are published does not answer'
        : `The connection broke while version ${version} was fetched`;
    return `${where}. ${isTriedAgain ? 'It is tried again by itself.' : 'It is tried again tomorrow, or now by the button.'}`;
  }
  if (code === 'ENOSPC') return `${what} could not be kept: the disk is full. Make room, then look again.`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${what} could not be kept: the cache folder can't be written. Make it writable, then look again.`;
  if (`${thrown}`.includes('ERR_BLOCKED_BY_CLIENT'))
    return `${what} was refused: it is said to lie somewhere else than where this build takes updates from. This version stays.`;
  return `${what} could not be fetched: what is published can't be read. This version stays; it is tried again tomorrow.`;
}

export function readyStatus(installation: Installation, version: string): Partial<UpdateStatus> {
  return { phase: 'ready', version, percent: null, text: readyWords(installation, version) };
}

/** Of an offer of which nothing is fetched; undefined: it is to be fetched. */
export function statusWithoutFetching(
  offer: Offer,
  desk: { appVersion: string; installation: Installation; feed: FeedAnswer },
): Partial<UpdateStatus> | undefined {
  const { version } = offer;
  const { appVersion, installation, feed } = desk;
  if (!offer.isNewer) {
    const text =
      version === appVersion
        ? `Version ${appVersion} is the newest.`
        : `This version, ${appVersion}, is kept: the one that is offered, ${version}, is older.`;
    return { phase: 'newest', text, version: null };
  }
  if (installation.kind === 'by-hand') {
    const page = packageOf(offer, installation.packageType) ?? ('feed' in feed ? feed.feed.url : null);
    return { phase: 'by-hand', version, page, text: readyWords(installation, version) };
  }
  if (offer.isOfOwnKind) return undefined;
  const text = `Version ${version} is there, but was published without a package of this kind. This version stays; it is looked again tomorrow.`;
  return { phase: 'failed', version, text };
}

/** What to do with a version that is there. */
function readyWords(installation: Installation, version: string): string {
  if (installation.kind === 'itself')
    return `Version ${version} is ready. It is installed when you close Ticket Desk; until then nothing changes.`;
  const how = {
    deb: 'Download the package and install it with: sudo apt install ./ and its file name.',
    rpm: 'Download the package and install it with: sudo dnf install ./ and its file name.',
    AppImage:
      'Download it, close Ticket Desk, and put it in the place of this one, or in a folder of yours: there it replaces itself.',
    'tar.gz': 'Download it, close Ticket Desk, and put it in the place of this one.',
  }[installation.packageType];
  return `Version ${version} is there. This installation can't replace itself. ${how} Your tickets and settings stay.`;
}

function codeOf(thrown: unknown): string {
  return (thrown as { code?: unknown } | null)?.code?.toString() ?? '';
}
