import { randomBytes } from 'node:crypto'
import type { ComplaintFacts } from '../../core/complaints.ts'
import { ServiceError } from '../../core/errors.ts'
import type { RecordedDecision } from '../../core/recorded-decisions.ts'
import type { LabelSource } from '../../core/tuning.ts'
import type { LabelRequest, QueueItem, TuningKeeper, TuningOperator } from '../../feedback/tuning-keeper.ts'
import { requireWhy, type TuningParts } from './parts.ts'
import { isOperator } from './is-operator.ts'
import { decisionOf, requireItem } from './queue.ts'
import { clipped, orRefusedOnTrail } from './refused.ts'

/** What people say of texts. Nobody labels what they complained of, or a call of their own. */
export function createLabelling(parts: TuningParts): Pick<TuningKeeper, 'label' | 'dismiss'> {
  const { complaints, labels, trail } = parts
  return {
    async label(request, operator) {
      requireWhy(request.why)
      const { rule, truth, why } = request
      const asked = { item: clipped(request.item), rule: clipped(rule), truth, why }
      const { item, decision } = await orRefusedOnTrail(
        parts,
        { event: 'tuning-label', ...operator, ...asked },
        async (learn) => {
          const found = await requireItem(parts, request.item)
          const about = await labelledDecision(parts, found, request)
          learn({ decision: about.id, group: about.group })
          requireRule(about, rule)
          requireOther(operator, found, about)
          return { item: found, decision: about }
        },
      )
      const complaint = item.kind === 'appeal' || item.kind === 'thumb' ? item.complaint : null
      const source: LabelSource = item.kind
      const fact = {
        event: 'tuning-label',
        by: operator.by,
        item: request.item,
        decision: decision.id,
        group: decision.group,
        rule,
        truth,
        why,
      }
      return trail(
        fact,
        async () => {
          const label = await labels.keep({
            id: `lbl_${randomBytes(16).toString('hex')}`,
            decision: decision.id,
            rule,
            truth,
            by: operator.by,
            why,
            source,
            complaint: complaint?.id ?? null,
          })
          // A label that is kept holds, also where the complaint was settled meanwhile by another one.
          if (complaint !== null) await complaints.settle(complaint.id, 'labelled')
          return label
        },
        ({ id }) => ({ label: id }),
      )
    },
    async dismiss(id, why, operator) {
      requireWhy(why)
      const asked = { event: 'tuning-dismiss', ...operator, item: clipped(id), why }
      const { group } = await orRefusedOnTrail(parts, asked, (learn) => dismissed(parts, { id, operator, learn }))
      await trail({ event: 'tuning-dismiss', by: operator.by, item: id, group, why }, async () => {
        if (await complaints.settle(id, 'dismissed')) return
        throw new ServiceError('conflict', `${id} does not wait any more.`, {
          advice: '"sallyport tuning queue show" says what it is now.',
        })
      })
    },
  }
}

interface ToDismiss {
  readonly id: string
  readonly operator: TuningOperator
  readonly learn: (facts: { readonly group: string }) => void
}

/** The complaint that this person may dismiss. */
async function dismissed(parts: TuningParts, { id, operator, learn }: ToDismiss): Promise<ComplaintFacts> {
  const item = await requireItem(parts, id)
  if (item.kind === 'audit' || item.kind === 'receipt') {
    throw new ServiceError('invalid-request', 'Complaints are dismissed, and nothing else.', {
      advice: 'A drawn decision waits for nobody; a report is closed by "sallyport pii reports close".',
    })
  }
  learn({ group: item.complaint.group })
  requireOther(operator, item, await decisionOf(parts, item))
  return item.complaint
}

async function labelledDecision(
  parts: TuningParts,
  item: QueueItem,
  { decision: named }: LabelRequest,
): Promise<RecordedDecision> {
  const own = await decisionOf(parts, item)
  if (named !== null && own !== null && named !== own.id) {
    throw new ServiceError('invalid-request', `It is about ${own.id}, and not about ${named.slice(0, 100)}.`, {
      parameter: 'decision',
    })
  }
  const found = own ?? (named === null ? null : await parts.decisions.find(named))
  if (found !== null) return found
  if (named !== null) {
    throw new ServiceError('not-found', `There is no recorded decision "${named.slice(0, 100)}".`, {
      parameter: 'decision',
    })
  }
  throw new ServiceError('invalid-request', 'Nothing is recorded of what it is about, so there is no score to label.', {
    parameter: 'decision',
    advice:
      'Name with --decision the one that it is about: the audit trail has it beside the request. Or dismiss the complaint.',
  })
}

function requireRule({ scores }: RecordedDecision, rule: string): void {
  if (scores.some((score) => score.rule === rule)) return
  const rules = scores.map((score) => score.rule).toSorted()
  throw new ServiceError('invalid-request', `The decision has no score of a rule "${rule.slice(0, 100)}".`, {
    parameter: 'rule',
    advice: rules.length === 0 ? 'It has no score at all.' : `It has: ${rules.join(', ')}.`,
  })
}

/** Throws `forbidden` for somebody whose own complaint or call it is. */
function requireOther(operator: TuningOperator, item: QueueItem, decision: RecordedDecision | null): void {
  const complains = item.kind === 'audit' ? null : item.kind === 'receipt' ? item.report : item.complaint
  const theirs = [complains?.principal, decision?.principal].filter((each) => each !== undefined)
  if (!theirs.some((principal) => isOperator(operator, principal))) return
  throw new ServiceError('forbidden', 'It is about a call of your own, of which you say nothing that counts.', {
    advice: 'Have somebody else label it.',
  })
}
