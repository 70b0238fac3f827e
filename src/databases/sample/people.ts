import type { SeededRandom } from './random.ts'

interface Country {
  readonly code: string
  readonly weight: number
  readonly givenNames: readonly string[]
  readonly familyNames: readonly string[]
  readonly cities: readonly string[]
  readonly streets: readonly string[]
  /** `#` is a digit. */
  readonly phones: readonly string[]
  /** `#` is a house number, `%` the street. */
  readonly address: string
}

const countries: readonly Country[] = [
  {
    code: 'DE',
    weight: 34,
    givenNames: [
      'Anna',
      'Lukas',
      'Mia',
      'Jonas',
      'Lena',
      'Felix',
      'Marie',
      'Paul',
      'Sophie',
      'Maximilian',
      'Katrin',
      'Uwe',
    ],
    familyNames: ['Müller', 'Schmidt', 'Weber', 'Fischer', 'Becker', 'Hoffmann', 'Schäfer', 'Koch', 'Richter', 'Wolf'],
    cities: ['Berlin', 'Hamburg', 'München', 'Köln', 'Leipzig', 'Bremen', 'Dresden', 'Freiburg'],
    streets: ['Lindenstraße', 'Gartenweg', 'Bahnhofstraße', 'Am Mühlbach', 'Schillerplatz'],
    phones: ['+49 30 23125 ###', '+49 89 99998 ###', '+49 171 39200 ##'],
    address: '% #',
  },
  {
    code: 'FR',
    weight: 16,
    givenNames: ['Camille', 'Louis', 'Chloé', 'Hugo', 'Manon', 'Jules', 'Inès', 'Arthur', 'Élodie', 'Théo'],
    familyNames: ['Martin', 'Bernard', 'Dubois', 'Laurent', 'Lefèvre', 'Moreau', 'Girard', 'Rousseau', 'Fontaine'],
    cities: ['Paris', 'Lyon', 'Nantes', 'Lille', 'Bordeaux', 'Strasbourg'],
    streets: ['rue des Lilas', 'avenue Victor Hugo', 'rue de la Gare', 'quai du Port'],
    phones: ['+33 1 99 00 ## ##', '+33 6 39 98 ## ##'],
    address: '# %',
  },
  {
    code: 'NL',
    weight: 13,
    givenNames: ['Daan', 'Emma', 'Sem', 'Julia', 'Bram', 'Sanne', 'Lotte', 'Thijs', 'Fleur'],
    familyNames: ['de Jong', 'Jansen', 'de Vries', 'van den Berg', 'Bakker', 'Visser', 'Smit', 'Mulder'],
    cities: ['Amsterdam', 'Utrecht', 'Rotterdam', 'Groningen', 'Eindhoven'],
    streets: ['Kerkstraat', 'Dorpsstraat', 'Molenweg', 'Prinsengracht'],
    phones: ['+31 20 794 ####', '+31 6 1234 ####'],
    address: '% #',
  },
  {
    code: 'GB',
    weight: 12,
    givenNames: ['Oliver', 'Amelia', 'Harry', 'Isla', 'George', 'Ava', 'Noah', 'Grace', 'Alfie'],
    familyNames: ['Smith', 'Jones', 'Taylor', 'Brown', 'Davies', 'Evans', "O'Connor", 'Walker', 'Hughes'],
    cities: ['London', 'Leeds', 'Bristol', 'Manchester', 'Glasgow', 'Cardiff'],
    streets: ['High Street', 'Station Road', 'Church Lane', 'Victoria Road'],
    phones: ['+44 20 7946 0###', '+44 161 496 0###', '+44 7700 900###'],
    address: '# %',
  },
  {
    code: 'AT',
    weight: 8,
    givenNames: ['Jakob', 'Laura', 'Tobias', 'Magdalena', 'Florian', 'Theresa'],
    familyNames: ['Gruber', 'Huber', 'Bauer', 'Wagner', 'Pichler', 'Steiner'],
    cities: ['Wien', 'Graz', 'Linz', 'Salzburg', 'Innsbruck'],
    streets: ['Hauptstraße', 'Wiener Straße', 'Feldgasse'],
    phones: ['+43 1 5234 ###', '+43 664 1234 ###'],
    address: '% #',
  },
  {
    code: 'ES',
    weight: 7,
    givenNames: ['Lucía', 'Hugo', 'Martina', 'Pablo', 'Sofía', 'Álvaro'],
    familyNames: ['García', 'Fernández', 'López', 'Sánchez', 'Romero', 'Navarro'],
    cities: ['Madrid', 'Barcelona', 'Valencia', 'Sevilla', 'Bilbao'],
    streets: ['Calle Mayor', 'Calle del Sol', 'Avenida de la Paz'],
    phones: ['+34 91 123 ## ##', '+34 612 34 ## ##'],
    address: '% #',
  },
  {
    code: 'IT',
    weight: 6,
    givenNames: ['Giulia', 'Lorenzo', 'Sofia', 'Matteo', 'Aurora', 'Davide'],
    familyNames: ['Rossi', 'Russo', 'Ferrari', 'Esposito', 'Romano', 'Colombo'],
    cities: ['Roma', 'Milano', 'Torino', 'Bologna', 'Firenze'],
    streets: ['Via Roma', 'Via Garibaldi', 'Corso Italia'],
    phones: ['+39 06 1234 ####', '+39 312 345 ####'],
    address: '% #',
  },
  {
    code: 'SE',
    weight: 4,
    givenNames: ['Alice', 'William', 'Maja', 'Oscar', 'Ebba', 'Axel'],
    familyNames: ['Andersson', 'Johansson', 'Karlsson', 'Nilsson', 'Lindqvist', 'Åberg'],
    cities: ['Stockholm', 'Göteborg', 'Malmö', 'Uppsala'],
    streets: ['Storgatan', 'Kungsgatan', 'Skolvägen'],
    phones: ['+46 8 465 004 ##', '+46 70 174 06 ##'],
    address: '% #',
  },
]

