import { describe, expect, it } from 'vitest'
import { ProblemError } from '../../../../../../src/web/api/problem.ts'
import type { AskService } from '../../../../../../src/web/pages/ask/ask-service.ts'
import { OpenConversation } from '../../../../../../src/web/pages/ask/conversation/open-conversation.ts'
import { answerOf } from '../../../../../../src/web/pages/ask/turn/turn.ts'
import { verifies } from '../../../../../support/verifies.ts'

const digits = 'c'.repeat(32)
const response = `resp_${digits}`
const created = { type: 'response.created', sequence_number: 0, response: { id: response } }
const said = {
  type: 'response.output_text.delta',
  sequence_number: 1,
  output_index: 0,
  item_id: 'm',
  delta: 'It is 12.',
}
const completed = {
  type: 'response.completed',
  sequence_number: 2,
  response: {
    id: response,
    status: 'completed',
    output: [{ type: 'message', id: 'm', content: [{ text: '> Scripted\n\nIt is 12.' }] }],
    sallyport: { duration_ms: 7 },
  },
}

const problem = (status: number, code: string, param?: string): ProblemError =>
  new ProblemError(code, { status, code, document: param === undefined ? {} : { error: { param } } })

const asItems = [
  { type: 'message', role: 'user', run: `run_${digits}`, content: [{ text: 'How much?' }] },
  { type: 'message', role: 'assistant', run: `run_${digits}`, content: [{ text: 'It is 12.' }] },
]

interface Script {
  readonly events?: readonly unknown[]
  /** Throws in the place of the events, or behind them. */
  readonly fault?: Error
  /** Goes on until somebody stops it. */
  readonly endless?: boolean
}

/** A service as the page sees it; `calls` has what it was asked, in order. */
function serviceOf(scripts: readonly Script[], changes: Partial<AskService> = {}) {
  const calls: string[] = []
  let [asked, containers] = [0, 0]
  const note = <T>(call: string, value: T): Promise<T> => {
    calls.push(call)
    return Promise.resolve(value)
  }
  const api: AskService = {
    createConversation: () => note('conversation', { id: 'conv_1' }),
    showConversation: () => note('show', { id: 'conv_1', title: 'How much?', metadata: { web_container: 'cntr_0' } }),
    changeConversation: (_id: string, { metadata }: { metadata?: object }) =>
      note(`keep ${JSON.stringify(metadata)}`, {}),
    itemsOf: () => note('items', asItems),
    createContainer: (_name: string, files: readonly string[]) => {
      containers += 1
      return note(`container ${containers} with ${files.join('+')}`, { id: `cntr_${containers}` })
    },
    listContainers: () => note('containers', { data: [] }),
    deleteContainer: (id: string) => note(`end ${id}`, {}),
    filesOfContainer: () => note('files', { data: [{ id: 'cfile_1', path: '/mnt/data/a.csv' }] }),
    addToContainer: (id: string, file: string) => note(`give ${id} ${file}`, {}),
    async *ask(
      { container, input }: { container: string; input: string },
      { signal, onName }: { signal: AbortSignal; onName: (name: string) => void },
    ) {
      const { events = [], fault, endless = false } = scripts[asked] ?? {}
      asked += 1
      calls.push(`ask ${container} ${input}`)
      if (fault !== undefined && events.length === 0) throw fault
      onName('ans_1')
      for (const data of events) yield { event: 'x', data }
      if (endless) {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      }
      if (fault !== undefined) throw fault
    },
    showResponse: () => note('response', { id: response, status: 'completed', output: completed.response.output }),
    cancelResponse: () => note('cancel', { id: response, status: 'cancelled', output: [] }),
    ...changes,
  }
  const made: string[] = []
  let clock = 0
  const waits: number[] = []
  const wait = (milliseconds: number): Promise<void> => {
    waits.push(milliseconds)
    return Promise.resolve()
  }
  const parts = { api, now: () => (clock += 10), wait, onMade: (id: string) => made.push(id) }
  return { calls, made, waits, open: (id: string | null = null) => new OpenConversation(id, parts) }
}

const asking = { model: 'analyst', files: ['file_1'] }

