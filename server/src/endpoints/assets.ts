import { assetsPath, pageAssets } from '../pages/index.ts';
import type { Route } from './http.ts';

/** The style sheets, scripts and pictures of all pages. */
export function assetRoutes(): Route[] {
  return pageAssets.map(({ name, contentType, body }) => ({
    method: 'GET',
    path: `${assetsPath}/${name}`,
    handle: () => ({
      status: 200,
      headers: { 'content-type': contentType, 'cache-control': 'public, max-age=31536000, immutable' },
      body,
    }),
  }));
}
