/** One export, from its start until its file is saved. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { uuidv7 } from 'uuidv7';
import {
  CancelExportDocument,
  type ExportFieldsFragment,
  ExportsDocument,
  type StartExport,
  StartExportDocument,
} from '../../graphql/generated/operations.ts';
import { askEveryMs, isUnderWay } from '../../state/background-work.ts';
import { useFace } from '../../state/boot.tsx';
import { readFailure } from '../../state/failure.ts';

export type ExportStep =
  | { at: 'asking'; problem: string | null }
  | { at: 'running'; done: number; total: number | null }
  /** @param path where the app has saved it; null: the browser saves it */
  | { at: 'saved'; path: string | null; fileName: string; count: number }
  | { at: 'not-saved'; problem: string | null };

export interface ExportHandle {
  step: ExportStep;
  start(how: Omit<StartExport, 'requestId'>): void;
  /** Asks anew where to save what has been made. */
  save(): void;
  /** Ends it and leaves nothing of it, unless it is saved. */
  leave(): void;
}

export function useExport(): ExportHandle {
  const client = useApolloClient();
  const face = useFace();
  const [step, setStep] = useState<ExportStep>({ at: 'asking', problem: null });
  const current = useRef<{ requestId: string; made?: ExportFieldsFragment } | null>(null);
  useEffect(
    () => () => {
      current.current = null;
    },
    [],
  );

  async function follow(requestId: string, how: Omit<StartExport, 'requestId'>): Promise<void> {
    await client.mutate({ mutation: StartExportDocument, variables: { input: { ...how, requestId } } });
    for (;;) {
      const { data } = await client.query({ query: ExportsDocument, fetchPolicy: 'no-cache' });
      if (current.current?.requestId !== requestId) return;
      const one = data?.exports.find((each) => each.requestId === requestId);
      if (one?.state === 'DONE') {
        current.current.made = one;
        return save();
      }
      if (!one || !isUnderWay(one)) {
        const problem = one?.lastError ?? 'The export was ended elsewhere. Export again.';
        setStep({ at: 'asking', problem });
        return;
      }
      setStep({ at: 'running', done: one.done, total: one.total ?? null });
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
    }
  }

  async function save(): Promise<void> {
    const made = current.current?.made;
    if (!made?.address) return;
    const { fileName, done: count } = made;
    if (face.kind === 'web') {
      download(made.address, fileName);
      setStep({ at: 'saved', path: null, fileName, count });
      return;
    }
    const saved = await face.bridge.saveExport(made.address);
    if (!saved.ok) setStep({ at: 'not-saved', problem: saved.error.message });
    else if (saved.value === null) setStep({ at: 'not-saved', problem: null });
    else setStep({ at: 'saved', path: saved.value, fileName, count });
  }

  return {
    step,
    start(how) {
      const requestId = uuidv7();
      current.current = { requestId };
      setStep({ at: 'running', done: 0, total: null });
      follow(requestId, how).catch((thrown) => {
        if (current.current?.requestId === requestId)
          setStep({ at: 'asking', problem: readFailure(thrown).message });
      });
    },
    save: () => void save(),
    leave() {
      const requestId = current.current?.requestId;
      current.current = null;
      // A browser may still be at it.
      if (!requestId || step.at === 'asking' || step.at === 'saved') return;
      client
        .mutate({ mutation: CancelExportDocument, variables: { input: { requestId } } })
        .catch(() => undefined);
    },
  };
}

/** As if the person had followed a link, so that the browser saves it as it saves all else. */
function download(address: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
}
