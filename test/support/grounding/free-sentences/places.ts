import { about, inAnotherUnit, is, near, type FreeSentence } from '../free-sentence.ts'

export const sentencesAboutPlaces: readonly FreeSentence[] = [
  ...about('1-16278602-1', {
    right: [
      [
        'Denmark had 5.48 million inhabitants on 1 January 2008, 30 % of them in Region Hovedstaden.',
        (t) =>
          near(t.sum('population (january 1 , 2008)') / 1e6, 5.48, 2) &&
          near(
            (t.at('region hovedstaden', 'population (january 1 , 2008)') / t.sum('population (january 1 , 2008)')) *
              100,
            30,
          ),
      ],
      [
        'The capital region is the smallest by area (2,561 km²) and the most densely populated, with 642.6 people per km².',
        (t) =>
          t.min('area (km square)') === 2561 &&
          t.max('pop density (per km square)') === 642.6 &&
          t.at('region hovedstaden', 'area (km square)') === 2561,
      ],
      [
        'Region Midtjylland is about five times as large as Region Hovedstaden.',
        (t) => near(t.at('region midtjylland', 'area (km square)') / t.at('region hovedstaden', 'area (km square)'), 5),
      ],
      [
        'Fewer than 600,000 people live in Nordjylland.',
        (t) => t.at('region nordjylland', 'population (january 1 , 2008)') < 600_000,
      ],
    ],
    wrong: [
      [
        'Region Syddanmark has 1,237,041 inhabitants.',
        (t) => t.at('region syddanmark', 'population (january 1 , 2008)') === 1_237_041,
      ],
      ['The five regions cover 41,094 km² in total.', (t) => t.sum('area (km square)') === 41_094],
      [
        'Region Sjælland is more populous than Syddanmark.',
        (t) =>
          t.at('region sjælland', 'population (january 1 , 2008)') >
          t.at('region syddanmark', 'population (january 1 , 2008)'),
      ],
    ],
  }),
  ...about('1-16734640-1', {
    right: [
      [
        'Georgia Perimeter College enrolls 24,000 students, almost four times as many as Chattahoochee Technical College with 6,264.',
        (t) =>
          t.at('georgia perimeter college', 'enrollment') === 24_000 &&
          t.at('chattahoochee technical college', 'enrollment') === 6264 &&
          near(24_000 / 6264, 3.8, 1),
      ],
      [
        'The oldest institution is Oxford College of Emory University, founded in 1836.',
        (t) =>
          is(t.lowest('institution', 'founded'), 'oxford college of emory university') && t.min('founded') === 1836,
      ],
      [
        'Only two of the 19 colleges joined in 2011; the other 17 came in 2010.',
        (t) => t.count({ joined: '2011' }) === 2 && t.count({ joined: '2010' }) === 17,
      ],
      [
        'Andrew College is the smallest, with 350 students.',
        (t) => is(t.lowest('institution', 'enrollment'), 'andrew college') && t.min('enrollment') === 350,
      ],
      ['Taken together, the members enroll some 78,100 students.', (t) => near(t.sum('enrollment') / 100, 781)],
    ],
    wrong: [
      [
        'Georgia Military College has 12,000 students.',
        (t) => t.at('georgia military college', 'enrollment') === 12_000,
      ],
      [
        'Four of the colleges have more than 6,000 students.',
        (t) => t.count({ enrollment: (value) => value > 6000 }) === 4,
      ],
      ['Darton State College was founded in 1936.', (t) => t.at('darton state college', 'founded') === 1936],
      ['The median enrollment is 4,000.', (t) => t.median('enrollment') === 4000],
    ],
  }),
  ...about('1-23248420-1', {
    right: [
      [
        'Dublin (505,739) is the largest city on the list, followed by Liverpool (447,500) and Belfast (276,459).',
        (t) =>
          t.ranked('city / town', 'population').slice(0, 3).join() === 'dublin,liverpool,belfast' &&
          t.at('dublin', 'population') === 505_739 &&
          t.at('liverpool', 'population') === 447_500 &&
          t.at('belfast', 'population') === 276_459,
      ],
      [
        'The three Welsh towns have 85,355 inhabitants between them.',
        (t) => t.sum('population', { country: 'wales' }) === 85_355 && t.count({ country: 'wales' }) === 3,
      ],
      ['Thirteen of the towns are in England.', (t) => t.count({ country: 'england' }) === 13],
      [
        'Dublin is 1.13 times the size of Liverpool.',
        (t) => near(t.at('dublin', 'population') / t.at('liverpool', 'population'), 1.13, 2),
      ],
      [
        'Of the places listed, only four have more than 100,000 people.',
        (t) => t.count({ population: (value) => value > 100_000 }) === 4,
      ],
    ],
    wrong: [
      ['Belfast has a population of 267,459.', (t) => t.at('belfast', 'population') === 267_459],
      [
        'Southport is slightly smaller than Birkenhead.',
        (t) => t.at('southport', 'population') < t.at('birkenhead', 'population'),
      ],
      [
        'Morecambe has 41,330 inhabitants and Lytham St Annes 45,000.',
        (t) => t.at('morecambe', 'population') === 41_330,
      ],
      ['The smallest of them is Llandudno.', (t) => is(t.lowest('city / town', 'population'), 'llandudno')],
      [
        'Dublin accounts for a third of the people listed.',
        (t) => near((t.at('dublin', 'population') / t.sum('population')) * 3, 1, 1),
      ],
    ],
  }),
  ...about('1-255885-1', {
    right: [
      [
        'Daet grew from 94,184 inhabitants in 2007 to 95,572 in 2010, an increase of 1.5 %.',
        (t) =>
          t.at('daet (capital town)', 'population (2007)') === 94_184 &&
          t.at('daet (capital town)', 'population (2010)') === 95_572 &&
          near((95_572 / 94_184 - 1) * 100, 1.5, 1),
      ],
      [
        'Labo is the largest municipality: 52 barangays on 589.36 km².',
        (t) => t.at('labo', 'no of s barangay') === 52 && t.max('area (km square)') === 589.36,
      ],
      [
        'Paracale added 6,387 people between the two counts.',
        (t) => t.at('paracale', 'population (2010)') - t.at('paracale', 'population (2007)') === 6387,
      ],
      ['The province had 501,000 inhabitants in 2010.', (t) => t.sum('population (2010)') === 501_000],
      [
        'San Vicente, with roughly 10,000 people, is the least populous.',
        (t) =>
          is(t.lowest('municipality', 'population (2010)'), 'san vicente') &&
          near(t.at('san vicente', 'population (2010)') / 1000, 10),
      ],
    ],
    wrong: [
      [
        'Labo lost population between 2007 and 2010.',
        (t) => t.at('labo', 'population (2010)') < t.at('labo', 'population (2007)'),
      ],
      ['In 2007 Mercedes had 47,674 inhabitants.', (t) => t.at('mercedes', 'population (2007)') === 47_674],
      ['The eleven municipalities have 281 barangays.', (t) => t.sum('no of s barangay') === 281],
      [
        'Talisay grew by 8 % from 2007 to 2010.',
        (t) => near((t.at('talisay', 'population (2010)') / t.at('talisay', 'population (2007)') - 1) * 100, 8),
      ],
      ['Santa Elena covers 199.35 hectares.', inAnotherUnit],
    ],
  }),
  ...about('1-160510-5', {
    right: [
      [
        'Gyeongsangbuk is the largest province with 19,440 km².',
        (t) => is(t.highest('rr romaja', 'area'), 'gyeongsangbuk') && t.max('area') === 19_440,
      ],
      [
        'Nine of the provinces are in South Korea and eight in North Korea.',
        (t) => t.count({ country: 'south korea' }) === 9 && t.count({ country: 'north korea' }) === 8,
      ],
      [
        'Jeju is the smallest, not even a tenth of Gyeongsangbuk.',
        (t) => is(t.lowest('rr romaja', 'area'), 'jeju') && t.at('jeju', 'area') < t.at('gyeongsangbuk', 'area') / 10,
      ],
    ],
    wrong: [
      ['Jagang covers 17,665 km².', (t) => t.at('jagang', 'area') === 17_665],
      [
        'The South Korean provinces have a combined area of 103,545 km².',
        (t) => t.sum('area', { country: 'south korea' }) === 103_545,
      ],
      [
        'Hamgyeongnam is the second smallest of the North Korean provinces.',
        (t) => is(t.ranked('rr romaja', 'area', { country: 'north korea' }).at(-2) ?? '', 'hamgyeongnam'),
      ],
    ],
  }),
  ...about('1-25597136-1', {
    right: [
      [
        'The tallest tower, Apo Reef (1), stood 118 ft (36.0 m) high.',
        (t) => t.max('tower height in ft (m)') === 118 && t.at('apo reef (1)', 'tower height in ft (m)') === 118,
      ],
      [
        'Cape Bolinao was first lit in 1906 and has a focal plane of 294 feet.',
        (t) => t.at('cape bolinao', 'date first lit') === 1906 && t.at('cape bolinao', 'focal plane in ft (m)') === 294,
      ],
      [
        'Seven of the ten lighthouses are active.',
        (t) => t.count({ 'current status': 'active' }) === 7 && t.count() === 10,
      ],
    ],
    wrong: [
      ['Malabrigo Point dates from 1869.', (t) => t.at('malabrigo point', 'date first lit') === 1869],
      ['The tower at Basco is 66 metres tall.', inAnotherUnit],
      [
        'Cape Santiago is lower than the second Corregidor tower.',
        (t) =>
          t.at('cape santiago', 'tower height in ft (m)') < t.at('corregidor island (2)', 'tower height in ft (m)'),
      ],
    ],
  }),
]
