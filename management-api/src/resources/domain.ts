import { z } from 'zod';
import { flag, resource, text, texts } from './property.ts';

/** Its id is its name. https://learn.microsoft.com/graph/api/resources/domain */
export const domain = resource('microsoft.graph.domain', {
  authenticationType: text,
  isAdminManaged: flag,
  isDefault: flag,
  isInitial: flag,
  isRoot: flag,
  isVerified: flag,
  supportedServices: texts,
});

export const createDomainRequest = z.strictObject({ id: z.string() });

export const updateDomainRequest = z.strictObject({ isDefault: z.literal(true).optional() });

/** https://learn.microsoft.com/graph/api/resources/domaindnstxtrecord */
export const domainDnsRecord = resource('microsoft.graph.domainDnsTxtRecord', {
  isOptional: flag,
  label: text,
  recordType: text,
  supportedService: text,
  text,
  ttl: z.int(),
});
