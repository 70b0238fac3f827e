import { describe } from 'vitest'
import { large, unreadableBySize, validBodies } from '../support/http/call-bodies.ts'
import { callBodySuite } from '../support/http/call-body-suite.ts'

describe.each(Object.keys(validBodies) as (keyof typeof validBodies)[])('a large body for %s', (path) => {
  callBodySuite(path, unreadableBySize, large)
})
