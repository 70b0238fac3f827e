import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../../src/core/events.ts'
import type { DisplayItem } from '../../../../src/core/result.ts'
import { profileSchema, type FilterDecision, type FilterProfile } from '../../../../src/filters/profile.ts'
import { screenEvents } from '../../../../src/gateway/screen/events.ts'
import { collect, delta, end, replay, sqlCall, textOf, toolResult } from '../../../support/agent-events.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { never, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

const card = '4111111111111111'
const email = 'anna.berg@example.com'
const statement = 'SELECT country, count(*) FROM customers WHERE city = $1 GROUP BY country ORDER BY 2'

async function screen(
  events: readonly AgentEvent[],
  extra: {
    profile?: FilterProfile
    decisions?: FilterDecision[]
    passesUnread?: boolean
    previewSql?: boolean
    reveal?: boolean
  } = {},
): Promise<AgentEvent[]> {
  const { previewSql = true, passesUnread = false, reveal = false, ...rest } = extra
  const executed: string[] = []
  const screener = testScreener({ ...rest, hiddenSql: reveal ? null : executed })
  const options = { screener, onSql: (text: string) => executed.push(text), previewSql, passesUnread }
  return collect(screenEvents(replay(events), options, never))
}

describe('a call behind a text', () => {
  const call: AgentEvent = {
    type: 'tool-call',
    callId: 'c1',
    tool: 'run_python',
    source: { language: 'python', text: `x = "${email}"` },
  }
  /** The text before the call is let go when the test says so. */
  const slowly = (screened: Promise<unknown>, fault: Error | null = null) => {
    const known = testScreener()
    const asked: string[] = []
    const screener: typeof known = {
      ...known,
      spans: async (...given) => {
        asked.push('text')
        await screened
        return known.spans(...given)
      },
      texts: async (parts, ...rest) => {
        asked.push('call')
        if (fault !== null) throw fault
        return known.texts(parts, ...rest)
      },
    }
    const options = { screener, onSql: () => undefined, previewSql: true, passesUnread: false }
    const told: AgentEvent[] = []
    const over = (async () => {
      for await (const event of screenEvents(replay([delta(`Of ${email}.`), call]), options, never)) told.push(event)
    })()
    return { asked, told, over }
  }

  it('is screened together with it, and told behind it', async () => {
    const text = Promise.withResolvers<void>()
    const { asked, told, over } = slowly(text.promise)
    await expect.poll(() => asked.filter((each) => each === 'call')).toHaveLength(2)
    expect([asked[0], told]).toEqual(['text', []])
    text.resolve()
    await over
    expect(told.map(({ type }) => type)).toEqual(['text-delta', 'tool-call'])
    expect(JSON.stringify(told)).not.toContain(email)
  })

  it('leaves that text to be told where the call itself is withheld', async () => {
    const text = Promise.withResolvers<void>()
    const { asked, told, over } = slowly(text.promise, new Error('withheld'))
    over.catch(() => undefined)
    await expect.poll(() => asked).toContain('call')
    text.resolve()
    await expect(over).rejects.toThrow('withheld')
    expect(told.map(({ type }) => type)).toEqual(['text-delta'])
  })
})

