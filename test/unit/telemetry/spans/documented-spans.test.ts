import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { tracesOptions } from '../../../../src/telemetry/options.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const text = readFileSync(resolve(import.meta.dirname, '../../../../docs/operations.md'), 'utf8')
const section = text.slice(text.indexOf('\n## Spans\n'))
const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(section) ?? []

describe('the example of docs/operations.md about spans', () => {
  it('is a configuration, and its secret comes from a variable and is not shown', () => {
    verifies('spans.configuration')
    const folder = temporaryFolder('sallyport-traces-')
    const file = join(folder, 'sallyport.yaml')
    writeFileSync(file, yaml)
    const variables = { HOME: folder, SALLYPORT_CONFIG: file, TRACES_AUTHORIZATION: 'Bearer of-the-collector' }
    const { config } = loadConfig({ variables, workingDirectory: '/', flags: {} })
    const { traces } = config.telemetry
    expect(traces).toMatchObject({
      endpoint: 'http://127.0.0.1:4318/v1/traces',
      sample_ratio: 0.25,
      service_name: 'sallyport-eu',
    })
    expect(traces?.headers['authorization']?.reveal()).toBe('Bearer of-the-collector')
    expect(JSON.stringify(config)).not.toContain('of-the-collector')
  })
})

describe('where spans go', () => {
  it('is nowhere unless it is configured', () => {
    const { config } = loadConfig({ variables: { HOME: '/nowhere' }, workingDirectory: '/', flags: {} })
    expect(config.telemetry.traces).toBeNull()
  })

  it.each([
    'ftp://receiver.example/v1/traces',
    'http://user:password@receiver.example/v1/traces',
    'http://receiver.example/v1/traces?key=1',
    'http://receiver.example/v1/traces#part',
    'receiver.example',
  ])('is no address with a user, a query or another protocol: %s', (endpoint) => {
    expect(tracesOptions.safeParse({ endpoint }).success).toBe(false)
  })
})
