/** Longest address that a mail server takes (RFC 5321 4.5.3.1.3). */
const longestEmail = 254;

/**
 * The address if it can be one, without the space around it. Only the mail that arrives proves more, so that nothing is
 * refused here which some mail server may take (RFC 5321 4.1.2).
 */
export function parseEmail(text: string): string | undefined {
  const address = text.trim();
  return address.length <= longestEmail && /^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;.]+$/.test(address)
    ? address
    : undefined;
}
