// The answer about one component of a vendor, as everything that shows it reads it.
import type { VendorStatus } from '../catalog/vendor-signals.ts';
import type { VendorRow } from './vendor-row.ts';
import type { Judgement } from './verdict.ts';

export interface VendorVerdict extends Judgement {
  vendor: string;
  component: string;
  vendorTitle: string;
  componentTitle: string;
  status: VendorStatus;
  /** `vendor` when it is accused. */
  party: VendorRow['party'];
  /** Services of the map that lean on it. */
  usedBy: string[];
  /** Of these, those whose verdict names it. */
  hits: string[];
  /** Of these, those that fail while nobody is proven guilty of it. */
  suspectedBy: string[];
  statusPage: string | null;
}
