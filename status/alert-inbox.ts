// Takes Alertmanager's webhook and remembers the newest alerts, so that the pipeline is seen to work without a pager.
import express from 'express';
import { z } from 'zod';
import { refuse, sameOriginJson } from './gate.ts';
import { clip, visible } from './html.ts';
import type { Log } from './log.ts';

const MAX_ALERTS = 100;
const MAX_BODY_BYTES = 1_048_576;
const MAX_PAIRS = 32;
const MAX_TEXT = 2_000;

/** Kept short here, refused nowhere: an alert that is too long is still an alert. */
const Text = z.string().transform((text) => clip(visible(text), MAX_TEXT));

const Pairs = z
  .record(z.string(), z.string())
  .default({})
  .transform(
    (pairs): Record<string, string> =>
      Object.fromEntries(
        Object.entries(pairs)
          .slice(0, MAX_PAIRS)
          .map(([name, value]) => [clip(visible(name), 200), clip(visible(value), MAX_TEXT)]),
      ),
  );

const Alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Pairs,
  annotations: Pairs,
  startsAt: Text.optional(),
  endsAt: Text.optional(),
  fingerprint: Text.optional(),
});

/** The parts of Alertmanager's webhook, version 4, that are read; all else is ignored. */
const Webhook = z.object({ receiver: Text.default(''), alerts: z.array(Alert) });

export type ReceivedAlert = z.output<typeof Alert> & { receiver: string; receivedAt: string };

/** Routes for `/api/v1/alerts`: POST adds, GET shows the newest first. */
export function alertInbox(log: Log, now: () => number): express.Router {
  const router = express.Router();
  let kept: ReceivedAlert[] = [];

  router.get('/', (_request, response) => void response.json({ alerts: kept }));

  router.post('/', sameOriginJson, express.json({ limit: MAX_BODY_BYTES }), (request, response) => {
    const parsed = Webhook.safeParse(request.body);
    if (!parsed.success) return refuse(response, 400, clip(z.prettifyError(parsed.error), MAX_TEXT));
    const receivedAt = new Date(now()).toISOString();
    const { receiver, alerts } = parsed.data;
    const added = alerts.slice(0, MAX_ALERTS).map((alert) => ({ ...alert, receiver, receivedAt }));
    kept = [...added, ...kept].slice(0, MAX_ALERTS);
    for (const { status, labels, annotations } of added) {
      const text = annotations.summary ?? annotations.description ?? '';
      log({ event: 'alert', status, alert: labels.alertname ?? '', service: labels.service ?? '', text });
    }
    response.status(202).json({ accepted: added.length });
  });

  return router;
}
