import { describe, expect, it } from 'vitest'
import { createContainerDrivers } from '../../../src/sandbox/container-driver.ts'
import { sandboxOptions } from '../../../src/sandbox/options.ts'
import { verifies } from '../../support/verifies.ts'

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

describe('the kubernetes driver', () => {
  it('is refused without an image, and where sandboxes may share nothing', async () => {
    const open = (given: object) =>
      createContainerDrivers(sandboxOptions.parse({ driver: 'kubernetes', ...given })).open('kubernetes', use)
    await expect(open({})).rejects.toMatchObject({
      code: 'invalid-config',
      message: 'sandbox.kubernetes.image is not set',
      advice: expect.stringMatching(/^Push the image that set-up built \(sallyport-python:[0-9a-f]{12}\)/),
    })
    await expect(open({ kubernetes: { image: 'any' }, sharing: 'none' })).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('The nodes of a cluster give every sandbox the same files'),
    })
  })

  it('is refused where the calls of sandboxes are to be heard', async () => {
    verifies('detection.refused')
    const settings = sandboxOptions.parse({
      driver: 'kubernetes',
      kubernetes: { image: 'any' },
      detection: { mode: 'on' },
    })
    await expect(createContainerDrivers(settings).open('kubernetes', use)).rejects.toMatchObject({
      code: 'invalid-config',
      message: 'sandbox.detection is on, and sandboxes on the nodes of a cluster cannot be traced from here',
      advice: expect.stringContaining('Set sandbox.detection.mode to off'),
    })
  })

  it('is there with one, before any cluster was asked', async () => {
    const settings = sandboxOptions.parse({ driver: 'kubernetes', kubernetes: { image: 'any' } })
    await using driver = await createContainerDrivers(settings).open('kubernetes', use)
    expect([driver.name, driver.missingWalls.length]).toEqual(['kubernetes', 3])
  })
})
