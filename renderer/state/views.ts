/** The views of the sidebar: which statuses each shows. */

export const views = [
  { id: 'open', label: 'Open', statuses: ['New', 'In Progress', 'On Hold'] },
  { id: 'new', label: 'New', statuses: ['New'] },
  { id: 'in-progress', label: 'In Progress', statuses: ['In Progress'] },
  { id: 'on-hold', label: 'On Hold', statuses: ['On Hold'] },
  { id: 'completed', label: 'Completed', statuses: ['Completed'] },
] as const;

export type View = (typeof views)[number]['id'];
export type ViewInfo = (typeof views)[number];

/** The view with this id. */
export function viewInfo(id: View): ViewInfo {
  return views.find((view) => view.id === id) ?? views[0];
}

export function isView(id: unknown): id is View {
  return views.some((view) => view.id === id);
}
