import type { BrandingStore } from '../branding/index.ts';
import { brandPath, findBrandStyleSheet } from '../pages/index.ts';
import type { HttpResponse, Route } from './http.ts';

/** What a tenant's pages load of the tenant's own: its style sheet, logo and icon, by the digest of each. */
export function brandRoutes({ branding }: { branding: BrandingStore }): Route[] {
  return [
    {
      method: 'GET',
      path: brandPath(':tenant', ':digest'),
      async handle({ parameters: { tenant = '', digest = '' } }) {
        const look = await branding.findLook(tenant);
        const css = look && findBrandStyleSheet(look, digest);
        if (css !== undefined) return file('text/css; charset=utf-8', css);
        const picture = await branding.findPicture(tenant, digest);
        return picture ? file(picture.contentType, Buffer.from(picture.data, 'base64')) : { status: 404 };
      },
    },
  ];
}

function file(contentType: string, body: string | Uint8Array): HttpResponse {
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      // A picture that is opened by itself is a document, and an SVG document could run scripts.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}
