const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?([Zz]|[+-]\d\d:?\d\d)?)?$/;

/**
 * A time in the form of RFC 3339 5.6, with the freedoms that clients take: a date alone, no seconds, any number of digits
 * of a second (kept to milliseconds), no offset for UTC. Undefined when it is none, or does not exist in the calendar.
 */
export function parseDateTime(text: string): Date | undefined {
  const [whole, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset = 'Z'] =
    pattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const zone = offset.toUpperCase().replace(/^(.\d\d)(\d\d)$/, '$1:$2');
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${zone}`);
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1 || time.getUTCFullYear() > 9999) return undefined;
  // Date takes February 30 for March 2.
  const isInCalendar = new Date(`${year}-${month}-${day}T00:00:00Z`).getUTCDate() === Number(day);
  return isInCalendar ? time : undefined;
}
