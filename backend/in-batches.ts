/**
 * Lets calls that come while one is under way share the next: nobody waits for a batch to fill.
 * @param run does all of a batch, or fails it; its answers are in the order of the items
 * @param options.maxSize of one batch
 */
export function inBatches<Item, Answer>(
  run: (items: Item[]) => Promise<Answer[]>,
  options: { maxSize: number },
): (item: Item) => Promise<Answer> {
  let running: Promise<unknown> = Promise.resolve();
  let next: { items: Item[]; answers: Promise<Answer[]> } | undefined;

  function addBatch() {
    const items: Item[] = [];
    const answers = running.then(() => {
      if (next?.items === items) next = undefined;
      return run(items);
    });
    running = answers.catch(() => {});
    return { items, answers };
  }

  return async (item) => {
    if (!next || next.items.length === options.maxSize) next = addBatch();
    const { items, answers } = next;
    const at = items.push(item) - 1;
    return (await answers)[at] as Answer;
  };
}
