import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const email = 'kim.wexler@hamlin.example'
const card = '4111 1111 1111 1111'
const phone = '+1 415 555 2671'
const text = `Dear all,\nmail ${email} or call ${phone}.\n😀 Card: ${card} and ${email}\n`

let folder: string
let map: string
beforeEach(() => {
  folder = temporaryFolder('sallyport-pii-')
  map = join(folder, 'map.json')
})

const run = (words: readonly string[], input?: string, profile: object = {}) => {
  const config = join(folder, 'config.yaml')
  writeFileSync(config, JSON.stringify({ secrets_directory: folder, privacy: { profiles: { strict: profile } } }))
  return runCommand(['pii', ...words, '--config', config], {
    workingDirectory: folder,
    ...(input === undefined ? {} : { input }),
  })
}

function file(content: string | Buffer, name = 'text.txt'): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('pii mask', () => {
  it('prints the text alone, every other character as it was, and restores to the byte', async () => {
    verifies('pii.local')
    const masked = await run(['mask', file(text), '--map', map])
    expect(masked.exitCode).toBe(0)
    expect(masked.stdout.replace(/[A-Z]+_(?:[A-Z]\d){5}/g, 'T')).toBe(
      'Dear all,\nmail T or call T.\n😀 Card: T and T\n',
    )
    expect(masked.stderr).toBe(
      `4 values (2 pii/email, 1 pii/phone, 1 pii/card) masked; what they stand for is in ${map}, for its owner only.\n`,
    )
    expect(statSync(map).mode & 0o777).toBe(0o600)
    const restored = await run(['restore', '--map', map, '-'], masked.stdout)
    expect([restored.exitCode, restored.stdout, restored.stderr]).toEqual([0, text, '4 restored.\n'])
  })

  it('gives the same value the same token in every text, and one map for several', async () => {
    const [one, two] = [await run(['mask', '--map', map], text), await run(['mask', '--map', map], `again ${email}`)]
    const token = /EMAIL_\w{10}/.exec(two.stdout)?.[0] ?? 'none'
    expect(one.stdout).toContain(token)
    expect((await run(['restore', '--map', map], two.stdout)).stdout).toBe(`again ${email}`)
    expect((await run(['restore', '--map', map], one.stdout)).stdout).toBe(text)
  })

  it('goes by what a profile lists, allows and recognizes, and so do restore and explain', async () => {
    verifies('own-values.found')
    const profile = {
      recognizers: [{ name: 'employee-number', pattern: 'E-[0-9]{6}' }],
      deny: [{ category: 'custom/code-name', values: ['Blue Heron'] }],
      allow: { values: [email] },
    }
    const given = `${email}: E-123456 of blue heron`
    const masked = await run(['mask', '--profile', 'strict', '--map', map], given, profile)
    expect(masked.stdout).toMatch(/^kim\.wexler@hamlin\.example: EMPLOYEENUMBER_\w{10} of CODENAME_\w{10}$/)
    expect((await run(['restore', '--map', map], masked.stdout, profile)).stdout).toBe(given)
    const { stdout } = await run(['explain', '--profile', 'strict', '--output', 'json'], given, profile)
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly { kind: string; detector: string }[] }
    expect(findings.map(({ kind, detector }) => `${kind} ${detector}`)).toEqual([
      'custom/employee-number custom@1',
      'custom/code-name custom@1',
    ])
  })

  it('says that nothing is kept without --map', async () => {
    expect((await run(['mask'], text)).stderr).toContain('is kept nowhere: --map FILE keeps it')
    expect((await run(['mask'], 'Nothing.')).stderr).toBe('Nothing was masked.\n')
  })

  it('gives programs the text with what stands in a receipt, and no value', async () => {
    const { stdout } = await run(['mask', '--output', 'json', '--map', map], text)
    const { text: masked, ...report } = JSON.parse(stdout) as { readonly text: string }
    expect(masked).not.toContain(email)
    expect(report).toEqual({
      map: { path: map, values: 3 },
      profile: 'default',
      level: 'all',
      masked: {
        count: 4,
        by_kind: { 'pii/email': 2, 'pii/phone': 1, 'pii/card': 1 },
        positions: [
          { position: '', kind: 'pii/email', count: 2 },
          { position: '', kind: 'pii/phone', count: 1 },
          { position: '', kind: 'pii/card', count: 1 },
        ],
      },
      annotated: { count: 0, by_kind: {}, positions: [] },
      unread: [],
      cache_misses: [],
      surrogates: {},
      without_surrogate: {},
    })
  })

  it('reads JSON as JSON, which it still is afterwards, and gives it back to the byte', async () => {
    const json =
      '{ "id": 12345678901234567890, "to": "kim.wexler@hamlin.example",\n "ssn": 536228145, "k\\u0069m": "a\\u0040b.example" }'
    const masked = await run(['mask', '--map', map], json)
    const parsed = JSON.parse(masked.stdout) as { ssn: number; to: string }
    expect([String(parsed.ssn).length, parsed.ssn === 536228145]).toEqual([9, false])
    expect(parsed.to).toMatch(/^EMAIL_/)
    expect(masked.stdout).toContain('12345678901234567890')
    expect(masked.stdout).not.toContain('a\\u0040b')
    const restored = await run(['restore', '--map', map], masked.stdout)
    expect(JSON.parse(restored.stdout)).toEqual(JSON.parse(json))
  })

  it('puts a value back into JSON as JSON writes it', async () => {
    const value = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEow'.repeat(20)}\n-----END RSA PRIVATE KEY-----`
    const masked = await run(['mask', '--map', map], JSON.stringify({ note: `x ${value} y` }))
    expect(masked.stdout).not.toContain('MIIEow')
    expect(readFileSync(map, 'utf8')).toContain('MIIEow')
    const restored = await run(['restore', '--map', map], masked.stdout)
    expect(JSON.parse(restored.stdout)).toEqual({ note: `x ${value} y` })
  })

  it('masks what was masked, and what reads as a token, and gives both back', async () => {
    const once = await run(['mask', '--map', map], `${text}EMAIL_B1C2D3F4G5`)
    const outer = join(folder, 'outer.json')
    const twice = await run(['mask', '--map', outer], once.stdout)
    expect(twice.stdout).toContain('LITERAL_')
    const back = await run(['restore', '--map', outer], twice.stdout)
    expect(back.stdout).toBe(once.stdout)
    expect((await run(['restore', '--map', map], back.stdout)).stdout).toBe(`${text}EMAIL_B1C2D3F4G5`)
  })

  it('takes the body of an API, and says the places of it', async () => {
    const body = { model: 'gpt-5', messages: [{ role: 'user', content: text }], metadata: { [email]: 'x' } }
    const { stdout, exitCode } = await run(
      ['mask', '--api', 'chat-completions', '--output', 'json'],
      JSON.stringify(body),
    )
    const { text: masked, masked: found } = JSON.parse(stdout) as { text: string; masked: { positions: object[] } }
    expect(exitCode).toBe(0)
    expect(JSON.parse(masked)).toMatchObject({ model: 'gpt-5', messages: [{ role: 'user' }] })
    expect(masked).not.toContain(email)
    expect(found.positions).toContainEqual({ position: 'metadata.*', kind: 'pii/email', count: 1 })
    expect(found.positions).toContainEqual({ position: 'messages[0].content', kind: 'pii/card', count: 1 })
  })

  it('puts words into what is embedded, and keeps no map of them', async () => {
    const body = JSON.stringify({ input: [`to ${email}`, `to a.b@c.example`] })
    const { stdout, stderr } = await run(['mask', '--api', 'embeddings'], body)
    expect(JSON.parse(stdout)).toEqual({ input: ['to email', 'to email'] })
    expect(stderr).toContain('constant words, which are never restored')
    const kept = await run(['mask', '--api', 'embeddings', '--map', map], body)
    expect([kept.exitCode, kept.stdout]).toEqual([2, ''])
    expect(kept.stderr).toContain('never restored')
  })

  it('goes by the profile that is named, and prints nothing of what it refuses', async () => {
    const rules = { 'pii/email': { action: 'annotate' }, 'pii/phone': { action: 'allow' } }
    const { stdout, stderr } = await run(['mask', '--profile', 'strict'], text, { rules })
    expect([stdout.includes(email), stdout.includes(phone), stdout.includes(card)]).toEqual([true, true, false])
    expect(stderr).toContain('2 values (2 pii/email) found and left as they are, by the profile.')
    const refused = await run(['mask', '--profile', 'strict'], text, { rules: { 'pii/card': { action: 'block' } } })
    expect([refused.exitCode, refused.stdout]).toEqual([3, ''])
    expect(refused.stderr).toContain('pii/card')
    const none = await run(['mask', '--profile', 'strict'], text, { masking: 'none' })
    expect([none.stdout, none.stderr]).toEqual([text, expect.stringContaining('hides nothing') as string])
    const unknown = await run(['mask', '--profile', 'nobody'], text)
    expect([unknown.exitCode, unknown.stdout]).toEqual([2, ''])
    expect(unknown.stderr).toContain('Name one of: default, strict')
  })

  it('refuses a picture, or says that it was not read', async () => {
    const part = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    const body = JSON.stringify({ messages: [{ role: 'user', content: [part] }] })
    const refused = await run(['mask', '--api', 'chat-completions'], body)
    expect([refused.exitCode, refused.stdout]).toEqual([3, ''])
    expect(refused.stderr).toContain('messages[0].content[0].image_url.url is a picture')
    const passed = await run(['mask', '--api', 'chat-completions', '--profile', 'strict'], body, { unread: 'pass' })
    expect([passed.stdout, passed.stderr]).toEqual([
      body,
      expect.stringContaining('Not read (it passes as it is)') as string,
    ])
  })
})

