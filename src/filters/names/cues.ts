import { hashOf } from './tokens.ts'

const hashes = (text: string): ReadonlySet<number> => new Set(text.trim().split(/\s+/).map(hashOf))

/** Words of the name of a field that holds a person, a firm or a place, in English, German, French and Spanish. */
export const fieldWords = hashes(`
  name names fullname firstname lastname surname forename nickname customer client patient employee applicant contact recipient sender passenger guest tenant landlord owner holder cardholder beneficiary payee payer buyer seller student teacher doctor physician guardian reference signed signature attendees participants present attn attention from to cc bcc dear hi hello
  company employer organization organisation vendor supplier bank school university hospital institution firm
  address street city town location place country state region province hometown birthplace residence destination origin headquarters branch
  kunde kundin patientin ansprechpartner ansprechpartnerin mieter vermieter empfänger absender kontoinhaber versicherter vorname nachname familienname firma arbeitgeber unternehmen auftraggeber adresse anschrift rechnungsadresse lieferadresse straße wohnort wohnhaft geburtsort ort stadt land standort teilnehmer anwesend
  nom prénom cliente destinataire expéditeur titulaire locataire société employeur entreprise banque ville lieu pays domicile rue participants présents
  nombre apellido apellidos destinatario remitente titular inquilino empresa empleador compañía banco dirección domicilio ciudad localidad país calle asistentes paciente`)

/** What stands right before a person even in a text about programs, beside titles (`Mr.`). */
export const addressingWords = hashes(
  "dear hi hello hey named i'm regards sincerely liebe lieber geehrte geehrter cher chère bonjour hola estimado estimada querido querida heiße llamo m'appelle",
)

/** Two words in a row that do the same: `name is`, `I am`. */
export const addressingPairs: ReadonlyMap<number, ReadonlySet<number>> = new Map([
  [hashOf('is'), hashes('name')],
  [hashOf('am'), hashes('i')],
  [hashOf('bin'), hashes('ich')],
  [hashOf('ist'), hashes('name')],
  [hashOf('suis'), hashes('je')],
  [hashOf('es'), hashes('nombre')],
])

/** What stands before a name that somebody is introduced or addressed by. */
export const introducingWords = hashes(`
  is am i'm name named called dear hi hello hey mr mrs ms miss mister dr prof professor sir madam madame monsieur mme mlle herr herrn frau señor señora don doña sr sra srta regards sincerely thanks cheers signed heiße lautet ist bin m'appelle appelle suis llamo soy nombre grüßen grüße cordialement atentamente saludos liebe lieber geehrte geehrter cher chère estimado estimada querido querida`)

/** Words by which a text is about people. */
export const personalWords = hashes(`
  i i'm my mine we our he she him his her hers they them their ich mein meine meiner wir unser unsere er sie ihr ihre sein seine
  je j'ai mon ma mes nous notre il elle son sa leur yo mi mis nosotros nuestra nuestro él ella su vivo vive soy nací nació`)

/** Whoever asks is not told of by these alone: `tell me`. */
export const askersWords = hashes('me us mich uns mir moi')

/** Words of people who write to each other, and of each other, that are rare in documents about programs. */
export const talkWords = hashes(`
  i i'm i've i'd my me mine he she his her him dear hi hello hey regards thanks sincerely mr mrs ms
  ich mein meine meinen mir mich sehr lieber liebe hallo danke grüße grüßen herr frau
  je j'ai mon ma moi bonjour merci cher chère cordialement madame monsieur
  yo mi mis hola gracias estimado estimada querido querida saludos señor señora`)
