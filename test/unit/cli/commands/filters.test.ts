import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'
import { FakeServer } from '../../../support/filters/remote/fake-server.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder('sallyport-filters-')
})

const profiles = {
  public: { version: 3, inbound: { 'pii/card': { action: 'block' }, pii: { action: 'mask' } } },
  trial: {
    inbound: { pii: { action: 'block', mode: 'shadow' } },
    outbound: { pii: { action: 'block', threshold: 1 } },
  },
}

const run = (words: readonly string[], input?: string, filters: object = {}) => {
  const config = join(folder, 'config.yaml')
  writeFileSync(config, JSON.stringify({ secrets_directory: folder, filters: { profiles, ...filters } }))
  return runCommand(['filters', ...words, '--config', config], {
    workingDirectory: folder,
    ...(input === undefined ? {} : { input }),
  })
}

function file(text: string, name = 'text.txt'): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const mail = '\u{1F600} mail anna@example.com'
const card = 'card 4111 1111 1111 1111'

describe('filters check', () => {
  it('says where what was found stands, how surely, and what would be done and why', async () => {
    verifies('filter-check.command')
    const checked = await run(['check', '--profile', 'public'], mail)
    expect(checked.exitCode).toBe(0)
    const cells = checked.stdout
      .split('\n')[3]
      ?.split('│')
      .map((cell) => cell.trim())
    expect(cells?.slice(1, 8)).toEqual([
      '8',
      '24',
      'pii/email',
      '0.95',
      'pii-patterns@1',
      'mask',
      '0.95 is not below 0.5, by the rule pii',
    ])
    expect(checked.stdout).toContain('Would be done: mask. Profile public, version 3; asked: pii-patterns 1')
    expect(checked.stdout).not.toContain('anna@')
    const shown = await run(['check', '--profile', 'public', '--show-values'], mail)
    expect(shown.stdout).toContain('anna@example.com')
  })

  it('ends with 3 where a text would not go on, and says the same as a document', async () => {
    const paths = [file(mail, 'a.txt'), file(card, 'b.txt')]
    const checked = await run(['check', '--profile', 'public', '--output', 'json', ...paths])
    expect(checked.exitCode).toBe(3)
    expect(JSON.parse(checked.stdout)).toMatchObject({
      action: 'block',
      profile: { name: 'public', version: 3 },
      findings: [
        { file: paths[0], start: 8, end: 24, category: 'pii/email', effective: 'mask', mode: 'enforce' },
        { file: paths[1], start: 5, end: 24, category: 'pii/card', effective: 'block', decided: 'block' },
      ],
    })
  })

  it('does nothing in shadow mode, and goes by the direction', async () => {
    const shadow = await run(['check', '--profile', 'trial', '--output', 'json'], card)
    expect(shadow.exitCode).toBe(0)
    expect(JSON.parse(shadow.stdout)).toMatchObject({
      action: 'allow',
      findings: [{ decided: 'block', effective: 'allow', mode: 'shadow' }],
    })
    const out = await run(['check', '--profile', 'trial', '--direction', 'outbound', '--output', 'json'], card)
    expect(JSON.parse(out.stdout)).toMatchObject({ action: 'allow', findings: [{ decided: 'allow', mode: 'enforce' }] })
    expect(out.stdout).toContain('is below 1, by the rule pii')
  })

  it('ends with 1 where it is blocked since a detector did not answer', async () => {
    await using broken = await FakeServer.start(() => ({ status: 500, body: {} }))
    const detectors = { own: { kind: 'webhook', url: broken.url, categories: ['guard/threat'] } }
    const guarded = { guarded: { inbound: { guard: { action: 'block' } } } }
    const checked = await run(['check', '--profile', 'guarded'], 'Hello', { detectors, profiles: guarded })
    expect(checked.exitCode).toBe(1)
    expect(checked.stdout).toContain('own did not answer (fault) about guard: that blocks.')
  })

  it('answers a line for a line, and goes on behind a bad one', async () => {
    verifies('filter-check.command')
    const lines = [
      JSON.stringify({ id: 1, text: card }),
      '{"id": 2}',
      'no json',
      JSON.stringify({ id: 'three', text: 'Hello', direction: 'outbound' }),
    ]
    const checked = await run(['check', '--profile', 'public', '--jsonl'], `${lines.join('\n')}\n`)
    expect(checked.exitCode).toBe(2)
    const answers = checked.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly id: unknown; readonly action?: string; readonly error?: object })
    expect(answers).toHaveLength(4)
    const of = (id: unknown) => answers.find((answer) => answer.id === id)
    expect([of(1)?.action, of('three')?.action]).toEqual(['block', 'allow'])
    expect(of(2)?.error).toMatchObject({ code: 'invalid-request' })
    expect(of(null)?.error).toMatchObject({ code: 'invalid-request' })
  })

  it.each<readonly [what: string, words: readonly string[], said: string]>([
    ['no profile', ['check'], "required option '--profile <name>' not specified"],
    ['a profile that is not there', ['check', '--profile', 'none'], 'There are: default, public, trial.'],
    ['a file beside lines', ['check', '--profile', 'public', '--jsonl', 'a'], 'leave out the files'],
    ['standard input twice', ['check', '--profile', 'public', '-', '-'], 'Write "-" once.'],
  ])('refuses %s', async (_what, words, said) => {
    const refused = await run(words, 'text')
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(said)])
  })
})

