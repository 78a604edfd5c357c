// The values in an answer of Prometheus' query API: a scalar, or one for each series of a vector.
import { z } from 'zod';
import { inShape, Malformed } from '../malformed.ts';

const MOST_SAMPLES = 1_000;

const Sample = z.tuple([z.number(), z.string().max(64)]);

const Answer = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('scalar'), result: Sample }),
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: Sample })).max(MOST_SAMPLES) }),
  ]),
});

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
  ['NaN', Number.NaN],
]);

/** Empty when the query found nothing. Throws {@link Malformed}. */
export function samplesIn(document: unknown): number[] {
  const { data } = inShape(Answer, document, 'no answer to an instant query');
  const samples = data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value);
  return samples.map(([, text]) => numberOf(text));
}

function numberOf(text: string): number {
  const special = SPECIAL.get(text);
  if (special !== undefined) return special;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw new Malformed('a sample that is no number');
  return Number(text);
}
