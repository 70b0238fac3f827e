import type { Chance } from '../random.ts'
import {
  airlines,
  britishPostcodes,
  countries,
  gazetteers,
  regions,
  stateCodes,
  streets,
  type Language,
} from './gazetteers.ts'
import {
  firmTrades,
  firmWords,
  institutions,
  knownOrganizations,
  legalForms,
  moreRegions,
  worldCities,
} from './word-lists.ts'

/** Which names of the lists a text may hold: those of training, or those that it never sees. */
export type Half = 'training' | 'held-out'

/** One name of ten is held out, by its letters. */
export function isOf(half: Half, name: string): boolean {
  let sum = 7
  for (let at = 0; at < name.length; at += 1) sum = (sum * 31 + name.charCodeAt(at)) % 1_000_003
  return (sum % 10 === 0) === (half === 'held-out')
}

const halves = new Map<string, readonly string[]>()

/** Makes names, addresses and places of a language as people write them. */
export class Values {
  readonly chance: Chance
  readonly language: Language
  readonly half: Half

  constructor(chance: Chance, language: Language, half: Half) {
    this.chance = chance
    this.language = language
    this.half = half
  }

  make(kind: string): string | null {
    if (kind === 'person') return this.person()
    if (kind === 'full') return this.fullName()
    if (kind === 'given') return this.given()
    if (kind === 'surname') return this.surname()
    if (kind === 'organization') return this.organization()
    if (kind === 'address') return this.address()
    if (kind === 'street') return this.streetAddress()
    if (kind === 'location') return this.location()
    if (kind === 'city') return this.city()
    if (kind === 'country') return this.country()
    return null
  }

