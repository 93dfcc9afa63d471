/** Where the tickets are kept: one of three profiles, and what it needs. */
import { type FormEvent, type RefObject, useEffect, useId, useRef } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import { Problem } from '../../components/Problem.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { useOutbox } from '../../state/live.tsx';
import { DockerPane } from './DockerPane.tsx';
import { placeWords, profiles, switchedOf, switchWords } from './profiles.ts';
import { LockNote } from './SettingField.tsx';
import { TeamFields } from './TeamFields.tsx';
import { type DockerControl, useDocker } from './use-docker.ts';
import { type DesktopFace, type ServiceSettings, useServiceSettings } from './use-service-settings.ts';

export interface ServiceFormState {
  id: string;
  face: DesktopFace;
  form: ServiceSettings;
  docker: DockerControl;
}

export function useServiceForm(face: DesktopFace): ServiceFormState {
  const form = useServiceSettings(face);
  const docker = useDocker(face.bridge, form.profile === 'docker');
  return { id: useId(), face, form, docker };
}

export function ServiceForm({ id, face, form, docker }: ServiceFormState) {
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!canSave({ form, docker })) return;
    if (mustStart({ form, docker }) && !(await docker.start())) return;
    if (form.isChanged) await form.save();
  };
  return (
    <Form noValidate id={id} onSubmit={(event) => void submit(event)}>
      <ProfileChoice form={form} />
      {form.profile === 'docker' && <DockerPane docker={docker} />}
      {form.profile === 'team' && <TeamFields form={form} bridge={face.bridge} />}
    </Form>
  );
}

function mustStart({ form, docker }: Pick<ServiceFormState, 'form' | 'docker'>): boolean {
  return form.profile === 'docker' && docker.status.phase !== 'running';
}

function canSave({ form, docker }: Pick<ServiceFormState, 'form' | 'docker'>): boolean {
  if (form.isSaving) return false;
  if (mustStart({ form, docker }))
    return docker.status.phase === 'stopped' || docker.status.phase === 'failed';
  return form.isChanged;
}

/** What saving does, and the button for it: in sight however long the form is. */
export function ServiceFormFooter(state: ServiceFormState) {
  const { form } = state;
  const button = useRef<HTMLButtonElement>(null);
  const doubted = useRef(false);
  const isDoubted = form.doubts.length > 0;
  useEffect(() => {
    // The focus was on a button that is gone.
    if (doubted.current && !isDoubted) button.current?.focus();
    doubted.current = isDoubted;
  }, [isDoubted]);
  return (
    <>
      <SwitchNote form={form} />
      <Problem text={form.failure} className="small p-2 mb-2" />
      {isDoubted ? <Doubts form={form} /> : <SaveButton {...state} button={button} />}
    </>
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
      {lockedBy && <LockNote id={`${id}-locked`} lock={lockedBy} />}
    </fieldset>
  );
}

/** Before the switch, not after it. */
function SwitchNote({ form }: { form: ServiceSettings }) {
  const outbox = useOutbox();
  const from = placeWords(form.saved);
  const to = placeWords(form);
  if (from === to) return null;
  const words = switchWords(switchedOf(outbox), from, to);
  if (!words) return null;
  return (
    <Alert variant="info" className="small p-2 mb-2">
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
        <SmallButton onClick={form.leaveDoubts}>Go on editing</SmallButton>
      </div>
    </Alert>
  );
}

/** While there is nothing to save it keeps the focus all the same: hence not `disabled`. */
function SaveButton({
  id,
  form,
  docker,
  button,
}: ServiceFormState & { button: RefObject<HTMLButtonElement | null> }) {
  const isPossible = canSave({ form, docker });
  const words = mustStart({ form, docker }) ? 'Start and connect' : 'Save and connect';
  return (
    <Button
      ref={button}
      type="submit"
      form={id}
      size="sm"
      className={isPossible ? '' : 'disabled'}
      aria-disabled={!isPossible}
    >
      {form.isSaving ? 'Checking and saving…' : words}
    </Button>
  );
}
