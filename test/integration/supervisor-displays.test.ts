import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analysisImports, onlyResult, SupervisorHarness } from '../support/sandbox/supervisor-harness.ts'

let supervisor: SupervisorHarness
beforeAll(async () => {
  supervisor = await SupervisorHarness.start()
  await supervisor.run(analysisImports)
})
afterAll(async () => {
  await supervisor[Symbol.asyncDispose]()
})

const only = (code: string) => onlyResult(supervisor, code)

describe('a table', () => {
  it('is data with the types of its columns, and JSON in every cell', async () => {
    const item = await only(
      'pd.DataFrame({"n": [1, 2**60], "x": [1.5, float("nan")], "d": [decimal.Decimal("1.10"), None], ' +
        '"t": pd.to_datetime(["2026-01-02", None]), "s": ["ä", None], "i": [float("inf"), 0.0]})',
    )
    expect(item['data']).toEqual({
      columns: [
        { name: 'n', type: 'int64' },
        { name: 'x', type: 'float64' },
        { name: 'd', type: 'object' },
        { name: 't', type: expect.stringMatching(/^datetime64/) },
        { name: 's', type: 'str' },
        { name: 'i', type: 'float64' },
      ],
      rows: [
        [1, 1.5, '1.10', '2026-01-02T00:00:00', 'ä', 'Infinity'],
        ['1152921504606846976', null, null, null, null, 0],
      ],
      total_rows: 2,
    })
    expect(item['html']).toContain('<table')
    expect(item['text']).toContain('1.5')
  })

  it('of ten million rows is cut with its true length', async () => {
    const { items, done } = await supervisor.run('pd.DataFrame({"a": np.arange(10**7)})')
    const data = items[0]?.['data'] as { rows: unknown[]; total_rows: number }
    expect([data.rows.length, data.total_rows, done.truncated]).toEqual([200, 10 ** 7, ['rows']])
  })

  it('keeps an index that means something', async () => {
    const item = await only('pd.DataFrame({"v": [1, 2]}, index=pd.Index(["p", "q"], name="k"))')
    expect(item['data']).toMatchObject({
      columns: [{ name: 'k' }, { name: 'v' }],
      rows: [
        ['p', 1],
        ['q', 2],
      ],
    })
  })

  it('may be a series, a polars frame or an Arrow table', async () => {
    expect((await only('pd.Series([1, 2], name="s")'))['data']).toMatchObject({
      columns: [{ name: 's' }],
      total_rows: 2,
    })
    expect((await only('import polars as pl\npl.DataFrame({"a": [1, None]})'))['data']).toMatchObject({
      rows: [[1], [null]],
    })
    expect((await only('import pyarrow as pa\npa.table({"a": ["x"]})'))['data']).toMatchObject({ rows: [['x']] })
  })
})

