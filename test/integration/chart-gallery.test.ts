import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { sampleOf } from '../support/corpora/sample-of.ts'
import { SupervisorHarness, type HarnessRun } from '../support/sandbox/supervisor-harness.ts'

interface Cell {
  readonly name: string
  readonly code: string
  readonly charts: readonly unknown[]
}

interface ChartElement {
  readonly label: string
  readonly group?: string
  readonly [member: string]: unknown
}

interface Chart {
  readonly type: string
  readonly elements: readonly (Chart & ChartElement)[]
}

const folder = join(import.meta.dirname, '../corpora/charts')
const read = (library: string) => parse(readFileSync(join(folder, `${library}.yaml`), 'utf8')) as Cell[]

const setUp = `
import datetime, numpy as np, pandas as pd, matplotlib.pyplot as plt, seaborn as sns
plt.rcParams['figure.dpi'] = 40
long = pd.DataFrame({'d': list('xxyy') * 2, 'h': ['m'] * 4 + ['w'] * 4, 'v': [1, 3, 2, 4, 5, 7, 6, 8]})
`

/** The value of one element in the gallery's notation. */
const valueOf: Readonly<Record<string, (element: ChartElement) => unknown>> = {
  line: (element) => element['points'],
  scatter: (element) => element['points'],
  pie: (element) => [element['value'], element['angle']],
  box: (element) => [
    ...['minimum', 'first_quartile', 'median', 'third_quartile', 'maximum', 'outliers'].map((key) => element[key]),
    ...('mean' in element ? [element['mean']] : []),
  ],
}

/** Charts as the gallery writes them down: each series under its name. */
function written(chart: Chart): unknown[] {
  const { type, elements } = chart
  if (type === 'superchart') return elements.flatMap(written)
  if (type === 'unknown') return ['unknown']
  if (type === 'bar') return [{ bar: barsOf(elements) }]
  const series: Record<string, unknown> = {}
  for (const element of elements) {
    const name = element.group === undefined ? element.label : `${element.group}: ${element.label}`
    expect(series).not.toHaveProperty([name])
    series[name] = valueOf[type]?.(element)
  }
  return [{ [type]: series }]
}

function barsOf(elements: readonly ChartElement[]): Record<string, Record<string, unknown>> {
  const groups: Record<string, Record<string, unknown>> = {}
  for (const element of elements) {
    const label = 'start' in element ? `${String(element['start'])}..${String(element['end'])}` : element.label
    ;(groups[element.group ?? ''] ??= {})[label] = element['value']
  }
  return groups
}

/** Without what binary fractions add in the last digits, and without what the gallery leaves open. */
function rounded(value: unknown, expected: unknown): unknown {
  if (expected === '*') return '*'
  if (typeof value === 'number') return Number(value.toPrecision(9))
  if (Array.isArray(value))
    return value.map((part, index) => rounded(part, (expected as unknown[] | undefined)?.[index]))
  if (typeof value !== 'object' || value === null) return value
  const other = expected as Record<string, unknown> | undefined
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part, other?.[key])]))
}

describe.each(['matplotlib', 'pandas', 'seaborn'])('P2–P9: a chart of %s says what is drawn', (library) => {
  let supervisor: SupervisorHarness
  beforeAll(async () => {
    supervisor = await SupervisorHarness.start()
    await supervisor.run(setUp)
  })
  afterAll(() => supervisor[Symbol.asyncDispose]())

  it.each(sampleOf(read(library)))('$name', async ({ code, charts }) => {
    const { items, stderr, done }: HarnessRun = await supervisor.run(code)
    expect([done.error, stderr]).toEqual([null, ''])
    expect(items).toHaveLength(1)
    expect(items[0]).toHaveProperty('png')
    const chart = items[0]?.['chart'] as Chart | undefined
    expect(rounded(chart === undefined ? [] : written(chart), charts)).toEqual(rounded(charts, undefined))
  })
})
