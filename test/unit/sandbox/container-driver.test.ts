import { describe, expect, it } from 'vitest'
import { createContainerDrivers } from '../../../src/sandbox/container-driver.ts'
import { sandboxOptions } from '../../../src/sandbox/options.ts'

const use = { warm: false, onSnapshotFault: () => {} }

describe('the docker driver', () => {
  it('is refused where sandboxes may share nothing, however it was chosen', async () => {
    for (const driver of ['docker', 'auto']) {
      const drivers = createContainerDrivers(sandboxOptions.parse({ driver, image: 'any', sharing: 'none' }))
      await expect(drivers.open('docker', use)).rejects.toMatchObject({
        code: 'sandbox-unavailable',
        message: 'Docker gives every sandbox the same files of the image, and sandbox.sharing is none',
        advice: 'Set sandbox.driver to runsc, or sandbox.sharing to read-only.',
      })
    }
  })

  it('is there where they may share what they only read', async () => {
    const drivers = createContainerDrivers(sandboxOptions.parse({ driver: 'docker', image: 'any' }))
    await using driver = await drivers.open('docker', use)
    expect(driver.name).toBe('docker')
  })
})