describe('a conversation that is asked in', () => {
  it('begins with the first question, keeps its place, and has the words as they are kept', async () => {
    const { calls, made, open } = serviceOf([{ events: [created, said, completed] }, { events: [created] }])
    const conversation = open()
    await conversation.ask('How much?', asking)
    expect(made).toEqual(['conv_1'])
    expect(calls).toEqual([
      'conversation',
      'container 1 with file_1',
      'keep {"web_container":"cntr_1"}',
      'ask cntr_1 How much?',
      'items',
      'show',
    ])
    const [turn] = conversation.turns.value
    expect(turn).toMatchObject({ state: 'completed', name: 'ans_1', milliseconds: 7 })
    expect(turn === undefined ? null : answerOf(turn)?.text).toBe('It is 12.')
    expect(conversation.title.value).toBe('How much?')
    // The next question finds the same container, and is given only what is new.
    await conversation.ask('And?', { ...asking, files: ['file_1', 'file_2'] })
    expect(calls.slice(6, 8)).toEqual(['give cntr_1 file_2', 'ask cntr_1 And?'])
  })

  it('goes on in another container where its own has expired, and says what is lost', async () => {
    verifies('web.containers')
    const { calls, open } = serviceOf([
      { fault: problem(404, 'not-found', 'container_id') },
      { events: [created, said, completed] },
    ])
    const conversation = open()
    await conversation.ask('How much?', asking)
    expect(calls.filter((call) => /^(?:container|ask)/.test(call))).toEqual([
      'container 1 with file_1',
      'ask cntr_1 How much?',
      'container 2 with file_1',
      'ask cntr_2 How much?',
    ])
    expect(conversation.turns.value).toMatchObject([{ state: 'completed' }])
    expect(conversation.told.value?.text).toContain('had expired')
  })

  it('does not ask again for what is not there for another reason, and says why', async () => {
    const { calls, open } = serviceOf([{ fault: problem(404, 'model-not-found', 'model') }])
    const conversation = open()
    await conversation.ask('How much?', asking)
    expect(calls.filter((call) => call.startsWith('ask'))).toHaveLength(1)
    expect(conversation.turns.value).toMatchObject([{ state: 'failed', fault: { code: 'model-not-found' } }])
  })

  it('ends its own place that was used longest ago where there may be no more', async () => {
    const others = [
      { id: 'cntr_a', name: 'Somebody’s own', status: 'running', last_active_at: 1 },
      { id: 'cntr_b', name: 'Web app', status: 'running', last_active_at: 3 },
      { id: 'cntr_c', name: 'Web app', status: 'running', last_active_at: 2 },
      { id: 'cntr_d', name: 'Web app', status: 'expired', last_active_at: 1 },
    ]
    let tries = 0
    const { calls, open } = serviceOf([{ events: [created, said, completed] }], {
      createContainer: (() => {
        tries += 1
        return tries === 1 ? Promise.reject(problem(403, 'quota-exceeded')) : Promise.resolve({ id: 'cntr_9' })
      }) as unknown as AskService['createContainer'],
      listContainers: (() => Promise.resolve({ data: others })) as unknown as AskService['listContainers'],
    })
    const conversation = open()
    await conversation.ask('How much?', asking)
    expect(calls).toContain('end cntr_c')
    expect(calls.filter((call) => call.startsWith('end'))).toHaveLength(1)
    expect(conversation.turns.value).toMatchObject([{ state: 'completed' }])
    // It is told where something was lost: in the other conversation.
    expect(conversation.told.value).toBeNull()
  })

  it('asks the service how an answer ended whose stream broke off', async () => {
    const { calls, open } = serviceOf([{ events: [created, said], fault: problem(0, 'unreachable') }])
    const conversation = open()
    await conversation.ask('How much?', asking)
    expect(calls).toContain('response')
    expect(conversation.turns.value).toMatchObject([{ state: 'completed' }])
  })

  it('keeps what was seen where what is kept cannot be read', async () => {
    const { open } = serviceOf([{ events: [created, said, completed] }], {
      itemsOf: () => Promise.reject(problem(503, 'storage-unavailable')),
    })
    const conversation = open()
    await conversation.ask('How much?', asking)
    const [turn] = conversation.turns.value
    expect(turn === undefined ? null : answerOf(turn)?.text).toContain('It is 12.')
    expect(conversation.told.value).toMatchObject({ kind: 'warning' })
    expect(conversation.isStale).toBe(true)
  })

  it.each([
    ['nothing else is written', '', 'How much?'],
    ['another one is being written', 'Or how', 'Or how'],
  ])('gives a question back that was not taken, where %s', async (_, writing, words) => {
    const { open } = serviceOf([{ fault: problem(429, 'rate-limited') }])
    const conversation = open()
    const asked = conversation.ask('How much?', asking)
    conversation.draft.value = { ...conversation.draft.value, words: writing }
    await asked
    expect(conversation.turns.value).toMatchObject([{ question: 'How much?', state: 'failed' }])
    expect(conversation.draft.value.words).toBe(words)
  })

  it('keeps the field empty behind a question that was taken', async () => {
    const { open } = serviceOf([{ events: [created, said], fault: problem(0, 'unreachable') }])
    const conversation = open()
    await conversation.ask('How much?', asking)
    expect(conversation.draft.value.words).toBe('')
  })

  it('is asked one thing at a time', async () => {
    const { open } = serviceOf([{ events: [created], endless: true }])
    const conversation = open()
    const first = conversation.ask('How much?', asking)
    await expect(conversation.ask('And?', asking)).rejects.toThrow('still')
    await expect.poll(() => conversation.turns.value[0]?.response).toBe(response)
    await conversation.stop()
    await first
  })
})

