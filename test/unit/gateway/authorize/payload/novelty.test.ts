import { describe, expect, it } from 'vitest'
import { CallerHistory } from '../../../../../src/gateway/authorize/payload/novelty.ts'

const tool = (name: string) => ({ name, parameters: 0, depth: 0, characters: 0 })

type Seen = Parameters<CallerHistory['remember']>[1]

interface Asked {
  readonly model?: string | null
  readonly tools?: readonly string[]
  readonly parts?: Seen['messages'][number]['parts']
  readonly bytes?: number
}

function asked({ model = 'm', tools = [], parts = {}, bytes = 100 }: Asked = {}): Seen {
  return { model, bytes, messages: [{ role: 'user', characters: 0, parts }], tools: tools.map(tool) }
}

describe('what is new of a request', () => {
  it('is all of the first one of a caller, and of that nothing is said', () => {
    const history = new CallerHistory()
    const first = { first: true, model: false, tools: 0, parts: 0, larger: 0 }
    expect(history.noveltyOf('ann', asked())).toEqual(first)
    history.remember('bob', asked())
    expect(history.noveltyOf('ann', asked())).toEqual(first)
  })

  it('is a model, tools and kinds of parts that its caller has not asked before, and how much larger it is', () => {
    const history = new CallerHistory()
    history.remember('ann', asked({ tools: ['a'], parts: { text: 1 }, bytes: 200 }))
    const same = { first: false, model: false, tools: 0, parts: 0, larger: 1 }
    expect(history.noveltyOf('ann', asked({ tools: ['a'], parts: { text: 9 }, bytes: 200 }))).toEqual(same)
    const other = asked({ model: 'n', tools: ['a', 'b', 'b', 'c'], parts: { text: 1, image: 2 }, bytes: 333 })
    expect(history.noveltyOf('ann', other)).toEqual({ first: false, model: true, tools: 2, parts: 1, larger: 1.665 })
    expect(history.noveltyOf('ann', asked({ model: null }))).toMatchObject({ model: false })
    // Asking teaches nothing: only what was let through is remembered.
    expect(history.noveltyOf('ann', other)).toMatchObject({ model: true, tools: 2 })
  })

  it('is measured by the largest request, and by none of nothing', () => {
    const history = new CallerHistory()
    history.remember('ann', asked({ bytes: 0 }))
    expect(history.noveltyOf('ann', asked({ bytes: 500 }))).toMatchObject({ larger: 0 })
    history.remember('ann', asked({ bytes: 1_000 }))
    history.remember('ann', asked({ bytes: 10 }))
    expect(history.noveltyOf('ann', asked({ bytes: 500 }))).toMatchObject({ larger: 0.5 })
  })

  it('forgets the caller that asked longest ago, and the name that came first of 256', () => {
    const history = new CallerHistory(2)
    for (const caller of ['ann', 'bob', 'ann', 'cyd']) history.remember(caller, asked())
    const known = ['ann', 'bob', 'cyd'].filter((caller) => !history.noveltyOf(caller, asked()).first)
    expect(known).toEqual(['ann', 'cyd'])
    const names = Array.from({ length: 256 }, (_, index) => `tool${index}`)
    history.remember('ann', asked({ tools: names }))
    expect(history.noveltyOf('ann', asked({ tools: names }))).toMatchObject({ tools: 0 })
    history.remember('ann', asked({ tools: ['one more'] }))
    expect(history.noveltyOf('ann', asked({ tools: names }))).toMatchObject({ tools: 1 })
    expect(history.noveltyOf('ann', asked({ tools: ['tool0'] }))).toMatchObject({ tools: 1 })
  })
})
