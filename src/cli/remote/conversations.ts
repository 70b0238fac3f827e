import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import { isId } from '../../core/new-id.ts'
import type { ConversationFacts, ConversationKeeper, ExportFormat } from '../../service/conversation-keeper.ts'
import { explanationOf, runExplanation } from '../../surfaces/wire/run-explanation.ts'
import type { RunningService } from '../running-service.ts'
import { readAs } from './read-as.ts'

const listed = z.object({
  id: z.string().refine((id) => isId('conv', id)),
  title: z.string().nullable(),
  created_at: z.int(),
  used_at: z.int(),
})
const list = z.object({ data: z.array(listed) })
const items = z.object({
  data: z.array(
    z.looseObject({
      type: z.string(),
      role: z.string().optional(),
      run: z.string().nullish(),
      content: z.array(z.looseObject({ text: z.string().optional() })).optional(),
    }),
  ),
})

type Asking = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  ipynb: 'application/x-ipynb+json',
  md: 'text/markdown',
  html: 'text/html',
}

/** Items of which the last question is one, in any conversation. */
const mostItems = 200
/** Where the last questions are looked for. */
const conversationsLooked = 5

/** The conversations that a service elsewhere keeps for the owner of the key. */
export function createRemoteConversations(service: RunningService, asking: Asking): ConversationKeeper {
  const get = <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    asking(async (signal) => readAs(schema, await service.ask('GET', path, signal)))
  const itemsOf = async (id: string) => (await get(`${pathOf(id)}/items?order=desc&limit=${mostItems}`, items)).data
  const lastRun = async (id: string): Promise<string | null> =>
    (await itemsOf(id)).find((item) => item.run != null)?.run ?? null
  return {
    async list({ after, most }) {
      const query = new URLSearchParams({ limit: String(most), ...(after === undefined ? {} : { after }) })
      const { data } = await get(`/v1/conversations?${query.toString()}`, list)
      return data.map(factsOf)
    },
    show: async (id) => factsOf(await get(pathOf(id), listed)),
    async lastQuestions(most) {
      const { data } = await get(`/v1/conversations?limit=${conversationsLooked}`, list)
      const said = await Promise.all(data.map(({ id }) => itemsOf(id)))
      const questions = said
        .flat()
        .flatMap(({ type, role, content = [] }) =>
          type === 'message' && role === 'user' ? [content.map(({ text = '' }) => text).join('\n')] : [],
        )
      return questions.slice(0, most).toReversed()
    },
    async export(id, format) {
      const path = `${pathOf(id)}/export?format=${format}`
      const text = await asking(async (signal) =>
        (await service.open({ method: 'GET', path, body: null }, signal)).text(),
      )
      return { name: `${id}.${format}`, mediaType: mediaTypes[format], text }
    },
    // What a run has used is told with its answer alone.
    usage: async () => null,
    async explain(id) {
      const run = isId('conv', id) ? await lastRun(id) : id
      if (run === null || !isId('run', run)) throw noRun()
      return explanationOf(await get(`/v1/runs/${run}/explanation`, runExplanation))
    },
    async undo(id) {
      const run = await lastRun(id)
      if (run === null) return false
      const response = `/v1/responses/resp_${encodeURIComponent(run.replace(/^run_/, ''))}`
      await asking((signal) => service.ask('DELETE', response, signal))
      return true
    },
    delete: async (id) => void (await asking((signal) => service.ask('DELETE', pathOf(id), signal))),
  }
}

function factsOf({ id, title, created_at, used_at }: z.output<typeof listed>): ConversationFacts {
  return { id, title, made: new Date(created_at * 1_000), used: new Date(used_at * 1_000) }
}

function noRun(): ServiceError {
  return new ServiceError('invalid-request', 'That is no id of a run', {
    advice: 'Name one (run_…), or a conversation (conv_…) for its last one.',
  })
}

/** An id becomes part of an address: nothing else may. */
function pathOf(id: string): string {
  if (isId('conv', id)) return `/v1/conversations/${id}`
  throw new ServiceError('invalid-request', 'That is no id of a conversation', {
    advice: '"sallyport sessions list" shows them; they begin with conv_.',
  })
}
