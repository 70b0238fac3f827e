import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createAddressOf, createTraceparentOf, isNetwork } from '../../../src/http/caller-address.ts'
import { verifies } from '../../support/verifies.ts'

const request = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage

describe('the address of a caller', () => {
  it.each<readonly [string, readonly string[], string, string | undefined, string]>([
    ['is that of the connection', [], '192.0.2.1', undefined, '192.0.2.1'],
    ['is that of the connection, whatever it writes', [], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['is not what somebody writes who is no proxy', ['10.0.0.0/8'], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['is what a proxy says', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['is the last that no proxy has', ['10.0.0.0/8'], '10.1.2.3', '1.1.1.1, 203.0.113.9, 10.9.9.9', '203.0.113.9'],
    ['is that of the proxy where it says nothing', ['10.0.0.0/8'], '10.1.2.3', undefined, '10.1.2.3'],
    ['is the proxy before what is no address', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9, unknown', '10.1.2.3'],
    ['is the proxy before an empty one', ['10.0.0.0/8'], '10.1.2.3', ',', '10.1.2.3'],
    ['is the first where all are proxies', ['10.0.0.0/8'], '10.1.2.3', '10.0.0.1', '10.0.0.1'],
    ['is one of IPv4 where a socket of IPv6 saw it', ['10.1.2.3'], '::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['is the network of 64 bits of IPv6', [], '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['is the same in any spelling', [], '2001:0DB8::1', undefined, '2001:db8:0:0::/64'],
    ['is one without the port that a proxy writes', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9:4711', '203.0.113.9'],
    ['is one of IPv6 in brackets', ['10.0.0.0/8'], '10.1.2.3', '[2001:db8::5]:443', '2001:db8:0:0::/64'],
    ['is a proxy in spite of its port', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9, 10.9.9.9:80', '203.0.113.9'],
    ['is the proxy before what has no port', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9:http', '10.1.2.3'],
    ['is the proxy before brackets without an address', ['10.0.0.0/8'], '10.1.2.3', '[]:80', '10.1.2.3'],
    ['is loopback', ['::1'], '::1', '203.0.113.9', '203.0.113.9'],
    ['may be a network of IPv6 behind a proxy', ['fd00::/8'], 'fd00::1', '2001:db8::5', '2001:db8:0:0::/64'],
  ])('%s', (_case, proxies, remote, forwarded, expected) => {
    verifies('identity.proxies')
    expect(createAddressOf(proxies)(request(remote, forwarded))).toBe(expected)
  })

  it.each([
    ['10.0.0.0/8', true],
    ['10.0.0.1', true],
    ['fd00::/8', true],
    ['10.0.0.0/33', false],
    ['10.0.0.0/', false],
    ['10.0.0.0/8/8', false],
    ['proxy.example', false],
    ['', false],
  ])('is of a network that may be written %j: %s', (text, is) => {
    expect(isNetwork(text)).toBe(is)
  })
})

describe('the trace of a caller', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const sentBy = (remoteAddress: string) =>
    ({
      socket: { remoteAddress },
      headers: { traceparent, 'x-forwarded-for': '10.1.2.3' },
    }) as unknown as IncomingMessage

  it.each<readonly [string, readonly string[], string, string | null]>([
    ['is what a proxy sends', ['10.0.0.0/8'], '10.1.2.3', traceparent],
    ['is what a proxy sends that a socket of IPv6 saw', ['10.0.0.0/8'], '::ffff:10.1.2.3', traceparent],
    ['is none where somebody else sends it', ['10.0.0.0/8'], '192.0.2.1', null],
    ['is none where there are no proxies', [], '127.0.0.1', null],
  ])('%s', (_case, proxies, remote, expected) => {
    verifies('spans.traceparent')
    expect(createTraceparentOf(proxies)(sentBy(remote))).toBe(expected)
  })
})
