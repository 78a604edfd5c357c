// Words that several parts of demarc.yaml are made of.
import { z } from 'zod';

export const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -, not starting with -')
  .meta({ title: 'name' });

export const Host = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,253}$/, 'must be a host name or an address')
  .meta({ title: 'host' });

export const Port = z.int().min(1).max(65535).meta({ title: 'port' });

export const Url = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'must not hold credentials')
  .meta({ title: 'URL' });
