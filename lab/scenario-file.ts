// The shape of a scenario file: strict, with every problem told at its place. What a key means is said here, by `describe`;
// lab/scenario.schema.json, which editors read, is made of it.
import { z } from 'zod';
import { LAYERS } from '../catalog/layers.ts';
import { OWNER_OF_PARTY, PARTIES } from '../catalog/parties.ts';
import { VENDOR_STATUSES } from '../catalog/vendor-signals.ts';
import { Duration } from './duration.ts';
import { Extension } from './extend.ts';
import { FaultShape } from './parse-fault.ts';

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -, not starting with -');

/** From the least on. */
export const CONFIDENCES = ['low', 'medium', 'high'] as const;

/** Parts of a verdict; what is left out may be anything. */
const claim = {
  service: Name.optional(),
  party: z.enum(PARTIES, `must be one of ${PARTIES.join(', ')}`).optional(),
  vendor: Name.optional(),
  component: Name.optional(),
  cause: z.string().min(1).optional(),
  /** Id of a row of the decision table. */
  row: z
    .string()
    .regex(/^[a-z_]+$/, 'must be the id of a row')
    .optional(),
  confidence: z
    .enum(CONFIDENCES, `must be one of ${CONFIDENCES.join(', ')}`)
    .optional()
    .describe('How sure it must be at least.'),
};

/** The links of a service's path, and the service itself, by which the evidence names what broke what. */
const LINKS = [...LAYERS, 'service'] as const;

const Expectation = z.strictObject({
  ...claim,
  service: Name,
  from: Duration,
  to: Duration,
  visibleFrom: Duration.optional().describe(
    'When anybody could see it first: the time to the verdict counts from there, not from the last break.',
  ),
  path: z
    .array(z.enum(LINKS, `must be one of ${LINKS.join(', ')}`))
    .min(1)
    .refine((links) => new Set(links).size === links.length, 'must name each link once')
    .optional()
    .describe('From the cause to the effect: links of the chain which the evidence must each show broken.'),
});

const Claim = z.strictObject(claim).refine((parts) => Object.keys(parts).length > 0, 'must say something');

const OWNERS = [...new Set(Object.values(OWNER_OF_PARTY))];

const Alert = z.strictObject({
  owner: z.enum(OWNERS, `must be one of ${OWNERS.join(', ')}`).optional(),
  service: Name.optional(),
  vendor: Name.optional(),
  component: Name.optional(),
});

/** Checked against the world by parseFault; its shape is told to editors by the JSON Schema. */
const Broken = z.unknown();

export const Step = z
  .strictObject({
    at: Duration.describe('From the start, which comes after a healthy warm-up.'),
    break: Broken.optional().describe('What breaks.'),
    until: Duration.optional().describe('When it is repaired by itself.'),
    as: Name.optional().describe('The name to heal it by.'),
    heal: Name.optional().describe('What is repaired, by its name.'),
  })
  .refine((step) => (step.break === undefined) !== (step.heal === undefined), 'must have either break or heal')
  .refine((step) => step.heal === undefined || step.as === undefined, 'as belongs to break')
  .refine((step) => step.until === undefined || step.break !== undefined, 'until belongs to break')
  .refine((step) => step.until === undefined || step.as === undefined, 'has either as or until')
  .refine((step) => step.until === undefined || step.until > step.at, 'until must be after at');

/** What fails for no reason at all. */
const Noise = z.strictObject({
  share: z
    .number()
    .positive()
    .max(0.05, 'must be 0.05 at most: more is a fault of the line')
    .describe('Of what is asked outside, so much gets no answer, by chance.'),
  seed: z
    .int()
    .min(1, 'must be 1 or more')
    .max(2_147_483_647)
    .default(1)
    .describe('The same seed draws the same lots.'),
});

/** What demarc remembers of a vendor's controls when it starts. */
const Remembered = z.strictObject({
  vendor: Name,
  component: Name,
  control: z.int().min(0).max(63).optional().describe('Which of its controls, from 0; all when left out.'),
  seenOk: Duration.describe('How long ago it was seen to work.'),
});

const VendorStatus = z.enum(VENDOR_STATUSES, `must be one of ${VENDOR_STATUSES.join(', ')}`);

/** What must be said of a vendor itself. */
export const VendorExpectation = z.strictObject({
  vendor: Name,
  component: Name,
  from: Duration,
  to: Duration,
  status: z.union([VendorStatus, z.array(VendorStatus).min(1)]).describe('One, or those of which any will do.'),
  row: z
    .string()
    .regex(/^[a-z_]+$/, 'must be the id of a row')
    .optional()
    .describe('Id of a row of the table about vendors.'),
  hits: z.array(Name).optional().describe('Services whose verdict names it; all of them.'),
});

export const ScenarioFile = z.strictObject({
  id: Name.describe('The name of the file, without its end.'),
  title: z.string().min(1).max(120).describe('What breaks, in one line.'),
  world: Name.describe('The world it is played in.'),
  extend: Extension.prefault({}).describe('Services and vendors the world does not have.'),
  noise: Noise.optional(),
  history: z
    .array(Remembered)
    .optional()
    .describe('With it, demarc starts when the first things are broken already, remembering this and nothing else.'),
  looksLike: Name.optional().describe('A failure of yours that is easily taken for one of this vendor.'),
  timeline: z.array(Step).min(1).describe('What breaks and is repaired when, in order of time.'),
  expect: z.array(Expectation).min(1).describe('What must be said of a service, all through a window.'),
  never: z.array(Claim).default([]).describe('What may not be said at any time, of any service.'),
  vendors: z.array(VendorExpectation).default([]).describe('What must be said of vendors themselves.'),
  alert: Alert.optional().describe('An alert that must be received.'),
  forbid: z.array(Alert).default([]).describe('Alerts that must not be received.'),
});

export type ScenarioFile = z.output<typeof ScenarioFile>;

export type Noise = z.output<typeof Noise>;
/** A link of a chain, or the service at its end. */
export type Link = (typeof LINKS)[number];
export type Remembered = z.output<typeof Remembered>;
export type Claim = z.output<typeof Claim>;
export type AlertClaim = z.output<typeof Alert>;

/** JSON Schema, draft 2020-12, for editors. What a fault may hit depends on the world, so only its kind is listed. */
export function scenarioSchema(): string {
  const fault = z.toJSONSchema(FaultShape, { io: 'input' });
  const schema = z.toJSONSchema(ScenarioFile, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === Broken) Object.assign(jsonSchema, { ...fault, $schema: undefined });
    },
  });
  return `${JSON.stringify({ ...schema, title: 'A scenario of demarc' }, null, 2)}\n`;
}
