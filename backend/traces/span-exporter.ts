/**
 * Sends spans to a collector by OTLP/HTTP in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp), in groups and behind
 * everybody's back. What the collector does not take is dropped: traces never hold up a ticket.
 */
import { randomBytes } from 'node:crypto';
import type { Logger } from '../logger.ts';

export interface Span {
  /** Of the create: spans of one request id are one trace, wherever and whenever they come about. */
  requestId: string;
  name: 'createTicket' | 'publish' | 'store';
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number>;
  /** The code of what went wrong. */
  error?: string;
}

export interface SpanExporter {
  record(span: Span): void;
  /** Sends what is there. */
  stop(): Promise<void>;
}

const everyMs = 1_000;
const timeoutMs = 3_000;
/** More than this in a second is left out. */
const maxWaiting = 10_000;
/** OTLP's numbers for a span's part in the conversation. */
const kinds = { createTicket: 2, publish: 4, store: 5 } as const;

/** @param options.endpoint as in OTEL_EXPORTER_OTLP_ENDPOINT: without the path of the signal */
export function startSpanExporter(options: {
  endpoint: string;
  serviceName: string;
  version: string;
  logger: Logger;
}): SpanExporter {
  const { endpoint, serviceName, version, logger } = options;
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const resource = { attributes: toAttributes({ 'service.name': serviceName, 'service.version': version }) };
  let waiting: Span[] = [];
  let isFailing = false;

  async function send(): Promise<void> {
    if (waiting.length === 0) return;
    const spans = waiting.map(toOtlp);
    waiting = [];
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'ticket-desk' }, spans }] }],
        }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the collector answers ${answer.status}`);
      isFailing = false;
    } catch (err) {
      // Once, not every second of an outage.
      if (!isFailing) logger.warn({ err, spans: spans.length }, 'traces could not be sent, and are dropped');
      isFailing = true;
    }
  }

  let sending = Promise.resolve();
  const timer = setInterval(() => {
    sending = sending.then(send);
  }, everyMs);
  return {
    record(span) {
      if (waiting.length < maxWaiting) waiting.push(span);
    },
    async stop() {
      clearInterval(timer);
      await sending.then(send);
    },
  };
}

/** A request id is a UUID, which is as long as a trace id: so nothing has to travel beside it. Its end names the root. */
function toOtlp({ requestId, name, startMs, endMs, attributes, error }: Span) {
  const traceId = requestId.replaceAll('-', '').toLowerCase();
  const rootId = traceId.slice(16);
  return {
    traceId,
    ...(name === 'createTicket'
      ? { spanId: rootId }
      : { spanId: randomBytes(8).toString('hex'), parentSpanId: rootId }),
    name,
    kind: kinds[name],
    startTimeUnixNano: toNanoseconds(startMs),
    endTimeUnixNano: toNanoseconds(endMs),
    attributes: toAttributes(attributes),
    status: error === undefined ? { code: 1 } : { code: 2, message: error },
  };
}

function toNanoseconds(ms: number): string {
  return `${Math.round(ms * 1000)}000`;
}

function toAttributes(attributes: Record<string, string | number>) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: `${value}` } : { stringValue: value },
  }));
}
