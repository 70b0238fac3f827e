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
