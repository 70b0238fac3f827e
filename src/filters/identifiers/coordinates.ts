import { textBefore } from '../text-before.ts'
import { wordsOf, type Place, type Recognizer } from './recognizer.ts'

const words = wordsOf('lat', 'lon', 'lng', 'lat lon', 'lat lng', 'latlng', 'latitude', 'longitude', 'coordinates?', 'coords?', 'gps', 'geo', 'location', 'position', 'koordinaten', 'standort', 'breitengrad', 'langengrad', 'coordonnees', 'coordenadas', 'ubicacion', 'latitud', 'longitud', 'geolocation') // prettier-ignore

function isOnEarth(value: string): boolean {
  const [latitude = 99, longitude = 0] = (value.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number)
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
}

/** No other number stands beside the pair, as in a row of a table, a path or an array. */
function standsAlone(_value: string, { text, start, end }: Place): boolean {
  const before = textBefore(text, start, 12)
  return !/\d[ \n,;[\](){}+-]*$/.test(before) && !/^[ \n,;[\](){}+-]*\d/.test(text.slice(end, end + 12))
}

/** Where somebody is: pairs of degrees. */
export const coordinates: readonly Recognizer[] = [
  {
    category: 'pii/coordinates',
    opens: 'digit',
    shape: /\d{1,2}\.\d{3,12}°?,? {0,2}[-+]?\d{1,3}\.\d{3,12}(?!\d*[.\d])°?/y,
    words,
    score: 0,
    namedScore: 0.85,
    passes: (value, place) => isOnEarth(value) && standsAlone(value, place),
  },
  {
    category: 'pii/coordinates',
    opens: 'digit',
    shape: /\d{1,3}\.\d{3,12}/y,
    words: wordsOf('lat', 'lon', 'lng', 'latitude', 'longitude', 'breitengrad', 'langengrad', 'latitud', 'longitud'),
    score: 0,
    namedScore: 0.8,
    passes: (value) => Number(value) <= 180,
  },
  {
    category: 'pii/coordinates',
    opens: 'digit',
    shape: /\d{1,2}(?:\.\d{2,12})? ?°? ?[NS],? ?\d{1,3}(?:\.\d{2,12})? ?°? ?[EWO]/y,
    words,
    score: 0.6,
    namedScore: 0.9,
    passes: (value) => /[.°]/.test(value) && isOnEarth(value),
  },
  {
    category: 'pii/coordinates',
    opens: 'digit',
    shape:
      /\d{1,2} ?° ?\d{1,2} ?['′’] ?(?:\d{1,2}(?:\.\d{1,6})? ?(?:["″”]|['′’]{2})? ?)?[NS],? {0,2}\d{1,3} ?° ?\d{1,2} ?['′’] ?(?:\d{1,2}(?:\.\d{1,6})? ?(?:["″”]|['′’]{2})? ?)?[EWO]/y,
    words: null,
    score: 0.9,
    namedScore: 0.9,
  },
  {
    category: 'pii/coordinates',
    opens: 'digit',
    shape: /\d{1,2}\.\d{3,12},(?:%20)?[-+]?\d{1,3}\.\d{3,12}/y,
    words: null,
    score: 0.8,
    namedScore: 0.8,
    passes: (value, { text, start }) => isOnEarth(value) && /(?:geo:|\/@|[?&](?:q|ll|center|daddr|destination)=)-?$/.test(textBefore(text, start, 16)), // prettier-ignore
  },
]
