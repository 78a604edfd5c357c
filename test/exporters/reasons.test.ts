// Every reason of the closed list is one that some test of a probe sees, and every error code of the network has one.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { REASONS, type Reason } from '../../catalog/reasons.ts';
import { ROOT } from '../../catalog/root.ts';
import { REASON_OF_ERRNO } from '../../exporters/errno.ts';
import { reasonOf } from '../../exporters/probe.ts';

const folder = path.join(ROOT, 'test/exporters');
const tests = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(path.join(folder, name), 'utf8'))
  .join('\n');

/** Label values are stable; these stand in the list, and no probe gives them yet. */
const UNSEEN: readonly Reason[] = ['cancelled'];

const byCode = new Set(Object.values(REASON_OF_ERRNO));

it.each(REASONS.filter((reason) => !byCode.has(reason) && !UNSEEN.includes(reason)))('%s is seen', (reason) => {
  expect(tests).toContain(`'${reason}'`);
});

it.each(Object.entries(REASON_OF_ERRNO))('%s is %s', (code, reason) => {
  expect(reasonOf(Object.assign(new Error('x'), { code }))).toBe(reason);
});

it.each(['EWHATEVER', ''])('an error nobody knows (%j) is ours', (code) => {
  const error = Object.assign(new Error('x'), { code });
  expect(() => reasonOf(error)).toThrow(error);
});
