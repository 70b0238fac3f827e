import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readWorkbook } from '../../src/gateway/screen/workbook/read-workbook.ts'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

interface Executed {
  readonly outcome: string
  readonly files: readonly { readonly path: string; readonly url?: string; readonly masked: boolean }[]
  readonly missing: readonly string[]
  readonly findings: readonly { readonly message: string }[]
}

let service: Served
beforeAll(async () => {
  const file = join(temporaryFolder('sallyport-files-'), 'sallyport.yaml')
  writeFileSync(file, JSON.stringify({ sandbox: { driver: 'runsc' } }))
  service = await serve({ SALLYPORT_CONFIG: file })
})
afterAll(() => service[Symbol.asyncDispose]())

async function execute(code: string): Promise<Executed> {
  const answer = await fetch(`${service.url}/v1/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${service.key}` },
    body: JSON.stringify({ code, files: true }),
  })
  return (await answer.json()) as Executed
}

async function content(
  { files }: Executed,
  name: string,
): Promise<{ readonly bytes: Buffer; readonly headers: Headers }> {
  const { url = '' } = files.find(({ path }) => path === name) ?? {}
  const answer = await fetch(url)
  expect(answer.status).toBe(200)
  return { bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers }
}

it('a CSV of 5 MB and a picture of more than 1 MB leave byte for byte', async () => {
  verifies('filters.files-out')
  const executed = await execute(`
import hashlib, os, numpy as np
from PIL import Image
with open('big.csv', 'w') as out:
    out.write('number,word\\n')
    while out.tell() < 5_000_000: out.write(f'{out.tell()},word\\n')
Image.fromarray(np.random.default_rng(1).integers(0, 256, (700, 700, 3), dtype=np.uint8)).save('noise.png')
print(hashlib.sha256(open('noise.png', 'rb').read()).hexdigest())`)
  expect(executed).toMatchObject({ outcome: 'ok', missing: [] })
  const table = await content(executed, 'big.csv')
  expect(table.bytes.length).toBeGreaterThan(5_000_000)
  expect(table.bytes.toString('latin1')).toMatch(/^number,word\n12,word\n[\d,word\n]*word\n$/)
  expect((await content(executed, 'noise.png')).bytes.length).toBeGreaterThan(1_000_000)
})

it('a workbook of pandas leaves as its values without addresses, and a Parquet file does not', async () => {
  verifies('filters.files-out')
  const executed = await execute(`
import pandas as pd, openpyxl
frame = pd.DataFrame({'when': pd.to_datetime(['2024-03-01']), 'mail': ['anna.berg@example.com'], 'sum': [3.5]})
frame.to_excel('plan.xlsx', index=False)
frame.to_parquet('plan.parquet')
book = openpyxl.Workbook(); book.active['A1'] = '=1+1'; book.active['B1'] = 'two'; book.save('formula.xlsx')`)
  expect(executed.outcome).toBe('ok')
  expect(executed.files).toMatchObject([
    { path: 'formula.xlsx', masked: false },
    { path: 'plan.xlsx', masked: true },
  ])
  const plan = await readWorkbook((await content(executed, 'plan.xlsx')).bytes, 10_000)
  expect(plan.sheets).toEqual([
    {
      name: 'Sheet1',
      rows: [
        ['when', 'mail', 'sum'],
        [{ number: 45_352, form: 'date-time' }, '[email]', { number: 3.5, form: 'plain' }],
      ],
    },
  ])
  const formula = await readWorkbook((await content(executed, 'formula.xlsx')).bytes, 10_000)
  expect(formula.sheets[0]?.rows).toEqual([[null, 'two']])
  expect(executed.findings.map(({ message }) => message).join()).toContain('One formula without a value left out')
  expect(executed.missing).toEqual([expect.stringContaining('"plan.parquet" was withheld')])
})

it('pages and drawings are attachments, which no browser runs', async () => {
  const executed = await execute(`
open('page.html', 'w').write('<script>alert(1)</script>')
open('drawing.svg', 'w').write('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')`)
  for (const name of ['page.html', 'drawing.svg']) {
    const { headers } = await content(executed, name)
    expect(headers.get('content-disposition')).toMatch(/^attachment/)
    expect(headers.get('content-security-policy')).toContain('sandbox')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})
