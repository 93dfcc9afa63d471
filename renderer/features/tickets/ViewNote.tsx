/** Above the list: what of the view that is shown can't be read any more, such as an agent or a tag that is gone. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { limits } from '../../../proto/checks.ts';
import type { QueryProblem } from '../../../proto/search-language.ts';
import { quoted } from '../../../proto/visible-text.ts';
import { ViewTermsDocument } from '../../graphql/generated/operations.ts';
import { useLink } from '../../state/live.tsx';
import { timeZone } from '../../state/locale.ts';
import { statusesOf, type View } from '../../state/views.ts';
import { Unread } from './Unread.tsx';
import type { QueryReader } from './use-query-reader.ts';

interface Missing {
  query: string;
  problems: readonly QueryProblem[];
  /** Those that no ticket has. */
  tags: readonly string[];
}

export function ViewNote({ view, reader }: { view: View; reader: QueryReader }) {
  const missing = useMissing(view.query, reader);
  return (
    <div role="status" aria-label="What of the view can't be read" className="px-2">
      {missing?.problems.map((problem) => (
        <Unread key={problem.from} search={view.query} problem={problem} />
      ))}
      {missing?.tags.map((tag) => (
        <p key={tag} className="small text-body-secondary mt-1 mb-0">
          No ticket has the tag {quoted(tag)} any more.
        </p>
      ))}
    </div>
  );
}

/** As the ticket service says, which knows all agents and tags: asked when the view is opened, and with each new link. */
function useMissing(query: string, reader: QueryReader): Missing | undefined {
  const client = useApolloClient();
  const { since } = useLink();
  const [missing, setMissing] = useState<Missing>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again with each change of the link.
  useEffect(() => {
    if (query === '' || statusesOf(query)) return;
    let isWanted = true;
    const named = reader
      .read(query)
      .terms.flatMap((term) => (term.kind === 'tag' && !term.isNot ? term.tags : []));
    const tags = [...new Set(named)].slice(0, limits.maxCounts);
    const variables = { filter: { query, timeZone: timeZone() }, tags: tags.map((tag) => ({ tags: [tag] })) };
    client.query({ query: ViewTermsDocument, variables, fetchPolicy: 'no-cache' }).then(
      ({ data }) => {
        if (!isWanted || !data) return;
        const { problems } = data.ticketPage;
        setMissing({ query, problems, tags: tags.filter((_, at) => data.counts[at]?.count === 0) });
      },
      // The list says that it can't be read.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [client, query, reader, since]);
  return missing?.query === query ? missing : undefined;
}
