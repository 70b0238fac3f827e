import { describe, expect, it } from 'vitest'
import { namedValues, together } from '../../../../src/filters/names/named-values.ts'

function values(text: string): string[] {
  const found = namedValues(text)
  for (const { category, score } of found) expect([category, score]).toEqual(['pii/person', 0.9])
  return found.map(({ start, end }) => `${text.slice(start, end)}@${start}`)
}

describe('values that their field names as a person', () => {
  it.each([
    ['{"last_name": "Wexler", "x": "Madison"}', 'Wexler@15'],
    ['{"lastName":"wexler"}', 'wexler@13'],
    ['Last name: Wexler', 'Wexler@11'],
    ['**Surname:** Wexler', 'Wexler@13'],
    ['**Surname**: Wexler', 'Wexler@13'],
    ['- last_name: Wexler', 'Wexler@13'],
    ['> Last name: Wexler', 'Wexler@13'],
    ['  last_name: Wexler\n', 'Wexler@13'],
    ['Nachname: Weber, Vorname: Jonas', 'Weber@10', 'Jonas@26'],
    ['I see (surname: Wexler) here', 'Wexler@16'],
    ['Hi, my last name: Wexler. Thanks', 'Wexler@18'],
    ['Last name: Wexler.', 'Wexler@11'],
    ['Last name: Wexler , x', 'Wexler@11'],
    [`${'a,'.repeat(508)}surnames\n${'b,'.repeat(508)}Wexler`, 'Wexler@2041'],
    ['first_name=Kim&last_name=Wexler', 'Kim@11', 'Wexler@25'],
    ['see /search?last_name=Wexler&page=2 now', 'Wexler@22'],
    ['full_name=Kim+Wexler;x=1', 'Kim+Wexler@10'],
    ['last_name=Wexler\nx', 'Wexler@10'],
    ['id,first_name,last_name\n1,Kim,Wexler\n2,Jonas,Weber', 'Kim@26', 'Wexler@30', 'Jonas@39', 'Weber@45'],
    ['id;surname\n1;Wexler\n\nx;Madison', 'Wexler@13'],
    ['id\tsurname\n1\tWexler', 'Wexler@13'],
    ['"id","surname"\n"1","Wexler"', 'Wexler@20'],
    ['| Last name | City |\n|---|---|\n| Wexler | Bonn |', 'Wexler@33'],
    ['surname, city\nWexler, Bonn\nsurname\nWeber', 'Wexler@14'],
  ])('%j', (text, ...expected) => {
    expect(values(text)).toEqual(expected)
  })

  it.each([
    'Wexler', 'lastName: string', 'lastName: String,', 'const lastName = user.lastName', "lastName: 'Doe',", 'lastName: "Doe",', 'last_name=os.environ', 'last_name=None',
    '"last_name": {"type": "string"}', '"lastName": "Last name"', '"file_name": "Wexler"', '"last_name": "We\\u0078"', 'file_name=Report', 'Project name: Phoenix',
    'SELECT id, last_name, x\nFROM, Users, Orders', 'Please enter id, last name, and the city.\nThen press Enter, Save, and Go.', 'the economy, name it\nNow, Then',
    'surname,city\nWexler,Bonn,x', 'last name: wexler', 'x_last_name_count: Wexler', 'last_name(x): Wexler', 'last_name=Wexler(1)',
    `aa,${'a,'.repeat(507)}surnames\n${'b,'.repeat(508)}Wexler`, `${'x'.repeat(1_020)},surname\nAda,Wexler`, 'surname\nWexler', 'surname,\nWexler,x',
  ])('%j has none', (text) => {
    expect(values(text)).toEqual([])
  }) // prettier-ignore

  it.each(['last name: ', '"name":"', 'last_name=', 'name,name\n', '"last_name" : ', ' last', 'name: Kim, ', '|name|'])(
    'a hundred thousand characters of %j are read to their end',
    (piece) => {
      const text = `${piece.repeat(Math.ceil(100_000 / piece.length))}\n\n"last_name": "Wexler"`
      expect(values(text).at(-1) ?? '').toContain('Wexler')
    },
  )
})

describe('what was read together with what a field says', () => {
  const at = (start: number, end: number, category = 'pii/person') => ({ start, end, category, score: 0.5 })

  it.each([
    ['nothing of one kind', [at(2, 5)], [], [at(2, 5)]],
    ['nothing of the other', [], [at(2, 5)], [at(2, 5)]],
    ['both, where they do not touch', [at(0, 1)], [at(4, 6)], [at(0, 1), at(4, 6)]],
    ['both, where one ends at the other', [at(0, 2), at(5, 7)], [at(2, 5)], [at(0, 2), at(5, 7), at(2, 5)]],
    ['the value of the field, where the other begins before it', [at(0, 3)], [at(2, 5)], [at(2, 5)]],
    ['the value of the field, where the other ends behind it', [at(4, 7)], [at(2, 5)], [at(2, 5)]],
    ['the value of the field, where the other has its beginning', [at(2, 4)], [at(2, 5)], [at(2, 5)]],
    ['the value of the field, where the other has its end', [at(3, 5)], [at(2, 5)], [at(2, 5)]],
    ['the kind that was read, of one and the same', [at(2, 5, 'pii/location')], [at(2, 5)], [at(2, 5, 'pii/location')]],
    ['each by itself', [at(2, 5, 'pii/location')], [at(2, 5), at(7, 9)], [at(2, 5, 'pii/location'), at(7, 9)]],
  ])('is %s', (_what, read, named, expected) => {
    expect(together(read, named)).toEqual(expected)
  })
})
