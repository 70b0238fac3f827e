import { receiptHeader, type ModelApi } from '../../../src/core/model-call.ts'
import { createDetectorsFor } from '../../../src/gateway/privacy/detect/detectors.ts'
import { privacyOptions } from '../../../src/gateway/privacy/profiles/options.ts'
import { createPrivacy, type MaskedCall, type Privacy } from '../../../src/gateway/privacy/privacy.ts'
import { TokenKeys } from '../../../src/gateway/privacy/keys/token-keys.ts'
import { KeyRing } from '../../../src/sealed/key-ring.ts'
import { Vault } from '../../../src/gateway/privacy/vault/vault.ts'
import { never } from '../filters/filter-fixtures.ts'
import { maskedConversationsInMemory } from '../http/masked-conversations-in-memory.ts'
import { admittedCall, callGrant } from '../received-call.ts'
import { echoModel, type Said } from './echo-model.ts'
import { hear, type Heard } from './heard.ts'

/** APIs in whose answers a model speaks. */
export const speakingApis = ['chat-completions', 'responses', 'messages'] as const
export type SpeakingApi = (typeof speakingApis)[number]

export interface Asked {
  readonly api: SpeakingApi
  readonly principal?: string
  readonly profile?: string
  /** What is said, and members beside it. */
  readonly text: string
  readonly more?: object
  /** The provider keeps it: the ids of earlier answers that it goes on with. Else all turns come with the call. */
  readonly goesOnWith?: readonly string[] | null
}

/** Both stages around a model, with the real detectors, for callers of any principal and of these profiles. */
export function privacyOf(profiles: Readonly<Record<string, object>>): Privacy {
  const options = privacyOptions.parse({ profiles })
  return createPrivacy({
    options,
    detectorsFor: createDetectorsFor(options),
    tokenKeys: async () => new TokenKeys(Buffer.alloc(32, 7)),
    vault: new Vault(maskedConversationsInMemory(), async () => new KeyRing(Buffer.alloc(32, 8), [])),
    headersTo: (_upstream, headers) => headers,
    regionOf: () => null,
  })
}

/** A call as it would leave. */
export function asked(
  privacy: Privacy,
  { api, principal = 'ann', profile = 'default', text, more, goesOnWith = null }: Asked,
): Promise<MaskedCall> {
  const { call } = admittedCall()
  const said =
    api === 'responses' ? { store: goesOnWith !== null, input: text } : { messages: [{ role: 'user', content: text }] }
  return privacy.mask(
    {
      ...call,
      api,
      body: Buffer.from(JSON.stringify({ model: 'm', ...said, ...more })),
      principal: { ...call.principal, id: principal },
      grant: { ...callGrant, privacyProfile: profile },
      facts: { ...call.facts, ids: (goesOnWith ?? []).map((name) => ({ name, parameter: 'previous_response_id' })) },
    },
    never,
  )
}

const paths = {
  'chat-completions': '/chat/completions',
  responses: '/responses',
  messages: '/messages',
} as const satisfies Partial<Record<ModelApi, string>>

export interface Answered {
  /** Whole where it is null. */
  readonly cut: ((text: string) => readonly string[]) | null
}

/** What the caller of a masked call hears where the model says this, whole or in the pieces into which `cut` cuts it. */
export async function heardOf(privacy: Privacy, call: MaskedCall, said: Said, { cut }: Answered): Promise<Heard> {
  const model = echoModel({ say: () => said, ...(cut === null ? {} : { cut }) })
  const body = Buffer.from(JSON.stringify({ stream: cut !== null }))
  const path = paths[call.api as SpeakingApi]
  const { steps } = model({ method: 'POST', path, rawHeaders: [], body, isAbandoned: false })
  const written = steps.flatMap((step) => (step.do === 'write' ? [step.bytes] : []))
  return hear(await restoredBody(privacy, call, written, cut !== null))
}

/** The body of an answer as the caller gets it: events one by one, or the whole. */
export async function restoredBody(
  privacy: Privacy,
  call: MaskedCall,
  written: readonly Buffer[],
  streamed: boolean,
): Promise<string> {
  async function* events() {
    yield* written
  }
  const answer = await privacy.restore(
    { status: 200, headers: [], body: streamed ? events() : Buffer.concat(written) },
    call,
  )
  if (!answer.headers.includes(receiptHeader)) throw new Error('nothing of the call was masked')
  if (Buffer.isBuffer(answer.body)) return answer.body.toString()
  let text = ''
  for await (const piece of answer.body) text += piece.toString()
  return text
}