describe('pii restore', () => {
  it('leaves tokens in addresses, which a model may have written, unless it is told otherwise', async () => {
    const masked = await run(['mask', '--map', map], `[write](mailto:${email}) to ${email}`)
    const guarded = await run(['restore', '--map', map], masked.stdout)
    expect(guarded.stdout).toMatch(/^\[write\]\(mailto:EMAIL_\w{10}\) to kim\.wexler@hamlin\.example$/)
    expect(guarded.stderr).toBe('1 restored; 1 left in addresses and tags (--everywhere restores them).\n')
    const all = await run(['restore', '--map', map, '--everywhere'], masked.stdout)
    expect(all.stdout).toBe(`[write](mailto:${email}) to ${email}`)
  })

  it('reads what a model makes of a token', async () => {
    const masked = await run(['mask', '--map', map], `Mail ${email}`)
    const key = /EMAIL_(\w{10})/.exec(masked.stdout)?.[1] ?? ''
    const { stdout } = await run(['restore', '--map', map], `**email ${key.toLowerCase()}** and EMAIL\\_${key}`)
    expect(stdout).toBe(`**${email}** and ${email}`)
  })

  it('prints nothing by the map of another text', async () => {
    verifies('pii.damaged-map')
    await run(['mask', '--map', map], text)
    const other = await run(['restore', '--map', map], 'Mail EMAIL_B1C2D3F4G5')
    expect([other.exitCode, other.stdout]).toEqual([2, ''])
    expect(other.stderr).toContain(`The token of the text is not in ${map}.`)
    expect(other.stderr).toContain('It is the map of another text')
  })

  it('ends with 1 where one of several tokens is not in the map, and says how many', async () => {
    const masked = await run(['mask', '--map', map], text)
    const { exitCode, stdout, stderr } = await run(['restore', '--map', map], `${masked.stdout}EMAIL_B1C2D3F4G5`)
    expect([exitCode, stdout]).toEqual([1, `${text}EMAIL_B1C2D3F4G5`])
    expect(stderr).toBe('4 restored; 1 not in the map, and left.\n')
  })

  it('needs a map, one that is there and whole', async () => {
    expect(await run(['restore'], 'x')).toMatchObject({ exitCode: 2, stdout: '' })
    const none = await run(['restore', '--map', map], 'x')
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('it does not exist') as string])
    await run(['mask', '--map', map], text)
    writeFileSync(map, readFileSync(map, 'utf8').replace('kim.wexler', 'tim.wexler'))
    const damaged = await run(['restore', '--map', map], 'x')
    expect([damaged.exitCode, damaged.stdout]).toEqual([2, ''])
    expect(damaged.stderr).toContain('it is damaged')
    expect(damaged.stderr).toContain('a copy of it from before')
  })
})

