/** `npm run token -- --name "Ada's desk" --days 90`: makes a token, and the line by which a service or proxy knows it. */
import { parseArgs } from 'node:util';
import { hashedLine, makeSecret } from '../secrets.ts';

const usage = 'Usage: npm run token -- --name "Ada\'s desk" [--days 90] [--proxy]';
const dayMs = 86_400_000;

function lastDayOf(days: string | undefined): string | undefined {
  if (days === undefined) return undefined;
  const count = Number(days);
  if (!/^\d{1,5}$/.test(days) || count < 1) throw new Error('--days must be a whole number from 1 on.');
  return new Date(Date.now() + count * dayMs).toISOString().slice(0, 10);
}

try {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, days: { type: 'string' }, proxy: { type: 'boolean' } },
  });
  if (values.name === undefined) throw new Error('--name is missing: whose token is it?');
  const token = makeSecret();
  const lastDay = lastDayOf(values.days);
  const line = hashedLine(token, { name: values.name, lastDay, isProxy: values.proxy ?? false });
  console.log(`The token, which is shown this once. Give it to its owner alone:

  ${token}

The line for the file that API_TOKENS_FILE names. To withdraw the token, take the line out again:

  ${line}
`);
  if (lastDay !== undefined) console.log(`It is good through ${lastDay} (UTC).`);
} catch (thrown) {
  console.error(`${(thrown as Error).message} ${usage}`);
  process.exitCode = 1;
}
