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

describe('letters', () => {
  /** Which letters of a text have no glyph in any of the fonts that matplotlib takes for it. */
  const missing = (text: string, setting: string) => `
import matplotlib, warnings
matplotlib.rcdefaults(); matplotlib.rc_file(matplotlib.matplotlib_fname())
${setting}
from matplotlib.font_manager import fontManager, get_font
label = plt.title(${JSON.stringify(text)}); label.figure.canvas.draw()
fonts = [get_font(path) for path in fontManager._find_fonts_by_props(label.get_fontproperties())]
print([letter for letter in ${JSON.stringify(text)} if not any(font.get_char_index(ord(letter)) for font in fonts)])
`
  const texts = {
    Chinese: '按季度销售额',
    Japanese: '四半期ごとの売上',
    Korean: '분기별 매출',
    Thai: 'ยอดขายรายไตรมาส',
    Hindi: 'तिमाही बिक्री',
    Bengali: 'বিক্রয়',
    Tamil: 'விற்பனை',
    Arabic: 'المبيعات الفصلية',
    Hebrew: 'מכירות',
    Amharic: 'ሽያጭ',
    Tibetan: 'བོད་ཡིག',
    signs: '→ ≥ ✓ ★ ₹ € ₿ ½ ∑ ♫ 𝄞',
    emoji: '😀🎉🚀🥳🫠👍',
  }
  const settings = [
    '',
    'import seaborn as sns; sns.set_theme()',
    'plt.rcParams["font.family"] = "SimHei"',
    'plt.rcParams["font.sans-serif"] = ["Arial", "Malgun Gothic"]; plt.rcParams["font.family"] = ["sans-serif"]',
    'plt.style.use("ggplot"); plt.rcParams["font.family"] = "monospace"',
    'plt.rcParams["font.family"] = "Noto Sans Thai"',
    'plt.rcParams["font.weight"] = "bold"',
  ]

  it.each(settings)('W7: of thirteen scripts find a glyph whatever a style names: %s', async (setting) => {
    const { items, stdout, stderr } = await supervisor.run(missing(Object.values(texts).join(' '), setting))
    expect([stdout, stderr]).toEqual(['[]\n', ''])
    expect(items[0]).toMatchObject({ png: expect.any(String) })
  })

  it('W7: look otherwise than letters that no font has', async () => {
    const picture = async (text: string) => (await only(`plt.figure().text(0, 0.5, ${JSON.stringify(text)});`))['png']
    const drawn: unknown[] = []
    for (const text of ['\u{e0fff}', ...Object.values(texts)])
      drawn.push(await picture(String.fromCodePoint(text.codePointAt(0) ?? 0)))
    expect(new Set(drawn).size).toBe(drawn.length)
  })

  it('W7: in a formula, in one text with a font of its own, and in other formats', async () => {
    const code = `
plt.title('价格 $R^2$ 한국어'); plt.xlabel('\u0e01\u0e33\u0e44\u0e23', fontname='No Such Font'); plt.ylabel('中', family='Comic Sans MS')
plt.savefig('/tmp/a.svg'); plt.savefig('/tmp/a.pdf')`
    const { items, stderr } = await supervisor.run(code)
    expect([items.length, stderr]).toEqual([1, ''])
  })

  it('W7: that no font has are named in a warning, without a line of our own code', async () => {
    const { items, stderr } = await supervisor.run('plt.title("\\U00012345 \\U000e0fff");')
    expect([items.length, stderr.includes('/opt/sallyport')]).toEqual([1, false])
  })
})
