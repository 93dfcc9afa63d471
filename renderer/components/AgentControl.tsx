/** One of the agents, "me" first, or nobody: typed for or chosen from the list. */
import { type ComponentProps, type FocusEvent, useState } from 'react';
import { fold } from '../../proto/fold.ts';
import { useAgentName, useAgents } from '../state/agents.ts';
import { Combobox } from './Combobox.tsx';

export interface AgentControlProps
  extends Omit<ComponentProps<typeof Combobox>, 'value' | 'onChange' | 'proposals' | 'listLabel' | 'onPick'> {
  value: string | null;
  onChange(value: string | null): void;
}

interface Option {
  id: string | null;
  label: string;
}

export function AgentControl({ value, onChange, ...control }: AgentControlProps) {
  const options = useOptions();
  const name = useAgentName(value);
  const [typed, setTyped] = useState<string | null>(null);
  const wanted = fold((typed ?? '').trim());
  const found = options.filter(({ label }) => ` ${fold(label)}`.includes(` ${wanted}`));
  return (
    <Combobox
      {...control}
      value={typed ?? name}
      placeholder="Nobody"
      onChange={setTyped}
      onPick={(label) => {
        setTyped(null);
        onChange(options.find((option) => option.label === label)?.id ?? null);
      }}
      proposals={found.map(({ label }) => label)}
      listLabel="Agents"
      mustPick
      onFocus={(event: FocusEvent<HTMLInputElement>) => event.currentTarget.select()}
      onBlur={() => {
        // Left empty by hand is nobody; anything else is only looked for.
        if (typed?.trim() === '' && value !== null) onChange(null);
        setTyped(null);
      }}
    />
  );
}

/** Two of one name are told apart by the end of their ids. */
function useOptions(): readonly Option[] {
  const { me, others } = useAgents();
  const isTwice = (name: string) => others.filter((other) => other.name === name).length > 1;
  return [
    ...(me ? [{ id: me.id, label: `${me.name} (me)` }] : []),
    { id: null, label: 'Nobody' },
    ...others.map(({ id, name }) => ({ id, label: isTwice(name) ? `${name} (${id.slice(-4)})` : name })),
  ];
}
