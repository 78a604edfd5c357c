// Every sample answer is attributed to whoever wrote it, by the vendor files alone.
import { expect, it } from 'vitest';
import { generatorOf } from '../../exporters/http/generator.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { ERROR_ANSWERS } from './error-answers.ts';
import { HOSTED_ANSWERS } from './hosted-answers.ts';

const VENDORS = loadCatalogue();

it.each([...ERROR_ANSWERS, ...HOSTED_ANSWERS])(
  '$vendor: $name',
  ({ vendor, status, headers, body, generator, code = null }) => {
    const answer = { status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) };
    const known = VENDORS.get(vendor)?.errors ?? [];
    expect(generatorOf(answer, known)).toEqual({ generator, vendorCode: code });
  },
);

it.each([...VENDORS])('%s takes no page that merely writes about challenges for one', (_, { errors }) => {
  const body = Buffer.from(errors.map((known) => known.body ?? '').join('\n'));
  for (const { header } of errors.filter(({ generator }) => generator === 'challenge')) {
    const headers = new Map([['server', header?.name === 'server' ? header.contains : 'nginx']]);
    expect(generatorOf({ status: 200, headers, body }, errors).generator).toBeNull();
  }
});
