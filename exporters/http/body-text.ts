// A body as text, in the encoding it came in: what its first bytes say (BOM), else its Content-Type, else UTF-8.
import { TextDecoder } from 'node:util';
import type { Answer } from './answer.ts';

const CHARSET = /;\s*charset\s*=\s*"?([A-Za-z0-9_.:-]{1,40})/i;

/** Empty without a body; what is no text in that encoding becomes U+FFFD. */
export function bodyText({ headers, body }: Pick<Answer, 'headers' | 'body'>): string {
  if (body === null) return '';
  return decoderFor(body, CHARSET.exec(headers.get('content-type') ?? '')?.[1] ?? 'utf-8').decode(body);
}

function decoderFor([first, second]: Buffer, charset: string): TextDecoder {
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  try {
    return new TextDecoder(charset);
  } catch (error) {
    // A name nobody knows.
    if (error instanceof RangeError) return new TextDecoder();
    throw error;
  }
}
