/** How many tickets are chosen, and what can be done with all of them: in the toolbar's place for as long as some are. */
import type { ReactNode } from 'react';
import { SmallButton } from '../../components/SmallButton.tsx';
import { chosenWords, isWhole, useChosen } from '../../state/chosen.ts';

/** @param children acts on them */
export function ChosenBar({ children }: { children?: ReactNode }) {
  const choice = useChosen();
  const { chosen, chooseAll, clear } = choice;
  if (chosen === null) return null;
  return (
    <div
      role="toolbar"
      aria-label="Chosen tickets"
      className="chosen-bar d-flex flex-wrap align-items-center gap-2 p-2 border-bottom"
    >
      <strong className="px-2">{chosenWords(choice)}</strong>
      {children}
      <div className="d-flex gap-2 ms-auto">
        {!isWhole(chosen) && <SmallButton onClick={chooseAll}>Choose all that match</SmallButton>}
        <SmallButton onClick={clear}>Clear</SmallButton>
      </div>
    </div>
  );
}

/** The same for a screen reader, once more with each change; it is always there to be heard. */
export function ChosenNote() {
  const choice = useChosen();
  return (
    <p className="visually-hidden" role="status" aria-label="Chosen">
      {chosenWords(choice, { noun: true })}
    </p>
  );
}
