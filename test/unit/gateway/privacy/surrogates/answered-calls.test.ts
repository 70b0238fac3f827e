import { describe, expect, it } from 'vitest'
import type { AdmittedCall, ScreenedAnswer } from '../../../../../src/core/model-call.ts'
import { never } from '../../../../support/filters/filter-fixtures.ts'
import { privacyOf } from '../../../../support/privacy/asked-privacy.ts'
import { admittedCall, callGrant } from '../../../../support/received-call.ts'
import { verifies } from '../../../../support/verifies.ts'

const card = '4539 1488 0343 6467'
const surrogates = { 'pii/card': 'always', 'pii/email': 'always' } as const

const privacyWith = (profile: object = {}) => privacyOf({ default: { surrogates, ...profile } })

function callOf(body: object, more: Partial<Pick<AdmittedCall, 'api'>> & { readonly ids?: readonly string[] } = {}) {
  const { call } = admittedCall()
  const { api = 'chat-completions', ids = [] } = more
  const facts = { ...call.facts, ids: ids.map((name) => ({ name, parameter: 'previous_response_id' })) }
  const grant = { ...callGrant, privacyProfile: 'default' }
  return { ...call, api, body: Buffer.from(JSON.stringify(body)), grant, facts } satisfies AdmittedCall
}

const asked = { messages: [{ role: 'user', content: `Is ${card} mine?` }] }
const answerOf = (message: object): ScreenedAnswer => {
  return { status: 200, headers: [], body: Buffer.from(JSON.stringify({ choices: [{ message }] })) }
}
const surrogateIn = ({ body }: AdmittedCall): string =>
  /4\d{3}(?: \d{4}){3}/.exec(body?.toString() ?? '')?.[0] ?? 'none'
const bodyOf = ({ body }: ScreenedAnswer): string => (Buffer.isBuffer(body) ? body.toString() : '')

async function answered(answer: (surrogate: string) => object, profile: object = {}) {
  const privacy = privacyWith(profile)
  const masked = await privacy.mask(callOf(asked), never)
  return bodyOf(await privacy.restore(answerOf(answer(surrogateIn(masked))), masked))
}

/** The events of a stream that says a text in pieces of this size. */
async function* eventsOf(text: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) {
    const choices = [{ index: 0, delta: { content: text.slice(at, at + size) }, finish_reason: null }]
    yield Buffer.from(`data: ${JSON.stringify({ choices })}\n\n`)
  }
  yield Buffer.from('data: [DONE]\n\n')
}

interface Piece {
  readonly choices: readonly { readonly delta: { readonly content: string } }[]
}

const wordsOf = (events: string): string =>
  [...events.matchAll(/^data: (\{.*\})$/gm)]
    .map(([, json = '']) => (JSON.parse(json) as Piece).choices[0]?.delta.content ?? '')
    .join('')

describe('the answer to a call with surrogates', () => {
  it('has the values of the caller, and withholds what the model says from the same range', async () => {
    verifies('pii.withheld')
    const others = ['4242 4242 4242 4242', '4012888888881881', 'a.b@example.com']
    const said = (surrogate: string) => ({
      content: [surrogate, surrogate.replaceAll(' ', ''), ...others].join(' and '),
    })
    expect(JSON.parse(await answered(said))).toEqual({
      choices: [{ message: { content: `${card} and ${card.replaceAll(' ', '')} and [card] and [card] and [email]` } }],
    })
  })

  it('gives values to no tool without a grant, in texts and in numbers', async () => {
    verifies('pii.tools')
    const call = (surrogate: string) => {
      const plain = surrogate.replaceAll(' ', '')
      return {
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'pay', arguments: `{"card":${plain},"as":"${surrogate}"}` } },
        ],
      }
    }
    const without = await answered(call)
    expect(without).not.toContain('4539')
    expect(without).toMatch(/\{\\"card\\":4\d{15},\\"as\\":\\"4\d{3} /)
    const granted = await answered(call, { tools: ['pay'] })
    expect(granted).toContain(`{\\"card\\":4539148803436467,\\"as\\":\\"${card}\\"}`)
  })

  it('is the same in pieces, however they are cut', async () => {
    verifies('pii.any-cut')
    const privacy = privacyWith()
    for (const size of [1, 3, 7, 100]) {
      const masked = await privacy.mask(callOf({ ...asked, stream: true }), never)
      const surrogate = surrogateIn(masked)
      const said = `It is ${surrogate}, or ${surrogate.replaceAll(' ', '-')}. Not 4242 4242 4242 4242, nor ${surrogate}1.`
      const restored = await privacy.restore({ status: 200, headers: [], body: eventsOf(said, size) }, masked)
      let events = ''
      if (!Buffer.isBuffer(restored.body)) for await (const event of restored.body) events += event.toString()
      expect(wordsOf(events)).toBe(`It is ${card}, or ${card.replaceAll(' ', '-')}. Not [card], nor ${surrogate}1.`)
    }
  })

  it('is restored in calls that a provider keeps the turns of', async () => {
    const privacy = privacyWith()
    const first = await privacy.mask(callOf({ input: `Is ${card} mine?` }, { api: 'responses' }), never)
    await first.masking?.answered('one', ['resp_1'])
    const later = await privacy.mask(
      callOf({ input: 'Which?', previous_response_id: 'resp_1' }, { api: 'responses', ids: ['resp_1'] }),
      never,
    )
    const surrogate = surrogateIn(first)
    const body = Buffer.from(
      JSON.stringify({ output: [{ type: 'message', content: [{ type: 'output_text', text: `${surrogate}.` }] }] }),
    )
    expect(surrogate).toMatch(/^4/)
    expect(bodyOf(await privacy.restore({ status: 200, headers: [], body }, later))).toContain(`"${card}."`)
    // Nor is it mistaken for what the caller says.
    const echoed = await privacy.mask(
      callOf({ input: `Not ${surrogate}!`, previous_response_id: 'resp_1' }, { api: 'responses', ids: ['resp_1'] }),
      never,
    )
    expect(echoed.body?.toString()).not.toContain(surrogate)
  })
})
