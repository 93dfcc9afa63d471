/** One of the agents, "me" first, or nobody: typed for or chosen from the list. */
import { type ComponentProps, type FocusEvent, useState } from 'react';
import { wordBeginnings } from '../../proto/fold.ts';
import { agentOptions, useAgentName, useAgents } from '../state/agents.tsx';
import { Combobox } from './Combobox.tsx';

export interface AgentControlProps
  extends Omit<ComponentProps<typeof Combobox>, 'value' | 'onChange' | 'proposals' | 'listLabel' | 'onPick'> {
  value: string | null;
  onChange(value: string | null): void;
}

export function AgentControl({ value, onChange, ...control }: AgentControlProps) {
  const { me, others } = agentOptions(useAgents());
  const options = [...me, { id: null, label: 'Nobody' }, ...others];
  const known = useAgentName(value);
  const name = others.find(({ id }) => id === value)?.label ?? known;
  const [typed, setTyped] = useState<string | null>(null);
  const wanted = wordBeginnings(typed ?? '');
  const found = options.filter(({ label }) => wordBeginnings(label).includes(wanted));
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
