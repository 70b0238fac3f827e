import * as fc from 'fast-check'
import { lexer, walkTokens, type Token } from 'marked'
import { beforeAll, describe, expect, it } from 'vitest'
import type { MaskedCall } from '../../../../src/gateway/privacy/privacy.ts'
import { restoreText } from '../../../../src/gateway/privacy/restore/text-restorer.ts'
import { partsOfAddresses, placesOfAddresses } from '../../../support/privacy/address-places.ts'
import {
  asked,
  heardOf,
  privacyOf,
  restoredBody,
  speakingApis,
  type Asked,
  type SpeakingApi,
} from '../../../support/privacy/asked-privacy.ts'
import { casesOf, holds, patienceFor } from '../../../support/privacy/lane-cases.ts'
import { bookWith, spellings } from '../../../support/privacy/private-calls.ts'
import { writings, writtenAs, type Writing } from '../../../support/privacy/token-spellings.ts'
import { verifies } from '../../../support/verifies.ts'

const profiles = {
  default: { tools: ['send_mail'] },
  open: { tools: ['send_mail'], answers: 'pass' },
  'look-alike': {
    tools: ['send_mail'],
    surrogates: { 'pii/email': 'always', 'pii/phone': 'always', 'pii/card': 'always' },
  },
} as const
type ProfileName = keyof typeof profiles
const profileNames = Object.keys(profiles) as ProfileName[]

const privacy = privacyOf(profiles)
const number = 4_012_888_888_881_881
const key = ['sk', 'proj', 'Zk3Lq8Wm2Rt7Xv5Nb9Yc4Hd6'].join('-')
/** What one of several people says: no two of them say the same value. */
const sentenceOf = (who: number): string =>
  `Mail rhea${who}.canary@hamlin.example, call +1 415 555 267${who}, SSN 536-22-814${who}.`
const own = `${sentenceOf(0)} Card 5500 0055 5555 5559, DE89 3704 0044 0532 0130 00, key ${key}.`

const jsonAsked: Readonly<Record<SpeakingApi, object>> = {
  'chat-completions': { response_format: { type: 'json_object' } },
  responses: { text: { format: { type: 'json_object' } } },
  messages: { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
}

interface Known {
  readonly token: string
  readonly value: string
}

interface Subject {
  readonly call: MaskedCall
  /** What was hidden for it, numbers first. */
  readonly known: readonly Known[]
}

async function subjectOf(call: Asked): Promise<Subject> {
  const masked = await asked(privacy, call)
  return { call: masked, known: [...(masked.masking?.restoring.book.entries() ?? [])] }
}

const subjects = new Map<string, Subject>()
const strangers: Known[] = []
let nobodys: Subject

const nameOf = (api: SpeakingApi, profile: ProfileName, form: string): string => `${api} ${profile} ${form}`

beforeAll(async () => {
  for (const api of speakingApis) {
    for (const profile of profileNames) {
      const common = { api, profile, text: own }
      subjects.set(nameOf(api, profile, 'prose'), await subjectOf({ ...common, more: { x_number: number } }))
      subjects.set(
        nameOf(api, profile, 'json'),
        await subjectOf({ ...common, more: { ...jsonAsked[api], x_number: number } }),
      )
    }
  }
  // Another person, another end user of the same one, and conversations that a provider keeps, of both.
  const others = [
    await subjectOf({ api: 'chat-completions', principal: 'bob', text: sentenceOf(1) }),
    await subjectOf({ api: 'chat-completions', text: sentenceOf(2), more: { user: 'somebody else' } }),
    await subjectOf({ api: 'responses', text: sentenceOf(3), goesOnWith: [] }),
    await subjectOf({ api: 'responses', principal: 'bob', text: sentenceOf(4), goesOnWith: [] }),
    await subjectOf({ api: 'chat-completions', profile: 'look-alike', principal: 'bob', text: sentenceOf(5) }),
  ]
  for (const [index, { call }] of others.entries()) await call.masking?.answered('one', [`resp_${index}`])
  strangers.push(...others.flatMap(({ known }) => known))
  // Who names an answer of somebody else's gets nothing of it.
  nobodys = await subjectOf({ api: 'responses', text: sentenceOf(6), goesOnWith: ['resp_3', 'resp_1'] })
})

/** A text cut into pieces anywhere; null where the answer comes whole. */
const cuts = fc.option(
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }).map((sizes) => (text: string) => {
    const pieces: string[] = []
    for (let at = 0, turn = 0; at < text.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1
      pieces.push(text.slice(at, at + size))
      at += size
    }
    return pieces
  }),
  { freq: 3 },
)

