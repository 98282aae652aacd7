import { z } from 'zod';
import { resource, text } from './property.ts';

const picture = z.strictObject({
  contentType: z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']),
  /** In base64. */
  data: z.base64(),
});

const settings = {
  /** Of buttons and links, and behind the card, as `#rrggbb`; null for ours. */
  colours: z.strictObject({ accent: z.string(), background: z.string() }).nullable(),
  corners: z.enum(['round', 'slight', 'square']),
  /** HTML around the form, with `{form}` where that stands. */
  frame: text,
  icon: picture.nullable(),
  /** At the foot of every page, with their words by language. */
  links: z.array(z.strictObject({ href: z.string(), labels: z.record(z.string(), z.string()) })),
  logo: picture.nullable(),
  styleSheet: text,
  /** By language, then by the key of the message. */
  texts: z.record(z.string(), z.record(z.string(), z.string())),
};

/**
 * How the pages of the tenant look. The address is Microsoft Graph's, the settings are our own.
 * https://learn.microsoft.com/graph/api/resources/organizationalbranding
 */
export const branding = resource('microsoft.graph.organizationalBranding', settings);

/** Each setting that is given replaces the present one. */
export const updateBrandingRequest = z.strictObject(settings).partial();
