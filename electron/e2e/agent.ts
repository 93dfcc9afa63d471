/** What a person does at a desk by keyboard alone, and what a screen reader hears meanwhile. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export type Agent = Awaited<ReturnType<typeof agentAt>>;

export async function agentAt(page: Page) {
  await page.evaluate(listen);
  /** After which keys nothing had the focus. */
  const lost: string[] = [];
  const at = () => page.evaluate(() => document.activeElement?.matches('body') ?? true);
  async function press(keys: string): Promise<void> {
    for (const key of keys.split(' ')) {
      await page.keyboard.press(key);
      if (await at()) lost.push(key);
    }
  }
  const box = page.getByRole('form', { name: 'Write about this ticket' }).getByRole('textbox');
  const list = page.locator('[data-ticket-list]');
  const hasFocus = (place: Locator) =>
    expect.poll(() => place.evaluate((element) => element === document.activeElement)).toBe(true);
  const backInList = () => hasFocus(list);

  return {
    page,
    lost,
    press,
    /** Everything that was said to a screen reader, in order. */
    heard: () => page.evaluate(() => (window as unknown as { heard: string[] }).heard),
    async expectOpen(heading: string) {
      await page.locator('.panel-frame h2').getByText(heading, { exact: true }).waitFor();
      await page
        .locator('.panel-frame > header')
        .getByRole('button', { name: 'Edit', exact: true })
        .waitFor();
    },
    async expectWaiting(count: number) {
      await page.getByText(new RegExp(`offline since .*\\(${count} waiting\\)`)).waitFor();
    },
    /** Searches, goes to the first that was found, opens it, and takes the search away again. */
    async find(text: string) {
      await press('/');
      await page.keyboard.type(text);
      await press('Enter');
      await page.locator('.ticket-rows .cell-title', { hasText: text }).waitFor();
      await backInList();
      await press('Enter / Escape Escape');
      await backInList();
    },
    /** Ends in the list, where the new ticket is open. */
    async file(title: string, requester: string) {
      await press('Control+n');
      await hasFocus(page.locator('.panel-frame [data-field="title"]'));
      await page.keyboard.type(title);
      await press('Tab Tab');
      await page.keyboard.type(requester);
      await press('Control+Enter');
      await page.locator('.ticket-rows .cell-title', { hasText: title }).waitFor();
      await backInList();
    },
    /** One of a fact's choices, so many below the one that it has. */
    async choose(key: string, below: number) {
      await press(key);
      await page.locator('.dropdown-menu.show .active').waitFor();
      await press(`${'ArrowDown '.repeat(below)}Enter`);
      await backInList();
    },
    /** Makes it the agent's own. */
    async take() {
      await press('i');
      await page.getByRole('button', { name: /^Assignee: / }).waitFor();
      await backInList();
    },
    async tag(tag: string) {
      await press('t');
      await hasFocus(page.locator('.dropdown-menu.show [data-field="tags"]'));
      await page.keyboard.type(tag);
      await press('Enter Enter');
      await backInList();
    },
    async due(day: string, time: string) {
      await press('d');
      await hasFocus(page.locator('.dropdown-menu.show [data-field="dueAt"]'));
      await page.keyboard.type(`${day}${time}`);
      await press('Enter');
      await backInList();
    },
    /** From the list into what is read, and by Tab to this. */
    async tabTo(place: Locator) {
      await press('Enter');
      for (let tabs = 0; tabs < 40; tabs += 1) {
        if (await place.evaluate((element) => element === document.activeElement)) return;
        await press('Tab');
      }
      throw new Error('Tab does not come there');
    },
    async write(key: 'c' | 'r', text: string) {
      await press(key);
      await hasFocus(box);
      await page.keyboard.type(text);
      await press('Control+Enter');
      await expect.poll(() => box.inputValue()).toBe('');
      await press('Escape');
      await backInList();
    },
  };
}

/** In the page: keeps what stands in live regions after each change of them. */
function listen(): void {
  const heard: string[] = [];
  Object.assign(window, { heard });
  const regions = '[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"], [role="log"]';
  new MutationObserver((records) => {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      const words = element?.closest(regions)?.textContent?.trim();
      if (words && heard.at(-1) !== words) heard.push(words);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}
