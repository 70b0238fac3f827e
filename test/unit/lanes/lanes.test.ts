import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { laneArguments } from '../../lanes/lane-arguments.ts'
import { hasRun, lanes, type Lane, type LaneName } from '../../lanes/lanes.ts'
import { notRun } from '../../lanes/not-run.ts'
import { corpusNames } from '../../support/corpora/corpora.ts'
import { shares } from '../../support/privacy/lane-cases.ts'
import { verifies } from '../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(resolve(root, path), 'utf8')
const all = Object.entries(lanes) as [LaneName, Lane][]

describe('the lanes', () => {
  it('are those of the table in docs/verification.md', () => {
    verifies('lanes.table')
    const rows = [...read('docs/verification.md').matchAll(/^\| `([\w-]+)` \| ([^|]+) \| `([^|]+)` \|$/gm)]
    const written = rows.map(([, name, size, file]) => [name, size, file])
    const own = all.map(([name, { size, unit, files }]) => [
      name,
      size === null ? 'all' : `${size.toLocaleString('en')} ${unit}`,
      files.join(', '),
    ])
    expect(written).toEqual(own)
  })

  it.each(all)('%s sets what its tests, or what they are made with, read', (_name, { files, variables }) => {
    const shared = [
      'test/contract/quota-races-contract.ts',
      'test/support/corpora/sample-of.ts',
      'test/support/databases/postgres-binaries.ts',
      'test/support/injection/obeying/obeying-lab.ts',
      'test/support/privacy/lane-cases.ts',
      'test/support/property-runs.ts',
      'test/support/sandbox/attack-rows.ts',
      'test/support/replicas/two-replicas.ts',
    ]
    const sources = [...files, ...shared].map(read).join('')
    const unread = Object.keys(variables(1)).filter((variable) => !sources.includes(`process.env['${variable}']`))
    expect(unread).toEqual([])
  })

  it.each(all)('%s has run at its own size or above, and at no smaller one', (name, { size, variables }) => {
    expect(hasRun(name, {})).toBe(false)
    expect(hasRun(name, variables(size ?? 0))).toBe(true)
    if (size === null) return
    expect(hasRun(name, variables(size * 2))).toBe(true)
    expect(hasRun(name, variables(size - 1))).toBe(false)
  })
})

it('the lane properties has every file that takes its counts as it does', () => {
  const tests = readdirSync(resolve(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name}`)
  expect(lanes.properties.files.toSorted()).toEqual(
    tests.filter((path) => /import .*property-runs\.ts'/.test(read(path))).toSorted(),
  )
})

it('the properties of the lane privacy have all of its cases between them', () => {
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0)
  expect(total).toBe(1_000)
})

describe('what a run did not show', () => {
  it('is every lane it had not at its size, every corpus that is not there, and a cluster that is not', () => {
    verifies('lanes.said')
    const environment = { SALLYPORT_STREAM_TEXTS: '100000', SALLYPORT_DATA: '/nowhere', SALLYPORT_KUBERNETES: '0' }
    const [small, absent, ...more] = notRun(environment)
    expect(more).toEqual(['No cluster here, so that what needs one was skipped: SALLYPORT_KUBERNETES is 0.'])
    const named = /: (.*?)\. npm run lane/.exec(small ?? '')?.[1]?.split(', ')
    expect(named).toEqual(Object.keys(lanes).filter((name) => name !== 'streams'))
    for (const name of corpusNames) expect(absent).toContain(name)
  })

  it('is nothing where all of it ran', () => {
    const environment = Object.assign({}, ...all.toReversed().map(([, { size, variables }]) => variables(size ?? 0)))
    expect(notRun({ ...environment, SALLYPORT_MUTATIONS: '100000' }).filter((line) => line.includes('lane'))).toEqual(
      [],
    )
  })
})

describe('the arguments of a lane', () => {
  it.each([
    [['leaks'], { name: 'leaks', size: 2_000, record: false }],
    [['leaks', '--size', '30', '--record'], { name: 'leaks', size: 30, record: true }],
    [['bombs'], { name: 'bombs', size: null, record: false }],
  ])('%j are understood', (words, given) => {
    expect(laneArguments(words)).toEqual(given)
  })

  it.each([
    [[], 'Name one lane.'],
    [['leaks', 'truth'], 'Name one lane.'],
    [['leak'], 'There is no lane "leak".'],
    [['toString'], 'There is no lane "toString".'],
    [['leaks', '--size', '0'], '--size takes a whole number above 0.'],
    [['leaks', '--size', '1e3'], '--size takes a whole number above 0.'],
    [['bombs', '--size', '3'], 'The lane "bombs" has one size only.'],
    [['leaks', '--runs', '3'], "Unknown option '--runs'"],
  ])('%j are refused with the lanes there are', (words, reason) => {
    const said = laneArguments(words)
    expect(said).toContain(reason)
    expect(said).toContain('streams, privacy, leaks, truth')
  })
})
