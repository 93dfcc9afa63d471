/** Where the tickets are kept: one of three profiles, and what it needs. */
import { type FormEvent, useEffect, useId, useRef } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import { useOutbox } from '../../state/live.tsx';
import { DockerPane } from './DockerPane.tsx';
import { LockNote } from './SettingField.tsx';
import './settings.css';
import { TeamFields } from './TeamFields.tsx';
import { type DockerControl, useDocker } from './use-docker.ts';
import { type DesktopFace, type ServiceSettings, useServiceSettings } from './use-service-settings.ts';
import { placeWords, profiles, switchWords } from './words.ts';

export function ServiceForm({ face }: { face: DesktopFace }) {
  const form = useServiceSettings(face);
  const docker = useDocker(face.bridge, form.profile === 'docker');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (form.profile === 'docker' && docker.status.phase !== 'running' && !(await docker.start())) return;
    if (form.isChanged) await form.save();
  };
  return (
    <Form noValidate onSubmit={(event) => void submit(event)}>
      <ProfileChoice form={form} />
      {form.profile === 'docker' && <DockerPane docker={docker} />}
      {form.profile === 'team' && <TeamFields form={form} bridge={face.bridge} />}
      <SwitchNote form={form} />
      {form.failure && (
        <Alert variant="danger" className="small p-2">
          {form.failure}
        </Alert>
      )}
      {form.doubts.length > 0 ? <Doubts form={form} /> : <SaveButton form={form} docker={docker} />}
    </Form>
  );
}

function ProfileChoice({ form }: { form: ServiceSettings }) {
  const id = useId();
  const lockedBy = form.saved.lockedBy.profile;
  return (
    <fieldset className="mb-3">
      <legend className="h6">Tickets are kept by</legend>
      {profiles.map(({ id: profile, label, note }) => (
        <Form.Check key={profile} type="radio" id={`${id}-${profile}`} className="mb-1">
          <Form.Check.Input
            type="radio"
            name={`${id}-profile`}
            checked={form.profile === profile}
            disabled={lockedBy !== undefined}
            aria-describedby={`${id}-${profile}-note`}
            onChange={() => form.chooseProfile(profile)}
          />
          <Form.Check.Label>{label}</Form.Check.Label>
          <Form.Text id={`${id}-${profile}-note`} className="d-block mt-0">
            {note}
          </Form.Text>
        </Form.Check>
      ))}
      {lockedBy && <LockNote id={`${id}-locked`} variable={lockedBy} />}
    </fieldset>
  );
}

/** Before the switch, not after it. */
function SwitchNote({ form }: { form: ServiceSettings }) {
  const { entries, waiting, failed } = useOutbox();
  const from = placeWords(form.saved);
  const to = placeWords(form);
  if (from === to) return null;
  const sent = entries.filter(({ state }) => state === 'SENT').length;
  const words = switchWords({ waiting, sent, failed }, from, to);
  if (!words) return null;
  return (
    <Alert variant="info" className="small p-2">
      {words}
    </Alert>
  );
}

/** Saving what does not work now is the person's to decide: the service may only be off. */
function Doubts({ form }: { form: ServiceSettings }) {
  const anyway = useRef<HTMLButtonElement>(null);
  useEffect(() => anyway.current?.focus(), []);
  return (
    <Alert variant="warning" className="small p-2 mb-0">
      {form.doubts.map((doubt) => (
        <p key={doubt} className="mb-2">
          {doubt}
        </p>
      ))}
      <p className="mb-2">Save it all the same? Until it works you can file tickets; they wait.</p>
      <div className="d-flex gap-2">
        <Button ref={anyway} size="sm" onClick={() => void form.save({ anyway: true })}>
          Save anyway
        </Button>
        <Button size="sm" variant="outline-secondary" onClick={form.leaveDoubts}>
          Go on editing
        </Button>
      </div>
    </Alert>
  );
}

function SaveButton({ form, docker }: { form: ServiceSettings; docker: DockerControl }) {
  const isDocker = form.profile === 'docker';
  const { phase } = docker.status;
  const isReady = isDocker ? phase === 'running' || phase === 'stopped' || phase === 'failed' : true;
  const starts = isDocker && phase !== 'running';
  const words = form.isSaving ? 'Checking and saving…' : starts ? 'Start and connect' : 'Save and connect';
  return (
    <Button type="submit" size="sm" disabled={form.isSaving || !isReady || !(form.isChanged || starts)}>
      {words}
    </Button>
  );
}
