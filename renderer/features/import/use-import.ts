/** One import, from its file until its rows are stored. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { uuidv7 } from 'uuidv7';
import { admissionOf } from '../../graphql/client.ts';
import {
  DiscardImportDocument,
  type ImportFieldsFragment,
  type ImportSourceInput,
  ImportsDocument,
  PrepareImportDocument,
  StartImportDocument,
  StopImportDocument,
} from '../../graphql/generated/operations.ts';
import { askEveryMs, isUnderWay } from '../../state/background-work.ts';
import { readFailure } from '../../state/failure.ts';
import { SendingRefused, sendFile } from './send-file.ts';

export type ImportJob = ImportFieldsFragment;

export type ImportStep =
  | { at: 'choosing' }
  | { at: 'sending'; fileName: string; share: number }
  | { at: 'here'; job: ImportJob };

export interface ImportHandle {
  step: ImportStep;
  problem: string | null;
  choose(file: File): void;
  /** Checks the rows or stores them; goes on with what was stopped. */
  start(how: { isDryRun: boolean; mapping?: ImportSourceInput[] }): void;
  stop(): void;
  /** Leaves nothing of it here, and asks for another file. What it has stored stays. */
  putAway(): void;
  /** Leaves nothing of it here, unless it is storing rows, which goes on, or was stopped at that. */
  leave(): void;
}

export function useImport(): ImportHandle {
  const client = useApolloClient();
  const [step, setStep] = useState<ImportStep>({ at: 'choosing' });
  const [problem, setProblem] = useState<string | null>(null);
  const sending = useRef(new AbortController());
  const isHere = useRef(true);

  const show = (job: ImportJob | undefined) => {
    if (job && isHere.current) setStep({ at: 'here', job });
  };
  const attempt = async (act: () => Promise<ImportJob | undefined>) => {
    setProblem(null);
    try {
      show(await act());
    } catch (thrown) {
      if (!isHere.current) return;
      setProblem(thrown instanceof SendingRefused ? thrown.message : readFailure(thrown).message);
      setStep((now) => (now.at === 'sending' ? { at: 'choosing' } : now));
    }
  };

  async function read(id?: string): Promise<ImportJob | undefined> {
    const { data } = await client.query({
      query: ImportsDocument,
      variables: { id: id ?? null },
      fetchPolicy: 'no-cache',
    });
    // A server is shared: others' imports are theirs to see to.
    return data?.imports.findLast(({ author }) => !author || author.id === data.me?.id);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens.
  useEffect(() => {
    isHere.current = true;
    // What was begun before goes on, or has come to its end meanwhile.
    read().then(show, () => undefined);
    return () => {
      isHere.current = false;
      sending.current.abort();
    };
  }, []);

  const job = step.at === 'here' ? step.job : undefined;
  const discard = () => {
    if (!job) return;
    const input = { id: job.id };
    client.mutate({ mutation: DiscardImportDocument, variables: { input } }).catch(() => undefined);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each answer the next question.
  useEffect(() => {
    if (!job || !isUnderWay(job)) return;
    const timer = setTimeout(() => void read(job.id).then(show, () => show({ ...job })), askEveryMs);
    return () => clearTimeout(timer);
  }, [job]);

  return {
    step,
    problem,
    choose(file) {
      const id = uuidv7();
      const { name: fileName, size } = file;
      sending.current = new AbortController();
      setStep({ at: 'sending', fileName, share: 0 });
      void attempt(async () => {
        await sendFile(file, {
          id,
          headers: admissionOf(client),
          signal: sending.current.signal,
          onProgress: (bytes) => setStep({ at: 'sending', fileName, share: bytes / size }),
        });
        const input = { id, fileName, bytes: size };
        const { data } = await client.mutate({ mutation: PrepareImportDocument, variables: { input } });
        return data?.prepareImport;
      });
    },
    start(how) {
      if (!job) return;
      void attempt(async () => {
        const input = { id: job.id, ...how };
        const { data } = await client.mutate({ mutation: StartImportDocument, variables: { input } });
        return data?.startImport;
      });
    },
    stop() {
      if (!job) return;
      void attempt(async () => {
        const { data } = await client.mutate({
          mutation: StopImportDocument,
          variables: { input: { id: job.id } },
        });
        return data?.stopImport;
      });
    },
    putAway() {
      discard();
      setStep({ at: 'choosing' });
    },
    leave() {
      if (job?.isDryRun || job?.state === 'DONE') discard();
    },
  };
}
