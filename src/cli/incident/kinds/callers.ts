import { classify, jsonOf, jsonType } from '../request.ts'
import type { InvalidKind, Material } from './kind.ts'

const fine = ({ picture }: Material): Buffer => jsonOf(picture().data)

/** A picture that would be taken, from somebody who may not ask, or for something that is not offered. */
export const kindsOfCallers: readonly InvalidKind[] = [
  { name: 'no-key', wrong: 'no key', make: (m) => classify([jsonType], fine(m), { key: 'none' }) },
  { name: 'wrong-key', wrong: 'a key that is nobody’s', make: (m) => classify([jsonType], fine(m), { key: 'wrong' }) },
  {
    name: 'basic-password',
    wrong: 'a password of HTTP in place of a key',
    make: (m) => classify([jsonType, 'Authorization: Basic YWRtaW46YWRtaW4='], fine(m), { key: 'none' }),
  },
  {
    name: 'two-credentials',
    wrong: 'two credentials that differ',
    make: (m) => classify([jsonType, 'Authorization: Bearer another-one'], fine(m)),
  },
  {
    name: 'other-method',
    wrong: 'a method that the operation does not have',
    make: (m) => classify([jsonType], fine(m), { method: 'PUT' }),
  },
  {
    name: 'inner-address',
    wrong: 'an address that is for the operators of the service',
    make: () => classify([], Buffer.alloc(0), { method: 'GET', path: '/counts', tellsLength: false }),
  },
  {
    name: 'climbing-path',
    wrong: 'a path that climbs out of where it begins',
    make: (m) => classify([jsonType], fine(m), { path: '/classify/..%2f..%2fcounts' }),
  },
  {
    name: 'unknown-query',
    wrong: 'a parameter that there is not',
    make: (m) => classify([jsonType], fine(m), { path: '/classify?debug=1' }),
  },
]
