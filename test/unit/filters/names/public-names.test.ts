import { expect, it } from 'vitest'
import { publicKindOf } from '../../../../src/filters/names/public-names.ts'

it.each([
  ['country', 'Germany', 'the United States', 'The Netherlands', 'Deutschland', 'Allemagne', 'Alemania', 'USA', 'England', 'Czech  Republic', 'Großbritannien'],
  ['language', 'French', 'Deutsch', 'español', 'American', 'Swiss', 'Français'],
  ['time', 'Monday', 'Sunday', 'Montag', 'vendredi', 'January', 'May', 'December', 'février', 'Dezember', 'agosto'],
  ['product', 'Python', 'Postgres', 'Claude', 'Excel', 'KUBERNETES'],
  ['product-or-person', 'Ruby', 'Jenkins'],
] as const)('what is named by a %s is nobody', (kind, ...names) => {
  for (const name of names) expect([name, publicKindOf(name)]).toEqual([name, kind])
}) // prettier-ignore

it.each(['Kim', 'Wexler', 'Hamburg', 'Bavaria', 'Hamlin', 'Claude Dupont', 'French Street', ''])(
  '%j is no such name',
  (name) => {
    expect(publicKindOf(name)).toBeNull()
  },
)
