import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanEnvironment, sallyport } from '../support/cli/sallyport-process.ts'
import { liedQuestion } from '../support/grounding/lies.ts'
import { startLyingModel } from '../support/grounding/lying-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** Without blanks and marks of Markdown, since a terminal breaks lines and draws the marks. */
const bare = (text: string): string => text.replaceAll(/[\s`]/g, '')

const picture = readFileSync(join(import.meta.dirname, '../../docs/images/marked-answer.svg'), 'utf8')
const pictured = bare(
  picture
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&'),
)

describe('ask, of a model that lies in ten ways', () => {
  it('shows each lie as doubted behind the answer, and where its truth is from', async () => {
    verifies('groundedness.marks')
    await using model = await startLyingModel()
    const { endpoint, told } = model
    const file = join(temporaryFolder('grounded-'), 'sallyport.yaml')
    writeFileSync(file, JSON.stringify({ sources: { shop: { database: { kind: 'sample' } } } }))
    const environment = cleanEnvironment({
      SALLYPORT_CONFIG: file,
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
    })
    const { code, stdout, stderr } = await sallyport(['ask', liedQuestion], { environment })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const [words = '', doubts = ''] = stdout.split('The results of this run speak against:\n')
    expect(told).toHaveLength(10)
    const lines = doubts.split('\n').flatMap((line) => /^[✗?] (.+?) {2}\S/.exec(line)?.[1] ?? [])
    const unmarked = told.filter(({ text }) => !lines.some((line) => text.includes(line)))
    expect(unmarked).toEqual([])
    for (const { text } of told) expect(words).toContain(text)
    expect(stderr).toMatch(/✓ \d+ {2}filled in from orders, row 1 of run1\n/)
    const unseen = stdout
      .split('\n')
      .filter((line) => !line.startsWith('*Data as of ') && !pictured.includes(bare(line)))
    // The form of a value that was not filled in is no figure.
    expect(stderr).not.toMatch(/^✓ 1%/m)
    expect(unseen, 'docs/images/marked-answer.svg is of another answer: node docs/images/marked-answer.ts').toEqual([])
  })
})
