// How a kind is brought to give a reason: real peers, real files, and the settings that point a probe at them.
import type { Reason } from '../../../catalog/reasons.ts';
import type { ProbeContext } from '../../../exporters/probe.ts';
import { freePort } from '../../../replay/process.ts';
import { type RawAnswer, rawServer, tlsServer } from '../local-server.ts';
import { good, middle, root, withChain } from '../measure-certificate.ts';
import { resolvesTo } from '../measure-http.ts';
import { serveDocument } from '../serve-document.ts';
import { type Issued, rootAuthority, selfSignedLeaf } from '../test-ca.ts';

export interface Provoked {
  settings: Record<string, unknown>;
  context?: Partial<ProbeContext>;
  /** Ample when left out. */
  deadlineMs?: number;
}

export type Provoke = () => Promise<Provoked>;

/** A case for each reason the kind is shown to give. */
export type Outcomes = Partial<Record<Reason, Provoke>>;

/** For what is told by silence only: long enough that a busy machine still gets to the point of waiting. */
export const SHORT_MS = 300;

/** TCP to the broadcast address of loopback: the kernel knows no way there, and nothing leaves the machine. */
const UNREACHABLE = '127.255.255.255';

type SettingsAt = (port: number, host: string) => Record<string, unknown>;

/** What any kind makes of the way to its peer. */
export const onTheWay = (settingsAt: SettingsAt) =>
  ({
    connect_refused: async () => ({ settings: settingsAt(await freePort(), '127.0.0.1') }),
    unreachable: async () => ({ settings: settingsAt(9, UNREACHABLE) }),
    dns_timeout: async () => ({ settings: settingsAt(9, 'gone.test') }),
    no_address: async () => ({ settings: settingsAt(9, 'gone.test'), context: { resolver: resolvesTo() } }),
  }) satisfies Outcomes;

/** A peer that answers with these bytes. */
export const meeting =
  (answer: RawAnswer, settingsAt: SettingsAt, more: Omit<Provoked, 'settings'> = {}): Provoke =>
  async () => ({ settings: settingsAt((await rawServer(answer)).port, '127.0.0.1'), ...more });

/** What any kind that begins with a handshake makes of the certificate it is shown. */
export function ofCertificates(settingsAt: SettingsAt) {
  const shown = (issue: () => Promise<Issued>): Provoke => {
    return async () => {
      const { port } = await tlsServer(await issue());
      const context = { trust: [root.cert], resolver: resolvesTo('127.0.0.1') };
      return { settings: settingsAt(port, '127.0.0.1'), context };
    };
  };
  return {
    ok: shown(async () => withChain(good, middle.cert)),
    tls_handshake: meeting('HTTP/1.1 400 Bad Request\r\n\r\n', settingsAt, {
      context: { resolver: resolvesTo('127.0.0.1') },
    }),
    tls_expired: shown(() => root.issue({ toDays: -1 })),
    tls_not_yet_valid: shown(() => root.issue({ fromDays: 1 })),
    tls_hostname: shown(() => root.issue({ names: [{ type: 'dns', value: 'other.test' }] })),
    tls_self_signed: shown(() => selfSignedLeaf()),
    tls_incomplete_chain: shown(async () => good),
    tls_untrusted: shown(async () => {
      const strange = await rootAuthority('Strange');
      return withChain(await strange.issue(), strange.cert);
    }),
  } satisfies Outcomes;
}

/** What any kind that fetches one document makes of an answer that is not that document. */
export function ofDocuments(settingsAt: (base: string) => Record<string, unknown>) {
  const serving = (served: Parameters<typeof serveDocument>[0]): Provoke => {
    return async () => ({ settings: settingsAt((await serveDocument(served)).base) });
  };
  const atPort: SettingsAt = (port, host) => settingsAt(`http://${host}:${port}/`);
  return {
    timeout: meeting(() => undefined, atPort, { deadlineMs: SHORT_MS }),
    ...onTheWay(atPort),
    http_status: serving({ status: 503 }),
    http_redirect: serving({ status: 302, headers: { location: 'http://127.0.0.1:9/' } }),
    http_too_large: serving({ body: ' '.repeat(2_100_000) }),
    answer_malformed: serving({ body: '<!doctype html>' }),
  } satisfies Outcomes;
}

/** A server that gives this document. */
export const served =
  (document: unknown, settingsAt: (base: string) => Record<string, unknown>): Provoke =>
  async () => {
    const body = typeof document === 'string' ? document : JSON.stringify(document);
    return { settings: settingsAt((await serveDocument({ body })).base) };
  };
