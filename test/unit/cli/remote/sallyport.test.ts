import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requirePlainReading } from '../../../../src/cli/remote/container.ts'
import { createRemoteSallyport } from '../../../../src/cli/remote/sallyport.ts'
import type { RunningService } from '../../../../src/cli/running-service.ts'
import type { CallApprover } from '../../../../src/core/approvals.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import { readingOptions } from '../../../../src/databases/reading/options.ts'
import type { Received } from '../../../../src/core/request.ts'
import type { AttachedFile } from '../../../../src/service/attached-file.ts'
import { received } from '../../../support/agent-events.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

describe('a question to a service elsewhere', () => {
  it.each([
    [50_000, { max_cost: 50_000 }],
    [undefined, {}],
  ])('says what the answer may cost at most: %j', async (maximumCost, said) => {
    verifies('terminal.cost')
    const bodies: unknown[] = []
    const service = {
      post: async () => ({ id: 'conv_1' }),
      ask: async () => null,
      open: async ({ body }: { readonly body: unknown }) => {
        bodies.push(body)
        throw new ServiceError('service-unavailable', 'it is down')
      },
    } as unknown as RunningService
    const asked = { ...received(), sessionId: null, ...(maximumCost === undefined ? {} : { maximumCost }) }
    const events = createRemoteSallyport(service).answer(asked, { files: [] }, new AbortController().signal)
    const all = async () => {
      for await (const event of events) bodies.push(event)
    }
    await expect(all()).rejects.toMatchObject({ code: 'service-unavailable' })
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toMatchObject(said)
    expect(Object.keys(bodies[0] as object).includes('max_cost')).toBe(maximumCost !== undefined)
  })
})

const line = (event: object): string => `data: ${JSON.stringify(event)}\n\n`
const mebibyte = new Uint8Array(1_048_576)

/** A service whose answer cites one file, which comes without a size in so many pieces. */
function serviceWithFile(pieces: number) {
  const answered = [
    { type: 'response.created', response: { id: 'resp_1' } },
    {
      type: 'response.output_text.annotation.added',
      annotation: { container_id: 'cntr_1', file_id: 'cfile_1', filename: 'a.csv' },
    },
    { type: 'response.completed', response: { id: 'resp_1', sallyport: { ending: 'answer', steps: 1 } } },
  ]
  const asked: string[] = []
  let sent = 0
  const file = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent === pieces) return controller.close()
        sent += 1
        controller.enqueue(mebibyte)
      },
    },
    { highWaterMark: 0 },
  )
  const service = {
    post: async () => ({ id: 'conv_1' }),
    ask: async () => null,
    open: async ({ path }: { readonly path: string }) => {
      asked.push(path)
      return path === '/v1/responses' ? new Response(answered.map(line).join('')) : new Response(file)
    },
  } as unknown as RunningService
  return { service, asked, sent: () => sent }
}

async function artifactsOf(service: RunningService): Promise<readonly number[]> {
  const asked = { ...received(), sessionId: null }
  const sizes: number[] = []
  for await (const event of createRemoteSallyport(service).answer(asked, { files: [] }, new AbortController().signal)) {
    if (event.type === 'artifact') sizes.push(Buffer.byteLength(event.artifact.content, 'base64'))
  }
  return sizes
}

describe('a file that an answer from elsewhere cites', () => {
  it('is fetched from the container that the answer names', async () => {
    const { service, asked } = serviceWithFile(2)
    expect(await artifactsOf(service)).toEqual([2 * 1_048_576])
    expect(asked).toEqual(['/v1/responses', '/v1/containers/cntr_1/files/cfile_1/content'])
  })

  it('is let go of where it is larger than 64 MiB, though nothing says so before it comes', async () => {
    const { service, sent } = serviceWithFile(200)
    expect(await artifactsOf(service)).toEqual([])
    expect(sent()).toBe(65)
  })
})

const begun = { type: 'response.created', response: { id: 'resp_1' } }
const ended = { type: 'response.completed', response: { id: 'resp_1', sallyport: { ending: 'answer', steps: 1 } } }