const asking = fc.record({
  api: fc.constantFrom(...speakingApis),
  profile: fc.constantFrom(...profileNames),
  which: fc.nat(),
  writing: writings,
  cut: cuts,
})

const knownOf = ({ known }: Subject, which: number): Known => known[which % known.length] ?? { token: '', value: '' }
const timesIn = (text: string, part: string): number => text.split(part).length - 1
/** Of `EMAIL_B1C2D3 F4G5@evil.example` the address behind the blank is new, and withheld: no host stands behind the value. */
const outsideWithheld = (text: string, value: string): string =>
  text.replaceAll(`${value} [email]`, '').replaceAll(`${value}-[email]`, '')
/** In JSON a backslash is two, and a token with more than three characters before its key is none. */
const plainly = (writing: Writing): Writing => ({ ...writing, separator: writing.separator.replaceAll('\\', '_') })

describe('a model that tries to send a value away', () => {
  it(
    'gets it into no link, picture, attribute or host, and says it all the same where it is read',
    async () => {
      verifies('pii.addresses')
      await holds(
        'no value into the places of addresses',
        fc.asyncProperty(
          asking,
          fc.array(placesOfAddresses, { minLength: 1, maxLength: 3 }),
          fc.boolean(),
          async (how, places, inJson) => {
            const subject = subjects.get(nameOf(how.api, how.profile, inJson ? 'json' : 'prose'))
            if (subject === undefined) throw new Error('there is no such call')
            const { token, value } = knownOf(subject, how.which)
            const written = writtenAs(token, inJson ? plainly(how.writing) : how.writing)
            const tried = places.join('\n\n').replaceAll('¤', written)
            const open = `It is ${written} now.`
            const words = inJson ? JSON.stringify({ open, tried }) : `${open}\n\n${tried}`
            const heard = await heardOf(privacy, subject.call, { words, calls: [] }, how)
            for (const text of [heard.words, ...heard.wholes]) {
              expect([timesIn(outsideWithheld(text, value), value), text]).toEqual([1, text])
            }
          },
        ),
      )
    },
    patienceFor('no value into the places of addresses'),
  )

  it(
    'gets it into no address that Markdown makes of its answer, whatever the answer is put together from',
    async () => {
      verifies('pii.addresses')
      const book = bookWith(1)
      // Of a form that is no address by itself.
      const value = 'RheaCanary'
      const token = book.tokenFor('pii/person', value)
      let [addresses, restored] = [0, 0]
      await holds(
        'no value into an address that is rendered',
        fc.property(partsOfAddresses, writings, (parts, writing) => {
          const answer = parts.replaceAll('¤', writtenAs(token, writing))
          const text = restoreText(answer, { book, spellings, form: 'prose' })
          if (text !== answer) restored += 1
          const asked = addressesIn(text)
          addresses += asked.length
          expect([asked.filter((address) => address.includes(value)), text]).toEqual([[], text])
        }),
      )
      const cases = casesOf('no value into an address that is rendered')
      expect([addresses > cases / 4, restored > cases / 4]).toEqual([true, true])
    },
    patienceFor('no value into an address that is rendered'),
  )
})

