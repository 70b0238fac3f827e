import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../..')

describe('docs/clients.md', () => {
  it('shows a program for containers that runs', async () => {
    verifies('containers.clients')
    const page = readFileSync(join(root, 'docs/clients.md'), 'utf8')
    const [, program = ''] = /### Containers\n[\s\S]*?```js\n([\s\S]*?)```/.exec(page) ?? []
    await using service = await SurfaceService.start()
    const code = 'open("by_month.csv", "w").write("month,sales")'
    service.script([
      { kind: 'turn', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] },
      { kind: 'turn', text: 'Here they are.' },
    ])
    // Where packages are found.
    const folder = mkdtempSync(join(root, 'node_modules/.documented-'))
    try {
      const file = join(folder, 'containers.mjs')
      writeFileSync(file, program)
      const env = { OPENAI_BASE_URL: `${service.url}/v1`, OPENAI_API_KEY: await service.key() }
      const { stdout } = await promisify(execFile)(process.execPath, [file], { env })
      expect(stdout).toBe('by_month.csv 11\n')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
