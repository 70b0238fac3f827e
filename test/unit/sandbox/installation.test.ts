import { describe, expect, it } from 'vitest'
import { imageTag } from '../../../setup/image-tag.mjs'
import { readState, stateFolder } from '../../../setup/state.mjs'
import { installedImageTag, installedRunsc } from '../../../src/sandbox/installation.ts'

describe('what set-up left on this host', () => {
  it('is an image under the tag that set-up itself computes', async () => {
    expect(await installedImageTag()).toBe(imageTag())
  })

  it('is the runsc that is named, beside the folder that set-up keeps things in', async () => {
    expect(await installedRunsc('/opt/runsc')).toEqual({ binary: '/opt/runsc', folder: stateFolder() })
  })

  it('is the runsc that set-up remembers, or a fault that says there is none', async () => {
    const { runsc } = readState()
    const found = installedRunsc(null)
    if (runsc !== undefined) expect((await found).binary).toBe(runsc.path)
    else {
      await expect(found).rejects.toMatchObject({
        code: 'sandbox-unavailable',
        message: 'set-up has not installed gVisor on this host',
      })
    }
  })
})
