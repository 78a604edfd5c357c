// Host and port of a URL, as probes want them.
import { portOf as portOfUrl } from '../exporters/http/url.ts';

/** Without the brackets of an IPv6 literal. */
export const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

/** The scheme's own when none is written. */
export const portOf = (url: string): number => portOfUrl(new URL(url));
