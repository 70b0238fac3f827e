import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requirements } from '../requirements.ts'
import { readCitations } from '../support/citations.ts'
import { requirementFaults, type RequirementParts } from '../support/requirement-faults.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')

function textsOf(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => `test/${path}`)
const documents = ['', 'deploy/'].flatMap((folder) =>
  readdirSync(join(root, 'docs', folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}${name}`] : [])),
)

describe('the promises of README.md, SECURITY.md, docs/*.md and docs/deploy/*.md', () => {
  it('have a test each, and every test that cites one cites one that is made', () => {
    const parts = {
      requirements,
      cited: readCitations(textsOf(tests)),
      documents: textsOf(['README.md', 'SECURITY.md', ...documents.map((name) => `docs/${name}`)]),
    }
    expect(requirementFaults(parts)).toEqual([])
    expect(requirements.length).toBeGreaterThan(100)
  })
})

const row = { id: 'gate.closed', text: 'The gate is closed at night.', where: 'docs/gate.md#at-night-closed' }
const document = '# Gate\n\n```sh\n# at noon\n```\n\n## At night: *closed*\n'
const test = "it('is closed', () => {\n  verifies('gate.closed')\n})"

function faults({ text = test, ...parts }: Partial<RequirementParts> & { readonly text?: string }) {
  return requirementFaults({
    requirements: [row],
    cited: readCitations(new Map([['a.test.ts', text]])),
    documents: new Map([['docs/gate.md', document]]),
    ...parts,
  })
}

const idle = 'a.test.ts:1: verifies() holds nothing: no running test begins with it, or its id is not written out'
const uncited = 'gate.closed: no test holds it: The gate is closed at night.'

describe('a promise', () => {
  it.each([
    ['a test', test],
    ['a group', "describe('gate', () => {\n  verifies('gate.closed')\n})"],
    ['a test of many rows', "it.concurrent.each([1])('%i', async (n) => {\n  verifies('gate.closed')\n})"],
    ['a test that runs where it can', "describe.skipIf(a)('x', function () {\n  verifies('gate.closed')\n})"],
    [
      'a test with two of them',
      "it('x', { timeout: 1 }, () => {\n  verifies('gate.closed')\n  verifies('gate.closed')\n})",
    ],
  ])('is held by %s that begins with its id', (_kind, text) => {
    expect(faults({ text })).toEqual([])
  })

  it('without a test is a fault', () => {
    verifies('promises.cited')
    expect(faults({ text: "it('is closed', () => {})" })).toEqual([uncited])
  })

  it('is held by no text that only names it', () => {
    expect(faults({ text: "// verifies('gate.closed')\nconst a = `verifies('gate.closed')`" })).toEqual([uncited])
  })

  it('that is made twice under one id is a fault', () => {
    expect(faults({ requirements: [row, { ...row, text: 'Another.' }] })).toEqual([
      'gate.closed: two promises have this id',
    ])
  })

  it.each(['docs/gate.md#by-day', 'docs/other.md#gate', 'docs/gate.md#at-noon', 'docs/gate.md'])(
    'at %s, where nothing stands, is a fault',
    (where) => {
      expect(
        faults({
          requirements: [row, { id: 'b', text: 'B.', where }],
          text: `${test}\n${test.replace('gate.closed', 'b')}`,
        }),
      ).toEqual([`b: there is no heading ${where}`])
    },
  )

  it('that nobody makes is a fault where it is cited', () => {
    expect(faults({ text: test.replace("closed')\n", "closed', 'gate.opened')\n") })).toEqual([
      'gate.opened: a.test.ts:2 cites no promise',
    ])
  })

  it('is made by each document', () => {
    const more = new Map([
      ['docs/gate.md', document],
      ['docs/wall.md', '# Wall'],
    ])
    expect(faults({ documents: more })).toEqual(['docs/wall.md: promises nothing'])
  })
})

describe('a citation', () => {
  it.each([
    ['outside a test', "verifies('gate.closed')"],
    ['in a test that is switched off', "it.skip('x', () => { verifies('gate.closed') })"],
    ['in a group that is switched off', "describe.skip('x', () => { it('y', () => { verifies('gate.closed') }) })"],
    ['in a test that is expected to fail', "it.fails('x', () => { verifies('gate.closed') })"],
    ['behind what a test does', "it('x', () => { act(); verifies('gate.closed') })"],
    ['in a branch', "it('x', () => { if (a) { verifies('gate.closed') } })"],
    ['in a function that no test is', "const f = () => { verifies('gate.closed') }"],
    ['of an id that is not written out', "it('x', () => { verifies(id) })"],
    ['of nothing', "it('x', () => { verifies() })"],
  ])('%s holds nothing, which is a fault', (_where, text) => {
    expect(faults({ text })).toEqual([uncited, idle])
  })
})
