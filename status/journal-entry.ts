// What a line of the journal says: a verdict that changed, or what is needed to know when somebody was looking at all.
import { z } from 'zod';
import { VENDOR_LAYERS } from '../catalog/layers.ts';
import { CONFIDENCES, PARTIES } from '../catalog/parties.ts';
import type { Plan, ServiceBinding } from '../map/plan-types.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { clip } from './html.ts';

/** Between two signs of life. */
export const BEAT_MS = 60_000;

const LONGEST_TEXT = 300;
const MOST_EVIDENCE = 48;

const Stamp = { at: z.iso.datetime(), site: z.string() };

/** The process began; whatever was known before is no longer. */
const Start = z.object({ kind: z.literal('start'), ...Stamp, version: z.string() });

/** It ended in an orderly way. */
const Stop = z.object({ kind: z.literal('stop'), ...Stamp });

/** It has been awake without a break since `since`. */
const Alive = z.object({ kind: z.literal('alive'), ...Stamp, since: z.iso.datetime() });

/** From here on entries were lost, until each service is spoken of again. */
const Lost = z.object({ kind: z.literal('lost'), ...Stamp, count: z.int().min(1) });

const Use = z.object({
  layer: z.enum([...VENDOR_LAYERS]),
  vendor: z.string(),
  component: z.string(),
  vendorTitle: z.string(),
  componentTitle: z.string(),
  sla: z.object({ availability: z.number(), plan: z.string(), source: z.string(), checked: z.string() }).optional(),
});

/** A service came into maintenance, or out of it when there is no end to name. */
const InMaintenance = z.object({
  kind: z.literal('maintenance'),
  ...Stamp,
  service: z.string(),
  until: z.iso.datetime().nullable(),
  reason: z.string(),
});

/** Who leans on whom, as of now. */
const Leaning = z.object({
  kind: z.literal('map'),
  ...Stamp,
  services: z.array(z.object({ name: z.string(), uses: z.array(Use) })),
});

const Said = z.object({
  kind: z.literal('verdict'),
  ...Stamp,
  service: z.string(),
  headline: z.string(),
  row: z.string(),
  party: z.enum([...PARTIES]),
  vendor: z.string().nullable(),
  component: z.string().nullable(),
  cause: z.string(),
  confidence: z.enum([...CONFIDENCES]),
  since: z.iso.datetime().nullable(),
  because: z.string(),
  action: z.string(),
  evidence: z.array(z.object({ signal: z.string(), state: z.enum(['ok', 'bad', 'unknown']), text: z.string() })),
  concurrent: z.array(
    z.object({ row: z.string(), party: z.enum([...PARTIES]), cause: z.string(), sentence: z.string() }),
  ),
});

export const JournalEntry = z.discriminatedUnion('kind', [Start, Stop, Alive, Lost, Leaning, InMaintenance, Said]);

export type JournalEntry = z.output<typeof JournalEntry>;
export type VerdictEntry = z.output<typeof Said>;
export type Use = z.output<typeof Use>;

/** Whose it is and why: what two entries about one service must share to say the same. */
export function causeKey({ row, party, vendor, component }: VerdictEntry): string {
  return JSON.stringify([row, party, vendor, component]);
}

/** A verdict as the journal keeps it: `at` is when it was first said. */
export function verdictEntry(verdict: Verdict, at: string): VerdictEntry {
  const short = (text: string): string => clip(text, LONGEST_TEXT);
  return {
    kind: 'verdict',
    at,
    site: verdict.site,
    service: verdict.service,
    headline: short(verdict.headline),
    row: verdict.row,
    party: verdict.party,
    vendor: verdict.vendor,
    component: verdict.component,
    cause: verdict.cause,
    confidence: verdict.confidence,
    since: verdict.since,
    because: short(verdict.because),
    action: verdict.action,
    evidence: verdict.evidence
      .slice(0, MOST_EVIDENCE)
      .map(({ signal, state, text }) => ({ signal, state, text: short(text) })),
    concurrent: verdict.concurrent.map(({ row, party, cause, sentence }) => ({
      row,
      party,
      cause,
      sentence: short(sentence),
    })),
  };
}

export function mapEntry(plan: Plan, at: string): JournalEntry {
  const usesOf = ({ dependencies }: ServiceBinding): Use[] =>
    dependencies.map(({ layer, vendor, component }) => {
      const known = plan.vendors.get(vendor);
      const { title: componentTitle = component, sla } = known?.components[component] ?? {};
      const named = { layer, vendor, component, vendorTitle: known?.title ?? vendor, componentTitle };
      return sla === undefined ? named : { ...named, sla };
    });
  return {
    kind: 'map',
    at,
    site: plan.site,
    services: plan.services.map((service) => ({ name: service.name, uses: usesOf(service) })),
  };
}