describe('everything that leaves is screened', () => {
  it('in every field of every event', async () => {
    verifies('filters.all-that-leaves')
    const results: DisplayItem[] = [
      {
        isMain: true,
        text: email,
        html: `<b>${email}</b>`,
        markdown: email,
        svg: `<text>${email}</text>`,
        latex: email,
        json: { [email]: [email, { deep: Number(card) }] },
        data: {
          columns: [{ name: email, type: 'text' }],
          rows: [[email], [Number(card)], [{ a: email }]],
          totalRows: 3,
        },
        chart: { type: 'bar', title: email, elements: [{ label: email, value: 3 }] },
        pdf: Buffer.from(email).toString('base64'),
        png: 'iVBORw0KGgo=',
      },
    ]
    const out = await screen([
      { type: 'step-start', step: 1 },
      delta(`mail ${email} `),
      { type: 'tool-call', callId: 'c1', tool: email, source: { language: 'python', text: `x = "${email}"` } },
      {
        type: 'tool-refusal',
        callId: 'c1',
        tool: 'run_sql',
        findings: [{ rule: 'a/b', line: 1, column: 1, message: email }],
        message: email,
      },
      { type: 'tool-failure', callId: 'c1', tool: 'run_sql', message: email },
      toolResult({
        summary: email,
        table: { columns: [{ name: 'mail', type: 'text' }], rows: [[email]], totalRows: 1 },
        cell: {
          ...cellResult(),
          stdout: { text: email, truncated: false },
          stderr: { text: email, truncated: false },
          error: { name: 'ValueError', value: email, traceback: `File: ${email}` },
          artifacts: [{ path: `${email}.csv`, bytes: 3 }],
          notice: email,
          results,
        },
      }),
      {
        type: 'artifact',
        artifact: {
          name: `${email}.csv`,
          mediaType: 'text/csv',
          content: Buffer.from(`mail\n${email}\n`).toString('base64'),
        },
      },
      end({ ending: 'failed', message: email }),
    ])
    const files = out.map((event) =>
      event.type === 'artifact' ? Buffer.from(event.artifact.content, 'base64').toString() : '',
    )
    const whole = JSON.stringify([out, files])
    expect(whole).not.toContain(email)
    expect(whole).not.toContain(card)
    expect(whole).toContain('mail\\n[email]\\n')
    expect(whole).toContain('iVBORw0KGgo=')
    expect(whole).not.toContain('"pdf"')
  })

  it('withholds a file that no filter can read, and says so', async () => {
    verifies('filters.files')
    const out = await screen([
      {
        type: 'artifact',
        artifact: { name: 'customers.xlsx', mediaType: 'application/vnd.ms-excel', content: 'UEsDBA==' },
      },
      end(),
    ])
    expect(out.some((event) => event.type === 'artifact')).toBe(false)
    expect(textOf(out)).toContain('The file "customers.xlsx" was withheld')
    expect(out.at(-1)).toMatchObject({ type: 'end', findings: [{ rule: 'filter/file-withheld' }] })
  })

  it('W11: the name of a withheld file is words in what is said of it, not Markdown', async () => {
    const name = 'a\n\n![x](https://evil.example/p.png)<b>.bin'
    const out = await screen([
      { type: 'artifact', artifact: { name, mediaType: 'application/octet-stream', content: 'UEsDBA==' } },
      end(),
    ])
    expect(textOf(out)).toMatch(/^\n\n> The file "a[^\n]*" was withheld: [^\n]*\n\n$/)
    expect(textOf(out)).not.toMatch(/!\[|<b>/)
  })

  it('W11: in files, which say where that changed them; what cannot be read passes to the local operator alone', async () => {
    verifies('filters.files')
    const file = (name: string, mediaType: string, content: Buffer): AgentEvent => ({
      type: 'artifact',
      artifact: { name, mediaType, content: content.toString('base64') },
    })
    const events = [
      file('a.csv', 'text/csv', Buffer.from(`who\n${email}\n`)),
      file('b.csv', 'text/csv', Buffer.from('n\n1\n')),
      file('c.xlsx', 'application/octet-stream', Buffer.from('PK')),
      file('d.csv', 'text/csv', Buffer.from([0xe4, 0x0a])),
    ]
    const seen = async (passesUnread: boolean) =>
      (await screen([...events, end()], { passesUnread })).flatMap((event) =>
        event.type === 'artifact' ? [`${event.artifact.name} ${event.artifact.isMasked === true}`] : [],
      )
    expect(await seen(false)).toEqual(['a.csv true', 'b.csv false'])
    expect(await seen(true)).toEqual(['a.csv true', 'b.csv false', 'c.xlsx false', 'd.csv false'])
  })

  it('keeps the order of text and other events', async () => {
    const out = await screen([delta('one '), delta('two '), sqlCall(statement), toolResult(), delta('three', 2), end()])
    expect(out.map((event) => event.type)).toEqual(['text-delta', 'tool-call', 'tool-result', 'text-delta', 'end'])
    expect(textOf(out)).toBe('one two three')
  })

  it('withholds values nested deeper than any record is', async () => {
    let json: Record<string, unknown> = { card: 1 }
    for (let depth = 0; depth < 10_000; depth += 1) json = { json }
    const out = await screen([
      toolResult({ cell: cellResult({ results: [{ isMain: true, json: json as never }] }) }),
      end(),
    ])
    expect(JSON.stringify(out)).toContain('[withheld]')
  })
})

describe('executed SQL', () => {
  it('is not repeated, neither after the call nor in the text that announces it', async () => {
    const out = await screen([
      delta(`I will run ${statement}`),
      sqlCall(statement),
      toolResult(),
      delta(`I ran:\n\`\`\`sql\n${statement}\n\`\`\`\nDone.`, 2),
      end(),
    ])
    expect(textOf(out)).not.toContain('FROM customers')
    expect(textOf(out)).toContain('[SQL withheld]')
  })

  it('is repeated where the profile lets it', async () => {
    const out = await screen([sqlCall(statement), toolResult(), delta(`I ran ${statement}`, 2), end()], {
      reveal: true,
    })
    expect(textOf(out)).toBe(`I ran ${statement}`)
  })

  it('shows in the preview of the call, unless the group may not see SQL at all', async () => {
    const shown = await screen([sqlCall(statement), end()])
    expect(shown[0]).toMatchObject({ source: { text: statement } })
    const hidden = await screen([sqlCall(statement), end()], { previewSql: false })
    expect(hidden[0]).toMatchObject({ source: null })
  })
})

describe('what a profile can ask for', () => {
  it('blocks: the answer ends with a refusal that names the category and not the value', async () => {
    verifies('filters.profile')
    const profile = profileSchema.parse({ outbound: { pii: { action: 'block' } } })
    const blocked = screen([delta(`mail ${email}`), end()], { profile })
    await expect(blocked).rejects.toMatchObject({
      code: 'refused',
      message: 'The text was withheld: it holds pii/email.',
    })
  })

  it('annotates: the value passes and a note says what it is', async () => {
    verifies('filters.profile')
    const profile = profileSchema.parse({ outbound: { pii: { action: 'annotate' } } })
    const text = textOf(await screen([delta(`mail ${email}`), end()], { profile }))
    expect(text).toContain(email)
    expect(text).toContain('Note: this answer may hold pii/email.')
  })

  it('shadows: the value passes, and the report says that it would have been masked', async () => {
    verifies('filters.profile')
    const profile = profileSchema.parse({ outbound: { pii: { mode: 'shadow' } } })
    const decisions: FilterDecision[] = []
    expect(textOf(await screen([delta(`mail ${email}`), end()], { profile, decisions }))).toBe(`mail ${email}`)
    expect(decisions[0]).toMatchObject({ decided: 'mask', effective: 'allow', category: 'pii/email' })
  })
})
