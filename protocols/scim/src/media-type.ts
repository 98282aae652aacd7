/** The media type of SCIM messages (RFC 7644 3.1, 8.1). */

export const scimMediaType = 'application/scim+json';

const accepted = [scimMediaType, 'application/json'];

/** Whether a body of this Content-Type is read: SCIM's own type or plain JSON, with any parameters. */
export function isScimMediaType(contentType: string): boolean {
  const [essence = ''] = contentType.split(';');
  return accepted.includes(essence.trim().toLowerCase());
}
