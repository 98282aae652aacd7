/** The cookie that holds a session's secret. With https no other host of the domain can set it (RFC 6265bis 4.1.3.2). */
export function cookieName(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-insurance' : 'insurance';
}

/** Lax: it comes along when the browser returns from the hub, and with no form that another site posts. */
export function setCookie(publicUrl: string, secret: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const age = secret === '' ? '; Max-Age=0' : '';
  return `${cookieName(publicUrl)}=${secret}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}

/** The value of a cookie in the header of a request; empty without one. */
export function readCookie(header: string | undefined, name: string): string {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}
