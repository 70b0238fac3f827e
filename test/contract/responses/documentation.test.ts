import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { key } from '../../support/http/http-service.ts'
import { lab } from '../../support/http/response-lab.ts'

const root = resolve(import.meta.dirname, '../../..')

describe('docs/clients.md', () => {
  it('shows a program for Responses that runs', async () => {
    const page = readFileSync(join(root, 'docs/clients.md'), 'utf8')
    const [, program = ''] = /## OpenAI Responses\n[\s\S]*?```js\n([\s\S]*?)```/.exec(page) ?? []
    await using it = await lab()
    // Where packages are found.
    const folder = mkdtempSync(join(root, 'node_modules/.documented-'))
    try {
      const file = join(folder, 'responses.mjs')
      writeFileSync(file, program)
      const env = { OPENAI_BASE_URL: `${it.service.url}/v1`, OPENAI_API_KEY: key }
      const { stdout } = await promisify(execFile)(process.execPath, [file], { env })
      expect(stdout.match(/There are 42 orders/g)).toHaveLength(2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
