/** The views of the sidebar: which statuses each shows. */
import type { CommandId } from './command-registry.ts';

export const views = [
  {
    id: 'open',
    label: 'Open',
    statuses: ['New', 'In Progress', 'On Hold'],
    command: 'view-open',
    noun: 'open',
  },
  { id: 'new', label: 'New', statuses: ['New'], command: 'view-new', noun: 'new' },
  {
    id: 'in-progress',
    label: 'In Progress',
    statuses: ['In Progress'],
    command: 'view-in-progress',
    noun: 'in progress',
  },
  { id: 'on-hold', label: 'On Hold', statuses: ['On Hold'], command: 'view-on-hold', noun: 'on hold' },
  {
    id: 'completed',
    label: 'Completed',
    statuses: ['Completed'],
    command: 'view-completed',
    noun: 'completed',
  },
] as const satisfies readonly {
  id: string;
  label: string;
  statuses: readonly string[];
  command: CommandId;
  /** As in "41 open". */
  noun: string;
}[];

export type View = (typeof views)[number]['id'];
export type ViewInfo = (typeof views)[number];

/** The view with this id. */
export function viewInfo(id: View): ViewInfo {
  return views.find((view) => view.id === id) ?? views[0];
}

export function isView(id: unknown): id is View {
  return views.some((view) => view.id === id);
}
