import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import { key, onlyKey, startService } from '../../support/http/http-service.ts'
import { verifies } from '../../support/verifies.ts'

describe('a fault that a request was answered with', () => {
  it('is that of a caller whose credential is valid, and of nobody else', async () => {
    verifies('abuse.guarded')
    await using service = await startService()
    await service.post('{')
    await service.post({}, { authorization: 'Bearer sp-nobody' })
    await service.post({}, { authorization: '' })
    await service.post({}, { 'x-sallyport-end-user': 'signed-by-nobody' })
    await fetch(`${service.url}/v1/sessions`, { headers: { authorization: `Bearer ${onlyKey('sql')}` } })
    await fetch(`${service.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
    expect(service.callerFaults).toEqual(['k1 invalid-request', 'sql forbidden'])
  })

  it('is theirs also where it comes within a stream', async () => {
    const answer = async function* () {
      yield* []
      await Promise.resolve()
      throw new ServiceError('refused', 'A rule refused it.')
    }
    await using service = await startService({ answer })
    await (await service.post({ model: 'analyst', stream: true, messages: [{ role: 'user', content: 'a' }] })).text()
    expect(service.callerFaults).toEqual(['k1 refused'])
  })
})
