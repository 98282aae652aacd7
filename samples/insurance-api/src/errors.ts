/** A request that is refused, in the words of RFC 6750 3.1. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly status: number;
  readonly code: string;
  /** What the client has to bring, for the header `WWW-Authenticate`. */
  readonly demand: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, demand: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.demand = demand;
  }
}

/** The hub whose keys are needed cannot be reached. */
export class HubUnreachable extends Error {
  override readonly name = 'HubUnreachable';
}
