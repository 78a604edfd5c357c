// Asks a NUT server how a UPS is: on the line or on battery, and for how long yet.
// It never logs in as a monitor does, so that no server waits for it before it shuts down.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Reason } from '../../catalog/reasons.ts';
import { askAt } from '../ask-at.ts';
import { plainHost } from '../http/connection.ts';
import { reasonHere } from '../http/refusal.ts';
import { Malformed } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe } from '../probe.ts';
import { readSecret, SecretReference } from '../secret.ts';
import { type Conversation, converse } from './conversation.ts';
import { NOTHING_SEEN, type PowerFacts } from './facts.ts';
import { accepted, readPower, readVariable, reasonOfPower } from './nut.ts';

const Settings = z
  .strictObject({
    host: z.string().min(1).max(253).describe('Name or address of the NUT server.'),
    port: z.int().min(1).max(65_535).default(3_493).describe('TCP port it answers at.'),
    ups: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, ., _ and -')
      .describe('Name of the UPS at that server.'),
    tls: z
      .boolean()
      .default(false)
      .describe('Whether to go on in TLS (STARTTLS), with a certificate that must be good.'),
    user: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/)
      .optional()
      .describe('User to say the name of. Most servers let anybody read.'),
    password: SecretReference.optional().describe('Its password, by reference.'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'user and password go together',
  });

type Settings = z.output<typeof Settings>;

/** More than any UPS has. */
const MOST_VARIABLES = 1_000;

export const power = defineProbe({
  kind: 'power',
  settings: Settings,

  measure: (settings, context) =>
    askAt<PowerFacts>({ host: settings.host, nothing: NOTHING_SEEN, reasonFor }, context, async (address, timer) => {
      timer.enter('connect');
      const server = await converse(address, settings.port, context);
      try {
        if (settings.tls) {
          timer.enter('tls');
          await secure(server, settings);
          context.trace?.step('STARTTLS, and a certificate that is good');
        }
        timer.enter('request');
        await introduce(server, settings);
        if (settings.user !== undefined) context.trace?.step(`USERNAME ${settings.user}, and its password`);
        const variables = await listVariables(server, settings.ups);
        context.trace?.step(`LIST VAR ${settings.ups}`, shownVariables(variables));
        const told = readPower(variables);
        timer.enter('check');
        return { reason: reasonOfPower(told), facts: told };
      } finally {
        server.end();
      }
    }),

  samples: samplesOf,
});

const reasonFor = (error: unknown): Reason => (error instanceof Malformed ? 'answer_malformed' : reasonHere(error));

async function ask(server: Conversation, line: string): Promise<string> {
  server.say(line);
  return accepted(await server.hear());
}

/** What every command that changes something is answered with. */
async function command(server: Conversation, line: string): Promise<void> {
  if (!/^OK\b/.test(await ask(server, line))) throw new Malformed('no OK');
}

async function secure(server: Conversation, { host }: Settings): Promise<void> {
  await command(server, 'STARTTLS');
  await server.secure(plainHost(host));
}

async function introduce(server: Conversation, { user, password }: Settings): Promise<void> {
  if (user === undefined || password === undefined) return;
  const secret = await readSecret(password);
  await command(server, `USERNAME ${user}`);
  await command(server, `PASSWORD ${quoted(secret)}`);
}

/** One word of the protocol, whatever is in it. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** What of them tells of the power. */
const shownVariables = (variables: ReadonlyMap<string, string>): string[] =>
  [...variables]
    .filter(([name]) => /^(ups\.(status|load|alarm)|battery\.|input\.)/.test(name))
    .map(([name, value]) => `${name} ${value}`);

async function listVariables(server: Conversation, ups: string): Promise<Map<string, string>> {
  const variables = new Map<string, string>();
  const begin = await ask(server, `LIST VAR ${ups}`);
  if (begin !== `BEGIN LIST VAR ${ups}`) throw new Malformed('no list');
  while (variables.size < MOST_VARIABLES) {
    const line = accepted(await server.hear());
    if (line === `END LIST VAR ${ups}`) return variables;
    variables.set(...readVariable(line, ups));
  }
  throw new Malformed('a list without end');
}

function samplesOf({ facts }: Measurement<PowerFacts>): Sample[] {
  const { source, low, replace, charge, runtimeMs, inputVolts, load } = facts;
  const flag = (value: boolean | null): number | null => (value === null ? null : value ? 1 : 0);
  const values = {
    demarc_power_on_line: flag(source === null ? null : source === 'line'),
    demarc_power_battery_low: flag(low),
    demarc_power_battery_replace: flag(replace),
    demarc_power_battery_charge_ratio: charge,
    demarc_power_battery_runtime_seconds: runtimeMs === null ? null : runtimeMs / 1_000,
    demarc_power_input_volts: inputVolts,
    demarc_power_load_ratio: load,
  } as const;
  return (Object.keys(values) as (keyof typeof values)[]).flatMap((metric) => {
    const value = values[metric];
    return value === null ? [] : [{ metric, value }];
  });
}
