// Tells whoever watches a measurement of one message: what was asked, by which way, what came back.
import type { Reason } from '../../catalog/reasons.ts';
import type { Trace } from '../trace.ts';
import { type DnsAnswer, readAnswer } from './answer.ts';
import { extendedErrorName } from './dnssec.ts';
import { formatEndpoint, type Server } from './endpoint.ts';
import type { Query } from './question.ts';
import type { Answered } from './udp.ts';

export function tellMessage(
  { server, query: asked, transport }: { server: Server; query: Query; transport: string },
  got: Answered | Reason,
  trace: Trace,
): void {
  const { name, type, recursion, signatures, unchecked } = asked.question;
  const wishes = Object.entries({ rd: recursion, do: signatures, cd: unchecked, 'mixed case': asked.mixed });
  const wished = wishes.flatMap(([wish, isSet]) => (isSet ? [`, ${wish}`] : [])).join('');
  trace.step(
    `asked ${name} ${type} at ${formatEndpoint(server)} over ${transport}${wished}, ${asked.bytes.length} bytes`,
  );
  if (typeof got === 'string') {
    trace.step(`no answer: ${got}`);
    return;
  }
  const { query, message } = got;
  if (query !== asked) trace.step('its letters came back in another case, so it was asked in one');
  const answer = readAnswer(query, message);
  if (answer === null) trace.step(`${message.length} bytes that cannot be read as an answer`);
  else
    trace.step(`${headOf(answer, (message.readUInt16BE(2) & 0x200) !== 0)}, ${message.length} bytes`, linesOf(answer));
}

function headOf({ rcode, authoritative, authenticated, recursive, edns }: DnsAnswer, truncated: boolean): string {
  const flags = { aa: authoritative, tc: truncated, ra: recursive, ad: authenticated };
  const set = Object.entries(flags).flatMap(([flag, isSet]) => (isSet ? [flag] : []));
  return [rcode, ...(set.length === 0 ? [] : [`flags ${set.join(' ')}`]), edns ? 'EDNS' : 'no EDNS'].join(', ');
}

const linesOf = ({ answers, authorityCount, additionalCount, extendedErrors }: DnsAnswer): string[] => [
  ...answers.map(({ name, ttl, type, data }) => `${name}. ${ttl} ${type} ${data}`),
  `${answers.length} answers, ${authorityCount} authority, ${additionalCount} additional`,
  ...extendedErrors.map((code) => `extended error ${code}: ${extendedErrorName(code)}`),
];