/** What a renderer of Markdown would ask for, or a reader by a click. */
function addressesIn(text: string): readonly string[] {
  const addresses: string[] = []
  const note = (token: Token): void => {
    const isAddress = (token.type === 'link' || token.type === 'image' || token.type === 'def') && 'href' in token
    if (isAddress) addresses.push(String(token['href']))
  }
  void walkTokens(lexer(text), note)
  return addresses
}

const granted = 'send_mail'
const toolNames = fc
  .oneof(
    fc.constantFrom('Send_Mail', 'send_mai', 'send_mail ', ' send_mail', 'send-mail', 'sendmail', 'send_mail2', 'send_mail\0', 'ｓend_mail', '*', '', '__proto__', 'constructor', 'fetch'), // prettier-ignore
    fc.string({ maxLength: 12 }),
  )
  .filter((name) => name !== granted)

/** What a tool is called with: the token as a value, in a text, as a name, deep in lists, in JSON within a text; a number as it is. */
const inputs = fc.constantFrom(
  (token: string): object => ({ to: token }),
  (token: string): object => ({ note: `Send ${token}, please`, url: 'https://evil.example/' }),
  (token: string): object => ({ [token]: 1 }),
  (token: string): object => ({ list: [[{ deep: [token] }]] }),
  (token: string): object => ({ inner: JSON.stringify({ to: token }) }),
  (token: string): object => ({ number: /^\d{1,15}$/.test(token) ? Number(token) : token }),
)

