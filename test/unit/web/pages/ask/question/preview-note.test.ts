import { describe, expect, it } from 'vitest'
import { noteInWords } from '../../../../../../src/web/pages/ask/question/preview-note.ts'

describe('a note of the reader for people', () => {
  it.each([
    [
      'amount: stays text: its commas may mark fractions or thousands; set decimal or thousands',
      'amount: stays text: its commas may mark fractions or thousands. Say in your question which, such as "the comma is the decimal mark"',
    ],
    [
      'day: stays text: 01.02.2024 (date_format %d.%m.%Y) or 02.01.2024 (date_format %m.%d.%Y) cannot be known; set date_format',
      'day: stays text: 01.02.2024 or 02.01.2024 cannot be known. Say in your question which, such as "the day comes first"',
    ],
    [
      'this is the sheet "A"; its sheets are "A", "B": FILE#SHEET or the setting sheet reads another',
      'this is the sheet "A"; its sheets are "A", "B". To have another one read, name it in your question',
    ],
    [
      'line 2 is not UTF-8; set encoding (windows-1252, latin-1, utf-16-le, gb18030, shift_jis, …)',
      'line 2 is not UTF-8. Say in your question how it was written, such as "it is in Windows-1252", as older programs of Windows write',
    ],
    [
      'code: stays text for its "NA"; if that means missing, set null_values',
      'code: stays text for its "NA". If that means that nothing is known, say so in your question',
    ],
    [
      'it is Parquet: set format to parquet',
      'it is Parquet: set format to parquet (the model can, where your question asks for it)',
    ],
    ['times with a zone are shown in UTC', 'times with a zone are shown in UTC'],
  ])('says what to write in the question: %s', (note, words) => {
    expect(noteInWords(note)).toBe(words)
  })
})
