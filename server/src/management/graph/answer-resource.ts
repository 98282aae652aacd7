import type { Resource } from '@countersign/management-api';
import type { Answer, Call } from './call.ts';
import { answerPage, contextUrl } from './pages.ts';
import { pick, type Shown } from './resource-view.ts';

/** Answers a resource that is no directory object, of which the whole is given. */
export function answerResource(call: Call, resource: Resource, path: string, whole: Shown): Answer {
  return { body: { '@odata.context': contextUrl(call, path, '/$entity'), ...picker(call, resource)(whole) } };
}

/** Answers a collection of such resources on one page. */
export function answerResources(call: Call, resource: Resource, path: string, wholes: readonly Shown[]): Answer {
  return answerPage(call, path, { items: wholes.map(picker(call, resource)) });
}

/** What was selected, with the type where it is narrower than the resource's (OData 4.01 JSON 4.6.3). */
function picker(call: Call, resource: Resource): (whole: Shown) => Shown {
  const show = pick(resource, call.query.select);
  return (whole) => {
    const type = whole['@odata.type'];
    return type === undefined ? show(whole) : { '@odata.type': type, ...show(whole) };
  };
}
