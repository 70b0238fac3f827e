import { z } from 'zod'
import type { CheckedAction, JudgedAction } from '../../gateway/check-action.ts'
import { noParams, route } from '../openapi/contract.ts'
import { chatMessage } from './chat.ts'

const mostMessages = 2_000

const name = z.string().min(1).max(128)

const writtenCall = z
  .looseObject({
    function: z
      .looseObject({ name, arguments: z.string().describe('JSON, as a model writes it.') })
      .meta({ id: 'WrittenFunction' }),
  })
  .meta({ id: 'WrittenCall' })
const namedCall = z.strictObject({ name, arguments: z.record(z.string(), z.json()) }).meta({ id: 'NamedCall' })

const call = z.union([writtenCall, namedCall]).describe('A member of tool_calls as it came, or a name with arguments.')

/** `POST /v1/actions/check` */
export const actionCheckRequest = z
  .strictObject({
    messages: z
      .array(chatMessage)
      .min(1)
      .max(mostMessages)
      .describe('The conversation so far, as Chat Completions has it: its roles say who has written what.'),
    tools: z
      .array(z.looseObject({ type: z.string() }))
      .max(200)
      .optional()
      .describe('The tools as a model is offered them: what their declarations lack is said in notes.'),
    call,
  })
  .meta({ id: 'ActionCheck' })

const shownValue = z
  .object({
    path: z.string().describe('recipients[0]'),
    value: z.string(),
    ground: z
      .enum(['said', 'own', 'named', 'named-member', 'named-place', 'all-at-named-place', 'left-open', 'filled'])
      .nullable()
      .describe('What of the person’s stands for it; null where only a person can.'),
    from: z.array(z.string()).describe('Ids of the reads in which it stands.'),
  })
  .meta({ id: 'ShownValue' })

const read = z
  .object({
    id: z.string(),
    tool: z.string(),
    origin: z.enum(['operator', 'user', 'model', 'tool', 'row', 'file', 'web']),
    trusted: z.boolean(),
  })
  .meta({ id: 'ActionRead' })

export const actionCheckAnswer = z
  .object({
    object: z.literal('action-check'),
    id: z.string().describe('Of the decision, as the audit trail and the log have it.'),
    decision: z.enum(['allow', 'ask', 'refuse']),
    rule: z.enum([
      'nothing-read',
      'reading',
      'planned',
      'handed-over',
      'unread-words',
      'only-mentioned',
      'unproven-value',
      'no-target',
      'again',
      'after-refusal',
      'undeclared',
      'not-planned',
      'not-asked-for',
      'malformed',
    ]),
    sentence: z.string().nullable().describe('For the person; null where the call simply runs.'),
    shown: z
      .array(shownValue)
      .describe('All values of the call where a person is asked, what nothing stands for first.'),
    reads: z.array(read).describe('What was read before it.'),
    notes: z.array(z.string()).describe('What the declarations of the offered tools lack.'),
  })
  .meta({ id: 'ActionCheckAnswer' })

type ActionCheckAnswer = z.infer<typeof actionCheckAnswer>
/** Without an id, which only what is on a trail has. */
export type JudgedActionJson = Omit<ActionCheckAnswer, 'id'> & { readonly id?: string }

export const checkActionRoute = route({
  id: 'actions.check',
  method: 'post',
  path: '/v1/actions/check',
  summary: 'May a call run that a model of the caller’s wants to make? Nothing is called.',
  params: noParams,
  query: noParams,
  body: actionCheckRequest,
  status: 200,
  answer: actionCheckAnswer,
  errors: [],
})

/** The answer in JSON. */
export function toActionCheck({ id, ...judged }: CheckedAction): ActionCheckAnswer {
  const { object, ...rest } = toJudgedAction(judged)
  return { object, id, ...rest }
}

/** The same of a decision that nobody has recorded, as the command line prints it. */
export function toJudgedAction({ decision, sentence, reads, notes }: JudgedAction): JudgedActionJson {
  const shown = decision.kind === 'ask' ? decision.shown : []
  return {
    object: 'action-check',
    decision: decision.kind,
    rule: decision.rule,
    sentence,
    shown: shown.map(({ path, value, ground, from }) => ({ path, value, ground, from: [...from] })),
    reads: reads.map(({ id: of, tool, origin, trusted }) => ({ id: of, tool, origin, trusted })),
    notes: [...notes],
  }
}
