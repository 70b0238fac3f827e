import type { SandboxAlert } from '../core/detection-facts.ts'
import type { SandboxEvent } from '../core/facts.ts'
import type { AuditFact } from './audit/entry.ts'
import type { Digests } from './digests.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface DetectionParts {
  readonly log: Log
  readonly metrics: Metrics
  /** null where a command runs, or no trail is kept. */
  readonly audit: { note(fact: AuditFact): void } | null
  /** null where no key is at hand; then no trail is kept either. */
  readonly digests: Digests | null
}

/** Fields whose values are of a closed set or numbers: no text of whoever wrote the code can be in them. */
const plainFields =
  /^(?:evt\.type|evt\.(?:raw)?arg\.[a-z]+|evt\.is_open_(?:read|write)|fd\.sockfamily|fd\.[rs]port|user\.uid|group\.gid|proc\.p?pid|sandbox\.processes)$/

/** Tells what a rule of detection has found in a sandbox, or that something was missed there; of other events nothing. */
export function tellDetection({ log, metrics, audit, digests }: DetectionParts, event: SandboxEvent): void {
  if (event.type !== 'sandbox-alert' && event.type !== 'sandbox-events-lost' && event.type !== 'sandbox-unheard') return
  const { type, id, tenant, cell } = event
  const place = { sandbox: id, tenant, cell }
  if (type === 'sandbox-events-lost') {
    metrics.count('detection', 'events-lost')
    log.warn({ ...place, count: event.count }, 'what a sandbox did was not heard')
    audit?.note({ event: type, requestId: '', ...place, count: event.count })
    return
  }
  if (type === 'sandbox-unheard') {
    metrics.count('detection', 'unheard')
    log.error({ ...place, why: event.why }, 'a sandbox is not heard any more, and ends')
    audit?.note({ event: type, requestId: '', ...place, why: event.why })
    return
  }
  const { rule, priority, tags, output, suppressed, ended } = event
  metrics.count('detection', priority)
  if (ended) metrics.count('detection', 'ended')
  log.warn({ ...place, rule, priority, output, suppressed, ended }, 'code in a sandbox did what a rule names')
  const about = { rule, priority, tags: [...tags], fields: digested(event, digests), suppressed, ended }
  audit?.note({ event: type, requestId: '', ...place, at: new Date(event.at).toISOString(), ...about })
}

/** The values of an alert, texts as keyed digests: paths and commands may hold what a caller's data is. */
function digested({ fields }: SandboxAlert, digests: Digests | null): Readonly<Record<string, string>> {
  const entries = Object.entries(fields)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, plainFields.test(name) ? value : (digests?.of(value) ?? '')]),
  )
}