describe('a figure', () => {
  it('is captured without show(), as a picture and as data', async () => {
    const item = await only(
      'plt.plot([1, 2], [3, 4], label="a")\nplt.axhline(3.5)\nplt.title("T"); plt.xlabel("Time (s)"); plt.ylabel("v");',
    )
    expect(Buffer.from(String(item['png']), 'base64').subarray(1, 4).toString()).toBe('PNG')
    expect(item['chart']).toMatchObject({
      type: 'line',
      title: 'T',
      x_label: 'Time (s)',
      x_unit: 's',
      y_label: 'v',
      elements: [
        {
          label: 'a',
          points: [
            [1, 3],
            [2, 4],
          ],
        },
      ],
    })
  })

  it.each([
    [
      'bar',
      'plt.bar(["a", "b"], [3, 4]);',
      [
        { label: 'a', group: 'series 1', value: 3 },
        { label: 'b', group: 'series 1', value: 4 },
      ],
    ],
    ['scatter', 'plt.scatter([1], [2], label="s");', [{ label: 's', points: [[1, 2]] }]],
    [
      'pie',
      'plt.pie([1, 3], labels=["a", "b"]);',
      [
        { label: 'a', angle: 90, radius: 1 },
        { label: 'b', angle: 270, radius: 1 },
      ],
    ],
    [
      'box',
      'plt.boxplot([[1, 2, 3, 4, 100]], tick_labels=["u"]);',
      [{ label: 'u', minimum: 1, first_quartile: 2, median: 3, third_quartile: 4, maximum: 4, outliers: [100] }],
    ],
  ])('of the kind %s has its elements', async (type, code, elements) => {
    expect((await only(code))['chart']).toMatchObject({ type, elements })
  })

  it('with dates on its axis has them as ISO 8601, from pandas too', async () => {
    const points = [
      ['2026-01-01T00:00:00', 1],
      ['2026-01-02T00:00:00', 2],
    ]
    const code = 'pd.Series([1, 2], index=pd.date_range("2026-01-01", periods=2)).plot();'
    expect((await only(code))['chart']).toMatchObject({ x_scale: 'datetime', elements: [{ points }] })
  })

  it.each([
    [
      'an error bar',
      'plt.errorbar([1], [2], yerr=[0.1], capsize=3, label="e");',
      'line',
      [{ label: 'e', points: [[1, 2]] }],
    ],
    ['a stem', 'plt.stem([1], [2], label="s");', 'line', [{ label: 's', points: [[1, 2]] }]],
    [
      'categories',
      'plt.scatter(["a", "b"], [1, 2]);',
      'scatter',
      [
        {
          points: [
            ['a', 1],
            ['b', 2],
          ],
        },
      ],
    ],
    ['a legend', 'p = plt.pie([1, 3])[0]; plt.legend(p, ["a", "b"]);', 'pie', [{ label: 'a' }, { label: 'b' }]],
    ['nameless parts', 'plt.pie([1, 3]);', 'pie', [{ label: 'part 1' }, { label: 'part 2' }]],
    ['space', 'plt.figure().add_subplot(projection="3d").plot([1], [2], [3]);', 'line', [{ points: [[1, 2, 3]] }]],
    [
      'months',
      'pd.Series([1, 2], index=pd.date_range("2026-01-31", periods=2, freq="ME")).plot(kind="bar");',
      'bar',
      [
        { label: '2026-01-31T00:00:00', value: 1 },
        { label: '2026-02-28T00:00:00', value: 2 },
      ],
    ],
  ])('with %s is read as people read it', async (_, code, type, elements) => {
    const chart = (await only(code))['chart'] as { elements: unknown[] }
    expect(chart).toMatchObject({ type, elements })
    expect(chart.elements).toHaveLength(elements.length)
  })

  it('with bars that lie down says so of each', async () => {
    const [lying, upright] = [await only('plt.barh(["a", "b"], [3, 4]);'), await only('plt.bar(["a"], [3]);')]
    const orientation = 'horizontal'
    expect(lying['chart']).toMatchObject({
      elements: [
        { label: 'a', value: 3, orientation },
        { value: 4, orientation },
      ],
    })
    expect(JSON.stringify(upright['chart'])).not.toContain('orientation')
  })

  it('whose axes are turned says so, and of others nothing', async () => {
    const turned = await only('plt.barh(["a", "b"], [3, 4]); plt.gca().invert_yaxis();')
    expect(turned['chart']).toMatchObject({ type: 'bar', y_inverted: true })
    const plain = await only('plt.barh(["a", "b"], [3, 4]);')
    expect(turned['chart']).not.toHaveProperty('x_inverted')
    expect(JSON.stringify(plain['chart'])).not.toContain('inverted')
  })

  it('of which a line runs through bars or points keeps both', async () => {
    const bars = await only(
      'plt.bar(["a", "b"], [1, 2]); plt.plot(["a", "b"], [2, 3]); plt.axhline(1); plt.title("t");',
    )
    expect(bars['chart']).toMatchObject({
      type: 'superchart',
      title: 't',
      elements: [{ type: 'bar' }, { type: 'line' }],
    })
    const points = await only('plt.scatter([1, 2], [1, 3]); plt.plot([1, 2], [1, 2]);')
    expect(points['chart']).toMatchObject({ type: 'superchart', elements: [{ type: 'line' }, { type: 'scatter' }] })
    expect((await only('plt.bar(["a", "b"], [1, 2], yerr=[1, 1], capsize=3);'))['chart']).toMatchObject({ type: 'bar' })
  })

  it('of more points than are passed on says so', async () => {
    const { items, done } = await supervisor.run('plt.scatter(range(5001), range(5001));')
    const chart = items[0]?.['chart'] as { elements: { points: unknown[] }[] }
    expect([chart.elements[0]?.points.length, done.truncated]).toEqual([5000, ['item']])
  })

  it.each([
    'plt.errorbar([1], [2], yerr=[1])',
    'plt.pie([1, 2])',
    'plt.boxplot([1, 2])',
    'plt.imshow([[1]]); plt.colorbar()',
  ])('is the result of %s, which returns parts of it', async (code) => {
    expect(await only(code)).toMatchObject({ text: expect.stringContaining('Figure'), png: expect.any(String) })
  })

  it('of several axes is a superchart', async () => {
    const item = await only('f, a = plt.subplots(1, 2); a[0].plot([1, 2]); a[1].bar(["x"], [1]); f')
    expect(item['chart']).toMatchObject({ type: 'superchart', elements: [{ type: 'line' }, { type: 'bar' }] })
  })

  it('of 400 million pixels is not drawn, and says so', async () => {
    const { items, done } = await supervisor.run('plt.figure(figsize=(200, 200)); plt.plot([1]);')
    expect(items[0]?.['png']).toBeUndefined()
    expect(items[0]?.['text']).toContain('was not drawn')
    expect(done.truncated).toEqual(['pixels'])
  })
})