describe('an answer that is stopped', () => {
  it('is over when the service says so, and its sandbox is ended before the person is told', async () => {
    verifies('web.stop')
    const { calls, open } = serviceOf([{ events: [created, said], endless: true }, { events: [created, completed] }])
    const conversation = open()
    const asked = conversation.ask('How much?', asking)
    await expect.poll(() => conversation.turns.value[0]?.response).toBe(response)
    const stopped = conversation.stop()
    expect(conversation.stopping.value).toBe(true)
    expect(conversation.told.value).toBeNull()
    await stopped
    await asked
    expect(calls.slice(-3)).toEqual(['cancel', 'files', 'end cntr_1'])
    expect(conversation.turns.value).toMatchObject([{ state: 'cancelled', fault: null }])
    expect(conversation.told.value?.text).toMatch(/^Stopped\. The sandbox has ended/)
    expect(conversation.stopping.value).toBe(false)
    // What it had is in the next one.
    await conversation.ask('Again', { ...asking, files: [] })
    expect(calls).toContain('container 2 with file_1')
  })

  it('says that it may go on where the service does not answer', async () => {
    const { open } = serviceOf([{ events: [created], endless: true }], {
      cancelResponse: () => Promise.reject(problem(0, 'unreachable')),
    })
    const conversation = open()
    const asked = conversation.ask('How much?', asking)
    await expect.poll(() => conversation.turns.value[0]?.response).toBe(response)
    await conversation.stop()
    await asked
    expect(conversation.told.value).toMatchObject({ kind: 'warning' })
    expect(conversation.told.value?.text).toContain('did not say')
  })

  it('leaves no sandbox that was still being made, also where the next question does not wait', async () => {
    const alive = new Set<string>()
    const admit: (() => void)[] = []
    const { calls, open } = serviceOf([{ events: [created, said, completed] }], {
      createContainer: async () => {
        const id = `cntr_${admit.length + 1}`
        await new Promise<void>((resolve) => admit.push(resolve))
        alive.add(id)
        return { id }
      },
      deleteContainer: (id: string) => Promise.resolve(alive.delete(id)),
    })
    const conversation = open()
    const first = conversation.ask('How much?', asking)
    await expect.poll(() => admit.length).toBe(1)
    const stopped = conversation.stop()
    await expect.poll(() => conversation.isRunning).toBe(false)
    const second = conversation.ask('Again', asking)
    admit[0]?.()
    await expect.poll(() => admit.length).toBe(2)
    admit[1]?.()
    await Promise.all([first, stopped, second])
    expect([...alive]).toEqual(['cntr_2'])
    expect(calls.filter((call) => call.startsWith('ask'))).toEqual(['ask cntr_2 Again'])
    expect(calls).not.toContain('keep {"web_container":"cntr_1"}')
  })

  it('makes no sandbox where it was stopped before there was a conversation', async () => {
    let admit = (): void => {}
    const { calls, open } = serviceOf([], {
      createConversation: () => new Promise((resolve) => (admit = () => resolve({ id: 'conv_1' }))),
    })
    const conversation = open()
    const asked = conversation.ask('How much?', asking)
    await conversation.stop()
    expect(conversation.told.value?.text).toBe('Stopped. No sandbox was at work.')
    admit()
    await asked
    expect(calls).toEqual([])
  })

  it('is nothing where nothing runs', async () => {
    const { calls, open } = serviceOf([])
    await open().stop()
    expect(calls).toEqual([])
  })
})

