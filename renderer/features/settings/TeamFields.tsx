/** How the team's services are reached: addresses, checked as they are typed, TLS, and the token. */
import { type ReactNode, useId } from 'react';
import Form from 'react-bootstrap/Form';
import type { DesktopBridge } from '../../../proto/desktop-bridge.ts';
import { exampleAddresses } from '../../../proto/service-address.ts';
import { SmallButton } from '../../components/SmallButton.tsx';
import { CheckResult } from './CheckResult.tsx';
import { SettingField, SettingSwitch } from './SettingField.tsx';
import { TokenField } from './TokenField.tsx';
import type { ServiceSettings } from './use-service-settings.ts';

type FileName = 'caFile' | 'certFile' | 'keyFile';
type TypedField = FileName | 'ticketServiceAddress' | 'nsqdAddress';

interface Props {
  form: ServiceSettings;
  bridge: DesktopBridge;
}

export function TeamFields({ form, bridge }: Props) {
  const id = useId();
  const { team, service, queue } = form;
  const queueRemark = team.nsqdAddress.trim() === '' ? null : (service.answer?.queueRemark ?? null);
  return (
    <>
      <SettingField
        id={`${id}-service`}
        label="Ticket service"
        placeholder={exampleAddresses['ticket service']}
        {...typedField(form, 'ticketServiceAddress')}
        describedBy={`${id}-service-check`}
      >
        <CheckResult id={`${id}-service-check`} check={service} />
      </SettingField>
      <TokenField form={form} />
      <SettingField
        id={`${id}-queue`}
        label="NSQ (optional)"
        placeholder={exampleAddresses.NSQ}
        {...typedField(form, 'nsqdAddress')}
        describedBy={`${id}-queue-check`}
      >
        {team.nsqdAddress.trim() === '' ? (
          <Form.Text id={`${id}-queue-check`}>
            Left empty, new tickets go to the ticket service itself.
          </Form.Text>
        ) : (
          <CheckResult id={`${id}-queue-check`} check={queue} remark={queueRemark} />
        )}
      </SettingField>
      <TlsFields form={form} bridge={bridge} />
    </>
  );
}

function TlsFields({ form, bridge }: Props) {
  const id = useId();
  const { team, saved } = form;
  return (
    <fieldset className="mb-3">
      <legend className="small fw-semibold mb-1">TLS</legend>
      <SettingSwitch
        id={`${id}-tls`}
        label="to the ticket service"
        isOn={team.tls}
        onChange={(tls) => form.change({ tls })}
        lockedBy={saved.lockedBy.tls}
      />
      <SettingSwitch
        id={`${id}-nsqd-tls`}
        label="to NSQ"
        isOn={team.nsqdTls}
        onChange={(nsqdTls) => form.change({ nsqdTls })}
        lockedBy={saved.lockedBy.nsqdTls}
      />
      {(team.tls || team.nsqdTls) && (
        <div className="mt-2">
          <FileField form={form} bridge={bridge} field="caFile" label="CA file">
            {!saved.lockedBy.caFile && (
              <Form.Text>Left empty, the authorities that this system trusts.</Form.Text>
            )}
          </FileField>
          <FileField form={form} bridge={bridge} field="certFile" label="Certificate of this computer" />
          <FileField form={form} bridge={bridge} field="keyFile" label="Its key">
            <Form.Text>Both only where the servers ask for them (mutual TLS).</Form.Text>
          </FileField>
        </div>
      )}
      {!team.tls && !saved.lockedBy.tls && (
        <Form.Text>Without TLS everybody on the way can read tickets and token.</Form.Text>
      )}
    </fieldset>
  );
}

/** What every field that is typed into has of the form. */
function typedField(form: ServiceSettings, field: TypedField) {
  return {
    value: form.team[field],
    onChange: (value: string) => form.change({ [field]: value }),
    onBlur: () => form.leave(field),
    lockedBy: form.saved.lockedBy[field],
    problem: form.problemOf(field),
  };
}

interface FileFieldProps extends Props {
  field: FileName;
  label: string;
  children?: ReactNode;
}

function FileField({ form, bridge, field, label, children }: FileFieldProps) {
  const id = useId();
  const choose = async () => {
    const answer = await bridge.chooseFile();
    if (answer.ok && answer.value !== null) form.change({ [field]: answer.value });
  };
  return (
    <SettingField
      id={id}
      label={label}
      {...typedField(form, field)}
      button={
        <SmallButton
          aria-label={`Choose: ${label}`}
          disabled={form.saved.lockedBy[field] !== undefined}
          onClick={() => void choose()}
        >
          Choose…
        </SmallButton>
      }
    >
      {children}
    </SettingField>
  );
}
