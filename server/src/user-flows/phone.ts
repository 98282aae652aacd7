/** The number in E.164, however it was typed with its country code; undefined when it cannot be one. */
export function parsePhone(text: string): string | undefined {
  const number = text.replace(/[\s()./-]/g, '').replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined;
}

/** Enough of a number to recognise one's own. */
export function maskedPhone(number: string): string {
  return `••• ${number.slice(-2)}`;
}
