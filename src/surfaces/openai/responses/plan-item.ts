import { planLines, type PlanStep } from '../../../core/plan.ts'
import type { PlanItem } from '../wire/response-json.ts'
import { outputItemId } from './response-ids.ts'
import type { ItemEvents } from './tool-items.ts'

/** A plan is said at once: each that follows is an item of its own. */
export function planItem(
  plan: readonly PlanStep[],
  { run, index }: { readonly run: string; readonly index: number },
): ItemEvents {
  const id = outputItemId('rs', run, index)
  const text = planLines(plan).join('\n')
  const begun: PlanItem = { id, type: 'reasoning', status: 'in_progress', summary: [] }
  const item: PlanItem = { id, type: 'reasoning', status: 'completed', summary: [{ type: 'summary_text', text }] }
  const place = { item_id: id, output_index: index, summary_index: 0 }
  return {
    item,
    index,
    events: [
      { type: 'response.output_item.added', output_index: index, item: begun },
      { type: 'response.reasoning_summary_part.added', ...place, part: { type: 'summary_text', text: '' } },
      { type: 'response.reasoning_summary_text.delta', ...place, delta: text },
      { type: 'response.reasoning_summary_text.done', ...place, text },
      { type: 'response.reasoning_summary_part.done', ...place, part: { type: 'summary_text', text } },
      { type: 'response.output_item.done', output_index: index, item },
    ],
  }
}