describe('pii explain', () => {
  it('lists what is found, where and by what, and prints no value', async () => {
    verifies('pii.explain')
    const { stdout, exitCode } = await run(['explain'], text)
    const rows = stdout
      .split('\n')
      .slice(3, -2)
      .map((line) =>
        line
          .split('│')
          .map((cell) => cell.trim())
          .slice(1, -1),
      )
    expect(exitCode).toBe(0)
    expect(rows).toContainEqual(['2', '6', 'pii/email', '0.95', 'pii-patterns@1', 'masked'])
    expect(rows).toContainEqual(['3', '9', 'pii/card', '0.98', 'pii-patterns@1', 'masked'])
    for (const value of [email, card, phone]) expect(stdout).not.toContain(value)
    expect((await run(['explain', '--show-values'], text)).stdout).toContain(email)
    expect((await run(['explain'], 'Nothing.')).stdout).toBe('Nothing was found.\n')
  })

  it('says what the profile makes of each finding, and why', async () => {
    const rules = {
      'pii/email': { action: 'annotate' },
      'pii/phone': { threshold: 1 },
      'pii/card': { mode: 'shadow' },
    }
    const { stdout } = await run(['explain', '--profile', 'strict', '--output', 'json'], `${text} EMAIL_B1C2D3F4G5`, {
      rules,
    })
    const { findings } = JSON.parse(stdout) as { findings: { kind: string; action: string; why: string | null }[] }
    const of = (kind: string) => findings.find((finding) => finding.kind === kind)
    expect(of('pii/email')).toMatchObject({ action: 'annotate', why: null })
    expect(of('pii/phone')).toMatchObject({ action: 'allow', why: 'allowed, or its score is below the threshold' })
    expect(of('pii/card')).toMatchObject({ action: 'allow', why: 'mode: shadow (would mask)' })
    expect(of('literal')).toMatchObject({
      action: 'mask',
      score: null,
      detector: 'form-of-a-token',
      line: 4,
      column: 2,
    })
    expect(stdout).not.toContain(email)
  })

  it('finds all that is masked: what another text of the body tells, too', async () => {
    const body = JSON.stringify({
      messages: [
        { role: 'user', content: 'What is 536228145?' },
        { role: 'user', content: [{ type: 'text', text: 'My SSN is 536228145.' }] },
      ],
    })
    const { stdout } = await run(['explain', '--api', 'chat-completions', '--output', 'json', '--show-values'], body)
    const { findings } = JSON.parse(stdout) as { findings: object[] }
    expect(findings).toEqual([
      expect.objectContaining({ position: 'messages[0].content', detector: 'seen-elsewhere', line: 1, column: 9 }),
      expect.objectContaining({ position: 'messages[1].content[0].text', kind: 'pii/ssn', value: '536228145' }),
    ])
    const words = ['explain', '--api', 'chat-completions', '--output', 'json', '--profile', 'strict']
    const left = JSON.parse((await run(words, body, { late_finds: 'leave' })).stdout) as { findings: object[] }
    expect(left.findings).toEqual([expect.objectContaining({ position: 'messages[1].content[0].text' })])
  })

  it('says what cannot be read, and that a call with it is refused', async () => {
    const part = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    const body = JSON.stringify({ messages: [{ role: 'user', content: [part] }] })
    const { exitCode, stderr } = await run(['explain', '--api', 'chat-completions'], body)
    expect([exitCode, stderr]).toEqual([
      0,
      'Not read (a call with it is refused): messages[0].content[0].image_url.url.\n',
    ])
  })
})

