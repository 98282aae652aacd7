import type { DirectoryObject, ObjectKind } from '../../directory/index.ts';
import type { Call } from './call.ts';
import { badRequest } from './error.ts';
import { type RelatedListName, relatedLists } from './related.ts';
import { mixedView, type Shown } from './resource-view.ts';

/** As many related objects as Microsoft Graph shows inside of an item. The whole list has an address of its own. */
const mostExpanded = 20;

/** What can be expanded on each kind of object, one level deep. */
const expandable: Readonly<Record<ObjectKind, readonly (RelatedListName | 'manager')[]>> = {
  user: ['manager', 'directReports', 'memberOf', 'ownedObjects'],
  group: ['members', 'owners', 'memberOf'],
  application: ['owners'],
  servicePrincipal: ['owners', 'memberOf', 'ownedObjects'],
};

/**
 * Reads what $expand asks to show inside of the object.
 *
 * @throws GraphError `BadRequest` for what cannot be expanded
 */
export async function expand(call: Call, object: DirectoryObject): Promise<Shown> {
  const shown: Shown = {};
  for (const { property, select } of call.query.expand) {
    const list = expandable[object.kind].find((name) => name.toLowerCase() === property.toLowerCase());
    if (list === undefined) throw badRequest(`The property '${property}' of a ${object.kind} cannot be expanded.`);
    const show = mixedView(select);
    const { links } = call.storage.read;
    if (list === 'manager') {
      const { items } = await links.listTo(call.tenantId, 'manager', object.id, { limit: 1 });
      shown[list] = items[0] ? show(items[0]) : null;
    } else {
      const { items } = await relatedLists[list].read(links, call.tenantId, object.id, { limit: mostExpanded });
      shown[list] = items.map(show);
    }
  }
  return shown;
}
