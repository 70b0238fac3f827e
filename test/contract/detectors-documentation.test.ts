import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { openContentFilters } from '../../src/compose/content-filters.ts'
import { createConfigSchema } from '../../src/config/schema.ts'
import { detectorOptions } from '../../src/filters/remote/detector-options.ts'
import { llamaGuardCategories } from '../../src/filters/remote/llama-guard-categories.ts'
import { moderationCategories } from '../../src/filters/remote/moderation-categories.ts'
import { remoteFaultWords } from '../../src/filters/remote/remote-fault.ts'
import { stopServer } from '../support/databases/server-process.ts'
import { detectorOf } from '../support/filters/remote/adapters.ts'
import { startFakeWebhook, webhookKey } from '../support/filters/remote/fake-webhook.ts'
import { never } from '../support/filters/filter-fixtures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/content-filters.md'), 'utf8')
const section = /\n## Other detectors\n(.*?)\n## /s.exec(page)?.[1] ?? ''

/** The blocks of one language in the section. */
const blocks = (language: string) =>
  Array.from(section.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs')), ([, block = '']) => block)

/** The rows of the table with this first heading, each with the text of its cells. */
const rowsUnder = (heading: string): string[][] => {
  const table =
    section
      .slice(section.indexOf(`\n| ${heading} |`))
      .trimStart()
      .split('\n\n')[0] ?? ''
  const rows = table.split('\n').slice(2)
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}

describe('the page about other detectors', () => {
  it('has the tables of the service', () => {
    verifies('detectors.mapping')
    expect(rowsUnder('OpenAI Moderation')).toEqual(Object.entries(moderationCategories))
    expect(rowsUnder('Llama Guard 3 and 4')).toEqual(
      Object.entries(llamaGuardCategories).map(([code, { title, category }]) => [code, title, category]),
    )
    expect(rowsUnder('told as').map(([word]) => word)).toEqual(remoteFaultWords)
  })

  it('has a configuration that can be used, with the defaults of its table', () => {
    const [configuration = ''] = blocks('yaml')
    const literal = configuration.replaceAll(/\{ (?:env|file): \S+ \}/g, 'from-elsewhere')
    const config = createConfigSchema('/state', '/secrets').parse(parse(literal))
    expect(Object.keys(config.filters.detectors)).toEqual(['openai', 'guard', 'tone', 'rails', 'own'])
    const silent = { onFilterFailure: () => undefined, onDetectorOutcome: () => undefined }
    expect([...openContentFilters(config, silent).profiles.keys()]).toContain('public')
    const { deadline_ms, maximum_characters, breaker_failures, breaker_open_ms } = detectorOptions.parse({
      kind: 'moderation',
      url: 'http://127.0.0.1:1/v1',
    })
    const grouped = (count: number) => count.toLocaleString('en')
    const defaults = rowsUnder('setting of every kind').map(([name, value]) => `${name} ${value}`)
    expect(defaults).toEqual([
      'url ',
      'key none',
      'hide_values true for moderation and judge',
      'respelled true for nemo and webhook',
      `deadline_ms ${grouped(deadline_ms)}`,
      `maximum_characters ${grouped(maximum_characters)}`,
      `breaker_failures, breaker_open_ms ${breaker_failures}, ${grouped(breaker_open_ms)}`,
    ])
  })

  it('has the request and the answer of a webhook as they are', async () => {
    verifies('detectors.webhook')
    await using fake = await startFakeWebhook()
    const settings = { kind: 'webhook', url: fake.url, categories: ['guard/threat'], signing_key: webhookKey }
    const parts = [{ text: 'I will hurt you', provenance: 'user' }] as const
    const found = await detectorOf(settings).filter.inspect(
      parts,
      { direction: 'inbound', group: 'public', executedSql: [] },
      never,
    )
    const [request = '', answer = ''] = blocks('json')
    const [asked] = fake.asked
    const id = '0b7f9d3e-3c2a-4a53-9d0e-0f4a7a1b2c3d'
    expect({ ...(asked?.body as object), id }).toEqual(JSON.parse(request))
    const right = asked === undefined ? {} : (fake.answerTo(asked).body as object)
    expect({ ...right, id }).toEqual(JSON.parse(answer))
    expect(found).toMatchObject([{ start: 7, end: 11, score: 0.8 }])
  })

  it('has a webhook that works as it stands there', async () => {
    verifies('detectors.webhook')
    const program = join(temporaryFolder('webhook-'), 'webhook.py')
    writeFileSync(program, blocks('python')[0] ?? '')
    const env = { PATH: process.env['PATH'], SIGNING_KEY: webhookKey, PORT: '0' }
    const child = spawn('python3', ['-I', program], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const url = /http:\S+/.exec(line.toString())?.[0] ?? ''
      const settings = { kind: 'webhook', url, categories: ['guard/threat'], deadline_ms: 60_000 }
      const text = '😀 I will hurt you'
      const find = (key: string) =>
        detectorOf({ ...settings, signing_key: key }).filter.inspect(
          [{ text, provenance: 'user' }],
          { direction: 'inbound', group: 'public', executedSql: [] },
          never,
        )
      const [found = { start: 0, end: 0 }] = await find(webhookKey)
      expect(text.slice(found.start, found.end)).toBe('hurt')
      await detectorOf({ ...settings, signing_key: webhookKey }).filter.probe(never)
      await expect(find('another key')).rejects.toThrow('status 401')
    } finally {
      await stopServer(child, ['SIGTERM', 'SIGKILL'], 5_000)
    }
  })
})
