/** Which column of a file says what of a ticket, with the first rows beside it, and what stands there otherwise. */
import Form from 'react-bootstrap/Form';
import Table from 'react-bootstrap/Table';
import {
  type FieldName,
  fieldNames,
  fieldOf,
  partLabel,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import { isVisible, shownText } from '../../../proto/visible-text.ts';
import type { ImportSourceInput } from '../../graphql/generated/operations.ts';
import { agentOptions, useAgents } from '../../state/agents.tsx';
import { isOneOf } from '../../state/form-values.ts';
import type { ImportJob } from './use-import.ts';

export interface ImportMappingProps {
  job: ImportJob;
  mapping: readonly ImportSourceInput[];
  onChange(mapping: ImportSourceInput[]): void;
}

export function ImportMapping({ job, mapping, onChange }: ImportMappingProps) {
  const set = (part: string, change: Partial<ImportSourceInput>) =>
    onChange(mapping.map((source) => (source.part === part ? { ...source, ...change } : source)));
  const mapped = new Set(mapping.map(({ column }) => column));
  const names = columnNames(job);
  const left = names.filter((_, at) => !mapped.has(at));
  return (
    <>
      <p className="mb-0">
        This is a CSV of another program. Choose what its columns say. Nothing is stored before all rows were
        checked.
      </p>
      <div className="table-responsive flex-shrink-0">
        <Table size="sm" className="import-mapping align-middle mb-0">
          <thead>
            <tr>
              <th scope="col">Of the ticket</th>
              <th scope="col">Column of the file</th>
              <th scope="col">Its first rows</th>
              <th scope="col">Where it is empty or not known</th>
            </tr>
          </thead>
          <tbody>
            {mapping.map((source) => (
              <SourceRow
                key={source.part}
                {...{ job, names, source }}
                onChange={(change) => set(source.part, change)}
              />
            ))}
          </tbody>
        </Table>
      </div>
      {left.length > 0 && <p className="mb-0 text-break">Left out: {left.join(', ')}.</p>}
    </>
  );
}

/** Each another, also where a file names two columns alike, or one not at all. */
function columnNames({ columns }: ImportJob): string[] {
  const names = columns.map(({ name }) => (isVisible(name) ? shownText(name) : ''));
  return names.map((name, at) => {
    if (name === '') return `Column ${at + 1}`;
    return names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (column ${at + 1})`;
  });
}

interface SourceRowProps {
  job: ImportJob;
  /** Of the columns. */
  names: readonly string[];
  source: ImportSourceInput;
  onChange(change: Partial<ImportSourceInput>): void;
}

function SourceRow({ job, names, source, onChange }: SourceRowProps) {
  const label = partLabel(source.part);
  const samples = source.column == null ? [] : (job.columns[source.column]?.samples ?? []);
  return (
    <tr>
      <th scope="row" className="fw-normal">
        {label}
      </th>
      <td>
        <Form.Select
          size="sm"
          aria-label={`Column of ${label}`}
          value={source.column ?? ''}
          onChange={({ target }) => onChange({ column: target.value === '' ? null : Number(target.value) })}
        >
          <option value="">None</option>
          {names.map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is known by its place.
            <option key={at} value={at}>
              {name}
            </option>
          ))}
        </Form.Select>
      </td>
      <td className="import-samples text-body-secondary" dir="auto">
        {samples.filter(isVisible).map(shownText).join(' · ')}
      </td>
      <td>
        <Otherwise label={label} source={source} onChange={(otherwise) => onChange({ otherwise })} />
      </td>
    </tr>
  );
}

/** Of those parts alone that every ticket has, or whose words may be another program's. */
function Otherwise({
  label,
  source,
  onChange,
}: {
  label: string;
  source: ImportSourceInput;
  onChange(otherwise: string | null): void;
}) {
  const agents = agentOptions(useAgents());
  const name = `${label} where it is empty or not known`;
  if (source.part === ticketFields.assigneeId.agent) {
    const nobody = { value: '', label: 'Nobody' };
    const others = [...agents.me, ...agents.others].map(({ id, label }) => ({ value: id, label }));
    return <Words {...{ name, source, onChange }} options={[nobody, ...others]} />;
  }
  if (!isOneOf<FieldName>(fieldNames, source.part)) return null;
  const field = fieldOf(source.part);
  if (field.kind === 'choice')
    return (
      <Words
        {...{ name, source, onChange }}
        options={field.choices.map((value) => ({ value, label: value }))}
      />
    );
  if (field.kind !== 'text' || field.mayBeEmpty) return null;
  return (
    <Form.Control
      size="sm"
      aria-label={name}
      placeholder="The row is refused"
      value={source.otherwise ?? ''}
      onChange={({ target }) => onChange(target.value || null)}
    />
  );
}

const refused = 'refused';

function Words({
  name,
  source,
  options,
  onChange,
}: {
  name: string;
  source: ImportSourceInput;
  options: readonly { value: string; label: string }[];
  onChange(otherwise: string | null): void;
}) {
  const at = options.findIndex(({ value }) => value === source.otherwise);
  return (
    <Form.Select
      size="sm"
      aria-label={name}
      value={at === -1 ? refused : at}
      onChange={({ target }) => onChange(options[Number(target.value)]?.value ?? null)}
    >
      <option value={refused}>A word that is not known: the row is refused</option>
      {options.map(({ label }, each) => (
        <option key={label} value={each}>
          {label}
        </option>
      ))}
    </Form.Select>
  );
}
