/** What came of a move: counts and checksums of what was sent and of what the team's server answers, side by side. */
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import Table from 'react-bootstrap/Table';
import type { MoveComparison, MoveStatus } from '../../../proto/desktop-bridge.ts';
import { counted, countText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { showToast } from '../../state/toasts.ts';
import type { DesktopFace } from './use-service-settings.ts';

/** Enough to tell one from another by eye. */
const shownDigits = 12;

export function MoveResult({ status, face }: { status: MoveStatus; face: DesktopFace }) {
  const { comparison, renumbered, refused, different, address } = status;
  const isSame = refused.count === 0 && different.length === 0;
  return (
    <div className="mb-2 small">
      <p className="mb-2 text-break" role="status">
        {isSame
          ? `All tickets are at ${address}, and are the same there.`
          : `The tickets were moved to ${address}, but not all are the same there.`}
      </p>
      <Comparison comparison={comparison} />
      <Named
        words={['ticket has another number there', 'tickets have other numbers there']}
        count={renumbered.count}
        each={renumbered.first.map(({ number, id }) => `#${number} is #${id}`)}
      />
      <Named
        words={['ticket did not go along', 'tickets did not go along']}
        count={refused.count}
        each={refused.first.map(({ number, reason }) => `#${number}: ${reason}`)}
      />
      {different.length > 0 && (
        <Alert variant="warning" className="p-2 mb-2">
          Other there than here: {different.map((number) => `#${number}`).join(', ')}. Somebody may have
          changed them there since.
        </Alert>
      )}
      <Switch address={address} face={face} />
    </div>
  );
}

function Comparison({ comparison }: { comparison: readonly MoveComparison[] }) {
  const cell = ({ count, checksum }: MoveComparison['sent']) => (
    <td className="text-nowrap">
      {countText(count)}{' '}
      <code className="text-body-secondary" title={checksum}>
        {checksum.slice(0, shownDigits)}
      </code>
    </td>
  );
  return (
    <Table size="sm" className="mb-2">
      <thead>
        <tr>
          <th scope="col">Compared</th>
          <th scope="col">Sent</th>
          <th scope="col">There</th>
        </tr>
      </thead>
      <tbody>
        {comparison.map(({ part, sent, answered }) => (
          <tr key={part}>
            <th scope="row">{part}</th>
            {cell(sent)}
            {cell(answered)}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Named(props: { words: [one: string, many: string]; count: number; each: readonly string[] }) {
  const { words, count, each } = props;
  if (count === 0) return null;
  const more = count - each.length;
  return (
    <details className="mb-2">
      <summary>{counted(count, ...words)}</summary>
      <ul className="mb-0 ps-3 text-break">
        {each.map((one) => (
          <li key={one}>{one}</li>
        ))}
        {more > 0 && <li>and {countText(more)} more</li>}
      </ul>
    </details>
  );
}

/** Only to the server that they were moved to. */
function Switch({ address, face: { settings } }: { address: string; face: DesktopFace }) {
  const { team } = useStore(settings.saved);
  if (team.ticketServiceAddress !== address) return null;
  const change = async () => {
    const answer = await settings.save({ profile: 'team', team });
    showToast({ text: answer.ok ? `Saved. Tickets are kept by ${address}.` : answer.error.message });
  };
  return (
    <Button size="sm" className="mb-2" onClick={() => void change()}>
      Use the team server from now on
    </Button>
  );
}
