/** Which commands a few typed letters mean, the likeliest first. */

/** The labels that hold every word typed, those that begin with the text first, otherwise in their order. */
export function matchCommands<C extends { label: string }>(commands: readonly C[], typed: string): C[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  const begins = ({ label }: C) => label.toLowerCase().startsWith(words[0] ?? '');
  return [...found.filter(begins), ...found.filter((command) => !begins(command))];
}
