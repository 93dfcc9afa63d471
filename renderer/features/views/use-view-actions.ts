/** What a person does with a saved view. What fails says so, and changes nothing. */
import { quoted } from '../../../proto/visible-text.ts';
import { focusList, useNavigation } from '../../state/navigation.tsx';
import { useOwnViews, type ViewToSave } from '../../state/own-views.tsx';
import { shownList } from '../../state/shown-list.ts';
import { useStore } from '../../state/store.ts';
import { showFailure } from '../../state/toasts.ts';
import { offerUndo } from '../../state/undo.ts';
import { openView, type View } from '../../state/views.ts';

/** A view as it is saved: it has an order and columns of its own. */
export function toSave(view: View): ViewToSave {
  return { ...view, order: view.order ?? 'CREATED_DESC', columns: view.columns ?? [] };
}

export interface ViewActions {
  /** The view becomes what its list shows now. */
  change(): void;
  /** Says that it was changed to this, with Undo. */
  tellChange(saved: View): void;
  share(kind: 'own' | 'shared'): void;
  /** One place up or down. @returns whether there is such a place */
  step(by: -1 | 1): boolean;
  /** Before another of its kind; null: behind all. */
  moveBefore(other: View | null): void;
  remove(): void;
}

/** @param siblings the views of its kind, in their order */
export function useViewActions(view: View, siblings: readonly View[]): ViewActions {
  const own = useOwnViews();
  const shown = useStore(shownList);
  const { view: opened, setView, renewView } = useNavigation();
  const attempt = (work: Promise<unknown>) => void work.catch(showFailure);
  const at = siblings.indexOf(view);
  const moveBefore = (other: View | null) => attempt(own.move(view, other));

  const tellChange = ({ version }: View) => {
    const undo = () => own.save({ ...toSave(view), version });
    offerUndo({ text: `The view ${quoted(view.name)} was changed.`, undo });
  };

  return {
    moveBefore,
    tellChange,
    step(by) {
      const isThere = siblings[at + by] !== undefined;
      if (isThere) moveBefore(siblings[by < 0 ? at - 1 : at + 2] ?? null);
      return isThere;
    },
    change() {
      if (!shown) return;
      const { query, order, columns, reset } = shown;
      const saving = own.save({ ...view, query, order, columns }).then((saved) => {
        renewView(saved);
        reset();
        tellChange(saved);
      });
      attempt(saving);
    },
    share: (kind) => attempt(own.save({ ...toSave(view), kind }).then(tellChange)),
    remove() {
      const next = siblings[at + 1];
      const wasOpened = opened.id === view.id;
      const undo = async () => {
        const back = await own.save({ ...toSave(view), version: 0 });
        if (next) await own.move(back, next);
        if (wasOpened) setView(back);
      };
      if (wasOpened) setView(openView);
      const removing = own.remove(view).then(() => {
        // What was chosen has gone with the view.
        focusList();
        offerUndo({ text: `The view ${quoted(view.name)} was deleted.`, undo });
      });
      attempt(removing);
    },
  };
}
