// An operator's mistake: every problem at once, each as `place: what, hint`. The CLI prints it and exits with 2.

export interface Problem {
  /** `demarc.yaml:12:3 services.blog.url`, a flag, or a file. */
  place: string;
  what: string;
  hint: string;
}

export class UserError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ place, what, hint }) => `${place}: ${what}${hint === '' ? '' : `, ${hint}`}`).join('\n'));
    this.name = 'UserError';
    this.problems = problems;
  }
}
