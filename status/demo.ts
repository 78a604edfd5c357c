// The demo's controls: what can be broken in the simulated homelab, and the routes to break and heal it.
import express from 'express';
import { z } from 'zod';
import { refuse, sameOriginJson } from './gate.ts';
import { clip } from './html.ts';
import type { Log } from './log.ts';

const MAX_BODY_BYTES = 4_096;

const DemoFault = z.strictObject({
  kind: z.string().min(1).max(64),
  target: z.string().min(1).max(200).exactOptional(),
  rate: z.number().min(0).max(1).exactOptional(),
});

/** One thing that is broken. What kinds there are, and what each needs, is the world's knowledge. */
export type DemoFault = z.output<typeof DemoFault>;

export interface ActiveDemoFault extends DemoFault {
  id: string;
  /** Unix milliseconds. */
  since: number;
}

/** The controls of a simulated world, as whoever runs the demo hands them in. */
export interface Demo {
  world: string;
  /** Where whole scenarios can be watched, if they can. */
  gamesAt?: string;
  offers: readonly { fault: DemoFault; label: string; hint: string }[];
  inject(fault: DemoFault): Promise<ActiveDemoFault>;
  heal(id?: string): Promise<void>;
  faults(): readonly ActiveDemoFault[];
}

function reasonOf(error: unknown): string {
  return clip(error instanceof Error ? error.message : String(error), 500);
}

/** Routes for `/demo/faults`. */
export function demoRoutes(demo: Demo, log: Log): express.Router {
  const router = express.Router();

  router.get('/', (_request, response) => {
    response.json({ world: demo.world, offers: demo.offers, faults: demo.faults() });
  });

  router.post('/', sameOriginJson, express.json({ limit: MAX_BODY_BYTES }), async (request, response) => {
    const parsed = DemoFault.safeParse(request.body);
    if (!parsed.success) return refuse(response, 400, z.prettifyError(parsed.error));
    try {
      const fault = await demo.inject(parsed.data);
      log({ event: 'fault_injected', id: fault.id, kind: fault.kind, target: fault.target ?? '' });
      response.status(201).json(fault);
    } catch (error) {
      // The world knows which faults it understands, and its refusal is meant for whoever asked.
      refuse(response, 400, reasonOf(error));
    }
  });

  router.delete('/', sameOriginJson, async (_request, response) => {
    await demo.heal();
    log({ event: 'fault_healed', id: 'all' });
    response.status(204).end();
  });

  router.delete('/:id', sameOriginJson, async (request, response) => {
    const fault = demo.faults().find((candidate) => candidate.id === request.params.id);
    if (fault === undefined) return refuse(response, 404, 'no such fault');
    await demo.heal(fault.id);
    log({ event: 'fault_healed', id: fault.id });
    response.status(204).end();
  });

  return router;
}
