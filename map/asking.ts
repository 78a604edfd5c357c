// How a service is asked, and what a good answer of it looks like: the parts of the map that the http probe reads.
import { z } from 'zod';
import { FurtherExpectations } from '../exporters/http/expect.ts';
import { RequestSettings } from '../exporters/http/request.ts';
import { StatusCodes } from '../exporters/http/status-codes.ts';
import { ProxyChoice } from './forward-proxy.ts';

export const Expectation = z
  .strictObject({
    status: StatusCodes.describe('Status codes that count as fine.'),
    body: z.string().min(1).max(1024).optional().describe('Text the first 64 KiB of the body must contain.'),
    ...FurtherExpectations,
  })
  .prefault({})
  .describe(
    'What a good answer looks like. Unless `request.follow` says so, redirects are not followed: a 301 is a 301.',
  );

export const Request = z
  .strictObject({ ...RequestSettings, proxy: ProxyChoice })
  .optional()
  .describe('How it is asked, where a plain GET is not enough.');
