import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/upstreams.md'), 'utf8')
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text)
const blockWith = (words: string): string => blocks.find((text) => text.includes(words)) ?? ''

/** The command over the configuration and the document of docs/upstreams.md. */
async function check(document: string, ...words: string[]) {
  const folder = temporaryFolder('config-')
  writeFileSync(join(folder, 'openapi.yaml'), document)
  const config = blockWith('base_url:').replace('document: openapi.yaml', `document: ${join(folder, 'openapi.yaml')}`)
  writeFileSync(join(folder, 'sallyport-config.yaml'), config)
  const place = ['--config', join(folder, 'sallyport-config.yaml')]
  return runCommand(['config', 'check', ...words, ...place], { workingDirectory: folder })
}

describe('config check', () => {
  const document = blockWith('openapi: 3.1.0')

  it('lists the operations of the documents of endpoints', async () => {
    verifies('endpoints.config-check')
    const { exitCode, stdout, stderr } = await check(document)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('classifier: predict\nThe configuration is valid')
    expect(page).toContain('classifier: predict\nThe configuration is valid')
  })

  it('lists them in JSON, too', async () => {
    const { stdout } = await check(document, '--output', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ endpoints: [{ name: 'classifier', operations: ['predict'] }] })
  })

  it('ends with 2 where a document says what cannot be checked, and says where', async () => {
    verifies('endpoints.unfit-document')
    const { exitCode, stdout, stderr } = await check(document.replace('maxItems', 'maxItem'))
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('endpoints.classifier.document: ')
    expect(stderr).toContain('/properties/pixels/maxItem is no keyword that is checked here.')
  })
})

describe('config check of filters', () => {
  const checkFilters = async (filters: string) => {
    const folder = temporaryFolder('config-')
    writeFileSync(join(folder, 'sallyport-config.yaml'), `filters: ${filters}\n`)
    const place = ['--config', join(folder, 'sallyport-config.yaml')]
    return runCommand(['config', 'check', ...place], { workingDirectory: folder })
  }

  it.each([
    ['{ profiles: { public: { inbound: { toxicty: {} } } } }', 'there is no category "toxicty"'],
    ['{ profiles: { default: { inbound: { guard: {} } } } }', 'nothing reports "guard"'],
    ['{ profiles: { public: { extends: strict } } }', 'there is no filter profile "strict"'],
    ['{ content: { calibrations: { judge: { "*": [[0, 0], [1, 1]] } } } }', 'there is no detector "judge"'],
  ])('such as %s ends with 2 and says: %s', async (filters, message) => {
    verifies('content.names')
    const { exitCode, stderr } = await checkFilters(filters)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) as string })
  })

  it('that name what there is finds nothing wrong', async () => {
    expect(await checkFilters('{ profiles: { public: { inbound: { toxicity: {} } } } }')).toMatchObject({ exitCode: 0 })
  })
})
