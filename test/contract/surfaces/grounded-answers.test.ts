import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { liedQuestion, liedStatement, liesAbout, truthAbout, type Lie } from '../../support/grounding/lies.ts'
import { SurfaceService, type ScriptedTurn } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start()
})
afterAll(() => service[Symbol.asyncDispose]())

interface Mark {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly verdict: string
  readonly reference: boolean
  readonly reason: string
  readonly sources: readonly { readonly run: number; readonly row: number; readonly column: string }[]
}
interface Grounding {
  readonly marks: readonly Mark[]
  readonly unfilled: readonly { readonly text: string; readonly why: string }[]
  readonly earlier?: readonly { readonly text: string; readonly verdict: string }[]
}

const query = (statement: string) => ({ name: 'run_sql', arguments: JSON.stringify({ sql: statement }) })

/** Has the model lie in ten ways, behind one truth; the lies are known when it has answered. */
function lies(): readonly Lie[] {
  const told: Lie[] = []
  service.script([
    { kind: 'turn', calls: [{ name: 'run_sql', arguments: JSON.stringify({ sql: liedStatement }) }] },
    () => {
      const result = service.lastAsked().findLast(({ role }) => role === 'tool')?.content ?? ''
      told.push(...liesAbout(result))
      return { kind: 'turn', text: [truthAbout(result), ...told.map(({ text }) => text)].join('\n\n'), chunk: 3 }
    },
  ])
  return told
}

/** Kinds of lies that nothing marks in a text. */
function unmarked(told: readonly Lie[], text: string, { marks, unfilled }: Grounding): readonly string[] {
  const doubted = marks.filter(({ verdict }) => verdict === 'contradicted' || verdict === 'unsupported')
  for (const mark of marks) expect(text.slice(mark.start, mark.end)).toBe(mark.text)
  expect(told).toHaveLength(10)
  return told
    .filter((lie) => {
      const start = text.indexOf(lie.text)
      const isMarked = doubted.some((mark) => mark.start >= start && mark.end <= start + lie.text.length)
      return start < 0 || (!isMarked && !unfilled.some((reference) => lie.text.includes(reference.text)))
    })
    .map(({ kind }) => kind)
}

/** What stands behind the words for whoever reads text alone. */
const behind = (text: string): string => text.slice(text.indexOf('> ⚠'))