  #from(list: readonly string[], name: string): string {
    const key = `${this.half} ${name}`
    let half = halves.get(key)
    if (half === undefined) {
      half = list.filter((item) => isOf(this.half, item))
      halves.set(key, half)
    }
    return this.chance.pick(half.length > 0 ? half : list)
  }

  #origin(): Language | 'other' | 'own' {
    const place = this.chance.next()
    return place < 0.55
      ? this.language
      : place < 0.75
        ? 'own'
        : place < 0.9
          ? 'other'
          : this.chance.pick(['english', 'german', 'french', 'spanish'])
  }

  /** The beginning of one name and the end of another: such as no list has. */
  #spliced(one: string, other: string): string {
    const cut = (name: string) => {
      const places = Array.from(name, (_, at) => at).filter(
        (at) => at > 1 && at < name.length - 1 && /[aeiouyäöüáéíóú]/i.test(name[at] ?? ''),
      )
      return places.length === 0 ? Math.ceil(name.length / 2) : this.chance.pick(places)
    }
    return `${one.slice(0, cut(one))}${other.slice(cut(other))}`
  }

  given(origin = this.#origin()): string {
    const list = gazetteers[origin].given
    const name = this.#from(list, `${origin} given`)
    if (!this.chance.percent(10)) return name
    return this.#spliced(name, this.#from(list, `${origin} given`))
  }

  surname(origin = this.#origin()): string {
    const list = gazetteers[origin].surnames
    const name = this.#from(list, `${origin} surnames`)
    if (this.chance.percent(22)) return this.#spliced(name, this.#from(list, `${origin} surnames`))
    if (this.chance.percent(3)) return `${name}-${this.#from(list, `${origin} surnames`)}`
    if (origin === 'english' && this.chance.percent(3))
      return `${this.chance.pick(['Mc', 'Mac', "O'", 'Fitz', 'De', 'Van '])}${name}`
    if (origin === 'german' && this.chance.percent(4))
      return `${this.chance.pick(['von', 'von der', 'zu', 'van'])} ${name}`
    if (origin === 'french' && this.chance.percent(4))
      return `${this.chance.pick(['de', 'Le', 'La', 'du', "d'"])} ${name}`.replace("' ", "'")
    if (origin === 'spanish' && this.chance.percent(35))
      return `${name} ${this.chance.percent(10) ? 'y ' : ''}${this.#from(list, `${origin} surnames`)}`
    return name
  }

  fullName(): string {
    const origin = this.#origin()
    const [given, surname] = [this.given(origin), this.surname(origin)]
    const initial = this.chance.fill('?')
    const place = this.chance.next()
    if (place < 0.68) return `${given} ${surname}`
    if (place < 0.78) return `${given} ${initial}${this.chance.percent(85) ? '.' : ''} ${surname}`
    if (place < 0.84) return `${given} ${this.given(origin)} ${surname}`
    if (place < 0.87) return `${initial}. ${surname}`
    if (place < 0.89) return `${initial}. ${this.chance.fill('?')}. ${surname}`
    if (place < 0.91) return `${given}-${this.given(origin)} ${surname}`
    if (place < 0.94) return `${surname}, ${given}`
    if (place < 0.95) return `${given} ${surname} ${this.chance.pick(['Jr.', 'Sr.', 'III', 'II'])}`
    if (place < 0.97) return `${given} ${surname}`.toUpperCase()
    return `${given} ${surname}`
  }

  person(): string {
    const place = this.chance.next()
    if (place < 0.6) return this.fullName()
    return place < 0.85 ? this.given() : this.surname()
  }

  city(): string {
    const origin = this.#origin()
    const { cities } = gazetteers[origin]
    if (cities.length === 0 || this.chance.percent(25)) return this.#from(worldCities, 'own cities')
    const name = this.#from(cities, `${origin} cities`)
    return this.chance.percent(12) ? this.#madeCity(name, this.#from(cities, `${origin} cities`)) : name
  }

  #madeCity(one: string, other: string): string {
    const { chance, language } = this
    if (language !== 'english' || chance.percent(40)) return this.#spliced(one, other)
    const stem = this.surname('english')
    return chance.pick([`${stem}ville`, `${stem}ton`, `${stem}burg`, `${stem} Falls`, `${stem} Springs`, `Port ${stem}`, `North ${stem}`, `East ${stem}`, `New ${stem}`, `Lake ${stem}`, `${stem} City`, `St. ${this.given('english')}`, `${stem}-on-Sea`, `Fort ${stem}`, `West ${stem}`, `Mount ${stem}`, `${stem} Heights`, `${stem} Beach`]) // prettier-ignore
  }

  country(): string {
    return this.chance.percent(80)
      ? this.#from(countries[this.language], `${this.language} countries`)
      : this.#from(moreRegions, 'regions')
  }

  location(): string {
    const { chance } = this
    const place = chance.next()
    if (place < 0.6) return this.city()
    return place < 0.8 ? this.country() : this.#from(regions[this.language], `${this.language} regions`)
  }

  organization(): string {
    const { chance, language } = this
    const place = chance.next()
    if (place < 0.16) return this.#from(knownOrganizations, 'organizations')
    if (place < 0.34) return this.#institution()
    if (place < 0.37) return this.#from(airlines, 'airlines')
    if (place < 0.41) return chance.fill(chance.pick(['???', '??', '????', '?&?', '??C']))
    const legal = chance.pick(legalForms[chance.percent(75) ? language : 'english'])
    const [one, other] = [this.surname(), this.surname()]
    const [word, trade] = [chance.pick(firmWords), chance.pick(firmTrades)]
    const made = this.#spliced(word, chance.pick(firmWords))
    return chance.pick([
      `${one} ${legal}`, `${one}, ${legal}`, `${one} ${trade}`, `${one} ${trade} ${legal}`, `${one} & ${other}`, `${one}, ${other} & ${this.surname()}`, `${one} and ${other}`, `${one} and Sons`, `${one} Brothers`, `${one}-${other}`, `${one}, ${other} and ${this.surname()}`,
      `${word} ${trade}`, `${word} ${trade}`, `${word} ${trade} ${legal}`, `${word} ${legal}`, `${made} ${trade}`, `${made} ${legal}`, made, made, `${word}${chance.pick(['Tech', 'Soft', 'Net', 'Works', 'Labs', 'Ware', 'Corp', 'Med', 'Bank', 'Data', 'Point', 'Line'])}`, `The ${word} ${trade}`, `${this.city()} ${trade}`, `${this.city()} ${trade} ${legal}`, `${word} ${chance.pick(firmWords)} ${trade}`, `${one}'s ${trade}`, `${chance.fill('???')} ${trade}`, `${chance.fill('??')} ${legal}`, word, `${word} of ${this.city()}`, `${this.given()}'s ${trade}`,
    ]) // prettier-ignore
  }

  #institution(): string {
    const pattern = this.chance.pick(institutions[this.language])
    return pattern
      .replace('#', () => this.city())
      .replace('$', () => (pattern.includes('$ Hospital') ? this.given() : this.surname()))
  }

  /** A street with its number, without a place. */
  streetAddress(): string {
    const { chance } = this
    const language = chance.percent(85)
      ? this.language
      : chance.pick(['english', 'german', 'french', 'spanish'] as const)
    if (language === 'german') return this.#germanStreet()
    if (language === 'french')
      return `${chance.between(1, 250)}${chance.percent(8) ? ' bis' : ''}${chance.percent(50) ? ',' : ''} ${this.#frenchStreet()}`
    if (language === 'spanish') return this.#spanishStreet()
    if (chance.percent(8))
      return chance.pick([`PO Box ${chance.between(10, 9999)}`, `P.O. Box ${chance.between(10, 99999)}`])
    if (chance.percent(7)) return this.#otherStreet()
    const number = chance.percent(88)
      ? String(chance.between(1, chance.pick([40, 300, 9999, 99999])))
      : `${chance.between(1, 300)}${chance.pick(['A', 'B', 'b', 'a', '-3', '/2'])}`
    const unit = chance.fill(chance.pick(['Apt. ##', 'Apt #', 'Apt ###', 'Suite ###', 'Suite ##', 'Ste ###', 'Unit #', 'Unit #?', '#4?', 'Floor #', 'Apartment ##', 'Room ###'])) // prettier-ignore
    const street = `${number} ${this.#englishStreet()}`
    const place = chance.next()
    if (place < 0.7) return street
    if (place < 0.88) return `${street}${chance.pick([', ', ' ', '\n'])}${unit}`
    return chance.fill(chance.pick([`Flat #, ${street}`, `Unit ##, ${street}`, `${this.surname('english')} House, ${street}`, `Flat ##?, ${street}`, `The Old ${chance.pick(['Mill', 'Rectory', 'Barn', 'Forge'])}, ${this.#englishStreet()}`])) // prettier-ignore
  }

  #englishStreet(): string {
    const { chance } = this
    const place = chance.next()
    if (place < 0.35) return this.#from(streets.english, 'streets')
    const suffix = chance.percent(35) ? chance.pick(['St', 'St.', 'Ave', 'Ave.', 'Blvd', 'Blvd.', 'Rd', 'Rd.', 'Dr', 'Dr.', 'Ln', 'Ct', 'Pl', 'Hwy', 'Pkwy', 'Cir']) : chance.percent(70) ? chance.pick(['Street', 'Avenue', 'Road', 'Lane', 'Drive', 'Boulevard', 'Court', 'Way', 'Place', 'Terrace', 'Close', 'Crescent', 'Square', 'Circle']) : chance.pick(streets.suffixes) // prettier-ignore
    const prefix = chance.percent(12) ? `${chance.pick(['N', 'S.', 'North', 'South', 'W', 'East', 'NW', 'E.'])} ` : ''
    if (place < 0.42)
      return `${prefix}${chance.pick(['1st', '2nd', '3rd', '4th', '5th', '12th', '21st', '42nd', '103rd'])} ${suffix}`
    if (place < 0.55) return `${prefix}${this.given('english')} ${suffix}`
    if (place < 0.65) return `${prefix}${chance.pick(firmWords)} ${suffix}`
    if (place < 0.68) return `${prefix}${this.given('english')} ${this.surname('english')} ${suffix}`
    return `${prefix}${this.surname('english')} ${suffix}`
  }

  #germanStreet(): string {
    const { chance } = this
    const name = this.surname('german')
    const street = chance.percent(50)
      ? this.#from(streets.german, 'german streets')
      : chance.pick([`${name}straße`, `${name}str.`, `${name}weg`, `${name}-Straße`, `${this.given('german')}-${name}-Straße`, `${name}gasse`, `${name}platz`, `Am ${name}berg`, `An der ${name}brücke`, `${name}allee`, `Alte ${name}straße`, `Zum ${name}hof`, `Im ${name}feld`, `${name}ring`, `${name}er Straße`]) // prettier-ignore
    return `${street} ${chance.between(1, 200)}${chance.percent(15) ? chance.pick(['a', 'b', ' a', 'c', '/3']) : ''}`
  }

  #frenchStreet(): string {
    const { chance } = this
    const kind = chance.pick(['rue', 'rue', 'rue', 'avenue', 'boulevard', 'place', 'impasse', 'allée', 'chemin', 'quai', 'cours', 'route', 'Rue', 'Avenue', 'Place', 'passage']) // prettier-ignore
    const name = chance.percent(55) ? this.#from(streets.french, 'french streets') : chance.pick([`${this.given('french')} ${this.surname('french')}`, `de ${this.city()}`, `du ${this.surname('french')}`, this.given('french'), `Saint-${this.given('french')}`, `des ${this.surname('french')}s`]) // prettier-ignore
    return `${kind} ${name}`
  }

  #spanishStreet(): string {
    const { chance } = this
    const kind = chance.pick(['Calle', 'calle', 'C/', 'Avenida', 'Avda.', 'Av.', 'Plaza', 'Paseo', 'Camino', 'Ronda', 'Carretera', 'Travesía', 'Calle de', 'Calle del', 'Glorieta']) // prettier-ignore
    const name = chance.pick([`${this.given('spanish')} ${this.surname('spanish')}`, this.surname('spanish'), `San ${this.given('spanish')}`, `Santa ${this.given('spanish')}`, `de ${this.city()}`, 'Mayor', 'Real', 'de la Constitución', 'de la Independencia', 'del Sol', 'Nueva', this.given('spanish')]) // prettier-ignore
    const door = chance.percent(40)
      ? `, ${chance.pick(['1º A', '2º B', '3º izda.', '4º dcha.', 'bajo', 'piso 3', '2.º C', 'ático'])}`
      : ''
    return `${kind} ${name}${chance.pick([', ', ' ', ' nº '])}${chance.between(1, 250)}${door}`
  }

  #otherStreet(): string {
    const { chance } = this
    const name = this.surname('other')
    const number = chance.between(1, 250)
    return chance.pick([`${name}straat ${number}`, `${name}laan ${number}`, `Via ${this.given('other')} ${name} ${number}`, `Via ${name}, ${number}`, `ul. ${name} ${number}`, `${name}gatan ${number}`, `${name}vej ${number}`, `Rua ${this.given('other')} ${name}, ${number}`, `${name}gata ${number}`, `${name}katu ${number}`, `${name} utca ${number}.`, `Str. ${name} ${number}`, `${name}ova ${number}`]) // prettier-ignore
  }

  #postcode(language: Language): string {
    const { chance } = this
    return chance.fill(language === 'english' ? '#####' : chance.percent(4) ? '#### ' : '#####').trim()
  }

  /** A street with its place, in one line or in several. */
  address(): string {
    const { chance, language } = this
    const street = this.streetAddress()
    if (chance.percent(22)) return street
    const city = this.city()
    const joint = chance.percent(25) ? '\n' : chance.percent(8) ? ' ' : ', '
    const land = chance.percent(22) ? `${joint}${this.country()}` : ''
    if (language === 'german')
      return `${street}${joint}${chance.percent(5) ? 'D-' : ''}${this.#postcode(language)} ${city}${land}`
    if (language === 'french')
      return `${street}${joint}${this.#postcode(language)} ${city}${chance.percent(6) ? ' Cedex' : ''}${land}`
    if (language === 'spanish')
      return `${street}${joint}${this.#postcode(language)} ${city}${chance.percent(15) ? ` (${city})` : ''}${land}`
    const state = chance.pick(stateCodes)
    const zip = chance.fill(chance.percent(12) ? '#####-####' : '#####')
    const place = chance.next()
    if (place < 0.45) return `${street}${joint}${city}, ${state} ${zip}${land}`
    if (place < 0.5) return `${street}${joint}${city}${joint}${state} ${zip}${land}`
    if (place < 0.62) return `${street}${joint}${city}${joint}${chance.fill(chance.pick(britishPostcodes))}${land}`
    if (place < 0.67)
      return `${street}${joint}${city} ${chance.pick(['NSW', 'VIC', 'QLD', 'SA', 'WA', 'TAS'])} ${chance.fill('####')}${land}`
    if (place < 0.71)
      return `${street}${joint}${city}, ${chance.pick(['ON', 'BC', 'QC', 'AB', 'NS'])} ${chance.fill('?#? #?#')}${land}`
    if (place < 0.78) return `${street}${joint}${city}${land}`
    if (place < 0.88)
      return `${street}${joint}${chance.fill(chance.pick(['#####', '####', '## ###', '#### ??', '###-####']))} ${city}${land}`
    if (place < 0.95)
      return `${street}${joint}${city}${joint}${this.country()}${chance.percent(50) ? ` ${chance.fill('#####')}` : ''}`
    return `${street}${joint}${city} ${chance.fill('#####')}${land}`
  }
}
