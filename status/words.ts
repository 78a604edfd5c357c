// Words the page, the report and the feed share, so that one thing is called by one name.
import type { Party } from '../catalog/parties.ts';

/** Whose minutes: `12 min yours`. */
export const PARTY_WORDS: Readonly<Record<Party, string>> = {
  none: 'nobody',
  own: 'yours',
  isp: "your ISP's",
  vendor: "a vendor's",
  registrar: "the registrar's",
  registry: "the registry's",
  ca: "the certificate authority's",
  unknown: 'unproven',
};

/** `99.982 %`, rounded down: nothing that failed is ever called 100 %. */
export function shareText(share: number | null): string {
  return share === null ? 'not measured' : `${(Math.floor(share * 100_000) / 1000).toFixed(3)} %`;
}
