import { charactersOf, spaced, writtenLike, type SurrogateRange, type Surrogates } from './range.ts'

interface Plan {
  readonly country: string
  /** What a number begins with inside of the country. */
  readonly trunk: string
  /** Area and number; `#` is any digit. */
  readonly blocks: readonly string[]
}

const northAmerica: Plan = {
  country: '1',
  trunk: '',
  blocks: ['201', '202', '206', '212', '303', '305', '312', '404', '415', '416', '503', '514', '602', '604', '617', '702', '713', '808', '907', '919'].map((area) => `${area} 55501##`), // prettier-ignore
}

const britain: Plan = {
  country: '44',
  trunk: '0',
  blocks: ['7700 900###', '20 79460###', '1632 960###', '113 4960###', '121 4960###', '131 4960###', '161 4960###'],
}

const germany: Plan = {
  country: '49',
  trunk: '0',
  blocks: ['30 23125###', '40 66969###', '69 90009###', '89 99998###', '221 4710###', '171 39200##', '176 040690##'],
}

const france: Plan = {
  country: '33',
  trunk: '0',
  blocks: ['199 00####', '261 91####', '353 01####', '465 71####', '536 49####', '639 98####'],
}

const australia: Plan = { country: '61', trunk: '0', blocks: ['2 5550####', '3 5550####', '7 5550####', '8 5550####'] }

const sweden: Plan = { country: '46', trunk: '0', blocks: ['31 39006##', '40 62804##', '8 465004##', '70 17406##'] }

const plans: readonly Plan[] = [northAmerica, britain, germany, france, australia, sweden]

/** A number without its country is one of the country whose numbers have its length: it is free there all the same. */
function planOf(value: string, digits: string): Plan | null {
  if (!/^[\d ./()+-]+$/.test(value) || value.lastIndexOf('+') > 0) return null
  if (value.startsWith('+')) return plans.find(({ country }) => digits.startsWith(country)) ?? null
  if (digits.startsWith('00')) return plans.find(({ country }) => digits.startsWith(country, 2)) ?? null
  if (/^1?[2-9]\d{9}$/.test(digits)) return northAmerica
  if (!digits.startsWith('0')) return null
  return digits.length === 10 ? france : digits.length === 11 ? britain : germany
}

function numbersOf({ country, trunk, blocks }: Plan, value: string, digits: string): Surrogates {
  const isInternational = value.startsWith('+') || digits.startsWith('00')
  const hasCountry = isInternational || (country === '1' && digits.length === 11)
  const front = `${digits.startsWith('00') ? '00' : ''}${hasCountry ? country : trunk}`
  const sizes = blocks.map((block) => 10 ** (block.match(/#/g)?.length ?? 0))
  return {
    size: sizes.reduce((sum, size) => sum + size, 0),
    at: (index) => {
      let rest = index
      let at = 0
      while (rest >= (sizes[at] ?? Infinity)) {
        rest -= sizes[at] ?? 0
        at += 1
      }
      const last = String(rest).padStart(String(sizes[at]).length - 1, '0')
      let next = 0
      const number = (blocks[at] ?? '').replace(/#/g, () => last.charAt(next++))
      const [area = '', rest2 = ''] = number.split(' ')
      const written = writtenLike(value, front + area + rest2)
      return written ?? `${value.startsWith('+') ? '+' : ''}${front}${hasCountry ? ' ' : ''}${area} ${rest2}`
    },
  }
}

export const phones: SurrogateRange = {
  category: 'pii/phone',
  source: '555-0100 to 555-0199 (NANPA), numbers for films and drama of Ofcom, BNetzA, ARCEP, ACMA and PTS',
  shape: 'digits',
  joins: '-',
  form: new RegExp(plans.flatMap(({ blocks }) => blocks.map((block) => spaced(block.replace(' ', '')))).join('|'), 'g'),
  formats: ['phone'],
  samples: ['+12025550143', '+1 202-555-0143', '(202) 555-0143', '202-555-0143', '2025550143', '+44 7700 900123'],
  forValue: (value) => {
    const digits = charactersOf(value)
    const plan = planOf(value, digits)
    return plan === null ? null : numbersOf(plan, value, digits)
  },
}
