// Letters in random case: what a forger who does not see the question has to guess besides its id and its port.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../exporters/clock.ts';
import { mixCase } from '../../exporters/dns/letter-case.ts';
import { dns } from '../../exporters/dns/probe.ts';
import { askDns, measureDns } from './ask-dns.ts';
import { contextOf } from './contract.ts';
import {
  type Asked,
  a,
  answered,
  inCase,
  inLowerCase,
  nameServer,
  reply,
  type Serve,
  wireName,
} from './fake-name-server.ts';

const NAME = 'a-rather-long-name.example.org';

/** Its name as it was written. */
const written = ({ packet }: Asked): string => packet.questions?.[0]?.name ?? '';

const lowered: Serve = (asked) => answered(inLowerCase(asked));
const swapped = (name: string): string =>
  name.replace(/[a-z]/gi, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));

const forged = (asked: Asked): Buffer => reply(inCase(asked, swapped), { answers: [a(NAME, '198.51.100.66')] });

describe('dns: letters in random case', () => {
  it('are asked over UDP, anew each time, and nowhere else', async () => {
    const server = await nameServer(answered);
    for (const transport of ['udp', 'udp', 'tcp'])
      expect(await measureDns({ server: server.at, name: NAME, transport })).toMatchObject({
        ok: true,
        facts: { unexpected: 0, caseKept: transport === 'udp' ? true : null },
      });
    const [first, second, third] = server.asked.map(written);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(first?.toLowerCase()).toBe(NAME);
    expect(third).toBe(NAME);
  });

  it('are not asked where that is not wanted', async () => {
    const server = await nameServer(lowered);
    const observed = await measureDns({ server: server.at, name: NAME, mixedCase: false });
    expect(observed).toMatchObject({ ok: true, facts: { unexpected: 0, caseKept: null } });
    expect(server.asked.map(written)).toEqual([NAME]);
  });

  it('tell a forged answer with the right id and port, which is passed over and counted', async () => {
    const sound = (asked: Asked): Buffer => reply(asked, { answers: [a(NAME)] });
    const server = await nameServer((asked) => [forged(asked), forged(asked), sound(asked)]);
    for (const _ of [1, 2]) {
      const observed = await measureDns({ server: server.at, name: NAME });
      expect(observed.facts.answers.map(({ data }) => data)).toEqual(['192.0.2.1']);
      expect(observed).toMatchObject({ ok: true, facts: { unexpected: 2, caseKept: true } });
      expect(dns.samples(observed)).toContainEqual({ metric: 'demarc_dns_unexpected_messages', value: 2 });
    }
  });

  it('leave a server silent for which only forgers speak', async () => {
    const server = await nameServer((asked) => (written(asked) === NAME ? null : forged(asked)));
    const observed = await measureDns({ server: server.at, name: NAME }, 400);
    expect(observed).toMatchObject({ reason: 'dns_timeout', facts: { unexpected: 1, answers: [], caseKept: null } });
    expect(server.asked.map(written).at(-1)).toBe(NAME);
    expect(server.ports.size).toBe(2);
  });

  it('are no fault of a server that loses them: it is asked in one case, at once, and from then on', async () => {
    const server = await nameServer(lowered);
    const first = await measureDns({ server: server.at, name: NAME });
    expect(first).toMatchObject({ ok: true, facts: { unexpected: 1, resent: 0, caseKept: false } });
    expect(first.durationMs).toBeLessThan(900);
    expect(await measureDns({ server: server.at, name: NAME })).toMatchObject({ ok: true, facts: { unexpected: 0 } });
    expect(server.asked.map((asked) => written(asked) === NAME)).toEqual([false, true, true]);
    expect(dns.samples(first)).toContainEqual({ metric: 'demarc_dns_case_kept', value: 0 });
  });

  it('are tried anew after an hour', async () => {
    const server = await nameServer(lowered);
    const at = (minutes: number) => {
      const clock = { ...realClock, monotonic: () => performance.now() + minutes * 60_000 };
      return dns.prepare('t', { server: server.at, name: NAME, type: 'A' })(
        contextOf(AbortSignal.timeout(3_000), { clock }),
      );
    };
    await at(0);
    expect((await at(59)).facts).toMatchObject({ unexpected: 0, caseKept: false });
    expect((await at(61)).facts).toMatchObject({ unexpected: 1, caseKept: false });
  });

  it('lost by a server whose first answer was lost too', async () => {
    let silent = 1;
    const observed = await askDns((asked) => (silent-- > 0 ? null : lowered(asked)), { name: NAME });
    expect(observed).toMatchObject({ ok: true, facts: { resent: 1, unexpected: 1, caseKept: false } });
  });

  it('change nothing of a name but the case of its letters', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9_*-]{1,63}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), fc.nat(0xffff_ffff), (labels, bits) => {
        const name = wireName(...labels);
        const mixed = Buffer.from(name);
        mixCase(mixed, 0, mixed.length, bits);
        expect(mixed.toString('latin1').toLowerCase()).toBe(name.toString('latin1').toLowerCase());
        mixCase(mixed, 0, mixed.length, bits);
        expect(mixed).toEqual(name);
      }),
    );
  });
});