describe('what is no text', () => {
  it.each([
    ['no file of that name', () => join(folder, 'none.txt'), 'it does not exist'],
    ['a folder', () => folder, 'it is a folder'],
    ['a device', () => '/dev/zero', 'it is not a regular file'],
    ['binary data', () => file(Buffer.from([0x89, 0x50, 0, 1])), 'it is no text: byte 3 is zero'],
    ['UTF-16', () => file(Buffer.from('\ufeffkim', 'utf16le')), 'iconv -f UTF-16 -t UTF-8'],
    ['Latin-1', () => file(Buffer.from('Zoë, x', 'latin1')), 'it is not UTF-8: byte 3 belongs to no character'],
    ['a character that is cut', () => file(Buffer.from('Zo€').subarray(0, -1)), 'it is not UTF-8: byte 3'],
  ])('is refused, with what to do: %s', async (_, path, message) => {
    for (const verb of [['mask'], ['explain']]) {
      const { exitCode, stdout, stderr } = await run([...verb, path()])
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toContain(message)
    }
  })

  it('is asked for where a person gave none', async () => {
    const { exitCode, stderr } = await run(['mask'])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('There is no text.') as string])
  })

  it.each([
    ['no JSON', 'Hello'],
    ['half of it', '{"input": "kim.wexler@hamlin.example'],
    ['a list', '[]'],
  ])('is refused as the body of an API, and nothing of it is said: %s', async (_, body) => {
    const { exitCode, stdout, stderr } = await run(['mask', '--api', 'responses'], body)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('The text is no JSON object, as a body of responses is.')
    expect(stderr).not.toContain('wexler')
  })

  it('keeps a byte order mark, line ends and a text without an end of line as they are', async () => {
    const odd = `\ufeffMail ${email}\r\nlast`
    const masked = await run(['mask', '--map', map], odd)
    expect(masked.stdout).toMatch(/^\ufeffMail EMAIL_\w{10}\r\nlast$/)
    expect((await run(['restore', '--map', map], masked.stdout)).stdout).toBe(odd)
  })
})
