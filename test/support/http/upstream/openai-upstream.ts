import { answerChat, type ChatRequest } from './openai-chat.ts'
import { answerEmbeddings, type EmbeddingsRequest } from './openai-embeddings.ts'
import { openAiHeaders } from './openai-headers.ts'
import { answerModels } from './openai-models.ts'
import { KeptResponses } from './openai-responses.ts'
import { jsonOf, type ProviderApi } from './provider-api.ts'
import { headerValues, type RecordedRequest } from './recorded-request.ts'
import { servedJson, type Served } from './served.ts'

/** OpenAI's endpoint: Chat Completions, Responses, Embeddings and Models, with its own errors; ids count on behind `from`. */
export function openAiUpstream(from = 0): ProviderApi {
  const kept = new KeptResponses()
  let position = from

  const error = (status: number, code: string | null, message: string) =>
    servedJson(
      { error: { message, type: 'invalid_request_error', param: null, code } },
      openAiHeaders(position),
      status,
    )

  const create = (path: string, request: RecordedRequest): Served => {
    const body = jsonOf(request) as { readonly model?: string } | null
    if (body === null) return error(400, null, 'We could not parse the JSON body of your request.')
    if (typeof body.model !== 'string') return error(400, null, 'you must provide a model parameter')
    const headers = openAiHeaders(position)
    if (path === '/v1/chat/completions') return answerChat(body as ChatRequest, position, headers)
    if (path === '/v1/embeddings') return answerEmbeddings(body as EmbeddingsRequest, headers)
    if (path === '/v1/responses') return kept.create(body, position, headers)
    return unknownPath(request)
  }

  const ofResponse = (id: string, what: string, request: RecordedRequest, query: URLSearchParams): Served => {
    const headers = openAiHeaders(position)
    const served: Readonly<Record<string, () => Served | null>> = {
      'GET ': () => kept.retrieve(id, query.get('stream') === 'true', headers),
      'DELETE ': () => kept.delete(id, headers),
      'POST cancel': () => kept.cancel(id, headers),
      'GET input_items': () => kept.inputItems(id, query, headers),
    }
    const serve = served[`${request.method} ${what}`]
    if (serve === undefined) return unknownPath(request)
    return serve() ?? error(404, null, `Response with id '${id}' not found.`)
  }

  const unknownPath = ({ method, path }: RecordedRequest) => error(404, null, `Invalid URL (${method} ${path})`)

  return {
    isKnown: (request, key) => headerValues(request, 'authorization').join() === `Bearer ${key}`,
    answer: (request) => {
      position += 1
      const { pathname, searchParams } = new URL(request.path, 'http://upstream')
      const [, id, , what = ''] = /^\/v1\/responses\/([^/]+)(\/([^/]+))?$/.exec(pathname) ?? []
      if (id !== undefined) return ofResponse(id, what, request, searchParams)
      if (request.method === 'POST') return create(pathname, request)
      return answerModels(pathname, openAiHeaders(position)) ?? unknownPath(request)
    },
    fault: (status, message, headers = {}) =>
      servedJson(
        {
          error: { message, type: status === 401 ? 'invalid_request_error' : 'server_error', param: null, code: null },
        },
        { ...openAiHeaders(position), ...headers },
        status,
      ),
  }
}
