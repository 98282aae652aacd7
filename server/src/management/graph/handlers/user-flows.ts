import { identityProvider, userFlow, userFlowAttribute, type userFlowOperations } from '@countersign/management-api';
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
import type { Handlers } from '../call.ts';
import { notFound } from '../error.ts';
import {
  attributeView,
  dataTypes,
  flowChange,
  flowTypes,
  flowView,
  idOfFlow,
  localProviders,
  nameOfFlow,
  providerView,
} from '../user-flow-view.ts';

const flows = 'identity/userFlows';
const attributes = 'identity/userFlowAttributes';
const providers = 'identity/identityProviders';

/** https://learn.microsoft.com/graph/api/resources/identityuserflow */
export const userFlowHandlers = {
  listUserFlows: async (call) => {
    const found = await listFlows(call.storage.read, call.tenantId);
    return answerResources(call, userFlow, flows, found.map(flowView));
  },
  createUserFlow: async (call) => {
    const { id, userFlowType, ...change } = call.body;
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
    await call.storage.write((stores) => changeFlow(stores, call.act, name, flowChange(call.body)));
    return {};
  },
  deleteUserFlow: async (call) => {
    const name = nameOfFlow(call.parameters.id);
    await call.storage.write((stores) => removeFlow(stores, call.act, name));
    return {};
  },

  listIdentityProviders: async (call) => {
    return answerResources(call, identityProvider, providers, Object.keys(localProviders).map(providerView));
  },
  getIdentityProvider: async (call) => {
    const found = Object.keys(localProviders).find((id) => id.toLowerCase() === call.parameters.id.toLowerCase());
    if (found === undefined) throw notFound(call.parameters.id);
    return answerResource(call, identityProvider, providers, providerView(found));
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
