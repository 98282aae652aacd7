import type { PagePosition } from '../../directory/index.ts';

/** Where a page by index begins, known from the page before. */
interface Place {
  after: PagePosition;
  totalResults: number;
  until: number;
}

/** Long enough for a client to come for the next page. */
const lifetime = 60_000;
const most = 10_000;

/**
 * Remembers where pages ended, since who pages by index (RFC 7644 3.4.2.4) mostly reads one page after another: the next one
 * then costs the same at any depth. Whoever comes without the page before, or to another process, waits for objects to be
 * skipped instead.
 */
export class PagePlaces {
  readonly #places = new Map<string, Place>();

  find(context: string, startIndex: number, now: Date): Place | undefined {
    const place = this.#places.get(keyOf(context, startIndex));
    return place && place.until > now.getTime() ? place : undefined;
  }

  note(context: string, startIndex: number, now: Date, place: Omit<Place, 'until'>): void {
    const key = keyOf(context, startIndex);
    this.#places.delete(key);
    this.#places.set(key, { ...place, until: now.getTime() + lifetime });
    const [oldest] = this.#places.keys();
    if (this.#places.size > most && oldest !== undefined) this.#places.delete(oldest);
  }
}

function keyOf(context: string, startIndex: number): string {
  return `${startIndex} ${context}`;
}
