// Which status codes are as wished: some, a class of them, or a range.
import { z } from 'zod';

const LOWEST = 100;
const HIGHEST = 599;

const Several = z
  .string()
  .regex(/^([1-5]xx|[1-5]\d\d-[1-5]\d\d)$/, 'must be like 200, 2xx or 200-299')
  .refine((text) => boundsOf(text).first <= boundsOf(text).last, 'ends before it begins');

export const StatusCodes = z
  .array(z.union([z.int().min(LOWEST).max(HIGHEST), Several]).meta({ title: '100 to 599, 2xx or 200-299' }))
  .min(1)
  .default([200]);

export type StatusCodes = z.output<typeof StatusCodes>;

export const isAmong = (status: number, wished: StatusCodes): boolean =>
  wished.some((one) => {
    if (typeof one === 'number') return status === one;
    const { first, last } = boundsOf(one);
    return status >= first && status <= last;
  });

function boundsOf(text: string): { first: number; last: number } {
  const [from = '', to = from] = text.split('-');
  return { first: Number(from.replace('xx', '00')), last: Number(to.replace('xx', '99')) };
}
