// When so many servers of one zone fail that the zone is as good as not served.

const MOST = 0.75;

/** Whether `bad` of `all` are all, or, where there are more than two, three quarters or all but one. */
export function areMost(bad: number, all: number): boolean {
  if (bad === 0 || all === 0) return false;
  return bad === all || (all > 2 && (bad >= MOST * all || bad >= all - 1));
}
