/** What came of asking at an address, read aloud as it comes. */
import type { AddressCheck, CheckTone } from '../../../proto/desktop-bridge.ts';
import { WordButton } from '../../components/SmallButton.tsx';
import type { Check } from './use-check.ts';

const tones: Readonly<Record<CheckTone, { colour: string; path: string }>> = {
  ok: { colour: 'text-success-emphasis', path: 'm3 8.5 3.2 3.2L13 4.8' },
  warning: { colour: 'text-warning-emphasis', path: 'M8 2.2 14.5 13.5h-13zM8 6.3v3.4M8 11.4v.3' },
  failure: { colour: 'text-danger-emphasis', path: 'm4 4 8 8M12 4l-8 8' },
};

export function CheckResult({
  id,
  check,
  remark = null,
}: {
  id: string;
  check: Check<AddressCheck>;
  /** A warning beside what was answered. */
  remark?: string | null;
}) {
  const { answer, isChecking, ask } = check;
  return (
    <div
      className="small mt-1"
      aria-live="polite"
      id={id}
      data-check={isChecking ? 'checking' : answer?.code}
    >
      {isChecking && <span className="text-body-secondary">Checking…</span>}
      {!isChecking && answer && (
        <>
          <Line tone={answer.tone} text={answer.text} />
          {remark && <Line tone="warning" text={remark} />}
          {answer.tone !== 'ok' && answer.code !== 'malformed' && (
            <WordButton onClick={() => void ask()}>Check again</WordButton>
          )}
        </>
      )}
    </div>
  );
}

function Line({ tone, text }: { tone: CheckTone; text: string }) {
  const { colour, path } = tones[tone];
  return (
    <div className={`d-flex gap-2 align-items-baseline ${colour}`}>
      <svg viewBox="0 0 16 16" className="glyph flex-shrink-0 align-self-start mt-1" aria-hidden="true">
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="text-break">{text}</span>
    </div>
  );
}