export interface Person {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly cardNumber: string
  readonly address: string
  readonly city: string
  readonly country: string
}

/** An invented person. `number` keeps e-mail addresses apart; their domains are the reserved ones (RFC 2606). */
export function inventPerson(random: SeededRandom, number: number): Person {
  const country = random.weighted(countries.map((entry) => [entry, entry.weight] as const))
  const given = random.pick(country.givenNames)
  const family = random.pick(country.familyNames)
  return {
    name: `${given} ${family}`,
    email: `${asciiOf(given)}.${asciiOf(family)}${number}@example.${random.pick(['com', 'org', 'net'])}`,
    phone: fillDigits(random, random.pick(country.phones)),
    cardNumber: inventCardNumber(random),
    address: country.address.replace('%', random.pick(country.streets)).replace('#', String(random.between(1, 180))),
    city: random.pick(country.cities),
    country: country.code,
  }
}

/** Sixteen digits in groups of four that pass the Luhn check (ISO/IEC 7812-1). */
export function inventCardNumber(random: SeededRandom): string {
  const digits = fillDigits(random, random.pick(['4000########000', '411111#########', '555555#########']))
  return `${digits}${luhnCheckDigit(digits)}`.replaceAll(/(\d{4})(?=\d)/g, '$1 ')
}

/** The digit that makes `digits` followed by it pass the Luhn check. */
function luhnCheckDigit(digits: string): number {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, character, index) => {
      const digit = Number(character) * (index % 2 === 0 ? 2 : 1)
      return total + (digit > 9 ? digit - 9 : digit)
    }, 0)
  return (10 - (sum % 10)) % 10
}

function fillDigits(random: SeededRandom, pattern: string): string {
  return pattern.replaceAll('#', () => String(random.between(0, 9)))
}

function asciiOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '')
}
