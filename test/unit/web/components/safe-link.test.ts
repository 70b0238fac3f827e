import { describe, expect, it } from 'vitest'
import { safeLink } from '../../../../src/web/components/safe-link.ts'
import { verifies } from '../../../support/verifies.ts'

describe('a link in a text that nobody vouches for', () => {
  it.each([
    ['https://example.com/a?b#c', 'example.com'],
    ['http://example.com:8080/', 'example.com:8080'],
    ['HTTPS://EXAMPLE.com', 'example.com'],
    ['https://аррӏе.com/', 'xn--80ak6aa92e.com'],
    ['mailto:a@example.com', 'a@example.com'],
  ])('%s says that it leads to %s', (href, shown) => {
    verifies('web.visible-links')
    expect(safeLink(href)?.shown).toBe(shown)
  })

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:https://example.com/x',
    'file:///etc/passwd',
    'vbscript:x',
    '//example.com',
    '/v1/files',
    '#/operate',
    'example.com',
    'https://user:secret@example.com/',
    'https://example.com@evil.test/',
    'https://',
    '',
  ])('is text where it is %j', (href) => {
    verifies('web.visible-links')
    expect(safeLink(href)).toBeNull()
  })
})
