import { z } from 'zod'
import { fileIds, memoryLimit, networkPolicy } from './containers.ts'
import { neutral } from './unsupported.ts'

const textPart = z.looseObject({
  type: z.enum(['input_text', 'output_text', 'text'], {
    error: 'must be "input_text" or "output_text": pictures, sound and files are not read here',
  }),
  text: z.string(),
})

const content = z.union([z.string(), z.array(textPart).max(1_000, { error: 'must hold at most 1000 parts' })], {
  error: 'must be a string or a list of {"type":"input_text","text":…} parts',
})

const itemsTaken =
  'must be a message, or an item of an earlier answer (item_reference, code_interpreter_call, mcp_call, reasoning)'

const message = z.looseObject({
  type: z.literal('message', { error: itemsTaken }).optional(),
  role: z.enum(['system', 'developer', 'user', 'assistant'], {
    error: 'must be system, developer, user or assistant',
  }),
  content,
})

/** An item of an earlier response by its id. */
const reference = z.looseObject({ type: z.literal('item_reference'), id: z.string().min(1).max(200) })

/** What clients send back of an earlier answer and that says nothing to the model. */
const ofEarlierAnswer = z.looseObject({ type: z.enum(['code_interpreter_call', 'mcp_call', 'reasoning']) })

const item = z.union([message, reference, ofEarlierAnswer], {
  error: itemsTaken,
})

const count = z.int({ error: 'must be a whole number' }).min(1, { error: 'must be at least 1' }).nullish()
const between = (least: number, most: number) => {
  const error = `must be a number from ${least} to ${most}`
  return z.number({ error }).min(least, { error }).max(most, { error }).nullish()
}

const ownTools = 'must be left out, or hold {"type":"code_interpreter"} alone: the tools are the service\'s own'

const containerTaken = 'must be the id of a container, or {"type":"auto"}'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isTextFormat = (value: unknown): boolean =>
  isObject(value) && (value['format'] == null || (isObject(value['format']) && value['format']['type'] === 'text'))

const autoContainer = z.looseObject({
  type: z.literal('auto', { error: containerTaken }),
  file_ids: fileIds,
  memory_limit: memoryLimit,
  network_policy: networkPolicy,
})

const codeInterpreter = z.looseObject(
  {
    type: z.literal('code_interpreter', { error: ownTools }),
    container: z
      .union([z.string().regex(/^cntr_[0-9a-f]{32}$/, { error: containerTaken }), autoContainer], {
        error: containerTaken,
      })
      .nullish(),
  },
  { error: ownTools },
)

const id = (what: string) =>
  z
    .string({ error: `must be the id of ${what}` })
    .min(1)
    .max(200)

/** The longest that a call waits for somebody, milliseconds; the time of the run ends it before. */
const longestWait = 600_000

/**
 * `POST /v1/responses` for the service's own model. Members that are not listed are taken and have no effect, which a header of the answer
 * says; those that would change the form of an answer are refused by their name.
 */
export const responseRequest = z
  .looseObject({
    model: z.string().min(1).max(200),
    input: z.union([z.string(), z.array(item).max(1_000, { error: 'must hold at most 1000 items' })], {
      error: 'must be a string or a list of items',
    }),
    instructions: z.string().nullish(),
    stream: z.boolean().nullish(),
    background: z.boolean().nullish(),
    store: z.boolean().nullish(),
    previous_response_id: id('a response').nullish(),
    conversation: z.union([id('a conversation'), z.looseObject({ id: id('a conversation') })]).nullish(),
    metadata: z
      .record(z.string().max(64), z.string().max(512), { error: 'must be an object of texts' })
      .refine((pairs) => Object.keys(pairs).length <= 16, { error: 'must hold at most 16 pairs' })
      .nullish(),
    session: z
      .string()
      .min(1)
      .max(100)
      .nullish()
      .describe('A session of POST /v1/sessions, whose variables and files it goes on with.'),
    max_output_tokens: count,
    max_tool_calls: count,
    max_cost: z
      .int({ error: 'must be a whole number of millionths' })
      .min(0, { error: 'must be at least 0' })
      .max(9_000_000_000_000, { error: 'must be at most 9000000000000' })
      .nullish()
      .describe(
        'The most the answer may cost, in millionths of the currency of prices: it ends before a step that could cost more. No more than the group is given.',
      ),
    approvals: z
      .strictObject(
        {
          calls: z
            .enum(['rules', 'on-write', 'always'], { error: 'must be rules, on-write or always' })
            .optional()
            .describe(
              'Calls that somebody has to allow: those of rules alone, programs that can write files as well, or every one.',
            ),
          wait_ms: z
            .int({ error: 'must be a whole number' })
            .min(0, { error: 'must be at least 0' })
            .max(longestWait, { error: `must be at most ${longestWait}` })
            .optional()
            .describe('How long a call waits for a decision before it ends the answer.'),
        },
        { error: 'must be an object of calls and wait_ms' },
      )
      .nullish()
      .describe(
        'A stream tells of each call that waits by an event sallyport.approval_requested, which has no number; POST /v1/approvals/{id} decides it.',
      ),
    temperature: between(0, 2),
    top_p: between(0, 1),
    top_logprobs: z.literal(0, { error: 'must be 0: there are none' }).nullish(),
    tools: z.array(codeInterpreter, { error: ownTools }).max(1, { error: ownTools }).nullish(),
    tool_choice: z
      .enum(['none', 'auto'], {
        error: 'must be "none" or "auto": the tools are the service\'s own, and it calls them itself',
      })
      .nullish(),
    text: neutral(isTextFormat, 'must be {"format":{"type":"text"}} or left out: answers are Markdown'),
    prompt: z.null({ error: 'must be left out: there are no prompts by name' }).optional(),
  })
  .refine(({ previous_response_id: previous, conversation }) => previous == null || conversation == null, {
    path: ['conversation'],
    error: 'must be left out beside previous_response_id',
  })
  .refine(({ session, tools }) => session == null || tools?.[0]?.container == null, {
    path: ['session'],
    error: 'must be left out beside a container: it is a session',
  })
  .refine(({ background, store }) => background !== true || store !== false, {
    path: ['background'],
    error: 'must be false where store is: what goes on behind a response has to be kept',
  })

export type ResponseRequest = z.infer<typeof responseRequest>

export type InputItem = Exclude<ResponseRequest['input'], string>[number]

/** Members that count, or that are refused unless they ask for what is done anyway. */
const honoured: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'background',
  'store',
  'previous_response_id',
  'conversation',
  'metadata',
  'session',
  'max_output_tokens',
  'max_tool_calls',
  'max_cost',
  'approvals',
  'tools',
  'tool_choice',
  'text',
  'prompt',
  'top_logprobs',
  // What it asks for is there anyway.
  'include',
  'parallel_tool_calls',
])

const plainName = /^[a-z][a-z0-9_]{0,63}$/i
const isGiven = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)

/** The members of a request that have no effect, for a header; null where each counts. */
export function ignoredResponseMembers(body: Readonly<Record<string, unknown>>): string | null {
  const ignored = Object.keys(body).filter((name) => !honoured.has(name) && isGiven(body[name]))
  const shown = ignored.filter((name) => plainName.test(name)).slice(0, 32)
  const others = ignored.length - shown.length
  return ignored.length === 0 ? null : [...shown, ...(others > 0 ? [`+${others}`] : [])].join(', ')
}

export const conversationIdOf = ({ conversation }: ResponseRequest): string | null =>
  typeof conversation === 'string' ? conversation : (conversation?.id ?? null)
