import { describe, expect, it } from 'vitest'
import { createDetect } from '../../../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../../../src/gateway/privacy/detect/detectors.ts'
import { privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { refuseValuesIn } from '../../../../../src/gateway/privacy/mask/passed-headers.ts'
import { never } from '../../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../../support/verifies.ts'

function looked(headers: readonly string[], profile: object = {}) {
  const options = privacyOptions.parse({ profiles: { own: profile } })
  const own = options.profiles['own']
  if (own === undefined) throw new Error('the profile is there')
  const { chain } = createDetectorsFor(options)(own)
  return refuseValuesIn(headers, createDetect({ chain, profile: own, level: 'all', group: 'default' }), never)
}

describe('headers that go to an upstream', () => {
  it.each([
    ['openai-organization', 'kim.wexler@hamlin.example', 'pii/email'],
    ['anthropic-beta', 'a,4111 1111 1111 1111', 'pii/card'],
    ['openai-project', 'order-kim.wexler@hamlin.example-1', 'pii/email'],
    ['user-agent', 'app/1.0 (+mailto:kim.wexler@hamlin.example)', 'pii/email'],
    ['x-later', 'a2ltLndleGxlckBoYW1saW4uZXhhbXBsZQ==', 'pii/email'],
  ])('%s: %j is refused with the name of the header, and without the value', async (name, value, category) => {
    verifies('pii.headers')
    const refused = looked(['content-type', 'application/json', name, value])
    await expect(refused).rejects.toMatchObject({
      code: 'refused',
      parameter: name,
      message: `The header ${name} holds ${category}, which is not sent to this model.`,
      advice: expect.stringContaining('leave it out'),
    })
  })

  it('pass where they hold what programs say to each other', async () => {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'openai-beta': 'assistants=v2,responses=v1',
      'openai-organization': 'org-aB3dE5fG7hJ9kL1mN3pQ5rS7',
      'openai-project': 'proj_Zx9Wv7Ut5Sr3Qp1On8Ml6Kj4',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'prompt-caching-2024-07-31,token-efficient-tools-2025-02-19',
      'idempotency-key': 'stainless-node-retry-1c1f3f4e-7f1a-4c0e-9b5e-5c3b0a5d9e21',
      'user-agent': 'OpenAI/Python 1.99.1',
      'x-stainless-runtime-version': '24.1.0',
    }
    expect(await looked(Object.entries(headers).flat())).toEqual([])
    expect(await looked([])).toEqual([])
  })

  it('pass by a rule of the profile, and are named', async () => {
    const headers = ['x-a', 'b', 'x-user', 'kim.wexler@hamlin.example']
    expect(await looked(headers, { rules: { 'pii/email': { action: 'annotate' } } })).toEqual([
      { path: 'headers.x-user', category: 'pii/email' },
    ])
    expect(await looked(headers, { rules: { 'pii/email': { action: 'allow' } } })).toEqual([])
    await expect(looked(headers, { rules: { 'pii/email': { action: 'block' } } })).rejects.toMatchObject({
      parameter: 'x-user',
    })
  })
})
