import { FakeServer, type FakeAnswer, type Serve } from './fake-server.ts'

interface Asked {
  readonly model?: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly guardrails: { readonly config_id?: string; readonly rail_types?: readonly string[] }
}

const refusal = "I'm sorry, I can't respond to that."
const internalError = "I'm sorry, an internal error has occurred."

/**
 * `POST /v1/checks` of NeMo Guardrails 0.24, with the rails of the configuration `words` that the integration test runs on the
 * real one: whose answers this has, byte for byte.
 */
export const startFakeNemo = (): Promise<FakeServer> => FakeServer.start(serve)

const serve: Serve = ({ method, path, body }) => {
  if (method === 'GET' && path === '/v1/rails/configs') return { status: 200, body: [{ id: 'half' }, { id: 'words' }] }
  if (method !== 'POST' || path !== '/v1/checks') return { status: 404, body: { detail: 'Not Found' } }
  const { model, messages, guardrails } = body as Asked
  if (model === undefined) return refused('body.model: Field required', 'model')
  const { config_id: config, rail_types: [rail] = [] } = guardrails
  if (config === 'half' && rail === 'output') return refused("Requested rail type 'output' has no configured rails.")
  if (config !== 'words' && config !== 'half') return refused('Invalid config path')
  const role = rail === 'input' ? 'user' : 'assistant'
  return checked(messages.findLast((message) => message.role === role)?.content ?? '', rail ?? '')
}

function checked(text: string, rail: string): FakeAnswer {
  const blocked = (content: string, by: string) => ({ status: 200, body: { status: 'blocked', content, rail: by } })
  if (text.includes('break down')) return blocked(internalError, `fail at words ${rail}`)
  if (/\bhurt\b/i.test(text)) return blocked(refusal, `regex check ${rail}`)
  const content = rail === 'input' ? text.replaceAll('number-', 'NUMBER-') : text
  return { status: 200, body: { status: content === text ? 'passed' : 'modified', content } }
}

const refused = (message: string, param: string | null = null): FakeAnswer => ({
  status: 422,
  body: { error: { message, type: 'invalid_request_error', param, code: null } },
})
