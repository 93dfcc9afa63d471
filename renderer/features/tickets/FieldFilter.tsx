/** Narrows the list by one field: to a choice, to a tag that was seen, to an agent, or to what is due before long. */
import {
  type FieldFilters,
  type FilterFieldName,
  fieldFilters,
  fieldOf,
  type PersonFieldName,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import { shownText } from '../../../proto/visible-text.ts';
import { agentOptions, useAgents } from '../../state/agents.tsx';
import { useSeenTags } from '../../state/seen-tags.ts';
import { periods } from './due-periods.ts';
import { FilterChoice } from './FilterChoice.tsx';

export interface FieldFilterProps {
  name: FilterFieldName;
  filters: FieldFilters;
  onFilter(filters: FieldFilters): void;
}

export function FieldFilter({ name, filters, onFilter }: FieldFilterProps) {
  const field = fieldOf(name);
  const { seen, look } = useSeenTags();
  const { filter } = ticketFields[name];
  const chosen = filters[filter];
  const label = field.label.toLowerCase();
  const narrow = (value: string | string[]) => onFilter(fieldFilters({ ...filters, [filter]: value }));
  const any = ['', `Any ${label}`] as const;

  if (field.kind === 'time') {
    return (
      <FilterChoice
        label={`Filter by ${label}`}
        value={typeof chosen === 'string' ? chosen : ''}
        options={[any, ...periods.map(({ term, words }) => [term, words] as const)]}
        onChoose={narrow}
      />
    );
  }
  if (field.kind === 'person') {
    return <PersonFilter name={name as PersonFieldName} {...{ label, any, filters, onFilter }} />;
  }
  const options = field.kind === 'choice' ? field.choices : withChosen(seen, chosen);
  return (
    <FilterChoice
      label={`Filter by ${label}`}
      value={chosen?.[0] ?? ''}
      options={[any, ...options.map((option) => [option, option] as const)]}
      onFocus={look}
      onChoose={(value) => narrow(value === '' ? [] : [value])}
    />
  );
}

/** No agent's id is empty, nor of blanks alone. */
const nobody = ' ';

interface PersonFilterProps extends Omit<FieldFilterProps, 'name'> {
  name: PersonFieldName;
  label: string;
  any: readonly [string, string];
}

function PersonFilter({ name, label, any, filters, onFilter }: PersonFilterProps) {
  const known = useAgents();
  const { filter, noneFilter } = ticketFields[name];
  const { me, others } = agentOptions(known);
  const agents = [...me, ...others].map(({ id, label: name }) => [id, shownText(name)] as const);
  return (
    <FilterChoice
      label={`Filter by ${label}`}
      value={filters[noneFilter] ? nobody : (filters[filter] ?? '')}
      options={[any, [nobody, 'Nobody'], ...agents]}
      onFocus={known.look}
      onChoose={(value) => {
        const isNobody = value === nobody;
        onFilter(fieldFilters({ ...filters, [filter]: isNobody ? '' : value, [noneFilter]: isNobody }));
      }}
    />
  );
}

/** More would not be looked through. */
const maxOptions = 50;

function withChosen(seen: readonly string[], chosen: FieldFilters[keyof FieldFilters]): readonly string[] {
  return [...new Set([...(typeof chosen === 'object' ? chosen : []), ...seen.slice(0, maxOptions)])];
}