interface Sent {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** A service that makes containers and conversations, and answers each question in turn with these events, or refuses it. */
function serviceThatAnswers(...answers: readonly (readonly object[] | ServiceError)[]) {
  const asked: Sent[] = []
  let [made, answered] = [0, 0]
  const service = {
    post: async (path: string, body: unknown) => {
      asked.push({ method: 'POST', path, body })
      made += 1
      return { id: `${path === '/v1/containers' ? 'cntr' : 'conv'}_${String(made).padStart(32, '0')}` }
    },
    ask: async (method: string, path: string) => {
      asked.push({ method, path, body: null })
      return null
    },
    open: async ({ method, path, body }: Sent) => {
      asked.push({ method, path, body: body instanceof FormData ? await formText(body) : body })
      if (path !== '/v1/responses') return new Response('{}')
      const answer = answers[answered]
      answered += 1
      if (answer instanceof ServiceError) throw answer
      return new Response((answer ?? []).map(line).join(''))
    },
  } as unknown as RunningService
  return {
    asked,
    sallyport: createRemoteSallyport(service),
    said: () => asked.map(({ method, path }) => `${method} ${path}`),
  }
}

async function formText(form: FormData): Promise<string> {
  const file = form.get('file') as File
  return `${file.name}: ${await file.text()}`
}

/** A question in this session, to the end of its answer. */
async function ask(
  { sallyport }: ReturnType<typeof serviceThatAnswers>,
  {
    sessionId = 'here',
    files = [],
    conversation = null,
  }: { sessionId?: string; files?: readonly AttachedFile[]; conversation?: string | null },
): Promise<readonly string[]> {
  const types: string[] = []
  const keep = { conversation, words: { title: 'A title', metadata: {} } }
  const asked: Received = { ...received(), sessionId, keep }
  for await (const { type } of sallyport.answer(asked, { files }, new AbortController().signal)) types.push(type)
  return types
}

const folder = temporaryFolder('sallyport-remote-')

function localFile(name: string, content: string): AttachedFile {
  const path = join(folder, name)
  writeFileSync(path, content)
  return { name, path, bytes: content.length, reading: readingOptions.parse({}), open: () => (async function* () {})() }
}

const conversation = `conv_${'1'.padStart(32, '0')}`
const first = `cntr_${'1'.padStart(32, '0')}`

/** The gate of a service, which has something against one word. */
function checked({ statement }: { readonly statement: string }) {
  const isRefused = statement.includes('FORBIDDEN')
  const findings = isRefused ? [{ rule: 'sql/no', line: 1, column: 8, message: 'no' }] : []
  return { verdict: isRefused ? 'refuse' : 'allow', findings }
}

/** A service whose answer waits for an approval, until somebody decides it here or there. */
function serviceThatWaits(decide: () => Promise<unknown> = async () => ({}), own: object = {}) {
  const approval = {
    id: 'apr-1',
    object: 'approval',
    state: 'pending',
    principal: 'key-1',
    group: 'sales',
    tool: 'run_sql',
    language: 'sql',
    source: 'shop',
    digest: '0',
    rules: ['action/mail'],
    asked_at: '2026-01-01T00:00:00.000Z',
    expires_at: '2026-01-01T00:10:00.000Z',
    decided_by: null,
    reason: 'Look at it.',
    text: 'SELECT email FROM customers',
    editable: null,
    changed_to: null,
    ...own,
  }
  const decided = Promise.withResolvers<void>()
  const posted: unknown[] = []
  let question: unknown = null
  const service = {
    ask: async () => approval,
    post: async (path: string, body: unknown) => {
      if (path === '/v1/conversations') return { id: 'conv_1' }
      if (path === '/v1/sql/check') return checked(body as { readonly statement: string })
      posted.push([path, body])
      const answer = await decide()
      decided.resolve()
      return answer
    },
    open: async ({ body }: Sent, signal: AbortSignal) => {
      question = body
      const stream = async function* () {
        yield line(begun)
        yield line({ type: 'sallyport.approval_requested', approval: { id: 'apr-1' } })
        const gone = Promise.withResolvers<void>()
        signal.addEventListener('abort', () => gone.reject(signal.reason))
        await Promise.race([decided.promise, gone.promise])
        yield line({ type: 'response.output_text.delta', delta: 'Done.' })
        yield line(ended)
      }
      return { body: ReadableStream.from(stream()).pipeThrough(new TextEncoderStream()) }
    },
  } as unknown as RunningService
  const ask = async (approver?: CallApprover, changes: Partial<Received> = {}, events: string[] = []) => {
    const options = { files: [], ...(approver === undefined ? {} : { approver }) }
    const asked = { ...received(), sessionId: null, ...changes }
    const signal = new AbortController().signal
    for await (const { type } of createRemoteSallyport(service).answer(asked, options, signal)) events.push(type)
    return events
  }
  return { ask, posted, question: () => question, elsewhere: () => decided.resolve() }
}

describe('a call that waits for somebody at a service', () => {
  it.each([
    ['allowed', 'allow'],
    ['refused', 'refuse'],
  ] as const)('is asked about here, with all that would run, and the answer goes on: %s', async (verdict, said) => {
    verifies('terminal.server-approval')
    const { ask, posted, question } = serviceThatWaits()
    const shown: unknown[] = []
    const approver: CallApprover = async ({ text, reason, rules, expires }, rewriting) => {
      shown.push([text, reason, rules, expires.toISOString(), rewriting])
      return verdict
    }
    expect(await ask(approver)).toEqual(['text-delta', 'end'])
    expect(shown).toEqual([
      ['SELECT email FROM customers', 'Look at it.', ['action/mail'], '2026-01-01T00:10:00.000Z', null],
    ])
    expect(posted).toEqual([['/v1/approvals/apr-1', { verdict: said }]])
    expect(question()).toMatchObject({ approvals: { calls: 'rules', wait_ms: 600_000 } })
  })

  it.each<[string, object, readonly number[]]>([
    ['a statement, of which the gate there is asked before', {}, [1, 0]],
    ['a program, which is looked at where it runs', { language: 'python', tool: 'run_python' }, [0, 0]],
  ])('is edited here where the service takes another text: %s', async (_what, own, expected) => {
    verifies('terminal.server-edit')
    const { ask, posted } = serviceThatWaits(undefined, { editable: 'SELECT email', ...own })
    const found: number[] = []
    const begun: unknown[] = []
    const approver: CallApprover = async (_approval, rewriting, signal) => {
      begun.push(rewriting?.text)
      for (const text of ['SELECT FORBIDDEN', 'SELECT 1']) {
        found.push((await rewriting?.check(text, signal))?.length ?? -1)
      }
      return { changedTo: 'SELECT 1' }
    }
    expect(await ask(approver)).toEqual(['text-delta', 'end'])
    expect([begun, found]).toEqual([['SELECT email'], expected])
    expect(posted).toEqual([['/v1/approvals/apr-1', { verdict: 'edit', text: 'SELECT 1' }]])
  })

  it('ends the answer where the person decides later, or may not decide', async () => {
    verifies('terminal.server-approval')
    const later = serviceThatWaits()
    await expect(later.ask(async () => null)).rejects.toMatchObject({
      code: 'approval-required',
      approval: { id: 'apr-1' },
    })
    expect(later.posted).toEqual([])
    const forbidden = new ServiceError('forbidden', 'The key has not the scope approve.')
    const other = serviceThatWaits(() => Promise.reject(forbidden))
    await expect(other.ask(async () => 'allowed')).rejects.toBe(forbidden)
  })

  it('is no more asked about here once it was decided elsewhere', async () => {
    verifies('terminal.server-approval')
    const { ask, posted, elsewhere } = serviceThatWaits()
    const happened: string[] = []
    const approver: CallApprover = (_approval, _rewriting, signal) => {
      elsewhere()
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          happened.push('asking is over')
          reject(signal.reason as Error)
        })
      })
    }
    await ask(approver, {}, happened)
    // The person's line is not drawn over.
    expect(happened).toEqual(['asking is over', 'text-delta', 'end'])
    expect(posted).toEqual([])
    const late = serviceThatWaits(async () => {
      late.elsewhere()
      throw new ServiceError('conflict', 'It is decided.')
    })
    expect(await late.ask(async () => 'allowed')).toEqual(['text-delta', 'end'])
  })

  it('is what somebody wants asked, and no call waits where nobody is to be asked', async () => {
    verifies('terminal.approve')
    const wanting = serviceThatWaits()
    await wanting.ask(async () => 'allowed', { approvals: { calls: 'always', waitMilliseconds: 0 } })
    expect(wanting.question()).toMatchObject({ approvals: { calls: 'always', wait_ms: 600_000 } })
    const nobody = serviceThatWaits()
    nobody.elsewhere()
    await nobody.ask()
    expect(Object.keys(nobody.question() as object)).not.toContain('approvals')
  })
})

