import type { KeptItem } from '../../core/conversations.ts'
import { planLines, type PlanStep } from '../../core/plan.ts'
import { inertMarkdown } from '../../text/inert-markdown.ts'

/** A plan as a list. A line that begins with the mark of a list never begins a block of code. */
export const planText = ({ steps }: { readonly steps: readonly PlanStep[] }): string =>
  `**Plan**\n\n${inertMarkdown(planLines(steps).join('\n'))}`

/** The items with one plan of each run: the last one, where it was said. */
export function withLastPlans(items: readonly KeptItem[]): readonly KeptItem[] {
  const last = new Map(items.filter(({ item }) => item.type === 'plan').map((kept) => [kept.run, kept]))
  return items.filter((kept) => kept.item.type !== 'plan' || last.get(kept.run) === kept)
}
