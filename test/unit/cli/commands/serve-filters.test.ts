import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { Validator } from '@seriousme/openapi-schema-validator'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'

describe('serve --role filters', () => {
  it.each([
    ['filters', 'ext-authz'],
    ['ext-proc', 'filters'],
  ])('serves nothing else: --role %s --role %s', async (one, other) => {
    const words = ['serve', '--role', one, '--role', other]
    const { exitCode, stderr } = await runCommand(words, { workingDirectory: tmpdir() })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('start another one for the other roles')])
  })
})

describe('openapi filters', () => {
  it('prints a document of OpenAPI 3.1 with the check and its faults', async () => {
    const { exitCode, stdout } = await runCommand(['openapi', 'filters'], { workingDirectory: tmpdir() })
    expect(exitCode).toBe(0)
    const document = JSON.parse(stdout) as { paths: Record<string, { post: { responses: object } }> }
    expect(await new Validator().validate(document)).toMatchObject({ valid: true })
    expect(Object.keys(document.paths)).toEqual(['/v1/filters/check'])
    expect(Object.keys(document.paths['/v1/filters/check']?.post.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '413', '415', '429', '503']),
    )
  })
})
