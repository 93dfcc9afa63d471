/** Imports: what was asked is checked here, and made in backend/proxy/import. */
import { limits } from '../../../proto/checks.ts';
import { refuse, textProblemOf } from '../../domain/ticket.ts';
import type { Import } from '../import/imports.ts';
import { checkedMapping, isOwn, type Source } from '../import/mapping.ts';
import { checkedCount, checkedRequestId, given } from './checked-input.ts';
import type { ImportResolvers, MutationResolvers, StartImport } from './generated/resolvers.ts';

export const importMutations: Pick<
  Required<MutationResolvers>,
  'prepareImport' | 'startImport' | 'stopImport' | 'discardImport'
> = {
  prepareImport(_parent, { input }, { imports, agent }) {
    const id = checkedRequestId(input.id, 'id');
    const { fileName, bytes } = input;
    refuse(textProblemOf('fileName', fileName, { maxCharacters: 255, mayBeEmpty: false }));
    if (bytes < 1) refuse({ field: 'bytes', message: 'The file is empty.' });
    return imports.prepare({ id, fileName, bytes, agent });
  },

  startImport(_parent, { input }, { imports, caller: { token } }) {
    const id = checkedRequestId(input.id, 'id');
    const mapping = mappingOf(imports.require(id), input);
    return imports.start(id, { mapping, isDryRun: input.isDryRun, token });
  },

  stopImport: (_parent, { input }, { imports }) => imports.stop(checkedRequestId(input.id, 'id')),

  discardImport: (_parent, { input }, { imports }) => imports.discard(checkedRequestId(input.id, 'id')),
};

/** @throws DeskError BAD_USER_INPUT */
function mappingOf({ record }: Import, { mapping }: StartImport): Source[] {
  const { delimiter, columns } = record.file;
  if (delimiter !== null) return checkedMapping(mapping ?? record.mapping, columns);
  if (mapping) refuse({ field: 'mapping', message: 'JSON Lines name what they say: leave mapping out.' });
  return record.mapping;
}

type Resolved = Exclude<keyof ImportResolvers, '__isTypeOf'>;

export const imported: Pick<Required<ImportResolvers>, Resolved> = {
  id: ({ record }) => record.requestId,
  state: (one, _args, { imports }) => imports.stateOf(one),
  reason: (one, _args, { imports }) => imports.reasonOf(one),
  createdAt: ({ record }) => record.createdAt,
  author: ({ record }) => record.agent ?? null,
  fileName: ({ record }) => record.fileName,
  format: ({ record }) => (record.file.delimiter === null ? 'JSON_LINES' : 'CSV'),
  isOwn: ({ record }) => record.file.delimiter === null || isOwn(record.file.columns),
  columns: ({ record }) =>
    record.file.columns.map((name, at) => ({ name, samples: record.file.samples[at] ?? [] })),
  mapping: ({ record }) => record.mapping,
  isDryRun: ({ record }) => record.isDryRun,
  bytes: ({ record }) => record.file.bytes,
  bytesDone: ({ record }) => record.next.byte,
  rows: ({ record }) => record.rows,
  imported: ({ record }) => record.imported,
  wereThere: ({ record }) => record.wereThere,
  refused: ({ record }) => record.refused,
  async refusedRows({ record }, { first, after }, { imports }) {
    const count = checkedCount(first, { field: 'first', otherwise: 100, max: limits.maxListLength });
    const page = { known: record.refusedBytes, first: count, after: given(after) };
    const { rows, endCursor } = await imports.refusedRows.page(record.requestId, page);
    return { nodes: rows, endCursor };
  },
};
