/** A reason in an operator's words, with names of servers and all: there when it is asked for, and else in nobody's way. */
export function Why({ reason }: { reason: string }) {
  return (
    <details>
      <summary>Why?</summary>
      <p className="mb-0 text-body-secondary text-break">{reason}</p>
    </details>
  );
}
