import type { PolicyDesk } from '../../gateway/authorize/policy-desk.ts'
import { recordedSchema } from '../../gateway/authorize/recorder.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { explainPolicy, showPolicy, toPolicyAnswer, toRules } from '../wire/admin/policy.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function policyRoutes(desk: PolicyDesk): readonly AdminRoute[] {
  return [
    answers(showPolicy, async ({ signal }) => toRules(await desk.rules(signal))),
    answers(explainPolicy, async ({ body }) => toPolicyAnswer(await desk.explain(parseRequest(recordedSchema, body)))),
  ]
}
