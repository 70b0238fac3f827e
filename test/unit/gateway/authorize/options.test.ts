import { describe, expect, it } from 'vitest'
import { policyOptions } from '../../../../src/gateway/authorize/options.ts'

const server = (own: object = {}) => ({ server: { url: 'https://opa.example', ...own } })
const record = (own: object = {}) => ({ record: { folder: '/recordings', ...own } })

describe('the options of the rules', () => {
  it('have the defaults that the documents give', () => {
    expect(policyOptions.parse({})).toMatchObject({
      bundle: null,
      reload_ms: 5_000,
      server: null,
      record: null,
      deadline_ms: 1_000,
      time_zone: 'UTC',
    })
    expect(policyOptions.parse(server()).server).toEqual({ url: 'https://opa.example', token: null })
    expect(policyOptions.parse(record()).record).toEqual({ folder: '/recordings', days: 7 })
  })

  it('keep the token of a server secret', () => {
    const options = policyOptions.parse(server({ token: 'hush' }))
    expect(JSON.stringify(options)).not.toContain('hush')
    expect(options.server?.token?.reveal()).toBe('hush')
  })

  it.each([
    { bundle: '/bundle.tar.gz' },
    { reload_ms: 100 },
    { reload_ms: 3_600_000 },
    { deadline_ms: 1 },
    { deadline_ms: 60_000 },
    { time_zone: 'Europe/Berlin' },
    { time_zone: 'America/Argentina/Buenos_Aires' },
    server({ url: 'http://127.0.0.1:8181/opa' }),
    server({ url: 'https://opa.example/a@b' }),
    record({ days: 1 }),
    record({ days: 3_660 }),
    { bundle: '/bundle.tar.gz', server: null },
  ])('take %j', (given) => {
    expect(policyOptions.safeParse(given).error).toBeUndefined()
  })

  it.each([
    { bundle: '' },
    { reload_ms: 99 },
    { reload_ms: 3_600_001 },
    { reload_ms: 100.5 },
    { deadline_ms: 0 },
    { deadline_ms: 60_001 },
    { deadline_ms: 1.5 },
    { time_zone: '' },
    { time_zone: 'Europe/Atlantis' },
    { time_zone: 5 },
    server({ url: 'opa.example' }),
    server({ url: 'ftp://opa.example' }),
    server({ url: 'xhttp://opa.example' }),
    server({ url: 'httpsx://opa.example' }),
    server({ url: 'https://user@opa.example' }),
    server({ url: 'https://opa.example?x' }),
    server({ url: 'https://opa.example#x' }),
    server({ token: '' }),
    server({ later: 1 }),
    record({ folder: '' }),
    record({ days: 0 }),
    record({ days: 3_661 }),
    record({ days: 1.5 }),
    record({ later: 1 }),
    { bundle: '/bundle.tar.gz', ...server() },
    { later: 1 },
  ])('refuse %j', (given) => {
    expect(policyOptions.safeParse(given).success).toBe(false)
  })
})
