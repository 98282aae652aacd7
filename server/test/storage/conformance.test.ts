import { auditConformance } from '../../src/storage/conformance/audit.ts';
import { onEachDatabase } from '../databases.ts';

onEachDatabase(auditConformance);