describe('other representations', () => {
  it('come from the methods analysts know', async () => {
    const code =
      'class R:\n  def _repr_html_(self): return "<b>h</b>"\n  def _repr_markdown_(self): return "*m*"\n' +
      '  def _repr_latex_(self): return "$l$"\n  def _repr_svg_(self): return "<svg/>"\n  def _repr_json_(self): return {"j": [1]}\n' +
      '  def __repr__(self): return "t"\nR()'
    expect(await only(code)).toEqual({
      html: '<b>h</b>',
      markdown: '*m*',
      latex: '$l$',
      svg: '<svg/>',
      json: { j: [1] },
      text: 't',
    })
  })

  it('come from a bundle, and from a picture', async () => {
    const code = 'class B:\n  def _repr_mimebundle_(self, **_): return {"text/plain": "t", "text/html": "<i>"}\nB()'
    expect(await only(code)).toEqual({ text: 't', html: '<i>' })
    expect(await only('from PIL import Image\nImage.new("RGB", (10, 10))')).toHaveProperty('png')
  })

  it('are JSON for a dictionary or list that is the same as JSON', async () => {
    const item = await only('{"a": [1, {"b": None}], "n": np.int64(3)}')
    expect(item).toMatchObject({ json: { a: [1, { b: null }], n: 3 }, text: expect.stringContaining("'b': None") })
    for (const code of ['{1: 2}', '[float("nan")]', '[object()]', '({1},)', '[list(range(10**5))]']) {
      expect(await only(code)).not.toHaveProperty('json')
    }
  })

  it('of a value that holds itself, or very deep ones, are its text', async () => {
    expect(await only('own = {}; own["own"] = own; own')).toEqual({ text: "{'own': {...}}" })
    const { items, done } = await supervisor.run('deep = []\nfor _ in range(10**5): deep = [deep]\ndeep')
    expect([done.error, items]).toEqual([null, [{ text: '<list: its repr raised RecursionError>' }]])
  })

  it('that raise, contain themselves or are not JSON are left out without the others', async () => {
    expect(await only('class A:\n  def __repr__(self): return 1 / 0\nA()')).toEqual({
      text: '<A: its repr raised ZeroDivisionError>',
    })
    expect((await supervisor.run('class N:\n  def _repr_json_(self): return float("nan")\nN()')).done.reason).toBe(
      'completed',
    )
    expect((await supervisor.run('deep = []\nfor _ in range(10**5): deep = [deep]\ndeep')).done.worker_alive).toBe(true)
  })

  it('too large are cut, and large ones arrive whole', async () => {
    const text = await supervisor.run('"x" * 10**7')
    expect([String(text.items[0]?.['text']).length < 70_000, text.done.truncated]).toEqual([true, ['item']])
    const html = await only('class L:\n  def _repr_html_(self): return "é" * 900_000\nL()')
    expect(html['html']).toBe('é'.repeat(900_000))
  })

  it('fifty thousand of them stop at the cap', async () => {
    const { items, done } = await supervisor.run('for i in range(50_000): display(i)')
    expect([items.length, done.truncated]).toEqual([100, ['results']])
  })

  it('of a PNG that claims ten billion pixels are refused', async () => {
    const code =
      'class P:\n  def _repr_png_(self): return b"\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR" + (10**5).to_bytes(4, "big") * 2\nP()'
    const { items, done } = await supervisor.run(code)
    expect([items[0]?.['png'], done.truncated]).toEqual([undefined, ['pixels']])
  })
})
