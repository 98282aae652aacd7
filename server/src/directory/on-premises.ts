import type { AttributeDefinition } from './attribute.ts';

/** What users and groups keep of the directory that they are synchronized from. */
export const onPremisesAttributes = {
  /** The source anchor: base64, so its case matters. */
  onPremisesImmutableId: {
    type: 'string',
    longest: 256,
    caseExact: true,
    index: 'value',
    unique: 'onPremisesImmutableId',
  },
  onPremisesSamAccountName: { type: 'string', longest: 256, index: 'value' },
  onPremisesDomainName: { type: 'string', longest: 255, index: 'value' },
  onPremisesNetBiosName: { type: 'string', longest: 15 },
  onPremisesSecurityIdentifier: { type: 'string', longest: 184, index: 'value' },
  onPremisesSyncEnabled: { type: 'boolean', index: 'value' },
  onPremisesLastSyncDateTime: { type: 'dateTime', index: 'value' },
} as const satisfies Readonly<Record<string, AttributeDefinition>>;
