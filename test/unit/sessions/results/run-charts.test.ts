import { describe, expect, it } from 'vitest'
import type { ConversationItem, KeptItem } from '../../../../src/core/conversations.ts'
import type { DisplayItem } from '../../../../src/core/result.ts'
import { chartsOfRun } from '../../../../src/sessions/results/run-charts.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { verifies } from '../../../support/verifies.ts'

const bars = (title: string) => ({ type: 'bar', title, elements: [{ label: 'a', group: 's', value: 1 }] })
const line = { data: { values: [{ a: 1 }] }, mark: 'line', title: 'written' }

function used(
  number: number,
  results: readonly Omit<DisplayItem, 'isMain'>[],
  findings: readonly string[] = [],
): ConversationItem {
  const cell = cellResult({ results: results.map((each) => ({ isMain: false, ...each })) })
  const said = findings.map((rule) => ({ rule, line: 1, column: 1, message: '' }))
  const outcome = {
    kind: 'result',
    number,
    milliseconds: 1,
    cell,
    table: null,
    ranIn: '',
    summary: '',
    findings: said,
  } as const
  return { type: 'tool-use', callId: 'c', tool: 'run_python', source: null, outcome }
}

const file = (fileId: string | null, name: string, isMasked = false): ConversationItem => ({
  type: 'artifact',
  fileId,
  name,
  mediaType: name.endsWith('.png') ? 'image/png' : 'application/json',
  bytes: 1,
  ...(isMasked ? { isMasked } : {}),
})

const files: Readonly<Record<string, string>> = { file_line: JSON.stringify(line), file_broken: '{', file_bad: '[]' }

async function chartsOf(...items: readonly ConversationItem[]) {
  const kept = items.map((item, place): KeptItem => ({
    id: `item_${place}`,
    conversation: 'c',
    place,
    run: 'run_1',
    made: new Date(0),
    item,
  }))
  return chartsOfRun(kept, { run: 'run_1', readFile: async (id) => files[id] ?? null })
}

describe('charts of a run', () => {
  it('are figures with their pictures, which are told behind their call in the same order', async () => {
    verifies('clients.charts')
    const found = await chartsOf(
      used(1, [{ png: 'a', chart: bars('one') }, { png: 'b' }, { png: 'c', chart: bars('two') }]),
      file('file_a', 'chart-1.png'),
      file('file_b', 'chart-2.png'),
      file('file_c', 'chart-3.png'),
      file('file_saved', 'saved.png'),
      { type: 'message', role: 'assistant', content: 'Here.' },
      used(2, [{ chart: bars('three') }], ['filter/pii-email']),
      file('file_d', 'chart-4.png'),
    )
    expect(
      found.map(({ number, call, picture, chart, isMasked }) => [number, call, picture, chart.title, isMasked]),
    ).toEqual([
      [1, 1, 'file_a', 'one', false],
      [2, 1, 'file_c', 'two', false],
      [3, 2, 'file_d', 'three', true],
    ])
  })

  it('are what programs have shown or saved as Vega-Lite, or why not', async () => {
    const shown = { ...line, $schema: 'https://vega.github.io/schema/vega-lite/v6.json', title: 'shown' }
    const found = await chartsOf(
      used(1, [{ json: shown }, { json: { a: 1 } }], ['filter/result-cut']),
      file('file_line', 'sales.VL.json', true),
      file('file_broken', 'broken.vl.json'),
      file('file_bad', 'bad.vl.json'),
      file('file_gone', 'gone.vl.json'),
      file(null, 'unkept.vl.json'),
      file('file_line', 'other.json'),
    )
    expect(found.map(({ chart, isMasked }) => [chart.kind, chart.title, isMasked])).toEqual([
      ['vega-lite', 'shown', false],
      ['vega-lite', 'written', true],
      ['refused', 'broken.vl.json', false],
      ['refused', null, false],
      ['refused', 'gone.vl.json', false],
    ])
  })

  it('are read of no more files than a run has charts', async () => {
    const saved = Array.from({ length: 25 }, (_, place) => file('file_line', `${place}.vl.json`))
    const found = await chartsOf(used(1, []), ...saved)
    expect(found.map(({ chart }) => chart.kind)).toEqual([
      ...Array.from({ length: 20 }, () => 'vega-lite'),
      ...Array.from({ length: 5 }, () => 'refused'),
    ])
  })
})
