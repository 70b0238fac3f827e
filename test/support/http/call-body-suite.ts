import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { validBodies, type OddBody, type UnreadableBody } from './call-bodies.ts'
import { startPassService, type PassService } from './pass-service.ts'

const version = { 'anthropic-version': '2023-06-01' }

/**
 * What is held of bodies on the route `path`, with a service of its own.
 *
 * @param refused bodies that are refused in the form of the API before anything is sent
 * @param passed bodies that go up byte by byte
 */
export function callBodySuite(
  path: keyof typeof validBodies,
  refused: readonly UnreadableBody[],
  passed: readonly OddBody[],
): void {
  const isAnthropic = path.startsWith('/v1/messages')
  let patient: PassService
  const upstream = () => (isAnthropic ? patient.anthropic : patient.openai)
  beforeAll(async () => {
    // The bytes of a text may all be tokens, and the largest have more of them than most callers have in a day.
    patient = await startPassService({ tokensPerDay: 1_000_000_000 })
  })
  afterAll(async () => {
    await patient[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    upstream().startOver()
  })

  it.each(refused)(
    'of %s is refused in the form of the API, and nothing is sent',
    async (_, body, status) => {
      verifies('models.bad-input')
      const response = await patient.service.post(body(validBodies[path]), version, path)
      const text = await response.text()
      expect([response.status, text]).toEqual([status, expect.stringContaining('"error":{')])
      if (isAnthropic) expect(text).toMatch(/^\{"type":"error","error":\{"type":"[a-z_]+","message":"[^"]/)
      else
        expect(JSON.parse(text)).toMatchObject({
          error: { message: expect.any(String), type: 'invalid_request_error' },
        })
      expect(upstream().requests).toEqual([])
    },
    60_000,
  )

  it.each(passed)(
    'with %s goes up as it is',
    async (_, make) => {
      verifies('models.bytes')
      const body = make(validBodies[path])
      const response = await patient.service.post(body, version, path)
      expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
      expect(upstream().requests.map((sent) => sent.body.equals(Buffer.from(body)))).toEqual([true])
    },
    60_000,
  )
}
