/** Something that is asked of the server and may fail, in words for the person. */
import { useState } from 'react';
import { type Failure, readFailure } from './failure.ts';

/** `run` answers whether it was done; why not stands in `failure` until the next. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function run(act: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setFailure(null);
    try {
      await act();
      return true;
    } catch (thrown) {
      setFailure(readFailure(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, failure, run };
}
