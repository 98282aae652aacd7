/**
 * The two kinds of failure that are part of the product: what we refuse, and what may work in a moment. Everything else
 * that is thrown is a bug. The codes stand in one catalogue per folder (`<folder>/errors.ts`), are listed in
 * docs/reference/errors.md, and are never used again with another meaning.
 */

/** One refusal as its folder's catalogue declares it. */
export interface RefusalDefinition {
  /** HTTP class of the answer: 400 malformed, 401 nobody, 403 not allowed, 404 not there, 409 in the way, 413 too much. */
  status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 412 | 413 | 414 | 415 | 421 | 422 | 429 | 431;
  /** Sentence for a person, with `{name}` places: what is wrong and where. */
  text: string;
  /** What to do about it. */
  advice: string;
}

export type RefusalDetails = Readonly<Record<string, string | number>>;

/** Something that we understood and will not do. Its text may be shown to whoever asked. */
export class Refusal<Code extends string = string> extends Error {
  override readonly name = 'Refusal';
  readonly code: Code;
  readonly status: RefusalDefinition['status'];
  readonly details: RefusalDetails;

  constructor(code: Code, definition: RefusalDefinition, details: RefusalDetails = {}, cause?: unknown) {
    super(fill(definition.text, details), cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = definition.status;
    this.details = details;
  }
}

/** Something that failed now and may work later: the database is away, the hasher is full. Answered by 503. */
export class TemporaryFailure extends Error {
  override readonly name = 'TemporaryFailure';
  readonly retryAfterSeconds: number;

  constructor(what: string, retryAfterSeconds: number, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Makes the function with which a folder refuses. Codes are `<folder>.<reason>`.
 *
 * @example
 * const refuse = refusals({ 'directory.name_taken': { status: 409, text: '...', advice: '...' } });
 * throw refuse('directory.name_taken', { name });
 */
export function refusals<Catalogue extends Readonly<Record<string, RefusalDefinition>>>(catalogue: Catalogue) {
  return <Code extends keyof Catalogue & string>(
    code: Code,
    details?: RefusalDetails,
    cause?: unknown,
  ): Refusal<Code> => {
    const definition = catalogue[code];
    if (definition === undefined) throw new Error(`No refusal is declared as ${code}.`);
    return new Refusal(code, definition, details, cause);
  };
}

function fill(text: string, details: RefusalDetails): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in details ? String(details[name]) : place));
}
