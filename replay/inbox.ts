// A webhook receiver for Alertmanager: keeps every notification it gets, in order.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Notification = z.object({
  receiver: z.string(),
  groupKey: z.string(),
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
      startsAt: z.string(),
    }),
  ),
});

export interface Notified {
  /** Wall ms of arrival; one for all of a message. */
  at: number;
  receiver: string;
  /** Alertmanager's key of the group the message was about. */
  group: string;
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** When Prometheus first sent it, Unix ms. */
  startedAt: number;
}

export interface Inbox {
  url: string;
  alerts(): readonly Notified[];
  stop(): Promise<void>;
}

const LARGEST_BODY = 4 * 1_048_576;

export async function openInbox(): Promise<Inbox> {
  const received: Notified[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= LARGEST_BODY) chunks.push(chunk);
    }
    const parsed = Notification.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
    if (parsed.success) {
      const { receiver, groupKey: group, alerts } = parsed.data;
      const at = Date.now();
      for (const { startsAt, ...alert } of alerts)
        received.push({ at, receiver, group, startedAt: Date.parse(startsAt), ...alert });
    }
    response.writeHead(parsed.success ? 200 : 400).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    alerts: () => received,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
