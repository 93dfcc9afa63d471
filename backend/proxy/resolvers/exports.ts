/** Exports: what was asked is checked here, and made in backend/proxy/export. */
import { refuse, timeZoneProblem } from '../../domain/ticket.ts';
import { csv } from '../export/csv.ts';
import { fileName } from '../export/exports.ts';
import type { Format } from '../export/format.ts';
import { html } from '../export/html.ts';
import { jsonLines } from '../export/json-lines.ts';
import { checkBulkIds, checkedFilter, checkedRequestId, digestOf } from './checked-input.ts';
import type { ExportResolvers, MutationResolvers, StartExport } from './generated/resolvers.ts';

export const exportMutations: Pick<Required<MutationResolvers>, 'startExport' | 'cancelExport'> = {
  startExport(_parent, { input }, { exports, agent, caller }) {
    const requestId = checkedRequestId(input.requestId);
    const { filter, ids, except, format } = input;
    checkBulkIds({ ids, except });
    if (input.timeZone) refuse(timeZoneProblem(input.timeZone));
    if (input.forSpreadsheets && format !== 'CSV')
      refuse({ field: 'forSpreadsheets', message: 'forSpreadsheets is of the format CSV alone.' });
    const withThreads = input.withThreads ?? true;
    return exports.start({
      requestId,
      request: {
        filter: checkedFilter(filter),
        ids: ids ?? undefined,
        except: except ?? [],
        withThreads,
        me: agent,
      },
      formatName: format,
      format: formatOf(input, withThreads),
      digest: digestOf(input),
      caller,
    });
  },

  cancelExport: (_parent, { input }, { exports, caller }) =>
    exports.cancel(checkedRequestId(input.requestId), caller),
};

function formatOf({ format, forSpreadsheets, timeZone }: StartExport, withThreads: boolean): Format {
  switch (format) {
    case 'CSV':
      return csv({ withThreads, forSpreadsheets: forSpreadsheets ?? false });
    case 'JSON_LINES':
      return jsonLines({ withThreads });
    case 'HTML':
      return html({ withThreads, timeZone: timeZone || 'UTC' });
  }
}

type Resolved = 'format' | 'fileName' | 'address';

export const exported: Pick<Required<ExportResolvers>, Resolved> = {
  format: ({ formatName }) => formatName,
  fileName,
  address: ({ state, requestId, secret }) => (state === 'DONE' ? `/exports/${requestId}/${secret}` : null),
};
