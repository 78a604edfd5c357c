// Which addresses a port of this machine is open at, as the Linux kernel tells it.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Listening {
  address: string;
  port: number;
  loopback: boolean;
}

const LISTEN = '0A';

/** null where the kernel does not tell. */
export function listeningSockets(proc = '/proc'): Listening[] | null {
  const texts = ['net/tcp', 'net/tcp6'].map((name) => readIfThere(path.join(proc, name)));
  if (texts.every((text) => text === null)) return null;
  return texts.flatMap((text) => (text === null ? [] : parseSockets(text)));
}

function parseSockets(text: string): Listening[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      const [hex = '', port = ''] = local.split(':');
      if (state !== LISTEN || hex === '') return [];
      const address = addressOf(hex);
      return [{ address, port: Number.parseInt(port, 16), loopback: /^(127\.|::1$|::ffff:127\.)/.test(address) }];
    });
}

/** The kernel prints 32-bit words in the machine's order, which is little-endian wherever Node runs today. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return dotted(bytes);
  const text = bytes.join('').toLowerCase();
  if (/^0{20}ffff/.test(text)) return `::ffff:${dotted(bytes.slice(12))}`;
  if (/^0{31}[01]$/.test(text)) return text.endsWith('1') ? '::1' : '::';
  return (text.match(/.{4}/g) ?? []).join(':');
}

const dotted = (bytes: readonly string[]): string => bytes.map((byte) => Number.parseInt(byte, 16)).join('.');

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
