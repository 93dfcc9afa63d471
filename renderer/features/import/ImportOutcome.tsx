/** How far an import is, and what has become of its rows: those that became no ticket by their lines, with the reasons. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import Table from 'react-bootstrap/Table';
import { partLabel } from '../../../proto/ticket-fields.ts';
import { NamedProgress } from '../../components/NamedProgress.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { RefusedRowsDocument, type RefusedRowsQuery } from '../../graphql/generated/operations.ts';
import { isUnderWay } from '../../state/background-work.ts';
import { readFailure } from '../../state/failure.ts';
import { counted, countText } from '../../state/locale.ts';
import type { ImportJob } from './use-import.ts';

export function ImportOutcome({ job }: { job: ImportJob }) {
  const { bytes, bytesDone, isDryRun, reason } = job;
  const under = isUnderWay(job);
  const percent = Math.floor((100 * bytesDone) / Math.max(bytes, 1));
  return (
    <>
      {under && (
        <NamedProgress name={isDryRun ? 'Checking' : 'Importing'} now={percent} label={`${percent} %`} />
      )}
      {reason && <p className="mb-0">{reason}</p>}
      <p role={under ? undefined : 'status'} className="mb-0">
        {outcomeWords(job)}
      </p>
      {!under && job.refused > 0 && <RefusedRows job={job} />}
    </>
  );
}

/** "1,000 rows checked: 990 tickets can be imported, 4 here already, 6 can't be taken." */
export function outcomeWords({ state, isDryRun, rows, imported, wereThere, refused }: ImportJob): string {
  const begin = state === 'STOPPED' ? 'Stopped: ' : '';
  const parts = [
    `${counted(imported, 'ticket')} ${isDryRun ? 'can be imported' : 'imported'}`,
    wereThere > 0 && `${countText(wereThere)} here already`,
    refused > 0 && `${countText(refused)} ${isDryRun ? "can't be taken" : 'not taken'}`,
  ];
  const count = `${counted(rows, 'row')}${isDryRun ? ' checked' : ''}`;
  return `${begin}${count}: ${parts.filter(Boolean).join(', ')}.`;
}

type Rows = RefusedRowsQuery['imports'][number]['refusedRows'];

function RefusedRows({ job: { id, isDryRun, refused } }: { job: ImportJob }) {
  const client = useApolloClient();
  const [page, setPage] = useState<Rows>({ nodes: [], endCursor: null });
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (after: string | null): Promise<Rows> => {
    const variables = { id, after };
    const { data } = await client.query({ query: RefusedRowsDocument, variables, fetchPolicy: 'no-cache' });
    return data?.imports[0]?.refusedRows ?? { nodes: [], endCursor: null };
  };
  const readOn = () =>
    read(page.endCursor ?? null).then(
      ({ nodes, endCursor }) => setPage({ nodes: [...page.nodes, ...nodes], endCursor: endCursor ?? null }),
      (thrown) => setProblem(readFailure(thrown).message),
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list of a check and that of the import are two.
  useEffect(() => {
    let isAway = false;
    read(null).then(
      (first) => !isAway && setPage(first),
      (thrown) => !isAway && setProblem(readFailure(thrown).message),
    );
    return () => {
      isAway = true;
    };
  }, [id, isDryRun, refused]);
  return (
    <>
      {problem !== null && <p role="alert">{problem}</p>}
      <Table size="sm" className="mb-0">
        <caption className="caption-top py-0">Rows that can't be taken, by the lines of the file</caption>
        <thead>
          <tr>
            <th scope="col" className="text-end">
              Line
            </th>
            <th scope="col">Field</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {page.nodes.map(({ line, field, message }) => (
            <tr key={line}>
              <td className="text-end">{line}</td>
              <td className="text-break">{field && partLabel(field)}</td>
              <td className="text-break">{message}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {page.endCursor && (
        <SmallButton className="align-self-start" onClick={() => void readOn()}>
          Show more
        </SmallButton>
      )}
    </>
  );
}
