import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { WorkLine } from './WorkLine.tsx';

it('says the beginning, each quarter and the end, and no step between', () => {
  const line = (at: number | null) => {
    const text = `${at} of 40`;
    const progress = at === null ? null : { name: 'Setting status', now: at, max: 40, text };
    return (
      <WorkLine
        label="Bulk change"
        words={progress ? `Setting status: ${text}` : 'Stopped.'}
        progress={progress}
      >
        {null}
      </WorkLine>
    );
  };
  const { rerender } = render(line(0));
  const heard: (string | null)[] = [];
  for (const at of [...Array(41).keys(), null]) {
    rerender(line(at));
    const said = screen.getByRole('status').textContent;
    if (heard.at(-1) !== said) heard.push(said);
  }
  const quarters = ['0 of 40', '10 of 40', '20 of 40', '30 of 40', '40 of 40'];
  expect(heard).toEqual([...quarters.map((text) => `Setting status, ${text}`), 'Stopped.']);
});
