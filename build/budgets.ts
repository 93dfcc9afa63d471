/**
 * What nothing may outgrow. A time or a memory is a ratio to something bare that is measured in the same run, as a figure
 * alone says more of the machine; a size is a size. `goal` is what is aimed at, where that is not reached. A budget of a
 * ratio leaves room for the noise of a busy machine, about two fifths above what it was when it was set.
 */
interface Budget {
  most: number;
  unit: string;
  goal?: number;
}

const window = 'times an empty window';
const statements = 'times its statements alone';

export const budgets = {
  'start to the first list': { most: 3.5, unit: window, goal: 1.5 },
  'start to the live list': { most: 7, unit: window, goal: 2.3 },
  'memory of all processes': { most: 2.3, unit: window, goal: 1.5 },
  'first page, p95': { most: 13, unit: statements },
  'search of a common word, p95': { most: 9, unit: statements },
  'search of a rare word, p95': { most: 6, unit: statements },
  'page, all files': { most: 1.3, unit: 'MB' },
  'page, gzipped': { most: 0.35, unit: 'MB' },
  'packed: Electron': { most: 330, unit: 'MB' },
  'packed: Chromium locales': { most: 3, unit: 'MB' },
  'packed: Postgres': { most: 85, unit: 'MB' },
  'packed: Docker profile': { most: 16, unit: 'MB' },
  'packed: app.asar': { most: 11, unit: 'MB' },
  'packed: licences': { most: 16, unit: 'MB' },
} satisfies Record<string, Budget>;

export type BudgetName = keyof typeof budgets;
export type Figures = Partial<Record<BudgetName, number>>;

export interface Verdict {
  isKept: boolean;
  /** Figure, budget, and by how much it is over. */
  line: string;
}

/** In the order of the table. */
export function judge(figures: Figures): Verdict[] {
  return Object.entries<Budget>(budgets).flatMap(([name, { most, unit, goal }]) => {
    const figure = figures[name as BudgetName];
    if (figure === undefined) return [];
    const isKept = figure <= most;
    const aim = goal !== undefined && figure > goal ? `, goal ${goal}` : '';
    const over = isKept ? '' : `: over by ${((figure / most - 1) * 100).toFixed(1)} %`;
    const line = `${isKept ? 'ok  ' : 'OVER'}  ${name}: ${figure.toFixed(2)} ${unit}, budget ${most}${aim}${over}`;
    return [{ isKept, line }];
  });
}
