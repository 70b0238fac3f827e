import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const text = readFileSync(new URL('../../../../docs/routing.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/```yaml\n(?<yaml>[^`]*)```/g)].map(({ groups }) => groups?.['yaml'] ?? '')

describe('the examples of docs/routing.md', () => {
  it.each(examples)('are configurations that can be used: %#', (yaml) => {
    const folder = temporaryFolder('sallyport-routing-')
    const file = join(folder, 'config.yaml')
    writeFileSync(file, yaml)
    const variables = { HOME: folder, EUROPE_KEY: 'a', UPSTREAM_OPENAI_KEY: 'b', UPSTREAM_ANTHROPIC_KEY: 'c' }
    const { config } = loadConfig({ variables, workingDirectory: folder, flags: {}, file })
    expect(Object.keys(config.routes).length).toBeGreaterThan(0)
  })

  it('are there', () => {
    expect(examples.length).toBeGreaterThan(0)
  })
})