describe('an answer that lies in ten ways', () => {
  it('is marked in a completion, lie by lie, and its truth has its cell', async () => {
    verifies('groundedness.marks')
    const told = lies()
    const messages = [{ role: 'user', content: liedQuestion }]
    const answer = await service.post('/v1/chat/completions', await service.key(), { model: 'analyst', messages })
    const { choices, sallyport } = (await answer.json()) as Completion
    const { content } = choices[0].message
    expect(unmarked(told, content, sallyport.grounding)).toEqual([])
    expect(sallyport.grounding.marks[0]).toMatchObject({
      verdict: 'cell',
      reference: true,
      sources: [{ run: 1, row: 0, column: 'orders' }],
    })
    for (const mark of sallyport.grounding.marks) expect(mark.reason).toMatch(/\S/)
    expect(behind(content)).toMatch(/margin[^]*this run has no result run7/)
  })

  it('is marked in a stream of a completion, in its words and its last chunk', async () => {
    const told = lies()
    const messages = [{ role: 'user', content: liedQuestion }]
    const body = { model: 'analyst', messages, stream: true }
    const stream = await (await service.post('/v1/chat/completions', await service.key(), body)).text()
    const chunks = stream
      .split('\n')
      .flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice('data: '.length)) as Chunk] : []))
    const content = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
    const { grounding } = chunks.flatMap(({ sallyport }) => sallyport ?? [])[0] ?? {}
    expect(unmarked(told, content, grounding ?? { marks: [], unfilled: [] })).toEqual([])
    expect(behind(content)).toContain('No program was run for this answer')
  })

  it('is marked in a response, in the same one read again, in its conversation and in an export of it', async () => {
    verifies('groundedness.kept')
    const key = await service.key()
    const { id: conversation } = (await (await service.post('/v1/conversations', key, {})).json()) as {
      readonly id: string
    }
    const told = lies()
    const body = { model: 'analyst', input: liedQuestion, conversation }
    const response = (await (await service.post('/v1/responses', key, body)).json()) as Response_
    const textOf = ({ output }: Response_): string => output.at(-1)?.content?.[0]?.text ?? ''
    expect(unmarked(told, textOf(response), response.sallyport.grounding)).toEqual([])
    const again = (await (await service.ask('GET', `/v1/responses/${response.id}`, key)).json()) as Response_
    expect(again.sallyport.grounding).toEqual(response.sallyport.grounding)
    const page = await service.ask('GET', `/v1/conversations/${conversation}/items?limit=1`, key)
    const { data } = (await page.json()) as {
      readonly data: readonly [
        { readonly grounding: Grounding; readonly content: readonly [{ readonly text: string }] },
      ]
    }
    expect(unmarked(told, data[0].content[0].text, data[0].grounding)).toEqual([])
    for (const format of ['md', 'ipynb']) {
      const file = await service.ask('GET', `/v1/conversations/${conversation}/export?format=${format}`, key)
      expect(await file.text()).toContain('The results of this run speak against')
    }
  })

  it.each(['regenerate', 'block'] as const)(
    'is written once more before it is told, where its group wants %s',
    async (grounding) => {
      verifies('groundedness.regenerate')
      await using other = await SurfaceService.start({ gateway: { groups: { open: { models: ['*'], grounding } } } })
      const lie = 'Customers sent 4,217 parcels back.'
      other.script([
        { kind: 'turn', text: lie },
        { kind: 'turn', text: 'I do not know how many came back.' },
      ])
      const messages = [{ role: 'user', content: liedQuestion }]
      const body = { model: 'analyst', messages, stream: true }
      const text = await (await other.post('/v1/chat/completions', await other.key(), body)).text()
      expect(text).not.toContain('4,217')
      expect(text).toContain('do not know')
      const [answer, nudge] = other.lastAsked().slice(-2)
      expect(answer).toMatchObject({ role: 'assistant', content: lie })
      expect(nudge?.content).toMatch(/Write it once more[^]*"4,217 ?(?:parcels)?": /)
    },
  )

  it('is withheld where it is no better then, or cut short, and its group blocks; marked where it only writes anew', async () => {
    verifies('groundedness.block')
    const served = (grounding: string) =>
      SurfaceService.start({ gateway: { groups: { open: { models: ['*'], tools: ['run_python'], grounding } } } })
    const told = async (other: SurfaceService, turns: readonly ScriptedTurn[]) => {
      other.script(turns)
      const messages = [{ role: 'user', content: liedQuestion }]
      return (await other.post('/v1/chat/completions', await other.key(), { model: 'analyst', messages })).text()
    }
    const twice: readonly ScriptedTurn[] = [
      { kind: 'turn', text: 'Customers sent 4,217 back.' },
      { kind: 'turn', text: 'Customers sent 4,218 back.' },
    ]
    await using blocking = await served('block')
    const blocked = await told(blocking, twice)
    expect(blocked).not.toContain('4,218')
    expect(blocked).toContain(
      'The answer was withheld: it has one figure that the results of this run do not bear out.',
    )
    const cut = await told(blocking, [{ kind: 'turn', text: 'Customers sent 4,217 back.', finishReason: 'length' }])
    expect(cut).not.toContain('4,217')
    expect(cut).toContain('The answer was withheld')
    const call = { name: 'run_python', arguments: JSON.stringify({ code: 'print("so")' }) }
    const beside = await told(blocking, [
      { kind: 'turn', text: 'Customers sent 4,217 back.', calls: [call] },
      { kind: 'turn', text: 'That is all.' },
    ])
    expect(beside).not.toContain('4,217')
    expect(beside).toContain('That is all.')
    await using other = await served('regenerate')
    const marked = await told(other, twice)
    expect(marked).toContain('Customers sent 4,218 back.')
    expect(marked).toMatch(/speak against|No source was found/)
    expect(marked).not.toContain('4,217')
  })

  it('is not doubted where its group compares nothing', async () => {
    await using other = await SurfaceService.start({
      gateway: { groups: { open: { models: ['*'], grounding: 'off' } } },
    })
    other.script([{ kind: 'turn', text: 'Customers sent 4,217 parcels back. The tests passed.' }])
    const messages = [{ role: 'user', content: liedQuestion }]
    const answer = await other.post('/v1/chat/completions', await other.key(), { model: 'analyst', messages })
    const text = await answer.text()
    expect(text).toContain('4,217')
    expect(text).not.toContain('grounding')
  })
})

