// The answer about one component of a vendor, as everything that shows it reads it.
import type { VendorStatus } from '../catalog/vendor-signals.ts';
import type { FeedState } from '../exporters/status/facts.ts';
import type { VendorRow } from './vendor-row.ts';
import type { Judgement } from './verdict.ts';

/** The newest word of a vendor's status page about a component; times in RFC 3339. */
export interface PageSaying {
  state: FeedState;
  readAt: string;
  /** First failure here of the newest proven trouble, and when the page was first seen to tell of one. */
  troubleSince: string | null;
  admittedAt: string | null;
}

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
  /** Where the vendor speaks for itself. */
  statusPage: string | null;
  /** What it says there of this component; null when nothing known was read. No row reads it. */
  says: PageSaying | null;
}
