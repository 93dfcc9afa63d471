/** What a document in Node lacks of a browser's, and a clean page after each test. */
import 'fake-indexeddb/auto';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// As long as a loaded machine may take; what comes ends the wait at once.
configure({ asyncUtilTimeout: 15_000 });

// Nothing is laid out, so nothing scrolls.
Element.prototype.scrollIntoView = () => {};
Element.prototype.scrollTo = () => {};
window.matchMedia = (media) =>
  Object.assign(new EventTarget(), {
    matches: false,
    media,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
  });

afterEach(() => {
  cleanup();
  localStorage.clear();
  history.replaceState(null, '', '/');
});
