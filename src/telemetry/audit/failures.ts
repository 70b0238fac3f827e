/** What happens to a request whose line cannot be written: it is refused, or goes on and the line is counted as lost. */
export const auditFailures = ['refuse', 'continue'] as const

export type AuditFailure = (typeof auditFailures)[number]
