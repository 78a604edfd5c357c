// A URL as settings may hold one: http or https, and no credentials, which would end up wherever settings are shown.
import { z } from 'zod';

export const HttpUrl = z.url({ protocol: /^https?$/ }).refine((url) => {
  // Asked of every text, also of one that is no URL and is refused for that.
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}, 'must not hold credentials');

/** The scheme's own when none is written. */
export const portOf = ({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number =>
  Number(port) || (protocol === 'https:' ? 443 : 80);
