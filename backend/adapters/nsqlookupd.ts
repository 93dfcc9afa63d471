/** What is asked of nsqlookupd, by its HTTP API: https://nsq.io/components/nsqlookupd.html */
import { isIPv6 } from 'node:net';

const requestTimeoutMs = 2_000;

interface Producer {
  broadcast_address: string;
  tcp_port: number;
}

/**
 * Makes topic and channel known, so that an nsqd that begins the topic later begins the channel with it and keeps
 * every message for it; then finds each nsqd that has the topic.
 * @returns addresses as `host:port`
 * @throws Error: it does not answer, or not as a nsqlookupd does.
 */
export async function findNsqds(
  lookupdAddress: string,
  names: { topic: string; channel: string },
  signal: AbortSignal,
): Promise<string[]> {
  const { topic, channel } = names;
  await ask('POST', `${lookupdAddress}/channel/create?topic=${topic}&channel=${channel}`, signal);
  const answer = await ask('GET', `${lookupdAddress}/lookup?topic=${topic}`, signal);
  const { producers }: { producers: Producer[] } = await answer.json();
  return producers.map(({ broadcast_address: host, tcp_port: port }) =>
    isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`,
  );
}

async function ask(method: string, address: string, signal: AbortSignal): Promise<Response> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);
  const response = await fetch(`http://${address}`, { method, signal: limited });
  if (!response.ok) throw new Error(`nsqlookupd answered ${response.status}`);
  return response;
}