describe('filters evaluate', () => {
  const labelled = (text: string, ...labels: string[]) => JSON.stringify({ text, labels })
  const lines = [
    labelled('mail anna@example.com', 'pii/email'),
    labelled('anna at example dot com, so a person reads it', 'pii/email'),
    ...Array.from({ length: 20 }, (_, number) => labelled(`Order ${number} has arrived.`)),
    labelled(card, 'pii/card'),
  ].join('\n')

  it('prints recalls with intervals, and areas, by category', async () => {
    verifies('filter-check.evaluation')
    const evaluated = await run(['evaluate', '--output', 'json'], lines)
    expect(evaluated.exitCode).toBe(0)
    const { texts, failed, categories } = JSON.parse(evaluated.stdout) as {
      readonly texts: number
      readonly failed: number
      readonly categories: readonly { readonly category: string; readonly recall_at: readonly object[] }[]
    }
    expect([texts, failed, categories.map(({ category }) => category)]).toEqual([23, 0, ['pii/card', 'pii/email']])
    expect(categories[0]).toMatchObject({ positives: 1, negatives: 22, auc: 1, average_precision: 1 })
    expect(categories[0]?.recall_at[0]).toMatchObject({ false_positive_rate: 0.01, recall: 1, false_positives: 0 })
    const table = await run(['evaluate'], lines)
    expect(table.stdout).toContain('| category | texts with it | without | recall at 1 % | recall at 5 % | AUC |')
    expect(table.stdout).toMatch(/\| pii\/card \| 1 \| 22 \| 100\.0 % \(20\.7–100\.0\), from 0\.\d\d \|/)
  })

  it('draws the curves as files that are pictures alone', async () => {
    const pictures = join(folder, 'curves')
    const evaluated = await run(['evaluate', file(lines, 'labelled.jsonl'), '--pictures', pictures])
    expect(evaluated.exitCode).toBe(0)
    for (const name of ['pii-card-roc.svg', 'pii-card-pr.svg', 'pii-email-roc.svg', 'pii-email-pr.svg']) {
      expect(existsSync(join(pictures, name))).toBe(true)
      expect(readFileSync(join(pictures, name), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s)
      expect(evaluated.stderr).toContain(name)
    }
  })

  it('counts texts that a detector did not answer for in no figure, and ends with 1', async () => {
    await using broken = await FakeServer.start(() => ({ status: 500, body: {} }))
    const detectors = { own: { kind: 'webhook', url: broken.url, categories: ['guard/threat'] } }
    const evaluated = await run(['evaluate', '--output', 'json'], lines, { detectors })
    expect([evaluated.exitCode, (JSON.parse(evaluated.stdout) as { failed: number }).failed]).toEqual([1, 23])
  })

  it.each<readonly [what: string, input: string, said: string]>([
    ['a line that is none', `${lines}\nno json`, 'line 24 is not JSON'],
    ['a label that nothing reports', labelled('a', 'guard/unheard-of'), 'Nothing reports "guard/unheard-of"'],
    ['texts without a label', labelled('a'), 'No text is labelled'],
  ])('refuses %s', async (_what, input, said) => {
    const refused = await run(['evaluate'], input)
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(said)])
  })
})
