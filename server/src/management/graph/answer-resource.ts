import type { Resource } from '@countersign/management-api';
import type { Answer, Call } from './call.ts';
import { answerPage, contextUrl } from './pages.ts';
import { pick, type Shown } from './resource-view.ts';

/** Answers a resource that is no directory object, of which the whole is given. */
export function answerResource(call: Call, resource: Resource, path: string, whole: Shown): Answer {
  const shown = pick(resource, call.query.select)(whole);
  return { body: { '@odata.context': contextUrl(call, path, '/$entity'), ...shown } };
}

/** Answers a collection of such resources on one page. */
export function answerResources(call: Call, resource: Resource, path: string, wholes: readonly Shown[]): Answer {
  return answerPage(call, path, { items: wholes.map(pick(resource, call.query.select)) });
}
