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

describe('a figure', () => {
  it('P10: of a cell that draws and then fails comes with the error, and not in the next', async () => {
    const { items, done } = await supervisor.run('plt.plot([1, 2]); plt.figure(); plt.bar(["a"], [1]); 1 / 0')
    expect(items.map(({ chart }) => chart)).toMatchObject([{ type: 'line' }, { type: 'bar' }])
    expect([done.reason, done.error?.name]).toEqual(['raised', 'ZeroDivisionError'])
    expect((await supervisor.run('1;')).items).toEqual([])
  })

  it('P10: of a cell that leaves by exit comes too', async () => {
    const { items, done } = await supervisor.run('import sys; plt.plot([1, 2]); sys.exit(3)')
    expect([items.length, done.error?.name]).toEqual([1, 'SystemExit'])
  })

  it('D14: says where it was saved as it is, and no more once it changed', async () => {
    const saved = `plt.plot([1, 2]); plt.savefig('/mnt/data/a.png', dpi=50); plt.savefig('/mnt/data/b', facecolor='red')`
    expect(await only(`${saved}; plt.show()`)).toMatchObject({ files: ['a.png', 'b.png'] })
    expect(await only(`${saved}; plt.title('new'); plt.show()`)).not.toHaveProperty('files')
    expect(await only(`${saved}; plt.title('new'); plt.savefig('/mnt/data/c.png');`)).toMatchObject({
      files: ['c.png'],
    })
  })

  it('D14: of twelve are twelve, and of one too large the data and a sentence come', async () => {
    const { items } = await supervisor.run('for i in range(12): plt.figure(); plt.plot([i, i + 1])')
    expect(items.map(({ png }) => typeof png)).toEqual(Array(12).fill('string'))
    const noise = 'Image.fromarray(np.random.default_rng(0).integers(0, 255, (1600, 1600, 3), dtype="uint8"))'
    const large = await supervisor.run(`from PIL import Image\ndisplay(${noise})\n${noise}`)
    expect(large.items.map(({ png }) => typeof png)).toEqual(['string', 'undefined'])
    expect(large.items[1]?.['text']).toMatch(
      /^RGB image of 1600 × 1600 pixels\. This result was too large to show: \d+ bytes, and the results of a cell may have 16777216 together$/,
    )
    expect(large.done.truncated).toEqual(['results-bytes'])
  })

  it.each(['plt.figure().text(0.1, 0.5, "words");', 'plt.figure().suptitle("title")', 'plt.figtext(0, 0, "t");'])(
    'P7: without axes is its picture: %s',
    async (code) => {
      const item = await only(code)
      expect([typeof item['png'], item['chart']]).toEqual(['string', undefined])
    },
  )

  it('P7: with nothing in it is not shown', async () => {
    expect((await supervisor.run('plt.figure();')).items).toEqual([])
  })

  it.each([
    'f, a = plt.subplots(); a.plot([1, 2]); display(f)',
    'f, a = plt.subplots(); a.plot([1, 2]); display(f);',
    'f, a = plt.subplots(); display(a)',
    'f, a = plt.subplots(2); display(a)',
    'f, a = plt.subplots(); a.plot([1, 2]); plt.show(); f',
    'f, a = plt.subplots(); a.plot([1, 2]); f.show(); f',
    'f, a = plt.subplots(); (f, a)',
    'import seaborn as sns; g = sns.FacetGrid(pd.DataFrame({"a": [1]})); display(g)',
  ])('W13: is shown once: %s', async (code) => {
    expect(await only(code)).toMatchObject({ png: expect.any(String) })
  })

  it('W13: that changed after it was displayed is shown again as it is', async () => {
    const { items } = await supervisor.run('f, a = plt.subplots(); display(f); a.plot([1, 2]);')
    expect(items.map(({ chart }) => (chart as { type: string } | undefined)?.type)).toEqual([undefined, 'line'])
  })

  it.each([
    'fig, ax = plt.subplots(); ax.grouped_bar([[1, 2], [3, 4]])',
    'plt.subplots()[1].bar(["a"], [1])',
    'plt.hist([1, 2])',
    'plt.hist([[1, 2], [2, 3]])',
    'plt.hist([[1], [2, 3]], histtype="step")',
    'plt.streamplot(np.arange(3), np.arange(3), np.ones((3, 3)), np.ones((3, 3)))',
    'plt.violinplot([1, 2, 3])',
    '[plt.plot([1, 2]), plt.bar([1], [2])]',
    'pd.DataFrame({"g": ["a", "b"], "v": [1, 2]}).groupby("g").v.plot()',
    'pd.DataFrame({"a": [1, 2]}).boxplot(return_type="dict")',
    'import matplotlib.animation as ma; f = plt.figure(); plt.plot([1]); ma.FuncAnimation(f, lambda i: [], frames=2)',
    'from sklearn.metrics import ConfusionMatrixDisplay as C; C.from_predictions([0, 1], [0, 1])',
    'class Report: pass\nplt.plot([1, 2]); Report()',
  ])('G8: leaves no object with an address beside it: %s', async (code) => {
    const { items, stderr } = await supervisor.run(code)
    expect(JSON.stringify(items.map(({ text }) => text))).not.toContain('0x')
    expect(items).toMatchObject([{ png: expect.any(String) }])
    expect(stderr).toBe('')
  })

  it('keeps a value that says something beside it', async () => {
    const { items } = await supervisor.run('plt.plot([1, 2]); {"rmse": 0.5}')
    expect(items).toHaveLength(2)
    expect(items[0]).toMatchObject({ json: { rmse: 0.5 } })
  })
})

describe('the drawing of a figure', () => {
  it('tells no place of ours in warnings and in tracebacks', async () => {
    const warned = await supervisor.run('plt.plot([1]); plt.gca().set_xlim(1, 1);')
    expect(warned.stderr).toContain('<cell ')
    expect(warned.stderr).not.toContain('sallyport')
    const failed = await supervisor.run('plt.hist(["a", None])')
    expect(failed.done.error?.traceback).toContain('hist')
    expect(failed.done.error?.traceback).not.toContain('sallyport')
  })

  it('is not stopped by warnings that are errors', async () => {
    const code =
      'import warnings\nwith warnings.catch_warnings():\n  warnings.simplefilter("error"); plt.title("\\U000e0fff"); plt.show()'
    expect((await only(code))['png']).toBeDefined()
  })
})
