import type { SourceOversight } from '../../core/seen-sources.ts'
import { checkSourceNow, listEverySource, toSource } from '../wire/admin/sources.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function sourceRoutes(sources: SourceOversight): readonly AdminRoute[] {
  return [
    answers(listEverySource, async () => ({ data: sources.list().map(toSource) })),
    answers(checkSourceNow, async ({ params: { id } }) => toSource(await sources.check(id))),
  ]
}
