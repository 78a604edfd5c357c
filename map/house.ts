// What of demarc.yaml speaks of the house and of the way out of it: power, and pages that tell a portal from a dead line.
import { z } from 'zod';
import { SecretReference } from '../exporters/secret.ts';
import { duration } from './duration.ts';
import { EgressPeer } from './egress.ts';
import { Host, Name, Port } from './schema-words.ts';
import { PortalTest } from './vendor.ts';

const FleetHost = z
  .strictObject({
    address: Host.describe('Its name or address.'),
    port: Port.optional().describe('A TCP port of it. A refused connection proves life as well as an open one.'),
    ping: z
      .boolean()
      .optional()
      .describe('Whether to ping it, by the ping of this system. Left out: if there is no `port`.'),
    labels: z
      .record(Name, Name)
      .default({})
      .describe('What it may have in common with others: rack, switch, circuit, hypervisor, system, agent, channel.'),
  })
  .refine(({ port, ping }) => port !== undefined || ping !== false, {
    path: ['ping'],
    message: 'without a port nothing else can be asked',
  });

const Ups = z
  .strictObject({
    name: Name.optional().describe('What it is called here. Left out: as at its server.'),
    host: Host.describe('Name or address of its NUT server.'),
    port: Port.default(3_493).describe('TCP port of the server.'),
    ups: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, ., _ and -')
      .meta({ title: 'name' })
      .describe('Its name at the server.'),
    tls: z.boolean().default(false).describe('Whether to ask over TLS (STARTTLS).'),
    user: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 printable characters without spaces')
      .optional()
      .meta({ title: 'name' })
      .describe('User to say the name of. Most servers let anybody read.'),
    password: SecretReference.optional().describe('Its password, by reference.'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'user and password go together',
  });

const Bursts = z.union([
  z.literal('none'),
  z.strictObject({
    interval: duration('10s', '1h').prefault('1m').describe('Between two bursts to one place.'),
    ping: z
      .boolean()
      .default(false)
      .describe(
        'Whether to ping the router and one anchor of each operator too, by the ping of this system, also with whole packets of 1500 bytes.',
      ),
  }),
]);

export const House = z.strictObject({
  bursts: Bursts.prefault({}).describe(
    'Bursts that show loss, delay and jitter: ten DNS questions to every resolver of the map that is asked in the clear. `none`: no bursts.',
  ),
  hosts: z
    .record(Name, FleetHost)
    .default({})
    .describe('Machines of yours, whatever runs on them, to tell one that died from many lost at once.'),
  egress: z
    .array(EgressPeer)
    .max(32)
    .optional()
    .describe(
      'Ports outside that should be reachable from here, to see which a firewall closes. Left out: those of catalog/anchors.yml, or none when `anchors` is given.',
    ),
  portalTests: z
    .array(PortalTest)
    .max(8)
    .optional()
    .describe(
      'Pages of at least two operators whose answer is known: another answer is that of a portal in between. Left out: those of catalog/anchors.yml, or none when `anchors` is given.',
    ),
  power: z
    .array(Ups)
    .max(16)
    .default([])
    .describe('Your UPSes, asked by NUT: from within, a power cut in the house looks like a dead line.'),
});
