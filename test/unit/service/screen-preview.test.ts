import { expect, it } from 'vitest'
import { screenPreview } from '../../../src/service/screen-preview.ts'
import { readFilePreview } from '../../../src/sessions/file-preview.ts'
import { never, testScreener } from '../../support/filters/filter-fixtures.ts'
import { verifies } from '../../support/verifies.ts'

const kept = {
  rows: 2,
  columns: [
    { name: 'mail', type: 'VARCHAR', pii: ['pii/email'] },
    { name: 'eve@example.com', type: 'VARCHAR', pii: [] },
  ],
  first_rows: [
    ['ann@example.com', null],
    ['none', 'bob@example.com'],
  ],
  notes: ['mail: "carl@example.com" was read as text'],
}

it('shows rows, names and notes of a table as the profile lets them out, and says what its columns hold all the same', async () => {
  verifies('clients.preview')
  expect(await screenPreview(readFilePreview(kept), testScreener({ hiddenSql: null }), never)).toEqual({
    rows: 2,
    columns: [
      { name: 'mail', type: 'VARCHAR', pii: ['pii/email'] },
      { name: '[email]', type: 'VARCHAR', pii: [] },
    ],
    firstRows: [
      ['[email]', null],
      ['none', '[email]'],
    ],
    notes: ['mail: "[email]" was read as text'],
    unreadable: null,
  })
})

it.each([
  [{ unreadable: 'row 3 of ann@example.com is longer' }, 'row 3 of [email] is longer'],
  [null, 'nobody has looked at what it holds'],
  [{ rows: 'many' }, 'nobody has looked at what it holds'],
])('says why %j is no table', async (preview, unreadable) => {
  const none = { rows: null, columns: [], firstRows: [], notes: [] }
  expect(await screenPreview(readFilePreview(preview), testScreener({ hiddenSql: null }), never)).toEqual({
    ...none,
    unreadable,
  })
})
