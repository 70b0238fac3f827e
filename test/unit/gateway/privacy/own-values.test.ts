import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { createDetect } from '../../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../../src/gateway/privacy/detect/detectors.ts'
import { labelsOf } from '../../../../src/gateway/privacy/profiles/labels-of.ts'
import { privacyOptions } from '../../../../src/gateway/privacy/profiles/options.ts'
import { Spellings } from '../../../../src/gateway/privacy/tokens/spellings.ts'
import { TokenBook } from '../../../../src/gateway/privacy/tokens/token-book.ts'
import { maskForTest } from '../../../support/privacy/private-calls.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'
import { createSecretKey } from 'node:crypto'

const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/pii.md'), 'utf8')
const [, section = ''] = /\n## Values of your own\n([\s\S]*?)\n## /.exec(page) ?? []
const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(section) ?? []
const rows = [...section.matchAll(/^\| `(.*)` \| `(.*)` \|$/gm)].map(
  ([, sent = '', seen = '']) => [sent, seen] as const,
)

function privacyOf(configuration: string) {
  const folder = temporaryFolder('sallyport-own-values-')
  const file = join(folder, 'config.yaml')
  writeFileSync(file, configuration)
  return loadConfig({ variables: { HOME: folder }, workingDirectory: folder, flags: {}, file }).config.privacy
}

/** What the model sees of a text, the keyed parts of tokens left out. */
async function seenOf(text: string, options: ReturnType<typeof privacyOf>, level: 'structured' | 'all' = 'all') {
  const profile = options.profiles['support']
  if (profile === undefined) throw new Error('there is a profile')
  const { chain } = createDetectorsFor(options)(profile)
  const detect = createDetect({ chain, profile, level, group: 'default' })
  const labels = labelsOf(options)
  const spellings = new Spellings(labels.all)
  const book = new TokenBook(createSecretKey(Buffer.alloc(32, 1)), labels)
  const { body } = await maskForTest(
    'chat-completions',
    { messages: [{ role: 'user', content: text }] },
    { detect, book, labels, spellings },
  )
  const { messages } = JSON.parse(body) as { readonly messages: readonly { readonly content: string }[] }
  return messages[0]?.content.replace(/(?<=[A-Z]_)(?:[A-Z]\d){5}/g, '…')
}

describe('the values of one’s own in docs/pii.md', () => {
  const options = privacyOf(yaml)

  it('are a table with a configuration', () => expect(rows.length).toBeGreaterThan(6))

  it.each(rows)('%s becomes %s', async (sent, seen) => {
    verifies('own-values.found')
    expect(await seenOf(sent, options)).toBe(seen)
  })

  it('are found where only what has a form of its own is looked for', async () => {
    expect(await seenOf('Project Blue Heron, E-123456', options, 'structured')).toBe('COMPANY_…, EMPLOYEENUMBER_…')
  })

  it.each([
    ['base64', Buffer.from('we call it Project Blue Heron here').toString('base64')],
    ['escapes of a link', 'q=Project%20Blue%20Heron'],
    ['invisible characters', 'Pro\u200bject Blue He\u200dron'],
    ['letters of another alphabet', 'Prоject Вlue Herоn'],
    ['Markdown', 'Project **Blue** Heron'],
  ])('are found in %s', async (_what, text) => {
    expect(await seenOf(text, options)).toContain('COMPANY_…')
  })

  it('are those of the profile that has them, and of no other', async () => {
    const two = privacyOptions.parse({ profiles: { support: {}, other: options.profiles['support'] } })
    expect(await seenOf('Project Blue Heron', two)).toBe('Project Blue Heron')
    expect(await seenOf('help@hamlin.example', two)).toBe('EMAIL_…')
  })
})

describe('values of one’s own that cannot be used', () => {
  const refusal = (profile: string) => () => privacyOf(`privacy:\n  profiles:\n    support:\n${profile}`)

  it.each([
    [
      'a pattern',
      "      recognizers:\n        - { name: a, pattern: '(?<=a)b' }\n",
      'privacy.profiles.support.recognizers[0].pattern: is no pattern of RE2',
    ],
    [
      'a check',
      '      recognizers: [{ name: a, pattern: a, check: lun }]\n',
      'privacy.profiles.support.recognizers[0].check: invalid option',
    ],
    [
      'a name twice',
      '      recognizers: [{ name: a, pattern: a }, { name: a, pattern: b }]\n',
      'recognizers[1].name: there is a recognizer "a" before',
    ],
    [
      'a long pattern',
      `      allow: { patterns: [${'a'.repeat(1_001)}] }\n`,
      'allow.patterns[0]: must have 1,000 characters at most',
    ],
    [
      'an empty match',
      "      deny: [{ category: custom/a, patterns: ['a*'] }]\n",
      'deny[0].patterns[0]: must not match an empty text',
    ],
    ['a value', '      deny: [{ category: custom/a, values: [1] }]\n', 'deny[0].values[0]: invalid input'],
  ])('are refused with the configuration, with file, line and place: %s', (_what, profile, message) => {
    verifies('own-values.refused')
    expect(refusal(profile)).toThrow(message)
    expect(refusal(profile)).toThrow(/config\.yaml:\d+:\d+: /)
  })

  it('are refused before anything is served where letters are read as others', () => {
    const options = privacyOf("privacy: { profiles: { support: { allow: { patterns: ['[у-х]'] } } } }")
    expect(() => createDetectorsFor(options)).toThrow(
      /^privacy\.profiles\.support: the pattern "\[у-х\]", read as "\[y-x\]", is no pattern of RE2/,
    )
  })
})
