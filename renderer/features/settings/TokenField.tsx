/** The API token: typed once, kept by the system's keychain, never shown again. */
import { useId } from 'react';
import Form from 'react-bootstrap/Form';
import { SmallButton } from '../../components/SmallButton.tsx';
import { SettingField } from './SettingField.tsx';
import type { ServiceSettings } from './use-service-settings.ts';

export function TokenField({ form }: { form: ServiceSettings }) {
  const id = useId();
  const { saved, token, hasToken, changeToken } = form;
  const isKept = hasToken && token === undefined && !saved.lockedBy.token;
  if (isKept) {
    return (
      <div className="mb-3">
        <div className="small fw-semibold mb-1">Token</div>
        <div className="d-flex flex-wrap align-items-center gap-2 small">
          <span>One is kept. It is not shown.</span>
          <SmallButton onClick={() => changeToken('')}>Replace</SmallButton>
          <SmallButton onClick={() => changeToken(null)}>Remove</SmallButton>
        </div>
      </div>
    );
  }
  const isOfOther = saved.hasToken && !hasToken && saved.team.ticketServiceAddress !== '';
  return (
    <SettingField
      id={`${id}-token`}
      label="Token"
      isSecret
      value={saved.lockedBy.token ? '' : (token ?? '')}
      placeholder={saved.lockedBy.token ? 'set' : 'as the operator gave it to you'}
      onChange={(typed) => changeToken(typed.trim())}
      onBlur={() => form.leave('token')}
      lockedBy={saved.lockedBy.token}
      problem={form.problemOf('token')}
      describedBy={`${id}-note`}
    >
      <Form.Text id={`${id}-note`} className="d-block">
        {token === null && hasToken && 'The kept one is removed when you save. '}
        {isOfOther && `The one kept for ${saved.team.ticketServiceAddress} is sent nowhere else. `}
        {!saved.lockedBy.token &&
          (saved.keychainProblem ?? "Kept by this system's keychain, and never shown again.")}
      </Form.Text>
    </SettingField>
  );
}
