/** The RPCs of the views: each checks what comes in, then reads or writes, then answers. */
import { TicketOrder } from '../../../proto/generated/TicketOrder.ts';
import type { View as ViewMessage } from '../../../proto/generated/View.ts';
import { readSearch } from '../../domain/search.ts';
import { refuse } from '../../domain/ticket.ts';
import { type View, viewProblem } from '../../domain/view.ts';
import { checkRequestId } from '../use-cases/input.ts';
import { checkOrder } from './read-rpcs.ts';
import { given, type Rpc } from './rpc.ts';

export const listViews: Rpc<'ListViews'> = async ({ store }, _request, { agent }) => ({
  views: (await store.views.list(agent)).map(viewMessage),
});

/** The same again answers what it saved before. */
export const saveView: Rpc<'SaveView'> = async ({ store }, { expectedVersion, ...request }, { agent }) => {
  const { order } = request;
  checkOrder(order);
  const view = {
    ...request,
    order,
    name: request.name.trim(),
    key: given(request.key) ?? null,
    expectedVersion: expectedVersion === 0 ? undefined : expectedVersion,
  };
  refuse(viewProblem(view));

  const saved = await store.views.save(view, agent);
  const { problems } = readSearch(view, { me: agent?.id ?? null, agents: await store.agents(agent) });
  return { view: viewMessage(saved), problems: [...problems] };
};

export const moveView: Rpc<'MoveView'> = async ({ store }, { id, beforeId }, { agent }) => {
  checkRequestId(id, 'id');
  if (beforeId !== '') checkRequestId(beforeId, 'beforeId');

  return { id, success: await store.views.move({ id, beforeId: given(beforeId) ?? null }, agent) };
};

export const deleteView: Rpc<'DeleteView'> = async ({ store }, { id }, { agent }) => {
  checkRequestId(id, 'id');

  return { id, success: await store.views.delete(id, agent) };
};

function viewMessage({ key, order, columns, ...view }: View): ViewMessage {
  // What a newer service has sorted by something else is shown by the time of filing.
  return {
    ...view,
    columns: [...columns],
    key: key ?? '',
    order: order in TicketOrder ? order : 'CREATED_DESC',
  };
}
