// JSON pointers (RFC 6901): `/parts/database/0`, with ~1 for a slash and ~0 for a tilde.
import { z } from 'zod';

export const JsonPointer = z
  .string()
  .max(256)
  .regex(
    /^(\/([^~/]|~[01])*)*$/,
    'must be a JSON pointer such as /parts/database; ~1 stands for a slash, ~0 for a tilde',
  )
  .meta({ title: 'JSON pointer' });

/** undefined when it leads nowhere. */
export function valueAt(document: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce(
    (value: unknown, step) => memberOf(value, step.replaceAll('~1', '/').replaceAll('~0', '~')),
    document,
  );
}

function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^(0|[1-9]\d{0,8})$/.test(key) ? value[Number(key)] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