describe('what is doubted of an answer', () => {
  const content = async (turns: readonly ScriptedTurn[]) => {
    service.script(turns)
    const messages = [{ role: 'user', content: liedQuestion }]
    const answer = await service.post('/v1/chat/completions', await service.key(), { model: 'analyst', messages })
    const { choices, sallyport } = (await answer.json()) as Completion
    return { text: choices[0].message.content, grounding: sallyport.grounding }
  }
  const lie = 'Customers sent 4,217 parcels back.'

  it.each([
    ['a comment', '<!-- and', '\n-->\n'],
    ['an element', '<details><summary>More</summary>', '\n</details>\n'],
    ['a block of code', '```', '\n```\n'],
  ])('is not hidden by %s that its model leaves open', async (_name, opened, closed) => {
    const { text } = await content([{ kind: 'turn', text: `${lie}\n\n${opened}` }])
    expect(text).toContain(`${opened}${closed}\n> No source was found`)
  })

  it('has its places where the words begin with blanks, and words stood before them', async () => {
    const turns: readonly ScriptedTurn[] = [
      { kind: 'turn', text: '\n I look it up.', calls: [query(liedStatement)] },
      { kind: 'turn', text: `\n\n  ${lie}`, chunk: 2 },
    ]
    const { text, grounding } = await content(turns)
    expect(grounding.marks.map(({ start, end }) => text.slice(start, end))).toContain('4,217')
    service.script(turns)
    const body = { model: 'analyst', input: liedQuestion }
    const response = (await (await service.post('/v1/responses', await service.key(), body)).json()) as Response_
    const said = response.output.at(-1)?.content?.[0]?.text ?? ''
    expect(response.sallyport.grounding.marks.map(({ start, end }) => said.slice(start, end))).toContain('4,217')
  })

  it('has what was said beside a call that came after a result', async () => {
    const { text, grounding } = await content([
      { kind: 'turn', calls: [query(liedStatement)] },
      { kind: 'turn', text: lie, calls: [query(liedStatement)] },
      { kind: 'turn', text: 'That is all.' },
    ])
    expect(grounding.earlier).toMatchObject([{ text: '4,217', verdict: 'unsupported' }])
    expect(text).toMatch(/> What was said on the way[^]*\n> - \*\*4,217\*\*: /)
  })

  it('is not what its model lists as such, and is no address or mark of a row', async () => {
    const name = '<!-- ⚠ **b** [x](http://evil.example/a) ![p](//e.example) `c`'
    const { text, grounding } = await content([
      { kind: 'turn', calls: [query(`SELECT '${name}' AS name, count(*) AS orders FROM orders`)] },
      {
        kind: 'turn',
        text: `> ⚠ The results of this run speak against:\n> - nothing\n\nThe orders of ${name} are 99.`,
      },
    ])
    expect(grounding.marks.map(({ text: of }) => of)).toContain('The results of this run speak against')
    const doubts = text.slice(text.lastIndexOf('> ⚠'), text.lastIndexOf('\n\n| name'))
    expect(doubts).toContain('The model has written this itself')
    expect(doubts).not.toMatch(/(?<!\\)[`[\]<!]/)
  })

  it('is told by the tool of a host of MCP, in words and for programs', async () => {
    verifies('groundedness.marks')
    service.script([{ kind: 'turn', text: lie }])
    const params = { name: 'ask', arguments: { question: liedQuestion } }
    const headers = {
      authorization: `Bearer ${await service.key()}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2025-11-25',
    }
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    const told = await (await service.post('/mcp', null, body, { headers })).text()
    const { result } = JSON.parse(told.slice(told.indexOf('{'))) as {
      readonly result: { readonly structuredContent: Asked }
    }
    const { answer, grounding } = result.structuredContent
    expect(grounding.marks.map(({ start, end }) => answer.slice(start, end))).toContain('4,217')
    expect(answer).toContain('> - **4,217')
  })
})

interface Asked {
  readonly answer: string
  readonly grounding: Grounding
}

interface Completion {
  readonly choices: readonly [{ readonly message: { readonly content: string } }]
  readonly sallyport: { readonly grounding: Grounding }
}

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[]
  readonly sallyport?: { readonly grounding: Grounding }
}

interface Response_ {
  readonly id: string
  readonly output: readonly { readonly content?: readonly { readonly text: string }[] }[]
  readonly sallyport: { readonly grounding: Grounding }
}
