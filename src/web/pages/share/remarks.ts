import type { SharedPart } from '../../../client/generated/shares.ts'

/** Is a part something that a model said on its way, before it went on to its answer? */
export function isRemark(items: readonly SharedPart[], at: number): boolean {
  const item = items[at]
  if (item?.type !== 'message' || item.role !== 'assistant') return false
  for (const later of items.slice(at + 1)) {
    if (later.type !== 'message') continue
    return later.role === 'assistant'
  }
  return false
}

/** The number of a step among those of the share, from 1; of another part, that of the step before it. One that is left out has a number, too. */
export function stepOf(items: readonly SharedPart[], at: number): number {
  const isStep = (item: SharedPart): boolean =>
    item.type === 'call' || (item.type === 'left-out' && item.what === 'call')
  return items.slice(0, at + 1).filter(isStep).length
}
