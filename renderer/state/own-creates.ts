/** The creates filed in this window: their rows may appear under the reader's eye, as the reader has made them. */

const own = new Set<string>();

/** Call before the create is sent: news of it can come before the answer. */
export function noteOwnCreate(requestId: string): void {
  own.add(requestId);
}

export function isOwnCreate(requestId: string): boolean {
  return own.has(requestId);
}
