import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ServerResponse } from 'node:http'
import { startPassService, type PassService } from '../support/http/pass-service.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { FakePresidio } from '../support/privacy/fake-presidio.ts'
import { hear } from '../support/privacy/heard.ts'
import { verifies } from '../support/verifies.ts'

const text = '😀 Kim Wexler of Albuquerque has the card 4111 1111 1111 1111.'

let presidio: FakePresidio
let at: PassService
const start = async (settings: object = {}, profile: object = {}) => {
  at = await startPassService({
    group: { privacy_profile: 'default' },
    privacy: { presidio: { url: presidio.url, timeout_ms: 300, ...settings }, profiles: { default: profile } },
  })
}
beforeEach(async () => {
  presidio = await FakePresidio.start()
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  await presidio[Symbol.asyncDispose]()
})

const ask = (more: object = {}) =>
  at.service.post({ model: 'gpt-5', messages: [{ role: 'user', content: text }], ...more }, {}, '/v1/chat/completions')
const sent = () => at.openai.requests.map(({ body }) => body.toString('utf8')).join('\n')

describe('with Presidio beside', () => {
  it.each([false, true])('names are hidden from the model and in the answer again, streamed: %s', async (stream) => {
    verifies('pii.presidio')
    await start()
    const said = ({ body }: { readonly body: Buffer }) => /Kim|PERSON_\w{10}/.exec(body.toString('utf8'))?.[0] ?? ''
    at.openai.answer = (request) => echoModel({ say: () => ({ words: `To ${said(request)}!`, calls: [] }) })(request)
    const response = await ask({ stream })
    const answer = await response.text()
    expect(response.status).toBe(200)
    expect(sent()).toMatch(/PERSON_\w{10} of PLACE_\w{10} has the card CARD_\w{10}\./)
    expect(hear(answer).words).toBe('To Kim Wexler!')
  })

  it('no word of an answer is sent to it', async () => {
    await start()
    at.openai.answer = echoModel({ say: () => ({ words: 'Call +1 415 555 2671 in Albuquerque. ', calls: [] }) })
    const answer = await (await ask()).text()
    expect(answer).toContain('Call [phone] in Albuquerque.')
    expect(presidio.texts).toEqual([text])
  })

  it('no text is sent to it where only structured values are hidden from an upstream', async () => {
    await start({}, { upstreams: { first: 'structured' } })
    await (await ask()).text()
    expect(sent()).toMatch(/Kim Wexler of Albuquerque has the card CARD_\w{10}\./)
    expect([presidio.asked.length, presidio.entitiesAsked]).toEqual([0, 0])
  })
})

const answers: Readonly<Record<string, readonly [says: string, answer: (response: ServerResponse) => void]>> = {
  silence: ['did not answer within 300 ms', () => undefined],
  'a fault of its own': ['answered with status 500', (response) => void response.writeHead(500).end('Kim Wexler')],
  'a web page': [
    'answered with a web page',
    (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Kim Wexler</p>'),
  ],
  'a place outside of the text': [
    'a place that the text does not have',
    (response) => {
      const found = [[{ entity_type: 'PERSON', start: 0, end: 90, score: 1 }]]
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found))
    },
  ],
}

describe('nothing is sent to a model where Presidio answers with', () => {
  it.each(Object.entries(answers))('%s', async (_name, [says, answer]) => {
    verifies('pii.presidio-fails-closed')
    await start()
    // What it looks for was asked before.
    await (await ask()).text()
    at.openai.startOver()
    presidio.answer = answer
    const response = await ask()
    const refusal = await response.text()
    expect([response.status, at.openai.requests.length]).toEqual([400, 0])
    expect(refusal).toContain(says)
    expect(refusal).not.toMatch(/Wexler|4111/)
  })

  it('no entity that is configured', async () => {
    verifies('pii.presidio-fails-closed')
    await start({ entities: ['PERSON', 'LOCATIONS'] })
    const response = await ask()
    expect([response.status, at.openai.requests.length]).toEqual([400, 0])
    expect(await response.text()).toContain('does not look for LOCATIONS')
    expect(presidio.asked).toEqual([])
  })
})
