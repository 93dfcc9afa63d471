/** Into an Electron app by Chromium's own debugging port: the one way into an app that is hardened. */
import { type Browser, chromium } from 'playwright-core';

/**
 * Whoever connects while the first window is being made now and then gets no answer, and the next one does at once.
 * @throws Error when the third gets none either
 */
export async function connectToWindow(address: string, triesLeft = 3): Promise<Browser> {
  try {
    return await chromium.connectOverCDP(address, { timeout: 10_000 });
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'TimeoutError' || triesLeft === 1) throw thrown;
    console.warn(`Playwright did not connect to the app; connecting once more. ${thrown.message}`);
    return connectToWindow(address, triesLeft - 1);
  }
}
