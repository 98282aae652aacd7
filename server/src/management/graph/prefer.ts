/** RFC 7240 2: true when the client prefers this, such as `return=minimal`. */
export function prefers(headers: Readonly<Record<string, string | undefined>>, preference: string): boolean {
  const preferences = (headers['prefer'] ?? '').split(/[,;]/);
  return preferences.some((one) => one.trim().toLowerCase() === preference);
}
