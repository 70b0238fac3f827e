import { statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openPolicyEngine, policyStamp } from '../../../../src/gateway/authorize/open-policy.ts'
import { policyOptions } from '../../../../src/gateway/authorize/options.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

describe('the state of the rules', () => {
  it('is that of the file that is configured', async () => {
    const bundle = join(temporaryFolder('policy-'), 'bundle.tar.gz')
    const options = policyOptions.parse({ bundle })
    await expect(policyStamp(options)).rejects.toThrow(/ENOENT/)
    writeFileSync(bundle, 'one')
    const { ino, mtimeMs, ctimeMs } = statSync(bundle)
    expect(await policyStamp(options)).toBe(`${ino} 3 ${mtimeMs} ${ctimeMs}`)
    writeFileSync(bundle, 'other')
    expect(await policyStamp(options)).toMatch(new RegExp(`^${ino} 5 `))
  })

  it('is another one where other rules of the same length and time were written over them', async () => {
    const bundle = join(temporaryFolder('policy-'), 'bundle.tar.gz')
    const options = policyOptions.parse({ bundle })
    const write = (rules: string) => {
      writeFileSync(bundle, rules)
      utimesSync(bundle, 0, 0)
    }
    write('one')
    const before = await policyStamp(options)
    // A change within the same tick of the file system's clock has the same time.
    await expect
      .poll(() => {
        write('two')
        return statSync(bundle).ctimeMs
      })
      .not.toBe(Number(before?.split(' ').at(-1)))
    expect(await policyStamp(options)).not.toBe(before)
  })

  it('is none of rules that come with the service, or that a server has', async () => {
    expect(await policyStamp(policyOptions.parse({}))).toBeNull()
    const server = { url: 'http://127.0.0.1:8181', token: null }
    expect(await policyStamp(policyOptions.parse({ server }))).toBeNull()
    const both = { ...policyOptions.parse({ server }), bundle: '/there/is/no/such/file' }
    expect(await policyStamp(both)).toBeNull()
  })
})

describe('rules that cannot be opened', () => {
  it('are told with the file that was configured', async () => {
    const bundle = join(temporaryFolder('policy-'), 'bundle.tar.gz')
    await expect(openPolicyEngine(policyOptions.parse({ bundle }))).rejects.toThrow(/bundle\.tar\.gz/)
    writeFileSync(bundle, 'rules')
    await expect(openPolicyEngine(policyOptions.parse({ bundle }))).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining(`The policy bundle ${bundle} cannot be used`),
    })
  })
})
