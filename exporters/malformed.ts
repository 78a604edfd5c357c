// Thrown by every reader of a peer's text for what it cannot accept; a probe turns it into `answer_malformed`.

export class Malformed extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Malformed';
  }
}
