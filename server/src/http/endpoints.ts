import type { Mount, Route } from './route.ts';

/** All routes of one path, with the mount that answers what goes wrong there. */
export interface Endpoint {
  path: string;
  mount: Mount;
  /** By method. */
  routes: ReadonlyMap<string, Route>;
  /** Every method that is answered, for the header Allow. */
  allow: string;
}

/** Gathers the routes of all mounts by path. */
export function endpointsOf(mounts: readonly Mount[]): Endpoint[] {
  const found = new Map<string, { mount: Mount; routes: Map<string, Route> }>();
  for (const mount of mounts) {
    for (const route of mount.routes) {
      const endpoint = found.get(route.path) ?? { mount, routes: new Map() };
      if (endpoint.routes.has(route.method)) throw new Error(`${route.method} ${route.path} is served twice.`);
      endpoint.routes.set(route.method, route);
      found.set(route.path, endpoint);
    }
  }
  return [...found].map(([path, { mount, routes }]) => ({ path, mount, routes, allow: allowed([...routes.keys()]) }));
}

/** The route for a method. A HEAD is answered as the GET that it asks about (RFC 9110 9.3.2). */
export function routeFor(endpoint: Endpoint, method: string): Route | undefined {
  return endpoint.routes.get(method) ?? (method === 'HEAD' ? endpoint.routes.get('GET') : undefined);
}

function allowed(methods: string[]): string {
  const all = new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']);
  return [...all].join(', ');
}
