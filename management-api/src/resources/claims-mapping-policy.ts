import { z } from 'zod';
import { flag, resource, texts } from './property.ts';

/** A text of the form `claimsMappingDefinition`, alone in its list. */
const definition = texts.length(1);

const properties = {
  displayName: z.string(),
  definition,
  /** Policies hold for the applications to which they are assigned. */
  isOrganizationDefault: z.literal(false),
};

/** https://learn.microsoft.com/graph/api/resources/claimsmappingpolicy */
export const claimsMappingPolicy = resource('microsoft.graph.claimsMappingPolicy', {
  ...properties,
  isOrganizationDefault: flag,
});

export const createClaimsMappingPolicyRequest = z.strictObject(properties).partial({ isOrganizationDefault: true });

export const updateClaimsMappingPolicyRequest = z.strictObject(properties).partial();

const reference = z.strictObject({ ClaimTypeReferenceId: z.string(), TransformationClaimType: z.string() });

/**
 * What stands in a definition. The hub refuses what it would not carry out.
 * https://learn.microsoft.com/entra/identity-platform/reference-claims-mapping-policy-type
 */
export const claimsMappingDefinition = z.strictObject({
  ClaimsMappingPolicy: z.strictObject({
    Version: z.literal(1),
    IncludeBasicClaimSet: z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]).default(false),
    ClaimsSchema: z
      .array(
        z.strictObject({
          Source: z.string().optional(),
          ID: z.string().optional(),
          Value: z.string().optional(),
          TransformationId: z.string().optional(),
          SamlClaimType: z.string().optional(),
          /** Tokens of OpenID Connect do not go by policies. */
          JwtClaimType: z.string().optional(),
        }),
      )
      .max(200)
      .default([]),
    ClaimsTransformations: z
      .array(
        z.strictObject({
          ID: z.string(),
          TransformationMethod: z.string(),
          InputClaims: z.array(reference).max(10),
          InputParameters: z.array(z.strictObject({ ID: z.string(), Value: z.string() })).optional(),
          OutputClaims: z.array(reference),
        }),
      )
      .max(200)
      .default([]),
  }),
});