describe('a conversation that is opened again', () => {
  it('has its turns, how they ended, and the place of its programs', async () => {
    const { calls, open } = serviceOf([{ events: [created, completed] }], {
      showResponse: () =>
        Promise.resolve({
          id: response,
          status: 'incomplete',
          model: 'analyst:other',
          sallyport: { decision_id: 'dec-1' },
        }),
    })
    const conversation = open('conv_1')
    await conversation.load()
    expect(conversation.turns.value).toMatchObject([{ question: 'How much?', state: 'incomplete', decision: 'dec-1' }])
    expect(conversation.model.value).toBe('analyst:other')
    await conversation.ask('And?', { ...asking, files: [] })
    expect(calls).toContain('ask cntr_0 And?')
  })

  it('waits for an answer that another page reads, and shows it when it is over', async () => {
    const statuses = ['in_progress', 'in_progress', 'away', 'completed', 'completed']
    let asked = 0
    const { open, waits } = serviceOf([], {
      showResponse: () => {
        const status = statuses[asked] ?? 'completed'
        asked += 1
        if (status === 'away') return Promise.reject(problem(503, 'storage-unavailable'))
        return Promise.resolve({ id: response, status, sallyport: { duration_ms: 12_000 } })
      },
    })
    const conversation = open('conv_1')
    await conversation.load()
    expect(conversation.turns.value).toMatchObject([{ state: 'elsewhere' }])
    expect(conversation.isRunning).toBe(true)
    await expect.poll(() => conversation.turns.value).toMatchObject([{ state: 'completed', milliseconds: 12_000 }])
    expect(waits).toEqual([2_000, 2_000, 2_000])
  })

  it('asks again where what is kept of it cannot be read when it is over', async () => {
    let [looked, read] = [0, 0]
    const { open } = serviceOf([], {
      showResponse: () => {
        looked += 1
        return Promise.resolve({ id: response, status: looked === 1 ? 'in_progress' : 'completed' })
      },
      itemsOf: () => {
        read += 1
        return read === 2 ? Promise.reject(problem(503, 'storage-unavailable')) : Promise.resolve(asItems)
      },
    })
    const conversation = open('conv_1')
    await conversation.load()
    await expect.poll(() => conversation.turns.value).toMatchObject([{ state: 'completed' }])
    expect(read).toBe(3)
  })

  it('may be stopped from a page that does not read its answer', async () => {
    const { calls, open } = serviceOf([], {
      showResponse: () => Promise.resolve({ id: response, status: 'in_progress' }),
    })
    const conversation = open('conv_1')
    await conversation.load()
    await conversation.stop()
    expect(calls.filter((call) => /^(?:cancel|end)/.test(call))).toEqual(['cancel', 'end cntr_0'])
    expect(conversation.turns.value).toMatchObject([{ state: 'cancelled' }])
  })

  it('says of one that may not be seen any more why', async () => {
    let asked = 0
    const { open } = serviceOf([], {
      showResponse: () => {
        asked += 1
        return asked < 3
          ? Promise.resolve({ id: response, status: 'in_progress' })
          : Promise.reject(problem(403, 'forbidden'))
      },
    })
    const conversation = open('conv_1')
    await conversation.load()
    await expect.poll(() => conversation.turns.value).toMatchObject([{ state: 'failed', fault: { code: 'forbidden' } }])
  })

  it('does not say of an answer how long it took where the service does not', async () => {
    const { open } = serviceOf([], {
      showResponse: () => Promise.resolve({ id: response, status: 'cancelled', sallyport: { duration_ms: null } }),
    })
    const conversation = open('conv_1')
    await conversation.load()
    expect(conversation.turns.value).toMatchObject([{ state: 'cancelled', milliseconds: null }])
  })

  it('takes an answer of another surface for whole, and fails where the service does', async () => {
    const gone = serviceOf([], { showResponse: () => Promise.reject(problem(404, 'not-found')) })
    const conversation = gone.open('conv_1')
    await conversation.load()
    expect(conversation.turns.value).toMatchObject([{ state: 'completed' }])
    const down = serviceOf([], { showResponse: () => Promise.reject(problem(503, 'storage-unavailable')) })
    await expect(down.open('conv_1').load()).rejects.toThrow('storage-unavailable')
  })
})
