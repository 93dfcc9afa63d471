/** The one way from the page into main: checks who sends and what, and answers plain values. */
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { countedLogger } from '../../backend/counted-log.ts';
import { toDeskError } from '../../backend/errors.ts';
import type { Logger } from '../../backend/logger.ts';
import type { BridgeResult } from '../../proto/desktop-bridge.ts';
import { type CallName, callNames, channelOf } from './channels.ts';
import { contract, type Handlers } from './contract.ts';

export interface IpcOptions {
  ipcMain: Pick<IpcMain, 'handle'>;
  /** Whether the message comes from the main frame of the desk's own window, showing the desk's own page. */
  isOwnFrame(event: IpcMainInvokeEvent): boolean;
  handlers: Handlers;
  logger: Logger;
}

/** Registers every channel of the contract. What a handler throws is answered as an error, never thrown on. */
export function setupIpc(options: IpcOptions): void {
  const counted = { ...options, logger: countedLogger(options.logger) };
  for (const name of callNames) {
    options.ipcMain.handle(channelOf(name), (event, ...given) => answer(counted, name, event, given));
  }
}

async function answer(
  options: IpcOptions,
  name: CallName,
  event: IpcMainInvokeEvent,
  given: unknown[],
): Promise<BridgeResult<unknown>> {
  if (!options.isOwnFrame(event)) {
    options.logger.warn({ channel: name }, 'a message from a foreign frame was refused');
    return refusal("Only the desk's own window may ask this.");
  }
  const checked = contract[name].safeParse(given);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    // The first part of the path is the argument's number, which tells the person nothing.
    return refusal(issue?.message ?? 'The arguments are wrong.', issue?.path.slice(1).join('.') || null);
  }
  try {
    const handler = options.handlers[name] as (...checked: unknown[]) => Promise<unknown>;
    return { ok: true, value: (await handler(...checked.data)) ?? null };
  } catch (thrown) {
    const error = toDeskError(thrown);
    if (error.code === 'INTERNAL') options.logger.error({ err: thrown, channel: name }, 'a message failed');
    return refusal(error.message, error.field ?? null);
  }
}

function refusal(message: string, field: string | null = null): BridgeResult<never> {
  return { ok: false, error: { field, message } };
}
