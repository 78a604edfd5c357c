// What somebody elsewhere says of a service.

export interface OutsideFacts {
  address: string | null;
  httpStatus: number | null;
  /** null: no answer, or neither word, such as a monitor that is paused. */
  up: boolean | null;
  /** When they looked, Unix milliseconds: as they say, or at the latest as the settings allow. null without an answer. */
  checkedAt: number | null;
}
