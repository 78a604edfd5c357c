// What an answer is held against, expectation by expectation.
import { z } from 'zod';
import type { Reason } from '../../catalog/reasons.ts';
import { boundsText, type Check, isWithin } from '../check.ts';
import { Pattern } from '../http/linear-pattern.ts';
import type { Trace } from '../trace.ts';
import { type DnsAnswer, reasonOfAnswer } from './answer.ts';
import type { DnsRecord } from './facts.ts';
import { identityOf } from './identity.ts';
import { isAskable } from './question.ts';
import { RCODES } from './rcodes.ts';
import { isAsWished, pointedAt, RecordWish } from './records.ts';

export const DnsExpectation = z.strictObject({
  shapes: z
    .array(z.enum(['answer', 'nodata', 'nxdomain', 'referral']))
    .min(1)
    .default(['answer'])
    .describe('Shapes of answer that are as wished.'),
  rcodes: z
    .array(z.enum(RCODES))
    .min(1)
    .optional()
    .describe(
      'Response codes that are as wished, such as REFUSED of a server that shall not ask others for strangers.',
    ),
  answers: z
    .strictObject({
      atLeast: z.int().min(0).optional().describe('Records of the type asked for.'),
      atMost: z.int().min(0).optional().describe('Records of the type asked for.'),
    })
    .optional()
    .describe('How many records of the type asked for there must be.'),
  authoritative: z.boolean().optional().describe('The AA bit the answer must have.'),
  authenticated: z.boolean().optional().describe('The AD bit the answer must have.'),
  records: RecordWish.optional().describe('What the name must point to.'),
  ttl: z
    .strictObject({
      atLeast: z.int().min(0).optional().describe('Seconds. Ask the servers of the zone: a resolver counts down.'),
      atMost: z.int().min(0).optional().describe('Seconds.'),
    })
    .optional()
    .describe('Within which bounds the smallest TTL of the answer must be.'),
  identity: Pattern.optional().describe(
    'Regular expression for the text by which the server tells who it is. Whoever answers without it is somebody else: `dns_intercepted`.',
  ),
  nameServers: z
    .array(z.string().refine(isAskable, 'not a DNS name in ASCII form'))
    .min(1)
    .max(32)
    .optional()
    .describe('With type NS: these name servers and no others, in any order.'),
});

export type DnsExpectation = z.output<typeof DnsExpectation>;

/** What a failed check stands for. */
type Judged = Check & { reason: Reason };

/** Every expectation on its own; the first that is not met speaks for the measurement. */
function* checksOf(answer: DnsAnswer, expect: DnsExpectation): Generator<Judged> {
  const { identity, records, ttl, nameServers } = expect;
  if (identity !== undefined) yield saidItself(answer, identity);
  if (records !== undefined) yield pointsTo(answer, records);
  yield hasShape(answer, expect);
  for (const bit of ['authoritative', 'authenticated'] as const) {
    const wished = expect[bit];
    if (wished !== undefined) yield compared(bit, String(wished), String(answer[bit]));
  }
  if (nameServers !== undefined) {
    const names = new Set(nameServers.map((name) => name.toLowerCase().replace(/\.$/, '')));
    yield compared('name servers', [...names].sort().join(' '), answer.nameServers.join(' '));
  }
  if (expect.answers !== undefined) {
    const count = answer.matching.length;
    yield mismatch('answers', boundsText(expect.answers), String(count), isWithin(count, expect.answers));
  }
  const smallest = smallestTtl(answer.answers);
  if (ttl !== undefined && smallest !== null) {
    yield mismatch('ttl', boundsText(ttl, ' s'), `${smallest} s`, isWithin(smallest, ttl));
  }
}

export function judge(answer: DnsAnswer, expect: DnsExpectation): Reason {
  for (const { passed, reason } of checksOf(answer, expect)) if (passed === false) return reason;
  return 'ok';
}

export function tellChecks(answer: DnsAnswer | null, expect: DnsExpectation, trace: Trace): void {
  if (answer === null) trace.check({ check: 'shape', expected: shapesText(expect), actual: 'none', passed: null });
  else for (const { reason: _, ...check } of checksOf(answer, expect)) trace.check(check);
}

const shapesText = ({ rcodes = [], shapes }: DnsExpectation): string => [...rcodes, ...shapes].join(' or ');

export const smallestTtl = (answers: readonly DnsRecord[]): number | null =>
  answers.length === 0 ? null : Math.min(...answers.map(({ ttl }) => ttl));

const mismatch = (check: string, expected: string, actual: string, passed: boolean | null): Judged => ({
  check,
  expected,
  actual: actual || 'none',
  passed,
  reason: 'dns_mismatch',
});

const compared = (check: string, expected: string, actual: string): Judged =>
  mismatch(check, expected, actual, expected === actual);

/** Who answered, in the words of whoever did. */
function saidItself(answer: DnsAnswer, pattern: string): Judged {
  const said = identityOf(answer, pattern);
  return {
    check: 'identity',
    expected: `a text that matches ${pattern}`,
    actual: answer.answers.map(({ data }) => data).join(' ') || answer.rcode,
    passed: said === 'unproven' ? null : said === 'expected',
    reason: 'dns_intercepted',
  };
}

/** An alias is all that a server can say whose zone it leaves, so it is compared though it is no answer yet. */
function pointsTo(answer: DnsAnswer, wish: RecordWish): Judged {
  const found = pointedAt(answer);
  const passed = found.length === 0 ? null : isAsWished(wish, found);
  return mismatch('records', `${wish.match}: ${wish.records.join(' ')}`, found.join(' '), passed);
}

function hasShape(answer: DnsAnswer, expect: DnsExpectation): Judged {
  const { shapes, rcodes } = expect;
  const { shape, rcode } = answer;
  const shaped = shapes.some((known) => known === shape);
  // Of the codes that are wished for, only NOERROR has several shapes.
  const passed =
    rcodes === undefined ? shaped : rcodes.some((known) => known === rcode) && (rcode !== 'NOERROR' || shaped);
  return {
    check: 'shape',
    expected: shapesText(expect),
    actual: shape === 'error' ? rcode : `${shape} (${rcode})`,
    passed,
    reason: shape === 'answer' ? 'dns_mismatch' : reasonOfAnswer(answer),
  };
}