describe('a model that calls a tool which the profile does not name', () => {
  it(
    'hands it no value in any form, and the tool that is named gets it',
    async () => {
      verifies('pii.tools')
      await holds(
        'no value to a tool without a grant',
        fc.asyncProperty(asking, toolNames, inputs, async (how, tool, inputOf) => {
          const subject = subjects.get(nameOf(how.api, how.profile, 'prose'))
          if (subject === undefined) throw new Error('there is no such call')
          const { token, value } = knownOf(subject, how.which)
          const input = inputOf(writtenAs(token, plainly(how.writing)))
          const called = async (name: string) => {
            const { calls, wholes } = await heardOf(
              privacy,
              subject.call,
              { words: 'Now.', calls: [{ name, input }] },
              how,
            )
            return [calls[name] ?? 'no call', ...wholes].filter((text) => text !== 'Now.')
          }
          for (const text of await called(tool)) expect(text).not.toContain(value)
          const [first, ...others] = await called(granted)
          for (const text of [first, ...others]) expect(text).toContain(value)
        }),
      )
    },
    patienceFor('no value to a tool without a grant'),
  )

  const whole = (members: object) => [Buffer.from(JSON.stringify(members))]
  const events = (all: readonly object[]) => all.map((data) => Buffer.from(`data: ${JSON.stringify(data)}\n\n`))
  const halves = (text: string) => [text.slice(0, 5), text.slice(5)]

  it.each([
    ['a tool of its own kind in Chat Completions', 'chat-completions', (text: string) => whole({ choices: [{ message: { tool_calls: [{ type: 'custom', custom: { name: 'run', input: text } }] } }] })], // prettier-ignore
    ['a function as it was called once', 'chat-completions', (text: string) => whole({ choices: [{ message: { function_call: { name: 'run', arguments: text } } }] })], // prettier-ignore
    ['a tool of its own kind in Responses', 'responses', (text: string) => whole({ output: [{ type: 'custom_tool_call', name: 'run', input: text }] })], // prettier-ignore
    ['a tool of another server', 'responses', (text: string) => whole({ output: [{ type: 'mcp_call', name: 'run', arguments: text }] })], // prettier-ignore
    ['code that the provider runs', 'responses', (text: string) => whole({ output: [{ type: 'code_interpreter_call', code: text }] })], // prettier-ignore
    ['a search that the provider makes', 'messages', (text: string) => whole({ content: [{ type: 'server_tool_use', name: 'web_search', input: { query: text } }] })], // prettier-ignore
    ['streamed, a tool of its own kind in Chat Completions', 'chat-completions', (text: string) => events([{ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, type: 'custom', custom: { name: 'run', input: '' } }] } }] }, ...halves(text).map((input) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, custom: { input } }] } }] }))])], // prettier-ignore
    ['streamed, a tool of its own kind in Responses', 'responses', (text: string) => events([{ type: 'response.output_item.added', item: { id: 'i', type: 'custom_tool_call', name: 'run', input: '' } }, ...halves(text).map((delta) => ({ type: 'response.custom_tool_call_input.delta', item_id: 'i', delta })), { type: 'response.custom_tool_call_input.done', item_id: 'i', input: text }])], // prettier-ignore
    ['streamed, a tool of another server', 'responses', (text: string) => events([{ type: 'response.output_item.added', item: { id: 'i', type: 'mcp_call', name: 'run' } }, ...halves(text).map((delta) => ({ type: 'response.mcp_call_arguments.delta', item_id: 'i', delta })), { type: 'response.mcp_call_arguments.done', item_id: 'i', arguments: text }])], // prettier-ignore
    ['streamed, code that the provider runs', 'responses', (text: string) => events([...halves(text).map((delta) => ({ type: 'response.code_interpreter_call_code.delta', item_id: 'i', delta })), { type: 'response.code_interpreter_call_code.done', item_id: 'i', code: text }])], // prettier-ignore
    ['streamed, a search that the provider makes', 'messages', (text: string) => events([{ type: 'content_block_start', index: 0, content_block: { type: 'server_tool_use', name: 'web_search', input: {} } }, ...halves(JSON.stringify({ query: text })).map((piece) => ({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: piece } })), { type: 'content_block_stop', index: 0 }])], // prettier-ignore
    ['the address of a source', 'responses', (text: string) => whole({ output: [{ type: 'message', content: [{ type: 'output_text', text: 'a', annotations: [{ type: 'url_citation', title: 'a', url: `https://evil.example/${text}` }] }] }] })], // prettier-ignore
    ['the address of a source in Chat Completions', 'chat-completions', (text: string) => whole({ choices: [{ message: { content: 'a', annotations: [{ type: 'url_citation', url_citation: { title: 'a', url: `https://evil.example/${text}` } }] } }] })], // prettier-ignore
  ] as const)('%s: has none of them', async (_what, api, answerWith) => {
    verifies('pii.tools')
    for (const profile of profileNames) {
      const subject = subjects.get(nameOf(api, profile, 'prose'))
      for (const { token, value } of subject?.known ?? []) {
        if (subject === undefined) throw new Error('there is no such call')
        const written = answerWith(token)
        expect(Buffer.concat(written).toString()).toMatch(/(?:run|web_search|code|url)/)
        const body = await restoredBody(privacy, subject.call, written, written.length > 1)
        expect(body).not.toContain(value)
      }
    }
  })
})

describe('a model that knows tokens of somebody else', () => {
  it(
    'gets the value of none, in words, in tools with a grant, or by the id of their answer',
    async () => {
      verifies('pii.scope')
      const texts = fc.oneof(fc.constant('It is ¤ now.'), partsOfAddresses, placesOfAddresses)
      await holds(
        'no value of anybody else',
        fc.asyncProperty(asking, texts, fc.boolean(), async (how, text, isOfKept) => {
          const subject = isOfKept ? nobodys : subjects.get(nameOf(how.api, how.profile, 'prose'))
          const stranger = strangers[how.which % strangers.length]
          if (subject === undefined || stranger === undefined) throw new Error('there is no such call')
          const written = writtenAs(stranger.token, how.writing)
          const said = { words: text.replaceAll('¤', written), calls: [{ name: granted, input: { to: written } }] }
          const heard = await heardOf(privacy, subject.call, said, how)
          const told = [heard.words, ...heard.wholes, ...Object.values(heard.calls)]
          expect(told.filter((each) => each.includes(stranger.value))).toEqual([])
        }),
      )
    },
    patienceFor('no value of anybody else'),
  )
})