describe('what a statement touches that waits at a service', () => {
  it.each<[object, object]>([
    [
      { verdict: 'allow', findings: [], relations: ['public.customers'], masks: [], row_limit: 100 },
      { kind: 'accepted', value: { relations: ['public.customers'], rowLimit: 100, estimate: null } },
    ],
    [
      { verdict: 'refuse', findings: [{ rule: 'sql/x', line: 1, column: 1, message: 'No.' }] },
      { kind: 'refused', findings: [{ rule: 'sql/x' }] },
    ],
  ])('is what its gate says, and nothing of what it costs: %j', async (told, expected) => {
    const posted: unknown[] = []
    const service = { post: async (...asked: unknown[]) => (posted.push(asked.slice(0, 2)), told) }
    const sallyport = createRemoteSallyport(service as unknown as RunningService)
    const signal = new AbortController().signal
    expect(await sallyport.explainSql?.('SELECT 1', { source: 'shop' }, signal)).toMatchObject(expected)
    expect(posted).toEqual([['/v1/sql/check', { statement: 'SELECT 1', source: 'shop' }]])
  })
})

describe('files that are given to a service elsewhere', () => {
  it('are sent once, to the container in which all programs of the session run', async () => {
    verifies('terminal.server-files')
    const service = serviceThatAnswers([begun, ended], [begun, ended])
    const files = [localFile('a.csv', 'x\n1\n'), localFile('b "2".csv', 'y\n')]
    await ask(service, { files, conversation })
    await ask(service, { files, conversation })
    const question = 'POST /v1/responses'
    const upload = `POST /v1/containers/${first}/files`
    expect(service.said()).toEqual(['POST /v1/containers', upload, upload, question, question])
    expect(service.asked.map(({ body }) => body).filter((body) => typeof body === 'string')).toEqual([
      'a.csv: x\n1\n',
      'b "2".csv: y\n',
    ])
    const inContainer = { tools: [{ type: 'code_interpreter', container: first }] }
    expect(service.asked.filter(({ path }) => path === '/v1/responses').map(({ body }) => body)).toMatchObject([
      inContainer,
      inContainer,
    ])
    await service.sallyport[Symbol.asyncDispose]()
    expect(service.said().at(-1)).toBe(`DELETE /v1/containers/${first}`)
  })

  it('are sent anew to the container that takes the place of one that is gone', async () => {
    const gone = new ServiceError('not-found', 'The container has expired')
    const service = serviceThatAnswers(gone, [begun, ended])
    await expect(ask(service, { files: [localFile('a.csv', 'x\n')], conversation })).rejects.toThrow('has expired')
    await ask(service, { conversation })
    const second = `cntr_${'2'.padStart(32, '0')}`
    expect(service.said()).toEqual([
      'POST /v1/containers',
      `POST /v1/containers/${first}/files`,
      'POST /v1/responses',
      `DELETE /v1/containers/${first}`,
      'POST /v1/containers',
      `POST /v1/containers/${second}/files`,
      'POST /v1/responses',
    ])
  })

  it('are not those of another session, whose container is another one', async () => {
    const service = serviceThatAnswers([begun, ended], [begun, ended])
    await ask(service, { files: [localFile('a.csv', 'x\n')], conversation })
    await ask(service, { sessionId: 'other', conversation })
    expect(service.said().slice(-3)).toEqual([
      `DELETE /v1/containers/${first}`,
      'POST /v1/containers',
      'POST /v1/responses',
    ])
  })

  it('are refused where somebody said how they are read, and where they are gone', async () => {
    const file = localFile('a.csv', 'x\n')
    const sheet = { ...file, reading: { ...file.reading, sheet: 'May' } }
    expect(() => requirePlainReading([file, sheet])).toThrow('how a file is read cannot be told to a service')
    const service = serviceThatAnswers([begun, ended])
    const missing = { ...file, path: join(folder, 'none.csv') }
    await expect(ask(service, { files: [missing], conversation })).rejects.toMatchObject({ code: 'invalid-file' })
    expect(service.said()).toEqual(['POST /v1/containers'])
  })
})

