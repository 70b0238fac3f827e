import { z } from 'zod'
import { decisionNames, type PolicyAnswer } from '../../../gateway/authorize/policy-answer.ts'
import type { SeenRules } from '../../../gateway/authorize/policy-desk.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'

const question = z.record(z.string(), z.unknown())

export const showPolicy = route({
  id: 'policy.show',
  method: 'get',
  path: '/admin/v1/policy',
  summary: 'The rules in force in the process that is asked, and a question of each decision to begin a dry run with.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.strictObject({
    source: z.enum(['shipped', 'bundle', 'server']).describe('shipped: they came with the service.'),
    revision: z.string().nullable().describe('null where none could be asked.'),
    patterns: z.array(z.string()).describe('Ids of the patterns that texts are searched for.'),
    shadow: z.boolean().describe('Are other rules tried beside them?'),
    faults: z.array(z.string()),
    examples: z.strictObject({ grant: question, payload: question, action: question, content: question }),
  }),
  errors: [],
})

export const explainPolicy = route({
  id: 'policy.explain',
  method: 'post',
  path: '/admin/v1/policy/explain',
  summary: 'What the rules in force say of a question; nothing of it happens, and it is neither recorded nor told.',
  params: noParams,
  query: noParams,
  body: z.strictObject({
    decision: z.enum(decisionNames),
    input: question.describe(
      'What the rules are asked, as a recording has it: "sallyport policy schema DECISION" prints its form.',
    ),
  }),
  status: 200,
  answer: z.strictObject({
    decision: z.enum(decisionNames),
    outcome: z.enum(['allowed', 'refused', 'fault']).describe('fault: there is no decision, which refuses.'),
    revision: z.string().nullable(),
    rules: z.array(z.string()).describe('Ids of the rules that had a say.'),
    reason: z.string().nullable().describe('Of a refusal or a fault.'),
    output: question.nullable(),
  }),
  errors: [],
  told: ['decision'],
})

export function toRules({ examples, hasShadow, ...rules }: SeenRules): z.input<typeof showPolicy.answer> {
  const { source, revision, patterns, faults } = rules
  const { grant, payload, action, content } = examples
  return {
    source,
    revision,
    patterns: [...patterns],
    shadow: hasShadow,
    faults: [...faults],
    examples: { grant: { ...grant }, payload: { ...payload }, action: { ...action }, content: { ...content } },
  }
}

export function toPolicyAnswer({ rules, output, ...answer }: PolicyAnswer): z.input<typeof explainPolicy.answer> {
  return { ...answer, rules: [...rules], output: output && { ...output } }
}
