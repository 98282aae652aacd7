import { XmlError } from './errors.ts';

// Values of XML Schema part 2 as they stand in attributes and texts.

/** An `xs:boolean`, which is also written 1 and 0. Throws {@link XmlError}. */
export function parseBoolean(text: string): boolean {
  const value = text.trim();
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw invalid(text, 'boolean');
}

/** An `xs:unsignedShort`. Throws {@link XmlError}. */
export function parseUnsignedShort(text: string): number {
  const value = /^\s*\+?(\d{1,5})\s*$/.exec(text)?.[1];
  if (value === undefined || Number(value) > 65_535) throw invalid(text, 'unsignedShort');
  return Number(value);
}

const dateTime = /^\s*(\d{4}-\d\d-(\d\d)T(\d\d):\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\s*$/;

/**
 * An `xs:dateTime` with a time zone, to the millisecond: without one, its meaning would depend on the reader.
 * Throws {@link XmlError}.
 */
export function parseInstant(text: string): Date {
  const [, local = '', day = '', hour = '', fraction = '', zone = ''] = dateTime.exec(text) ?? [];
  const instant = new Date(`${local}${fraction.slice(0, 4)}${zone}`);
  // JavaScript takes 30 February for 2 March, and 24:00 for the next day.
  const utc = zone === 'Z' ? instant : new Date(`${local}Z`);
  const isCalendarTime = utc.getUTCDate() === Number(day) && utc.getUTCHours() === Number(hour);
  if (Number.isNaN(instant.getTime()) || !isCalendarTime) throw invalid(text, 'dateTime with a time zone');
  return instant;
}

/** An instant as `xs:dateTime` in UTC, to the millisecond. */
export function formatInstant(instant: Date): string {
  return instant.toISOString();
}

function invalid(text: string, type: string): XmlError {
  return new XmlError('xml.unexpected_content', `"${text.slice(0, 40)}" is no ${type}.`);
}
