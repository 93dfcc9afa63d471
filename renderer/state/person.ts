/** Who works in this tab of a browser: what they typed and did is not for whoever signs in after them. */
import { forgetChanges } from './changes.ts';
import { showDraftsOf } from './drafts.ts';
import { forgetRequesters } from './requesters.ts';
import { openView, viewText } from './views.ts';
import { wantedExport } from './wanted-export.ts';
import { ofThisBrowser, ofThisTab, remember } from './web-storage.ts';

const key = 'ticket-desk-person';

/** Call before anything of theirs is drawn. @param id null: nobody has told, and so it is whoever was here last */
export function signedInAs(id: string | null): void {
  const [lastInTab, lastInBrowser] = [ofThisTab.read(key), ofThisBrowser.read(key)];
  const person = id ?? lastInTab ?? lastInBrowser;
  showDraftsOf(person);
  if (person !== lastInTab) {
    forgetChanges();
    wantedExport.set(null);
  }
  if (lastInBrowser !== null && person !== lastInBrowser) {
    // It may be a view of the other's own.
    remember('view', viewText(openView));
    forgetRequesters();
  }
  for (const storage of [ofThisTab, ofThisBrowser]) storage.write(key, person);
}
