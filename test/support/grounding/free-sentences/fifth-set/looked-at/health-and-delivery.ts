import { share } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

export const answersAboutHealthAndDelivery: readonly AnalystAnswer[] = [
  ...asked('How long do deliveries take with each carrier?', ['delivery hours by carrier'], {
    right: [
      [
        'Rapid24 is the fastest carrier: 23.2 hours on average, and three quarters of its parcels arrive within 27.85 hours.',
        (t) => [
          [t.lowest('carrier', 'mean'), 'Rapid24'],
          [t.at('Rapid24', 'mean'), 23.2],
          [t.at('Rapid24', '75%'), 27.85],
        ],
      ],
      [
        'Seeland needs more than twice as long (55.56 h) and is also the least predictable, with a standard deviation of 21.73.',
        (t) => [
          [t.at('Seeland', 'mean'), 55.56],
          [t.at('Seeland', 'mean') > 2 * t.at('Rapid24', 'mean'), true],
          [t.at('Seeland', 'std'), 21.73],
          [t.highest('carrier', 'std'), 'Seeland'],
        ],
      ],
      [
        'I looked at 1,000 deliveries: 412 by Kolibri, 268 by Norrpost, 187 by Rapid24 and 133 by Seeland.',
        (t) => [
          [t.sum('count'), 1000],
          [t.at('Kolibri', 'count'), 412],
          [t.at('Norrpost', 'count'), 268],
          [t.at('Rapid24', 'count'), 187],
          [t.at('Seeland', 'count'), 133],
        ],
      ],
      [
        'The slowest delivery of all took 107.4 hours (about four and a half days) and was made by Seeland.',
        (t) => [
          [t.max('max'), 107.4],
          [t.highest('carrier', 'max'), 'Seeland'],
          [t.max('max') / 24, 4.5],
        ],
      ],
      [
        'For Norrpost the median (44.75 h) and the mean (45.39 h) are close together; half of its deliveries lie between 35.5 and 55.7 hours.',
        (t) => [
          [t.at('Norrpost', '50%'), 44.75],
          [t.at('Norrpost', 'mean'), 45.39],
          [t.at('Norrpost', '25%'), 35.5],
          [t.at('Norrpost', '75%'), 55.7],
        ],
      ],
    ],
    wrong: [
      [
        'Kolibri delivers in 31.35 hours on average, with a median of 25.40 hours.',
        (t) => [
          [t.at('Kolibri', 'mean'), 31.35],
          [t.at('Kolibri', '50%'), 25.4, 2],
        ],
      ],
      [
        'Kolibri handled 41.2 % of the parcels, Norrpost 26.8 % and Rapid24 17.8 %.',
        (t) => [
          [share(t.at('Kolibri', 'count'), t.sum('count')), 41.2],
          [share(t.at('Norrpost', 'count'), t.sum('count')), 26.8],
          [share(t.at('Rapid24', 'count'), t.sum('count')), 17.8],
        ],
      ],
      [
        'The quickest delivery took 4.0 hours, and no carrier ever needed more than 92 hours.',
        (t) => [
          [t.min('min'), 4, 1],
          [t.max('max') <= 92, true],
        ],
      ],
      [
        'On average Norrpost is 14.04 days slower than Kolibri.',
        (t) => [[(t.at('Norrpost', 'mean') - t.at('Kolibri', 'mean')) / 24, 14.04]],
      ],
      [
        'Ranked by mean delivery time, Rapid24 (23.21) comes first, Norrpost (45.39) second and Seeland (55.56) last.',
        (t) => [
          [t.at('Rapid24', 'mean'), 23.21],
          [t.at('Norrpost', 'mean'), 45.39],
          [t.at('Seeland', 'mean'), 55.56],
          [t.ranked('carrier', 'mean').at(-2) ?? '', 'Norrpost'],
        ],
      ],
    ],
  }),
  ...asked('Give me an overview of the wards in October.', ['hospital wards in October'], {
    right: [
      [
        'The hospital admitted 1,505 patients in October on seven wards with 312 beds. Cardiology was the busiest with 312 admissions, just ahead of Orthopaedics (297).',
        (t) => [
          [t.sum('admissions'), 1505],
          [t.count(), 7],
          [t.sum('beds'), 312],
          [t.at('Cardiology', 'admissions'), 312],
          [t.at('Orthopaedics', 'admissions'), 297],
          [t.ranked('ward', 'admissions').slice(0, 2).join(), 'Cardiology,Orthopaedics'],
        ],
      ],
      [
        'Readmissions: 124 in total, a rate of 8.2 %. Geriatrics has the highest rate (16.5 %, 31 of 188), Maternity the lowest (2.3 %).',
        (t) => [
          [t.sum('readmitted'), 124],
          [share(t.sum('readmitted'), t.sum('admissions')), 8.2],
          [share(t.at('Geriatrics', 'readmitted'), t.at('Geriatrics', 'admissions')), 16.5],
          [t.at('Geriatrics', 'readmitted'), 31],
          [t.at('Geriatrics', 'admissions'), 188],
          [share(t.at('Maternity', 'readmitted'), t.at('Maternity', 'admissions')), 2.3],
          [
            t.rows.every(([ward = '']) => {
              const rate = share(t.at(ward, 'readmitted'), t.at(ward, 'admissions'))
              return rate <= share(31, 188) && rate >= share(6, 264)
            }),
            true,
          ],
        ],
      ],
      [
        'Oncology is by far the most expensive ward: 1.59 million euros for 141 admissions, or roughly €11,280 per patient.',
        (t) => [
          [t.highest('ward', 'cost_eur'), 'Oncology'],
          [t.at('Oncology', 'cost_eur') / 1e6, 1.59],
          [t.at('Oncology', 'admissions'), 141],
          [t.at('Oncology', 'cost_eur') / t.at('Oncology', 'admissions'), 11_280, -1],
        ],
      ],
      [
        'Patients stay longest in Psychiatry (17.5 days) and shortest in Paediatrics (2.9 days), a factor of six.',
        (t) => [
          [t.highest('ward', 'avg_stay_days'), 'Psychiatry'],
          [t.at('Psychiatry', 'avg_stay_days'), 17.5],
          [t.lowest('ward', 'avg_stay_days'), 'Paediatrics'],
          [t.at('Paediatrics', 'avg_stay_days'), 2.9],
          [t.at('Psychiatry', 'avg_stay_days') / t.at('Paediatrics', 'avg_stay_days'), 6],
        ],
      ],
      [
        'Costs add up to €6,861,400. The three most expensive wards (Oncology, Orthopaedics, Cardiology) make up 58.6 % of that.',
        (t) => [
          [t.sum('cost_eur'), 6_861_400],
          [t.ranked('ward', 'cost_eur').slice(0, 3).join(), 'Oncology,Orthopaedics,Cardiology'],
          [
            share(
              t.at('Oncology', 'cost_eur') + t.at('Orthopaedics', 'cost_eur') + t.at('Cardiology', 'cost_eur'),
              t.sum('cost_eur'),
            ),
            58.6,
          ],
        ],
      ],
      [
        'Three wards keep patients for more than a week on average: Geriatrics (9.8 days), Oncology (8.2) and Psychiatry (17.5).',
        (t) => [
          [t.count({ avg_stay_days: (value) => value > 7 }), 3],
          [t.at('Geriatrics', 'avg_stay_days'), 9.8],
          [t.at('Oncology', 'avg_stay_days'), 8.2],
          [t.at('Psychiatry', 'avg_stay_days'), 17.5],
        ],
      ],
    ],
    wrong: [
      [
        'Maternity admitted 264 women, of whom 11 had to be readmitted.',
        (t) => [
          [t.at('Maternity', 'admissions'), 264],
          [t.at('Maternity', 'readmitted'), 11],
        ],
      ],
      [
        'Paediatrics is the cheapest ward at €498,200, followed by Psychiatry at €702,900.',
        (t) => [
          [t.lowest('ward', 'cost_eur'), 'Paediatrics'],
          [t.at('Paediatrics', 'cost_eur'), 498_200],
          [t.at('Psychiatry', 'cost_eur'), 702_900],
          [t.ranked('ward', 'cost_eur').at(-2) ?? '', 'Psychiatry'],
        ],
      ],
      [
        'Geriatrics has 60 beds, 19 % of the capacity, and caused costs of 1,027,300 dollars.',
        (t) => [
          [t.at('Geriatrics', 'beds'), 60],
          [share(t.at('Geriatrics', 'beds'), t.sum('beds')), 19],
          [t.columns.includes('cost_usd'), true],
        ],
      ],
      [
        'An admission costs €4,559 on average, and the median cost of a ward is €980,200.',
        (t) => [
          [t.sum('cost_eur') / t.sum('admissions'), 4559],
          [t.median('cost_eur'), 980_200],
        ],
      ],
    ],
  }),
]
