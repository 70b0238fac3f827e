import { describe, expect, it } from 'vitest'
import { headOf, isNameValue, isPlaceholder, labelWords, meaningOf } from '../../../../src/filters/names/field-names.ts'

describe('the words of a label', () => {
  it.each([
    ['billingLastName', 'billing', 'last', 'name'],
    ['LAST_NAME', 'last', 'name'],
    ['last-name', 'last', 'name'],
    ['user.last_name2', 'user', 'last', 'name'],
    ['URLName', 'url', 'name'],
    ['line2Name', 'line', 'name'],
    ['Nom de famille', 'nom', 'de', 'famille'],
    ['prénom', 'prénom'],
    ['42'],
  ])('%s', (label, ...words) => {
    expect(labelWords(label)).toEqual(words)
  })

  it('are those of its first 64 characters', () => {
    expect(labelWords(`${'x'.repeat(64)} name`)).toEqual(['x'.repeat(64)])
  })
})

describe('the name of a field', () => {
  it.each([
    'last_name', 'lastName', 'LastName', 'LAST_NAME', 'last-name', 'Last name', 'lastname', 'last_names', 'first_name', 'given_name', 'family_name',
    'middle_name', 'maidenName', 'full_name', 'legal name', 'preferred_name', 'surname', 'user.surname', 'forename', 'billing_last_name', 'name_first',
    'customer_name', 'customername', 'patientName', 'contact-name', 'Cardholder name', 'name on card', 'spouse_name', 'account holder name',
    'vorname', 'Nachname', 'Familienname', 'kundenname', 'Name des Kunden', 'nom', 'prénom', 'prenom', 'nom de famille', 'nom_complet', 'apellido',
    'Apellidos', 'nombre completo', 'nombre_cliente', 'nombre y apellidos',
  ])('%s says that it holds the name of a person', (label) => {
    expect(meaningOf(label)).toBe('person')
  }) // prettier-ignore

  it('has six words at most', () => {
    expect([meaningOf('a b c d last name'), meaningOf('a b c d e last name')]).toEqual(['person', null])
    expect(meaningOf('le nom de famille')).toBe('person')
  })

  it.each([
    'name',
    'Name of customer',
    'customer',
    'city',
    'company_name',
    'display_name',
    'nombre',
    'Kunde',
    'To',
    'name of the customer',
  ])('%s may hold a name', (label) => {
    expect(meaningOf(label)).toBe('possible')
  })

  it.each([
    'file_name', 'fileName', 'filename', 'host_name', 'hostname', 'class_name', 'className', 'username', 'user_name', 'Project name', 'Product name',
    'model_name', 'display name of a product', 'Team name', 'nickname_color_name', 'nom du fichier',
  ])('%s says that it holds the name of a thing', (label) => {
    expect(meaningOf(label)).toBe('other')
  }) // prettier-ignore

  it.each([
    'theme',
    'total',
    '',
    '42',
    'surname_count',

    'renamed',
    'the first and the last name of all of them',
  ])('%s says nothing', (label) => {
    expect(meaningOf(label)).not.toBe('person')
    expect(meaningOf(label)).not.toBe('other')
  })
})

describe('what stands in such a field', () => {
  it.each([
    'Wexler', 'Kim Wexler', 'WEXLER', "O'Brien", 'Smith-Ray', 'J. R. Wexler', 'Wexler, Kim', 'García Márquez', 'von der Berg', 'Ludwig van Berg',
    'Ng', 'Wexler,', 'Wexler Name', 'Test Wexler', 'Özdemir', '王', '王小明', 'Kim Lee Ann Berg Wexler', 'Christian', 'Guest', 'Field',
  ])('%s can be a name', (value) => {
    expect(isNameValue(value, { anyCase: false })).toBe(true)
    expect(isNameValue(value, { anyCase: true })).toBe(true)
  }) // prettier-ignore

  it.each(['wexler', 'kim wexler', 'kim lee wexler'])('%s can be one where nobody writes capitals', (value) => {
    expect(isNameValue(value, { anyCase: true })).toBe(true)
    expect(isNameValue(value, { anyCase: false })).toBe(false)
  })

  it.each([
    '', 'K', 'k', 'Kim 12', '12 Kim', 'Apellidos', 'Prénom', 'Nom', 'N/A', 'None', 'null', 'String', 'string', 'Unknown', 'required', 'Last name', 'First Name', 'Surname', 'Customer name', 'Customer Name', 'Your Name', 'Name of the Customer', 'Vorname',
    'user.last_name', 'Wexler1', '12', 'a@b.example', 'getName()', '%s', '{{name}}', 'Kim wexler', 'enter it here now', 'von', '!!', '--', ',',
    'A B C D E F', 'Wexler.', 'x'.repeat(61), `W${'x'.repeat(60)}`,
  ])('%j can be none', (value) => {
    expect(isNameValue(value, { anyCase: true })).toBe(false)
    expect(isNameValue(value, { anyCase: false })).toBe(false)
  }) // prettier-ignore

  it('has sixty characters at most', () => {
    expect(isNameValue(`W${'x'.repeat(59)}`, { anyCase: false })).toBe(true)
  })
})

it.each([
  ['customerName', 'person', 'Customer name: '],
  ['the_last_name_of_the_customer', 'person', 'The last name of the customer: '],
  ['name', 'possible', 'Name: '],
  ['name of the customer', 'possible', 'Name of the customer: '],
  ['name of the first customer', 'possible', ''],
  ['file_name', 'other', ''],
  ['theme', null, ''],
] as const)('the value of %s stands in a letter behind what its field says: %s, %j', (label, meaning, head) => {
  expect(headOf(label, meaning)).toBe(head)
})

it.each([
  ['N/A', true],
  [' none ', true],
  ['String', true],
  ['Wexler', false],
  ['None Such', false],
])('%j stands where there is no value: %s', (value, is) => {
  expect(isPlaceholder(value)).toBe(is)
})
