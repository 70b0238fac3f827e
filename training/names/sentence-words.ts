import {
  adjectives,
  bookTitles,
  jobAreas,
  jobTypes,
  nouns,
  products,
  songNames,
  verbs,
  type Language,
} from './gazetteers.ts'
import { allLocales } from '@faker-js/faker'
import { capitalizedWords, titles } from './word-lists.ts'
import { stateCodes } from './gazetteers.ts'
import type { Chance } from '../random.ts'

const split = (text: string): readonly string[] => text.split(' ')

/** Words for the places of a sentence that are no names. */
interface Words {
  readonly noun: readonly string[]
  readonly verb: readonly string[]
  readonly adj: readonly string[]
  readonly job: readonly string[]
  readonly weekday: readonly string[]
  readonly month: readonly string[]
}

const german = allLocales.de.word
const french = allLocales.fr.word
const textsOf = (part: unknown): string[] =>
  Array.isArray(part) ? part.filter((item) => typeof item === 'string') : []

export const wordsOf: Readonly<Record<Language, Words>> = {
  english: {
    noun: [
      ...nouns,
      ...split(
        'order invoice account password meeting report ticket delivery refund flight booking contract policy claim payment package laptop phone printer server file function database query error test prescription appointment lawsuit loan mortgage rent salary car house dog garden party dinner movie book song game school exam homework project budget deadline team manager customer issue bug update feature',
      ),
    ],
    verb: verbs,
    adj: adjectives,
    job: [
      ...split(
        'engineer teacher nurse lawyer doctor plumber architect journalist manager analyst director professor dentist pilot chef accountant developer consultant farmer musician driver clerk scientist',
      ),
      'chief executive',
      'sales manager',
      'software engineer',
      'project manager',
      'vice president',
      'head of marketing',
    ],
    weekday: split('Monday Tuesday Wednesday Thursday Friday Saturday Sunday'),
    month: split('January February March April May June July August September October November December'),
  },
  german: {
    noun: [
      ...textsOf(german?.noun),
      ...split(
        'Rechnung Bestellung Lieferung Wohnung Versicherung Anfrage Kündigung Datei Überweisung Mahnung Adresse Nachricht Frage Sitzung Prüfung Zahlung Karte Reise Buchung Beschwerde Antwort Aufgabe Straße Schule Firma Woche Stunde Küche Tasche Blume Sprache Regierung Wirtschaft Zeitung Meinung Lösung',
      ),
    ],
    verb: split(
      'prüfen senden öffnen schließen ändern löschen bezahlen kaufen suchen finden schreiben lesen bestätigen buchen abholen erklären brauchen zeigen',
    ),
    adj: [
      ...textsOf(german?.adjective).slice(0, 400),
      ...split('gut neu alt groß klein wichtig schnell teuer günstig offen fertig falsch richtig schwer leicht'),
    ],
    job: split('Ingenieur Lehrerin Anwalt Arzt Buchhalter Geschäftsführer Beraterin Architekt Journalistin'),
    weekday: split('Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag'),
    month: split('Januar Februar März April Mai Juni Juli August September Oktober November Dezember'),
  },
  french: {
    noun: [
      ...textsOf(french?.noun),
      ...split(
        'contrat dossier courrier colis paiement compte rapport projet virement rendez-vous prix logement billet voyage fichier message problème service travail livre film repas jardin vélo train retard remboursement abonnement',
      ),
    ],
    verb: [
      ...textsOf(french?.verb).slice(0, 300),
      ...split('envoyer ouvrir fermer payer acheter chercher lire écrire confirmer réserver'),
    ],
    adj: [
      ...textsOf(french?.adjective),
      ...split('bon nouveau vieux grand petit important rapide cher ouvert prêt faux correct difficile simple'),
    ],
    job: split('ingénieur professeur infirmière avocat médecin comptable directeur architecte journaliste'),
    weekday: split('lundi mardi mercredi jeudi vendredi samedi dimanche'),
    month: split('janvier février mars avril mai juin juillet août septembre octobre novembre décembre'),
  },
  spanish: {
    noun: split(
      'contrato pedido paquete pago informe proyecto correo billete viaje archivo mensaje problema servicio trabajo libro coche perro jardín precio piso seguro recibo cobro reembolso examen equipo horario producto documento formulario préstamo banco juego teléfono ordenador mercado tren vuelo hotel',
    ),
    verb: split(
      'enviar abrir cerrar pagar comprar buscar leer escribir confirmar reservar revisar cambiar borrar imprimir firmar recoger',
    ),
    adj: split(
      'bueno nuevo viejo grande pequeño importante rápido caro barato abierto listo falso correcto difícil fácil largo corto rojo verde limpio',
    ),
    job: split('ingeniero profesora enfermera abogado médico contable director arquitecta periodista'),
    weekday: split('lunes martes miércoles jueves viernes sábado domingo'),
    month: split('enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'),
  },
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/** What stands in a place of a sentence that is no name; null for a place that nobody knows. */
export function plainWord(place: string, language: Language, chance: Chance): string | null {
  const words = wordsOf[language]
  const lower = place.toLowerCase()
  const list = (words as unknown as Readonly<Record<string, readonly string[]>>)[lower]
  if (list !== undefined) {
    const word = chance.pick(list)
    return place === lower ? word : place === place.toUpperCase() ? word.toUpperCase() : capital(word)
  }
  switch (place) {
    case 'capital':
      return chance.percent(75) ? chance.pick(capitalizedWords) : capital(chance.pick(words.noun))
    case 'title':
      return chance.pick(titles[language])
    case 'state':
      return chance.pick(stateCodes)
    case 'job':
      return chance.percent(70) ? chance.pick(words.job) : `${chance.pick(jobAreas)} ${chance.pick(jobTypes)}`
    case 'product':
      return chance.pick(products)
    case 'book':
      return chance.pick(bookTitles)
    case 'song':
      return chance.pick(songNames)
    case 'number':
      return String(chance.between(1, chance.pick([12, 100, 5000])))
    case 'digit':
      return String(chance.between(1, 4))
    case 'age':
      return String(chance.between(18, 95))
    case 'year':
      return String(chance.between(1920, 2027))
    case 'time':
      return chance.pick([
        `${chance.between(1, 12)} pm`,
        `${chance.between(1, 12)}:${chance.fill('3#')}`,
        `${chance.between(10, 23)}:00`,
        'noon',
      ])
    case 'date':
      return dateOf(words, chance)
    case 'amount':
      return chance.pick([
        `$${chance.between(5, 9000)}`,
        `${chance.between(5, 900)} €`,
        `€${chance.between(5, 900)}`,
        `${chance.between(2, 90)},000 dollars`,
        `£${chance.between(5, 900)}.50`,
        `${chance.between(5, 900)} EUR`,
      ])
    case 'phone':
      return chance.fill(
        chance.pick([
          '###-###-####',
          '(###) ###-####',
          '+44 20 #### ####',
          '+1 ### ### ####',
          '0## ### ## ##',
          '0### #######',
          '+49 30 #######',
          '6## ## ## ##',
        ]),
      )
    case 'email':
      return `${chance.pick(nouns)}.${chance.pick(nouns)}@${chance.pick(nouns)}.example`
    case 'url':
      return `${chance.pick(['https://', 'www.', ''])}${chance.pick(nouns)}.${chance.pick(['com', 'org', 'example', 'net'])}`
    case 'card':
      return chance.fill('4### #### #### ####')
    case 'iban':
      return chance.fill('DE## #### #### #### #### ##')
    case 'ssn':
      return chance.fill('###-##-####')
    case 'id':
      return chance.fill(chance.pick(['#######', '??-#####', '#?###?#', '????##', '#####-##']))
    default:
      return null
  }
}

function dateOf({ month }: Words, chance: Chance): string {
  const [day, year] = [chance.between(1, 28), chance.between(1940, 2027)]
  return chance.pick([`${chance.pick(month)} ${day}, ${year}`, `${day} ${chance.pick(month)} ${year}`, `${day}.${chance.between(1, 12)}.${year}`, `${chance.between(1, 12)}/${day}/${year}`, `${year}-0${chance.between(1, 9)}-${day + 1}`, `${day}. ${chance.pick(month)}`, `${chance.pick(month)} ${day}`]) // prettier-ignore
}
