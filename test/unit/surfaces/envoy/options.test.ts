import { describe, expect, it } from 'vitest'
import { envoyOptions } from '../../../../src/surfaces/envoy/options.ts'

const tls = { certificate_file: 'a', key_file: 'b', client_ca_file: 'c' }
const faultsOf = (options: object) =>
  envoyOptions.safeParse(options).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('the settings of the filters of Envoy', () => {
  it.each(['unix:/run/s.sock', '127.0.0.1:9090', '127.9.9.9:1', 'localhost:9090', '[::1]:9090'])(
    'take %s without TLS, which nobody reaches from another machine',
    (listen) => expect(faultsOf({ listen })).toEqual([]),
  )

  it.each(['0.0.0.0:9090', '[::]:9090', '10.0.0.1:9090', 'sallyport.example:9090', '127.example.com:9090'])(
    'take %s with certificates of callers alone',
    (listen) => {
      expect(faultsOf({ listen })).toEqual([
        'tls: has to be there where envoy.listen can be reached from other machines',
      ])
      expect(faultsOf({ listen, tls })).toEqual([])
      expect(faultsOf({ listen, tls: { ...tls, client_ca_file: undefined } })).toHaveLength(1)
    },
  )

  it.each(['unix:relative.sock', '9090', 'host', 'host:70000', '::1:9090', 'http://127.0.0.1:9090', ''])(
    'take no %j for an address',
    (listen) => expect(faultsOf({ listen })).toEqual(['listen: must be unix:/PATH or HOST:PORT']),
  )

  it('want to know which upstream is behind Envoy', () => {
    expect(faultsOf({ roles: ['ext-authz'] })).toEqual([
      'upstream: has to name the upstream that Envoy stands in front of',
    ])
    expect(faultsOf({ roles: ['ext-authz'], upstream: 'local' })).toEqual([])
  })
})
