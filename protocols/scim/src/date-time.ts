/** dateTime values (RFC 7643 2.3.5: xsd:dateTime). Written out here because `Date.parse` depends on the machine's time zone. */

const form =
  /^([1-9]\d{3})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d(?:\.\d{1,12})?)(?:Z|([+-])(0\d|1[0-4]):([0-5]\d))?$/;

/**
 * Milliseconds since the epoch, with a fraction when the text is finer than that; undefined when the text is no
 * dateTime. A text without a time zone counts as UTC.
 * Interop: Microsoft's clients write seven fractional digits of a second.
 */
export function parseDateTime(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, sign, offsetHours, offsetMinutes] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC turns the 31st of February into a day of March.
  if (new Date(midnight).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined;
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(offsetHours) * 60 + Number(offsetMinutes));
  return midnight + (Number(hour) * 60 + Number(minute) - offset) * 60_000 + Number(second) * 1000;
}
