import { userFlow, userFlowAttribute, type userFlowOperations } from '@countersign/management-api';
import {
  changeFlow,
  createFlow,
  declareFlowAttribute,
  describeFlowAttribute,
  getFlow,
  getFlowAttribute,
  listFlowAttributes,
  listFlows,
  removeFlow,
  removeFlowAttribute,
} from '../../../user-flows/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, Handlers } from '../call.ts';
import { badRequest } from '../error.ts';
import { localProviders } from '../identity-provider-view.ts';
import {
  attributeView,
  dataTypes,
  everyProvider,
  flowChange,
  flowTypes,
  flowView,
  idOfFlow,
  nameOfFlow,
} from '../user-flow-view.ts';

const flows = 'identity/userFlows';
const attributes = 'identity/userFlowAttributes';

/** https://learn.microsoft.com/graph/api/resources/identityuserflow */
export const userFlowHandlers = {
  listUserFlows: async (call) => {
    const found = await listFlows(call.storage.read, call.tenantId);
    return answerResources(call, userFlow, flows, found.map(flowView));
  },
  createUserFlow: async (call) => {
    const { id, userFlowType, ...change } = call.body;
    await checkProviders(call, change.identityProviders);
    const made = await call.storage.write((stores) =>
      createFlow(stores, call.act, id, flowTypes[userFlowType], flowChange(change)),
    );
    const location = `${call.baseUrl}/${flows}/${idOfFlow(made)}`;
    return { ...answerResource(call, userFlow, flows, flowView(made)), headers: { location } };
  },
  getUserFlow: async (call) => {
    const found = await getFlow(call.storage.read, call.tenantId, nameOfFlow(call.parameters.id));
    return answerResource(call, userFlow, flows, flowView(found));
  },
  updateUserFlow: async (call) => {
    const name = nameOfFlow(call.parameters.id);
    await checkProviders(call, call.body.identityProviders);
    await call.storage.write((stores) => changeFlow(stores, call.act, name, flowChange(call.body)));
    return {};
  },
  deleteUserFlow: async (call) => {
    const name = nameOfFlow(call.parameters.id);
    await call.storage.write((stores) => removeFlow(stores, call.act, name));
    return {};
  },

  listUserFlowAttributes: async (call) => {
    const found = await listFlowAttributes(call.storage.read, call.tenantId);
    return answerResources(call, userFlowAttribute, attributes, found.map(attributeView));
  },
  createUserFlowAttribute: async (call) => {
    const { displayName, dataType, description = null } = call.body;
    // Interop: display names may have blanks, names of attributes may not.
    const wanted = { name: displayName.replaceAll(' ', ''), dataType: dataTypes[dataType], description };
    const made = await call.storage.write((stores) => declareFlowAttribute(stores, call.act, wanted));
    return answerResource(call, userFlowAttribute, attributes, attributeView(made));
  },
  getUserFlowAttribute: async (call) => {
    const found = await getFlowAttribute(call.storage.read, call.tenantId, call.parameters.id);
    return answerResource(call, userFlowAttribute, attributes, attributeView(found));
  },
  updateUserFlowAttribute: async (call) => {
    const { description } = call.body;
    await call.storage.write((stores) => describeFlowAttribute(stores, call.act, call.parameters.id, description));
    return {};
  },
  deleteUserFlowAttribute: async (call) => {
    await call.storage.write((stores) => removeFlowAttribute(stores, call.act, call.parameters.id));
    return {};
  },
} satisfies Handlers<typeof userFlowOperations>;

/** @throws GraphError `BadRequest` when a flow names a provider that is not there */
async function checkProviders(call: Call, ids: readonly string[] | undefined): Promise<void> {
  if (!ids) return;
  const trusted = (await call.storage.read.upstreamProviders.list(call.tenantId)).map(({ id }) => id);
  const known = [...Object.keys(localProviders), ...trusted, everyProvider];
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) throw badRequest(`There is no identity provider '${unknown}': take ${known.join(', ')}.`);
}
