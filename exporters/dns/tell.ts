// Tells whoever watches a measurement of one message: what was asked, by which way, what came back.
import type { Reason } from '../../catalog/reasons.ts';
import type { Trace } from '../trace.ts';
import { type DnsAnswer, readAnswer } from './answer.ts';
import { extendedErrorName } from './dnssec.ts';
import { formatEndpoint, type Server } from './endpoint.ts';
import type { Query } from './question.ts';

export function tellMessage(
  { server, query, transport }: { server: Server; query: Query; transport: string },
  message: Buffer | Reason,
  trace: Trace,
): void {
  const { name, type, recursion, signatures, unchecked } = query.question;
  const wishes = [recursion ? 'rd' : '', signatures ? 'do' : '', unchecked ? 'cd' : ''].filter((flag) => flag !== '');
  const asked = `${name} ${type} at ${formatEndpoint(server)} over ${transport}`;
  trace.step(`asked ${asked}${wishes.length === 0 ? '' : `, ${wishes.join(' ')}`}, ${query.bytes.length} bytes`);
  if (!Buffer.isBuffer(message)) {
    trace.step(`no answer: ${message}`);
    return;
  }
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
