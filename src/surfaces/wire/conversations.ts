import { z } from 'zod'
import type { Conversation, ConversationItem, KeptItem } from '../../core/conversations.ts'
import { planLines } from '../../core/plan.ts'
import { originsOfItems } from '../../sessions/origins-of-items.ts'
import { groundingJson } from './grounding.ts'
import { exportFormats } from '../../sessions/exports/exported.ts'

const metadata = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((members) => Object.keys(members).length <= 16, 'must have 16 members at most')
  .meta({ maxProperties: 16 })

const textPart = z.looseObject({
  type: z.enum(['input_text', 'output_text', 'text'], { error: 'must be input_text, output_text or text' }),
  text: z.string(),
})

const message = z
  .looseObject({
    type: z.literal('message', { error: 'must be "message"' }).optional(),
    role: z.enum(['user', 'assistant', 'system', 'developer'], {
      error: 'must be user, assistant, system or developer',
    }),
    content: z.union([z.string(), z.array(textPart).max(1_000)], {
      error: 'must be a text or a list of parts of text',
    }),
  })
  .transform(({ role, content }): ConversationItem => {
    const text = typeof content === 'string' ? content : content.map((part) => part.text).join('\n')
    return { type: 'message', role: role === 'developer' ? 'system' : role, content: text }
  })

const items = z.array(message).max(20, 'must hold 20 items at most')

export const createConversationRequest = z.strictObject({
  items: items.nullish(),
  metadata: metadata.nullish(),
  title: z.string().max(500).nullish(),
})
export const changeConversationRequest = z.strictObject({
  metadata: metadata.nullish(),
  title: z.string().max(500).nullish(),
})
export const addItemsRequest = z.strictObject({ items: items.min(1) })

/** `GET /v1/conversations/{id}/export` */
export const exportQuery = z.strictObject({
  format: z
    .enum(exportFormats, { error: `must be one of ${exportFormats.join(', ')}` })
    .describe(
      'ipynb: a notebook that Jupyter runs again; md: Markdown; html: a page that needs nothing else and does nothing.',
    ),
})

/** OpenAI's conversation object, with its `title` and when it was last used beside. */
export function toConversation({ id, made, used, title, metadata: said }: Conversation) {
  const [created_at, used_at] = [made, used].map((time) => Math.floor(time.getTime() / 1_000))
  return { id, object: 'conversation', created_at, metadata: { ...said }, title, used_at }
}

/**
 * OpenAI's items where it has them, so that its clients read them: messages, plans as summaries of reasoning, and programs as calls of a code interpreter;
 * each with when it was kept and where it came from beside.
 */
export function toItem(kept: KeptItem) {
  return { ...shapeOf(kept), made_at: kept.made.toISOString(), origins: originsOfItems([kept]) }
}

function shapeOf({ id, run, item }: KeptItem) {
  if (item.type === 'message') {
    const type = item.role === 'assistant' ? 'output_text' : 'input_text'
    const part = type === 'output_text' ? { type, text: item.content, annotations: [] } : { type, text: item.content }
    const { grounding } = item
    const beside = grounding === undefined ? {} : { grounding: groundingJson(grounding) }
    return { id, type: 'message', status: 'completed', role: item.role, content: [part], run, ...beside }
  }
  if (item.type === 'artifact') {
    const text = `${item.name} (${item.mediaType}, ${item.bytes} bytes)`
    const content = [{ type: 'output_text', text, annotations: [] }]
    return { id, type: 'message', status: 'completed', role: 'assistant', content, run, file_id: item.fileId }
  }
  if (item.type === 'plan') {
    const summary = [{ type: 'summary_text', text: planLines(item.steps).join('\n') }]
    return { id, type: 'reasoning', status: 'completed', summary, run }
  }
  const { source, outcome, tool } = item
  const logs = outcome.kind === 'result' ? outcome.summary : outcome.message
  const took = outcome.kind === 'result' ? { duration_ms: outcome.milliseconds } : {}
  return {
    id,
    type: 'code_interpreter_call',
    status: outcome.kind === 'result' ? 'completed' : 'failed',
    code: source?.text ?? null,
    container_id: '',
    outputs: [{ type: 'logs', logs }],
    run,
    tool,
    ...took,
  }
}