describe('a first question that a service does not begin to answer', () => {
  const blocked = { type: 'error', sequence_number: 0, code: 'content-blocked', message: 'It is blocked.', param: null }

  it.each([
    ['with a status', new ServiceError('quota-exceeded', 'No more today.'), 'No more today.'],
    ['in the stream', [blocked], 'It is blocked.'],
    ['by breaking off', [], 'broke the answer off'],
  ])('leaves no conversation: %s', async (_how, answer, message) => {
    verifies('terminal.server-refused')
    const service = serviceThatAnswers(answer)
    await expect(ask(service, {})).rejects.toThrow(message)
    expect(service.said().at(-1)).toBe(`DELETE /v1/conversations/conv_${'2'.padStart(32, '0')}`)
    // What its programs would have found there stays for the next question.
    expect(service.said().some((said) => said.startsWith('DELETE /v1/containers'))).toBe(false)
  })

  it('keeps what was begun, and what there was before', async () => {
    const service = serviceThatAnswers([begun], new ServiceError('quota-exceeded', 'No more today.'))
    await expect(ask(service, {})).rejects.toThrow('broke the answer off')
    await expect(ask(service, { conversation })).rejects.toThrow('No more today.')
    expect(service.said().some((said) => said.startsWith('DELETE'))).toBe(false)
  })
})
