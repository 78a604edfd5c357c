// A URL as settings may hold one: of a scheme that is spoken, and without credentials, which would end up wherever settings are
// shown.
import { z } from 'zod';

const urlOf = (protocol: RegExp) =>
  z.url({ protocol }).refine((url) => {
    // Asked of every text, also of one that is no URL and is refused for that.
    if (!URL.canParse(url)) return true;
    const { username, password } = new URL(url);
    return username === '' && password === '';
  }, 'must not hold credentials');

export const HttpUrl = urlOf(/^https?$/);

/** Of what is asked for in the clear on purpose. */
export const PlainHttpUrl = urlOf(/^http$/);

/** Of a forward proxy. */
export const ProxyUrl = urlOf(/^(https?|socks5h)$/);

const PORT_OF_SCHEME: Readonly<Record<string, number>> = { 'https:': 443, 'socks5h:': 1080 };
const HTTP_PORT = 80;

/** The scheme's own when none is written. */
export const portOf = ({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number =>
  Number(port) || (PORT_OF_SCHEME[protocol] ?? HTTP_PORT);
