import { beforeEach, expect, test } from 'vitest';
import { dropLastList, lastListIsDrawn, letLastListGo, pictureOf } from './last-list.ts';

beforeEach(() => {
  document.body.innerHTML = '';
});

function frame(): Element {
  document.body.innerHTML = `<main class="frame" style="--sidebar-px: 210px">
    <div class="notices">Restored</div>
    <div class="pane link-pane"><svg></svg><span>connected</span></div>
    <div class="pane list-pane"><div data-ticket-list id="list" role="grid" aria-label="Open">
      <div class="ticket-row active" style="transform: translateY(29px)" aria-selected="true">Printer &lt;jams&gt;</div></div>
      <footer><strong role="status" data-as-of></strong>41 open</footer>
      <section class="work-line">Setting status: 50 of 3,000</section></div></main>`;
  return document.querySelector('.frame') as Element;
}

test('a picture has the rows as they are drawn, without what a page is looked for by, and claims no link', () => {
  const { html, css } = pictureOf(frame(), '24 Nov, 14:02');
  const shown = document.createElement('div');
  shown.id = 'last-list';
  shown.innerHTML = html;
  expect(shown.textContent?.replace(/\s+/g, ' ').trim()).toBe('Printer <jams> as of 24 Nov, 14:02 · 41 open');
  expect(
    shown.querySelector('[id], [style], [role], [data-ticket-list], .link-pane svg, .active'),
  ).toBeNull();
  expect(shown.querySelector('.link-pane')?.textContent).toBe('\u00a0');
  expect(css.split('\n')).toEqual([
    '#last-list [data-at="0"]{--sidebar-px: 210px}',
    '#last-list [data-at="1"]{transform: translateY(29px)}',
  ]);
  expect(shown.querySelector('[data-at="1"]')?.getAttribute('aria-selected')).toBe('true');
  expect(document.querySelector('#list')).not.toBeNull();
});

test('it goes when the page has drawn its own list, or when somebody begins to work on the page', async () => {
  const show = () => {
    document.body.innerHTML = '<div id="last-list" inert></div>';
  };
  const shown = () => document.getElementById('last-list');
  await lastListIsDrawn();
  show();
  dropLastList();
  expect(shown()).toBeNull();
  show();
  await lastListIsDrawn();
  expect(shown()).not.toBeNull();
  const press = () => dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }));
  press();
  expect(shown()).not.toBeNull();
  const end = letLastListGo();
  press();
  expect(shown()).toBeNull();
  end();
  show();
  press();
  expect(shown()).not.toBeNull();
});
