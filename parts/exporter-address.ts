// Where others find the exporter. A loopback address is right only for who runs on the same machine.
import { UserError } from '../map/user-error.ts';
import type { Setting } from './part.ts';

const DEFAULT_LISTEN = '127.0.0.1:9815';

const LOOPBACK = /^(127\.|\[::1\]|localhost:)/;
const WILDCARD = /^(0\.0\.0\.0|\[::\]):/;

/** `host:port` for somebody on the exporter's own machine. */
export function addressHere({ target, source }: Setting): string {
  return target ?? (source?.map.file.listen ?? DEFAULT_LISTEN).replace(WILDCARD, '127.0.0.1:');
}

/** `host:port` for somebody elsewhere. */
export function addressElsewhere({ target, source }: Setting): string {
  const address = target ?? source?.map.file.listen ?? DEFAULT_LISTEN;
  if (!LOOPBACK.test(address) && !WILDCARD.test(address)) return address;
  throw new UserError([
    {
      place: '--target',
      what: `${address} is no address that another machine can reach`,
      hint: 'give one, e.g. --target nas.lan:9815, and let demarc listen there',
    },
  ]);
}
