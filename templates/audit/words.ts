import type { AuditRow } from '../../src/audit/queries'

export const outcomeWords: Record<AuditRow['outcome'], string> = { success: 'Done', failure: 'Refused', blocked: 'Locked out' }
