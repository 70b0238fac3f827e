import type { ListedModels } from '../../gateway/calls/routing/listed-models.ts'
import { listEveryModel, toModels } from '../wire/admin/models.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function modelRoutes(list: () => ListedModels): readonly AdminRoute[] {
  return [answers(listEveryModel, async () => toModels(list()))]
}
