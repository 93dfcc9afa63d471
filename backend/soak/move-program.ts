/** A process that moves all tickets of one ticket service to another, to be killed: begins the move of its folder, or goes on with it. */
import { openMoveUp } from '../proxy/move-up/move-up.ts';
import { linkState } from '../proxy/testing/link-state.ts';
import { createTicketClient } from '../proxy/ticket-client.ts';
import { silent } from '../ticket-service/testing/service.ts';

const [folder = '', from = '', to = ''] = process.argv.slice(2);
const clientOf = (address: string) => createTicketClient({ address, version: '1.2.3', logger: silent });
const source = clientOf(from);
await linkState(source);
const move = await openMoveUp({
  folder,
  source,
  target: () => ({ address: to, connect: () => clientOf(to) }),
  isIdle: () => true,
  agent: () => undefined,
  logger: silent,
});
/** A line a step, for whoever started it. */
const tell = () => console.log(JSON.stringify(move.status()));
move.onChange(tell);
if (move.status() === null) await move.start();
tell();
