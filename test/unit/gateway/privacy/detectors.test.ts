import { describe, expect, it } from 'vitest'
import { detectorsAvailable } from '../../../../src/gateway/privacy/detectors.ts'
import { privacyOptions } from '../../../../src/gateway/privacy/options.ts'
import { FakePresidio } from '../../../support/privacy/fake-presidio.ts'

const available = (presidio: object | null) => detectorsAvailable(privacyOptions.parse({ presidio }))

describe('texts can be looked through', () => {
  it('where no other program is asked', async () => {
    await expect(available(null)).resolves.toBeUndefined()
  })

  it('while the analyzer looks for what it is asked for, and is sent no text to tell', async () => {
    await using fake = await FakePresidio.start()
    await expect(available({ url: fake.url })).resolves.toBeUndefined()
    await expect(available({ url: fake.url, entities: ['NOBODY'] })).rejects.toThrow('does not look for NOBODY')
    await expect(available({ url: `${fake.url}/elsewhere` })).rejects.toThrow('status 404')
    expect(fake.asked).toEqual([])
  })
})
