import { expect, it } from 'vitest'
import { isOwnWay } from '../../../../setup/kubernetes/network.mjs'

const gateway = 'default via 192.0.2.1 dev eth0 \n'

it.each([
  ['the default', gateway, '198.18.87.2 via 192.0.2.1 dev eth0 src 192.0.2.2 uid 0 \\    cache ', false],
  [
    'one of two defaults',
    `${gateway}default via 10.0.0.1 dev wlan0 metric 600 \n`,
    'x via 10.0.0.1 dev wlan0 src y',
    false,
  ],
  ['a default without a gateway', 'default dev tun0 scope link \n', '198.18.87.2 dev tun0 src 10.8.0.2 uid 0 ', false],
  ['a network of the machine', gateway, '198.18.87.2 dev eth1 src 198.18.87.9 uid 0 ', true],
  ['a network on the line of the default', gateway, '198.18.87.2 dev eth0 src 198.18.87.9 uid 0 ', true],
  ['another gateway', gateway, '198.18.87.2 via 192.0.2.7 dev eth0 src 192.0.2.2 uid 0 ', true],
  ['a tunnel', gateway, '198.18.87.2 dev wg0 src 10.8.0.2 uid 0 ', true],
  ['a route where there is no default', '', '198.18.87.2 via 192.0.2.7 dev eth0 src 192.0.2.2 uid 0 ', true],
])('addresses that are reached by %s', (_what, usual, found, isOwn) => {
  expect(isOwnWay(found, usual)).toBe(isOwn)
})
