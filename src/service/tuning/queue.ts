import { ServiceError } from '../../core/errors.ts'
import { strata, type RecordedDecision, type Stratum } from '../../core/recorded-decisions.ts'
import type { OpenedItem, QueueItem, TuningKeeper } from '../../feedback/tuning-keeper.ts'
import type { TuningParts } from './parts.ts'

/** What waits for somebody: complaints and reports, the oldest first, and decisions that are drawn. */
export function createQueue(parts: TuningParts): Pick<TuningKeeper, 'queue' | 'open'> {
  return {
    async queue({ kind, group, direction, rule, state, most, seed }) {
      const items: QueueItem[] = []
      let left = 0
      if (kind === null || kind === 'appeal' || kind === 'thumb') {
        // A thumb that says that all is well asks nobody for anything, and would hide those that do.
        const found = await parts.complaints.list({ group, kind, state, verdict: 'down', reason: null, rule }, most)
        for (const complaint of found.complaints) items.push({ kind: complaint.kind, complaint })
        left += found.total - found.complaints.length
      }
      // Reports are of a call, of no rule and of no group, and those that are closed are gone.
      const isForReports = group === null && rule === null && (state === null || state === 'waiting')
      if (kind === 'receipt' || (kind === null && isForReports)) {
        const found = await parts.reports.list(most)
        for (const report of found.reports) items.push({ kind: 'receipt', report })
        left += found.total - found.reports.length
      }
      if (group !== null && direction !== null && rule !== null && (kind === null || kind === 'audit')) {
        const range = { place: { group, direction, rule }, since: null, until: null }
        const drawn = await parts.decisions.draw(range, ofEach(most), seed)
        for (const decision of drawn) items.push({ kind: 'audit', decision })
      } else if (kind === 'audit') {
        throw new ServiceError('invalid-request', 'Decisions are drawn of one place.', {
          advice: 'Name its --group, --direction and --rule.',
        })
      }
      // What is left of a group that was taken out of the configuration is there as long as it is kept.
      if (group !== null && items.length === 0 && left === 0) parts.places.requireGroup(group)
      return { items, left }
    },
    async open(id, { values }, { by }) {
      const item = await requireItem(parts, id)
      const decision = await decisionOf(parts, item)
      return parts.trail({ event: 'tuning-read', by, item: id, values }, () =>
        opened(parts, { item, decision, values }),
      )
    },
  }
}

/** Rejects with `not-found`. */
export async function requireItem(
  { complaints, reports, decisions }: Pick<TuningParts, 'complaints' | 'reports' | 'decisions'>,
  id: string,
): Promise<QueueItem> {
  if (id.startsWith('cmp_')) {
    const found = await complaints.find(id)
    if (found !== null) {
      const { sealed: _, wrappedKey: __, ...complaint } = found
      return { kind: complaint.kind, complaint }
    }
  } else if (id.startsWith('prp_')) {
    const found = await reports.find(id)
    if (found !== null) {
      const { sealed: _, wrappedKey: __, ...report } = found
      return { kind: 'receipt', report }
    }
  } else if (id.startsWith('dec-')) {
    const decision = await decisions.find(id)
    if (decision !== null) return { kind: 'audit', decision }
  }
  throw new ServiceError('not-found', `There is no "${id.slice(0, 100)}" in the queue.`, {
    advice: '"sallyport tuning queue list" shows what waits; what is older than feedback.retention_days is gone.',
  })
}

/** Null where the item names none, or it is forgotten. */
export async function decisionOf(
  { decisions }: Pick<TuningParts, 'decisions'>,
  item: QueueItem,
): Promise<RecordedDecision | null> {
  if (item.kind === 'audit') return item.decision
  if (item.kind === 'receipt' || item.complaint.decision === null) return null
  return decisions.find(item.complaint.decision)
}

interface ToOpen {
  readonly item: QueueItem
  readonly decision: RecordedDecision | null
  readonly values: boolean
}

async function opened({ labels, texts }: TuningParts, { item, decision, values }: ToOpen): Promise<OpenedItem> {
  const commentOf = async (): Promise<string | null> => {
    if (item.kind === 'audit') return null
    return item.kind === 'receipt' ? texts.report(item.report.id) : texts.comment(item.complaint.id)
  }
  return {
    item,
    decision,
    comment: values ? await commentOf() : null,
    text: values && decision !== null ? await texts.sample(decision.id) : null,
    labels: decision === null ? [] : await labels.history(decision.id),
  }
}

const ofEach = (most: number): Readonly<Record<Stratum, number>> =>
  Object.fromEntries(strata.map((stratum) => [stratum, most])) as Record<Stratum, number>
