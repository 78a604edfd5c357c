// The answer about one component of a vendor, as everything that shows it reads it.
import type { Confidence } from '../catalog/parties.ts';
import type { VendorStatus } from '../catalog/vendor-signals.ts';
import type { VendorRow } from './vendor-row.ts';
import type { Evidence } from './verdict.ts';

export interface VendorVerdict {
  site: string;
  vendor: string;
  component: string;
  vendorTitle: string;
  componentTitle: string;
  status: VendorStatus;
  /** `vendor` when it is accused. */
  party: VendorRow['party'];
  /** Short noun phrase. */
  cause: string;
  /** Stable id of the row of the table about vendors, and its stable number. */
  row: string;
  code: number;
  confidence: Confidence;
  /** "Cloudflare's edge is failing for everyone we can see. It hits blog." */
  headline: string;
  because: string;
  /** RFC 3339: when the present state began; null when unknown. */
  since: string | null;
  evidence: Evidence[];
  action: string;
  /** Services of the map that lean on it. */
  usedBy: string[];
  /** Of these, those whose verdict names it. */
  hits: string[];
  /** Of these, those that fail while nobody is proven guilty of it. */
  suspectedBy: string[];
  statusPage: string | null;
}
