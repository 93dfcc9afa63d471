/** The stack on this computer: how each service does, and the log at hand when one fails. */
import { useId } from 'react';
import Alert from 'react-bootstrap/Alert';
import ListGroup from 'react-bootstrap/ListGroup';
import type { DockerServiceState, DockerStatus } from '../../../proto/desktop-bridge.ts';
import { NamedProgress } from '../../components/NamedProgress.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import type { DockerControl } from './use-docker.ts';

const phaseWords: Readonly<Record<DockerStatus['phase'], string>> = {
  looking: 'Looking at Docker…',
  unavailable: 'Docker can not be used yet.',
  stopped: 'The stack does not run. The first start fetches and builds its images, which takes some minutes.',
  starting: 'The stack starts.',
  running:
    'The stack runs. It goes on when Ticket Desk is closed, and comes back with Docker, until you stop it here.',
  stopping: 'The stack stops. Its data stays.',
  failed: 'The stack is not whole.',
};

const stateWords: Readonly<Record<DockerServiceState, string>> = {
  waiting: 'waits',
  pulling: 'image is fetched',
  building: 'image is built',
  created: 'created',
  starting: 'starts',
  healthy: 'ready',
  done: 'done',
  stopped: 'stopped',
  failed: 'failed',
};

const colours: Partial<Record<DockerServiceState, string>> = {
  healthy: 'text-success-emphasis',
  done: 'text-success-emphasis',
  failed: 'text-danger-emphasis',
};

export function DockerPane({ docker }: { docker: DockerControl }) {
  const { status } = docker;
  const { phase, services, text, log } = status;
  const isUp = phase === 'running' || phase === 'starting' || phase === 'failed';
  return (
    <div className="mb-3" data-docker={phase}>
      <p className="small mb-2" role="status">
        {phaseWords[phase]}
      </p>
      {text && (
        <Alert variant={phase === 'failed' ? 'danger' : 'warning'} className="small p-2 mb-2">
          {text}
        </Alert>
      )}
      {log.length > 0 && <Log lines={log} />}
      {phase === 'starting' && <Progress services={services} />}
      {(isUp || phase === 'stopping') && <Services services={services} />}
      <div className="d-flex gap-2">
        {(phase === 'unavailable' || phase === 'failed') && (
          <SmallButton onClick={() => void docker.look()}>Look again</SmallButton>
        )}
        {isUp && <SmallButton onClick={() => void docker.stop()}>Stop the stack</SmallButton>}
      </div>
    </div>
  );
}

function Progress({ services }: Pick<DockerStatus, 'services'>) {
  const ready = services.filter(({ state }) => state === 'healthy' || state === 'done').length;
  const label = `${ready} of ${services.length} ready`;
  return (
    <>
      <NamedProgress
        className="mb-1"
        name="Start of the stack"
        now={ready}
        max={services.length}
        aria-valuetext={label}
      />
      <p className="small text-body-secondary mb-2">{label}</p>
    </>
  );
}

function Services({ services }: Pick<DockerStatus, 'services'>) {
  return (
    <ListGroup as="ul" variant="flush" className="small mb-2" aria-label="Services of the stack">
      {services.map(({ name, state }) => (
        <ListGroup.Item as="li" key={name} className="d-flex px-0 py-1" data-state={state}>
          <span>{name}</span>
          <span className={`ms-auto ${colours[state] ?? 'text-body-secondary'}`}>{stateWords[state]}</span>
        </ListGroup.Item>
      ))}
    </ListGroup>
  );
}

function Log({ lines }: { lines: readonly string[] }) {
  const id = useId();
  return (
    <>
      <div id={id} className="small fw-semibold">
        Its last lines
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard. */}
      <pre className="docker-log small border rounded p-2 mb-2" tabIndex={0} role="log" aria-labelledby={id}>
        {lines.join('\n')}
      </pre>
    </>
  );
}
