import type { authenticationMethodOperations } from '@countersign/management-api';
import { removeAuthenticationMethod } from '../../../user-flows/index.ts';
import { checkMayManage } from '../administrators.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import { methodResources, methodsOf } from '../authentication-method-view.ts';
import type { Answer, CallWithId, Handlers } from '../call.ts';
import { notFound } from '../error.ts';
import { userOf } from '../user-of.ts';

type Collection = keyof typeof methodResources;
type CallWithMethod = CallWithId & { readonly parameters: { readonly methodId: string } };

/** https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview */
export const authenticationMethodHandlers = {
  listAuthenticationMethods: (call) => list(call, 'methods'),
  getAuthenticationMethod: (call) => get(call, 'methods'),
  listPasswordMethods: (call) => list(call, 'passwordMethods'),
  getPasswordMethod: (call) => get(call, 'passwordMethods'),
  listEmailMethods: (call) => list(call, 'emailMethods'),
  getEmailMethod: (call) => get(call, 'emailMethods'),
  listSoftwareOathMethods: (call) => list(call, 'softwareOathMethods'),
  getSoftwareOathMethod: (call) => get(call, 'softwareOathMethods'),
  deleteSoftwareOathMethod: (call) => remove(call, 'softwareOathMethods'),
  listFido2Methods: (call) => list(call, 'fido2Methods'),
  getFido2Method: (call) => get(call, 'fido2Methods'),
  deleteFido2Method: (call) => remove(call, 'fido2Methods'),
  listPhoneMethods: (call) => list(call, 'phoneMethods'),
  getPhoneMethod: (call) => get(call, 'phoneMethods'),
  deletePhoneMethod: (call) => remove(call, 'phoneMethods'),
} satisfies Handlers<typeof authenticationMethodOperations>;

async function list(call: CallWithId, collection: Collection): Promise<Answer> {
  return answerResources(call, methodResources[collection], pathOf(call, collection), await shownIn(call, collection));
}

async function get(call: CallWithMethod, collection: Collection): Promise<Answer> {
  const shown = await methodIn(call, collection);
  return answerResource(call, methodResources[collection], pathOf(call, collection), shown);
}

async function remove(call: CallWithMethod, collection: Collection): Promise<Answer> {
  const user = await userOf(call);
  await checkMayManage(call, user);
  const { id } = await methodIn(call, collection);
  await call.storage.write((stores) => removeAuthenticationMethod(stores, call.act, user, String(id)));
  return {};
}

async function methodIn(call: CallWithMethod, collection: Collection) {
  const { methodId } = call.parameters;
  const found = (await shownIn(call, collection)).find(({ id }) => id === methodId.toLowerCase());
  if (!found) throw notFound(methodId);
  return found;
}

async function shownIn(call: CallWithId, collection: Collection) {
  const all = await methodsOf(call, await userOf(call));
  const isIn =
    collection === 'methods' ? () => true : ({ type }: { type: string }) => type === methodResources[collection].type;
  return all.filter(({ resource }) => isIn(resource)).map(({ shown }) => shown);
}

function pathOf(call: CallWithId, collection: Collection): string {
  return `users('${call.parameters.id}')/authentication/${collection}`;
}
