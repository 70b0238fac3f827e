import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { positionsOf } from '../../../../../src/gateway/privacy/positions/api-positions.ts'
import type { PositionKind } from '../../../../../src/gateway/privacy/positions/position.ts'
import { positionsByKind } from '../../../../support/privacy/positions-by-kind.ts'
import { maskForTest } from '../../../../support/privacy/private-calls.ts'
import { verifies } from '../../../../support/verifies.ts'

const text = 'Kim k@x.example'

/** Sees a name of a person and an address in every text. */
async function detect(parts: readonly { readonly text: string }[]) {
  const find = (part: number, value: string, category: string) =>
    [...(parts[part]?.text ?? '').matchAll(new RegExp(value, 'g'))].map(({ index: start }) => {
      return { part, start, end: start + value.length, category, action: 'mask' as const }
    })
  return parts.flatMap((_, part) => [...find(part, 'Kim', 'pii/person'), ...find(part, 'k@x.example', 'pii/email')])
}

/** A body with a value at a position. */
function bodyWith(path: string, value: unknown): object {
  const steps = path.match(/\[\]|\*\*|[^.[\]]+/g) ?? []
  const inner = steps.toReversed().reduce<unknown>((built, step) => {
    if (step === '[]') return [built]
    return { [step.startsWith('*') ? 'some' : step]: built }
  }, value)
  return inner as object
}

type Outcome = 'nothing' | 'the address' | 'the name and the address'

const outcomes: Readonly<Record<PositionKind, Outcome>> = {
  text: 'the name and the address',
  'tool-text': 'the name and the address',
  json: 'the name and the address',
  'file-name': 'the name and the address',
  data: 'the name and the address',
  'token-ids': 'the name and the address',
  identifier: 'the address',
  schema: 'the address',
  media: 'the address',
  place: 'the address',
  sealed: 'nothing',
  kept: 'nothing',
}

const written: Readonly<Partial<Record<PositionKind, string>>> = {
  data: `data:text/plain;base64,${Buffer.from(text).toString('base64')}`,
  media: `https://x.example/${text}`,
}

const rows = (Object.keys(positionsByKind) as (keyof typeof positionsByKind)[]).flatMap((api) =>
  (Object.entries(positionsByKind[api]) as [PositionKind, readonly string[]][]).flatMap(([kind, paths]) =>
    paths.map((path) => [api, path, kind, outcomes[kind]] as const),
  ),
)

async function sentFor(api: ModelApi, path: string, value: unknown): Promise<string> {
  const { body } = await maskForTest(api, bodyWith(path, value), { detect })
  const opened = body.replace(/base64,([\w+/=]+)/, (_, encoded: string) => Buffer.from(encoded, 'base64').toString())
  return opened
}

/** The path with each of its names by itself in another case or without underscores, and how far it goes with that name. */
function misspelled(path: string): readonly (readonly [prefix: string, path: string])[] {
  return [...path.matchAll(/[a-z_]+/g)].flatMap(({ index, 0: name }) => {
    const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const others = [name.charAt(0).toUpperCase() + name.slice(1), camel, name.toUpperCase().replace('S', '\u017f')]
    const [before, behind] = [path.slice(0, index), path.slice(index + name.length)]
    return others.filter((other) => other !== name).map((other) => [before + other, before + other + behind] as const)
  })
}

