import { describe, expect, it } from 'vitest'
import { choicesByTool } from '../../../../src/gateway/privacy/restore/choices-by-tool.ts'
import type { ScreenedAnswer } from '../../../../src/core/model-call.ts'
import { asked, heardOf, privacyOf } from '../../../support/privacy/asked-privacy.ts'
import { maskForTest } from '../../../support/privacy/private-calls.ts'
import { verifies } from '../../../support/verifies.ts'

const text = 'Please write to Erika Zyanka, our accountant, and thank her for the letter.'
const schema = {
  type: 'object',
  properties: { to: { enum: ['Erika Zyanka', 'Someone Else'] }, note: { type: 'string' } },
}
const tools = [
  { type: 'function', function: { name: 'send', parameters: schema } },
  { type: 'function', function: { name: 'search', parameters: {} } },
]

async function calledWith(tool: string, argumentsOf: (token: string) => object, profile: object = {}) {
  const privacy = privacyOf({ default: profile })
  const call = await asked(privacy, { api: 'chat-completions', text, more: { tools } })
  const token = /PERSON_\w{10}/.exec(call.body?.toString() ?? '')?.[0] ?? 'none'
  const message = {
    tool_calls: [
      { id: 'c', type: 'function', function: { name: tool, arguments: JSON.stringify(argumentsOf(token)) } },
    ],
  }
  const answer: ScreenedAnswer = {
    status: 200,
    headers: [],
    body: Buffer.from(JSON.stringify({ choices: [{ message }] })),
  }
  const { body } = await privacy.restore(answer, call)
  if (!Buffer.isBuffer(body)) throw new Error('the answer is whole')
  const said = JSON.parse(body.toString()) as { choices: [{ message: typeof message }] }
  const [first] = said.choices[0].message.tool_calls
  return { token, sent: call.body?.toString() ?? '', called: JSON.parse(first?.function.arguments ?? '') as object }
}

describe('a value that a schema lists', () => {
  it('has the token that it has where it is said, and comes back to a tool that nothing else is told', async () => {
    verifies('pii.choices')
    const { token, sent, called } = await calledWith('send', (to) => ({ to, note: `to ${to}` }))
    expect(sent).not.toContain('Zyanka')
    expect(sent).toContain(`"enum":["${token}","Someone Else"]`)
    expect(called).toEqual({ to: 'Erika Zyanka', note: `to ${token}` })
  })

  it('comes back with the words that are listed with it, in one piece or in many, and by itself does not', async () => {
    verifies('pii.choices')
    const listed = { enum: ['Erika Zyanka, Sales', 'kim@x.example or "none"'] }
    const own = { type: 'function', function: { name: 'send', parameters: { properties: { to: listed } } } }
    const privacy = privacyOf({ default: {} })
    const call = await asked(privacy, { api: 'chat-completions', text, more: { tools: [own] } })
    const sent = call.body?.toString() ?? ''
    const [person = '', address = ''] = /PERSON_\w{10}|$/.exec(sent)?.concat(/EMAIL_\w{10}/.exec(sent) ?? []) ?? []
    expect(sent).toContain(`"enum":["${person}, Sales","${address} or \\"none\\""]`)
    const input = { to: `${person}, Sales`, or: [`${address} or "none"`], not: [person, `${person}, sales`, address] }
    const said = { words: '', calls: [{ name: 'send', input }] }
    for (const cut of [null, (whole: string) => whole.match(/[^]{1,3}/g) ?? []]) {
      const { calls } = await heardOf(privacy, call, said, { cut })
      expect(JSON.parse(calls['send'] ?? '')).toEqual({
        to: 'Erika Zyanka, Sales',
        or: ['kim@x.example or "none"'],
        not: input.not,
      })
    }
  })

  it('comes back to no tool that does not list it, and to one with a grant anywhere', async () => {
    const { token, called } = await calledWith('search', (to) => ({ to }))
    expect(called).toEqual({ to: token })
    const granted = await calledWith('search', (to) => ({ note: `of ${to}` }), { tools: ['search'] })
    expect(granted.called).toEqual({ note: 'of Erika Zyanka' })
  })

  it('is no name of a member of what a tool is called with', async () => {
    const { token, called } = await calledWith('send', (to) => ({ [to]: 1 }))
    expect(called).toEqual({ [token]: 1 })
  })

  const detect = async (parts: readonly { readonly text: string }[]) =>
    parts.flatMap(({ text: said }, part) =>
      said.startsWith('ask ')
        ? [{ part, start: 4, end: said.length, category: 'pii/person', action: 'mask' as const }]
        : [],
    )
  const bodyOf = (name: string, listed: object) => ({
    messages: [{ role: 'user', content: `ask ${name}` }],
    tools: [{ type: 'function', function: { name: 'f', parameters: { properties: { a: listed } } } }],
  })

  it.each([
    ['Will', { enum: ['Will', 'Page'] }, /"enum":\["PERSON_\w+","Page"\]/],
    ['Al', { const: 'Al' }, /"const":"PERSON_\w+"/],
    ['Erika Zyanka', { enum: ['erika', 'ERIKA ZYANKA', 'Zyanka'] }, /"enum":\["erika","PERSON_\w+","Zyanka"\]/],
    ['Erika Zyanka', { enum: ['Dr. Erika Zyanka, Sales', 'Sales'] }, /"enum":\["Dr\. PERSON_\w+, Sales","Sales"\]/],
    ['Erika Zyanka', { enum: ['erika_zyanka', 'to-erika-zyanka'] }, /"enum":\["erika_zyanka","to-erika-zyanka"\]/],
    ['Will', { type: 'string', format: 'Will', $ref: 'Will' }, /"format":"Will","\$ref":"Will"/],
  ])(
    '%j in %j is hidden as a whole to the letter, and among other words as in any text, and no other word of a schema',
    async (name, listed, sent) => {
      const { body, masked } = await maskForTest('chat-completions', bodyOf(name, listed), { detect })
      expect(body).toMatch(sent)
      expect(masked.lateFinds).toHaveLength(/PERSON_/.test(body.split('"tools"')[1] ?? '') ? 1 : 0)
    },
  )

  it('stays as it was sent where late finds are left', async () => {
    const { body } = await maskForTest('chat-completions', bodyOf('Will', { enum: ['Will'] }), {
      detect,
      lateFinds: 'leave',
    })
    expect(body).toContain('"enum":["Will"]')
  })
})

describe('the tool of a choice', () => {
  it('is the one in whose schema it stands, in each API’s form', () => {
    const body = {
      tools: [{ function: { name: 'a' } }, { name: 'b' }, { function: { name: 7 } }, 'none'],
      functions: [{ name: 'c' }],
    }
    const paths = [
      'tools[0].x',
      'tools[1].input_schema.y',
      'functions[0].z',
      'tools[2].x',
      'tools[3].x',
      'tools[9].x',
      'text.format',
    ]
    const choicesOf = choicesByTool(
      body,
      paths.map((path) => ({ path, masked: `T ${path}`, text: `of ${path}` })),
    )
    expect(['a', 'b', 'c', 'd', ''].map((name) => Array.from(choicesOf(name)))).toEqual([
      [['T tools[0].x', 'of tools[0].x']],
      [['T tools[1].input_schema.y', 'of tools[1].input_schema.y']],
      [['T functions[0].z', 'of functions[0].z']],
      [],
      [],
    ])
  })
})
