import { z } from 'zod';

const days = z.int().min(1).max(36_500).nullable();

/** For how many days a tenant keeps its logs; null for ever. Beyond Microsoft Graph. */
export const retention = {
  auditRetentionDays: days,
  signInRetentionDays: days,
  provisioningRetentionDays: days,
};
