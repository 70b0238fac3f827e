import { isIPv4 } from 'node:net'
import { cards } from './cards.ts'
import { latinNames, names } from './names.ts'
import { phones } from './phones.ts'
import { charactersOf, choose, isLowerCase, isUpperCase, spaced, writtenLike, type SurrogateRange } from './range.ts'

const tops = ['com', 'net', 'org'] as const

const emails: SurrogateRange = {
  category: 'pii/email',
  source: 'example.com, example.net and example.org (RFC 2606)',
  shape: 'letters',
  joins: '.+-@%&',
  form: /(?<![a-z])[a-z]{2,12}\.[a-z]{2,12}\d\d@example\.(?:com|net|org)/gi,
  formats: ['email', 'idn-email'],
  samples: ['anna.albrecht42@example.com'],
  forValue: (value) => ({
    size: latinNames.given.length * latinNames.family.length * 90 * tops.length,
    at: (index) => {
      const [top, forGiven] = choose(tops, index)
      const [given, forFamily] = choose(latinNames.given, forGiven)
      const [family, number] = choose(latinNames.family, forFamily)
      const address = `${given}.${family}${10 + (number % 90)}@example.${top}`.toLowerCase()
      return isUpperCase(value) ? address.toUpperCase() : address
    },
  }),
}

const networks = ['192.0.2', '198.51.100', '203.0.113'] as const
const hexadecimal = (number: number): string => (number % 65_536).toString(16)

const addresses: SurrogateRange = {
  category: 'pii/ip-address',
  source: '192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 (RFC 5737), 2001:db8::/32 (RFC 3849)',
  shape: 'letters',
  // Behind an address of version 4 a colon has a port, and before it a word.
  joins: (surrogate) => (isIPv4(surrogate) ? '.' : '.:'),
  form: /(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}|2001:0?db8:[\da-f:]+/gi,
  formats: ['ipv4', 'ipv6'],
  samples: ['192.0.2.7', '2001:db8:1:2::3'],
  forValue: (value) => {
    if (isIPv4(value)) {
      const at = (index: number): string => {
        const [network, rest] = choose(networks, index)
        return `${network}.${1 + (rest % 254)}`
      }
      return { size: networks.length * 254, at }
    }
    if (!value.includes(':')) return null
    const at = (index: number): string => {
      const address = `2001:db8:${hexadecimal(index)}:${hexadecimal(Math.floor(index / 65_536))}::1`
      return isUpperCase(value) ? address.toUpperCase() : address
    }
    return { size: 65_536 ** 2, at }
  },
}

const devices: SurrogateRange = {
  category: 'pii/mac-address',
  source: '00-00-5E-00-53-00 to 00-00-5E-00-53-FF (RFC 9542)',
  shape: 'digits',
  joins: '-:',
  form: new RegExp(spaced('00005E0053%%').replaceAll('[ ./()-]', '[:.-]'), 'gi'),
  formats: [],
  samples: ['00:00:5E:00:53:AF', '00-00-5E-00-53-AF', '00:00:5e:00:53:af', '00005E0053AF'],
  forValue: (value) => ({
    size: 256,
    at: (index) => {
      const digits = `00005E0053${index.toString(16).toUpperCase().padStart(2, '0')}`
      return writtenLike(value, isLowerCase(value) ? digits.toLowerCase() : digits) ?? digits
    },
  }),
}

/** Check digits by ISO 7064, MOD 97-10. */
function checkedIban(country: string, account: string): string {
  const digits = `${account}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return `${country}${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${account}`
}

const ibans: SurrogateRange = {
  category: 'pii/iban',
  source: 'German banks whose code begins with 9: the Bundesbank’s areas are 1 to 8',
  shape: 'digits',
  joins: '-',
  form: new RegExp(spaced('DE##9#################'), 'gi'),
  formats: [],
  samples: ['DE31900000000123456789', 'DE31 9000 0000 0123 4567 89'],
  forValue: (value) => ({
    size: 10 ** 10,
    at: (index) => {
      const iban = checkedIban('DE', `90000000${String(index).padStart(10, '0')}`)
      const cased = isLowerCase(value) ? iban.toLowerCase() : iban
      return writtenLike(value, cased) ?? (value.includes(' ') ? cased.replace(/.{4}(?=.)/g, '$& ') : cased)
    },
  }),
}

const socialSecurity: SurrogateRange = {
  category: 'pii/ssn',
  source: 'areas from 900 on, which no SSN has, with groups that no ITIN has (SSA, IRS)',
  shape: 'digits',
  joins: '-',
  form: new RegExp(spaced('987[0-4]#####'), 'g'),
  formats: [],
  samples: ['987-12-3456', '987123456', '987 12 3456'],
  forValue: (value) => {
    if (!/^\d{9}$/.test(charactersOf(value))) return null
    const at = (index: number): string => {
      const group = String(1 + (index % 49)).padStart(2, '0')
      const serial = String(1 + (Math.floor(index / 49) % 9_999)).padStart(4, '0')
      return writtenLike(value, `987${group}${serial}`) ?? value
    }
    return { size: 49 * 9_999, at }
  },
}

const firstYear = 1900
const years = 9
const yearFirst = /^\d{4}([-./])(\d{1,2})\1(\d{1,2})$/
const yearLast = /^(\d{1,2})([-./])(\d{1,2})\2\d{4}$/

const birthdays: SurrogateRange = {
  category: 'pii/date-of-birth',
  source: `days of ${firstYear} to ${firstYear + years - 1}, on which nobody who lives was born; day and month up to 12`,
  shape: 'letters',
  joins: '-./',
  form: /\d{1,2}[-./]\d{1,2}[-./]190[0-8]|190[0-8][-./]\d{1,2}[-./]\d{1,2}/g,
  formats: ['date'],
  samples: ['1904-05-06', '05/06/1904'],
  forValue: (value) => {
    const isYearFirst = yearFirst.test(value)
    if (!isYearFirst && !yearLast.test(value)) return null
    const [separator = '-'] = /[-./]/.exec(value) ?? []
    const parts = value.split(separator)
    const widths = (isYearFirst ? parts.slice(1) : parts.slice(0, 2)).map(({ length }) => length)
    const counts = widths.map((width) => (width === 1 ? 9 : 12))
    return {
      size: (counts[0] ?? 9) * (counts[1] ?? 9) * years,
      at: (index) => {
        const year = String(firstYear + (index % years))
        const first = Math.floor(index / years)
        const written = [first, Math.floor(first / (counts[0] ?? 9))].map((number, at) =>
          String(1 + (number % (counts[at] ?? 9))).padStart(widths[at] ?? 1, '0'),
        )
        return (isYearFirst ? [year, ...written] : [...written, year]).join(separator)
      },
    }
  },
}

const all = [emails, phones, cards, ibans, socialSecurity, addresses, devices, names, birthdays] as const

/** By the kind of value that they stand for. */
export const surrogateRanges: ReadonlyMap<string, SurrogateRange> = new Map(all.map((range) => [range.category, range]))
