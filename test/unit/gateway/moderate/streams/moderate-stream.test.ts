import { describe, expect, it } from 'vitest'
import { Regenerate, type EventModerator } from '../../../../../src/gateway/moderate/streams/moderate-events.ts'
import { moderateStream } from '../../../../../src/gateway/moderate/streams/moderate-stream.ts'

const blocked = { decision: 'dec-7', why: 'why' }

/** Lets everything pass but what says that it is bad; gives what it holds at the end. */
function stream(events: readonly (string | Error)[], { rest = '', blocksAtEnd = false, tells = true } = {}) {
  const log: string[] = []
  const moderator = {
    told: null as typeof blocked | null,
    async push(event: string) {
      if (event.includes('again')) throw new Regenerate()
      if (event.includes('bad')) this.told = blocked
      return event.includes('bad') ? 'closing' : event
    },
    async end() {
      if (blocksAtEnd) this.told = blocked
      return rest
    },
  }
  async function* body(): AsyncGenerator<Buffer> {
    for (const event of events) {
      if (event instanceof Error) throw event
      yield Buffer.from(event)
    }
  }
  const context = {
    moderator: moderator as unknown as EventModerator,
    leave: () => void log.push('left'),
    tell: async () => {
      log.push('told')
      if (!tells) throw new Error('the trail is full')
    },
  }
  const read = async () => {
    try {
      for await (const bytes of moderateStream(body(), context)) log.push(bytes.toString())
    } catch (thrown) {
      log.push((thrown as Error).constructor === Regenerate ? 'regenerate' : (thrown as Error).message)
    }
    return log
  }
  return { read, body, context }
}

const [one, two, bad] = ['data: 1\n\n', 'data: 2\n\n', 'data: bad\n\n']

describe('the events of a stream', () => {
  it('leave, then what was held, and then it is told', async () => {
    expect(await stream([one, two], { rest: 'rest' }).read()).toEqual([one, two, 'rest', 'told'])
    expect(await stream([one]).read()).toEqual([one, 'told'])
  })

  it('end with a block, which lets the upstream go and is told before it leaves; nothing behind it is read', async () => {
    expect(await stream([one, `${bad}${two}`, two]).read()).toEqual([one, 'left', 'told', 'closing'])
    expect(await stream([one], { rest: 'closing', blocksAtEnd: true }).read()).toEqual([one, 'told', 'closing'])
  })

  it('that an upstream breaks off are decided on before its fault is told', async () => {
    const broken = new Error('broken')
    expect(await stream([one, broken], { rest: 'rest' }).read()).toEqual([one, 'rest', 'told', 'broken'])
    expect(await stream([one, broken], { rest: 'closing', blocksAtEnd: true }).read()).toEqual([one, 'told', 'closing'])
  })

  it('that are to be asked for anew leave nothing more', async () => {
    expect(await stream(['data: again\n\n'], { rest: 'rest' }).read()).toEqual(['told', 'regenerate'])
  })

  it('do not leave where what was decided cannot be told', async () => {
    expect(await stream([one, bad], { rest: 'rest', tells: false }).read()).toEqual([
      one,
      'left',
      'told',
      'the trail is full',
    ])
  })

  it('are told of once where nobody waits for them any more', async () => {
    const { body, context } = stream([one, two])
    const told: string[] = []
    const events = moderateStream(body(), { ...context, tell: async () => void told.push('told') })
    expect((await events.next()).value?.toString()).toBe(one)
    await events.return(undefined)
    expect(told).toEqual(['told'])
  })
})
