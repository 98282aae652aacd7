import { type authenticationMethodOperations, emailMethod, phoneMethod } from '@countersign/management-api';
import { type DirectoryObject, getTenant, passwordPolicyOf, updateUser } from '../../../directory/index.ts';
import {
  addMailbox,
  addPhone,
  removeAuthenticationMethod,
  removeMailbox,
  tellUser,
} from '../../../user-flows/index.ts';
import { aboutCaller } from '../about-caller.ts';
import { checkMayManage } from '../administrators.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import { methodResources, methodsOf, methodView, passwordId } from '../authentication-method-view.ts';
import type { Answer, CallWithId, Handlers } from '../call.ts';
import { notFound } from '../error.ts';
import { contextUrl } from '../pages.ts';
import { hashOfNewPassword } from '../prepared-password.ts';
import { userOf } from '../user-of.ts';

/** Fewest characters of a password that is made up: 96 random bits. */
const madeUpLength = 16;

type Collection = keyof typeof methodResources;
type CallWithMethod = CallWithId & { readonly parameters: { readonly methodId: string } };

/** https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview */
export const authenticationMethodHandlers = {
  listAuthenticationMethods: (call) => list(call, 'methods'),
  getAuthenticationMethod: (call) => get(call, 'methods'),
  resetUserPassword: async (call) => {
    const user = await userToChange(call);
    // Everybody's password has the same id, also of those who have none yet.
    if (call.parameters.methodId.toLowerCase() !== passwordId) throw notFound(call.parameters.methodId);
    const given = call.body.newPassword ?? null;
    const password = given ?? (await madeUpPassword(call));
    const hash = await hashOfNewPassword(call, password, user.attributes);
    const mustChange = call.body.requireChangeOnNextSignIn;
    await call.storage.write(async (stores) => {
      await updateUser(stores, call.act, user.id, {}, { password: { hash, mustChange } });
      await tellUser(stores, call.act, user, 'password');
    });
    const context = contextUrl(call, 'microsoft.graph.passwordResetResponse');
    return {
      headers: { 'cache-control': 'no-store' },
      body: { '@odata.context': context, newPassword: given === null ? password : null },
    };
  },
  listPasswordMethods: (call) => list(call, 'passwordMethods'),
  getPasswordMethod: (call) => get(call, 'passwordMethods'),
  listEmailMethods: (call) => list(call, 'emailMethods'),
  getEmailMethod: (call) => get(call, 'emailMethods'),
  createEmailMethod: async (call) => {
    const user = await userToChange(call);
    await call.storage.write((stores) => addMailbox(stores, call.act, user, call.body.emailAddress));
    const [created] = await shownIn(call, 'emailMethods');
    return answerResource(call, emailMethod, pathOf(call, 'emailMethods'), created ?? { id: '' });
  },
  deleteEmailMethod: async (call) => {
    const user = await userToChange(call);
    await methodIn(call, 'emailMethods');
    await call.storage.write(async (stores) => {
      await removeMailbox(stores, call.act, user);
      await tellUser(stores, call.act, user, 'email');
    });
    return {};
  },
  listSoftwareOathMethods: (call) => list(call, 'softwareOathMethods'),
  getSoftwareOathMethod: (call) => get(call, 'softwareOathMethods'),
  deleteSoftwareOathMethod: (call) => remove(call, 'softwareOathMethods'),
  listFido2Methods: (call) => list(call, 'fido2Methods'),
  getFido2Method: (call) => get(call, 'fido2Methods'),
  deleteFido2Method: (call) => remove(call, 'fido2Methods'),
  listPhoneMethods: (call) => list(call, 'phoneMethods'),
  getPhoneMethod: (call) => get(call, 'phoneMethods'),
  createPhoneMethod: async (call) => {
    const user = await userToChange(call);
    const method = await call.storage.write(async (stores) => {
      const added = await addPhone(stores, call.act, user, call.body.phoneNumber);
      await tellUser(stores, call.act, user, 'factorAdded');
      return added;
    });
    return answerResource(call, phoneMethod, pathOf(call, 'phoneMethods'), methodView(method));
  },
  deletePhoneMethod: (call) => remove(call, 'phoneMethods'),
  listMyAuthenticationMethods: (call) => list(aboutCaller(call), 'methods'),
  listMyPasswordMethods: (call) => list(aboutCaller(call), 'passwordMethods'),
  listMyEmailMethods: (call) => list(aboutCaller(call), 'emailMethods'),
  listMySoftwareOathMethods: (call) => list(aboutCaller(call), 'softwareOathMethods'),
  listMyFido2Methods: (call) => list(aboutCaller(call), 'fido2Methods'),
  listMyPhoneMethods: (call) => list(aboutCaller(call), 'phoneMethods'),
} satisfies Handlers<typeof authenticationMethodOperations>;

async function list(call: CallWithId, collection: Collection): Promise<Answer> {
  return answerResources(call, methodResources[collection], pathOf(call, collection), await shownIn(call, collection));
}

async function get(call: CallWithMethod, collection: Collection): Promise<Answer> {
  const shown = await methodIn(call, collection);
  return answerResource(call, methodResources[collection], pathOf(call, collection), shown);
}

async function remove(call: CallWithMethod, collection: Collection): Promise<Answer> {
  const user = await userToChange(call);
  const { id } = await methodIn(call, collection);
  await call.storage.write(async (stores) => {
    await removeAuthenticationMethod(stores, call.act, user, String(id));
    await tellUser(stores, call.act, user, 'factorRemoved');
  });
  return {};
}

/** Whoever can change how an administrator signs in could become one. */
async function userToChange(call: CallWithId): Promise<DirectoryObject> {
  const user = await userOf(call);
  await checkMayManage(call, user);
  return user;
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

async function madeUpPassword({ storage, tenantId, randomBytes }: CallWithId): Promise<string> {
  const { minimumLength } = passwordPolicyOf(await getTenant(storage.read, tenantId));
  const length = Math.max(madeUpLength, minimumLength);
  return Buffer.from(randomBytes(length)).toString('base64url').slice(0, length);
}