describe('the tables of positions', () => {
  it.each(rows)('%s: %s is %s, of which %s is replaced', async (api, path, kind, outcome) => {
    // What was thought is text that is signed; everything else that is sealed has the form of an encoding.
    const isEncoded = kind === 'sealed' && !path.endsWith('thinking')
    const sent = await sentFor(api, path, isEncoded ? 'Kim/k+x==' : (written[kind] ?? text))
    if (isEncoded) return expect(sent).toContain('Kim/k+x==')
    expect({ name: !sent.includes('Kim'), address: !sent.includes('k@x') }).toEqual({
      name: outcome === 'the name and the address',
      address: outcome !== 'nothing',
    })
  })

  it.each(Object.keys(positionsByKind) as (keyof typeof positionsByKind)[])('%s has no row beside these', (api) => {
    const listed = rows.filter(([of]) => of === api).map(([, path, kind]) => [path, kind] as const)
    expect(positionsOf[api].request).toEqual(Object.fromEntries(listed))
  })

  it('count tokens of messages by the same table', () => {
    expect(positionsOf['token-counts']).toBe(positionsOf.messages)
  })

  it.each([
    ['chat-completions', ['tools', 'functions', 'response_format'], ['messages']],
    ['responses', ['tools', 'instructions', 'text', 'prompt'], ['input']],
    ['messages', ['tools', 'system', 'output_config'], ['messages']],
    ['embeddings', [], []],
  ] as const)('%s: %j are read before the turns in %j', (api, first, turns) => {
    expect(positionsOf[api]).toMatchObject({ first, turns })
  })

  it.each(Object.keys(positionsByKind) as (keyof typeof positionsByKind)[])(
    '%s: below every name that is written as some server may read it, all is words to the last letter',
    async (api) => {
      verifies('pii.unknown-positions')
      const spelled = new Map(
        rows
          .filter((row) => row[0] === api)
          .flatMap(([, path, kind]) => misspelled(path).map(([prefix, other]) => [prefix, { path: other, kind }])),
      )
      expect(spelled.size).toBeGreaterThan(8)
      for (const { path, kind } of spelled.values()) {
        const sent = await sentFor(api, path, kind === 'data' ? (written[kind] ?? text) : text)
        expect({ path, isHidden: !/Kim|k@x/.test(sent) }).toEqual({ path, isHidden: true })
      }
    },
  )

  it.each([
    ['chat-completions', 'Messages[].Content[].Image_URL.URL'],
    ['chat-completions', 'messages[].content[].imageUrl.url'],
    ['responses', 'Input[].content[].image_url'],
    ['messages', 'messages[].Content[].source.data'],
    ['chat-completions', 'later.some[].thing'],
  ] as const)('%s: a picture at %s is none that goes unread without a word', async (api, path) => {
    const body = bodyWith(path, 'data:image/png;base64,iVBORw0KGgo=')
    await expect(maskForTest(api, body, { detect, unread: 'refuse' })).rejects.toMatchObject({ code: 'refused' })
    expect((await maskForTest(api, body, { detect })).masked.unread).toHaveLength(1)
  })

  it('take ids of tokens for such under another spelling, too', async () => {
    await expect(maskForTest('embeddings', { Input: [1, 2] })).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('leave names of members alone that an API has, and look at all others', async () => {
    const { body } = await maskForTest(
      'chat-completions',
      { messages: [{ role: 'user', content: 'x', 'k@x.example': { Kim: 1 } }] },
      { detect },
    )
    expect(body).toMatch(/^\{"messages":\[\{"role":"user","content":"x","EMAIL_\w+":\{"PERSON_\w+":1\}\}\]\}$/)
  })
})

describe('the tables of answers', () => {
  const tables = (Object.keys(positionsOf) as ModelApi[]).flatMap((api) =>
    (['answer', 'event'] as const).map((part) => [api, part] as const),
  )
  /** What a tool is called with, by the names that the three APIs have for it. */
  const calledWith: Readonly<Record<string, PositionKind>> = {
    arguments: 'json',
    input: 'tool-text',
    code: 'tool-text',
  }

  it.each(tables)('%s: each position of an %s is words, or what a tool is called with', (api, part) => {
    for (const [path, kind] of Object.entries(positionsOf[api][part])) {
      const name = path.slice(path.lastIndexOf('.') + 1)
      // Messages call a tool with an object.
      const isObject = positionsOf[api] === positionsOf.messages && name === 'input'
      expect({ path, kind }).toEqual({ path, kind: isObject ? 'json' : (calledWith[name] ?? 'text') })
    }
  })
})
