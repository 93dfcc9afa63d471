/** One statement for all who ask the same at once: sixteen counts of a common word would slow each other down. */
interface Turn<Answer> {
  answer: Promise<Answer>;
  /** For whoever has come since this one began. */
  next?: Promise<Answer>;
}

/**
 * Asks a question once at a time. Nobody is given an answer that was begun before they asked, so none lacks what was
 * written before; they wait for the next one, together.
 * @param ask a read. Questions are the same when their JSON is
 */
export function askTogether<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  const turns = new Map<string, Turn<Answer>>();

  function begin(key: string, question: Question): Promise<Answer> {
    const turn: Turn<Answer> = { answer: ask(question) };
    turns.set(key, turn);
    const end = () => {
      if (!turn.next) turns.delete(key);
    };
    turn.answer.then(end, end);
    return turn.answer;
  }

  return (question) => {
    const key = JSON.stringify({ question });
    const turn = turns.get(key);
    if (!turn) return begin(key, question);
    const again = () => begin(key, question);
    turn.next ??= turn.answer.then(again, again);
    return turn.next;
  };
}
