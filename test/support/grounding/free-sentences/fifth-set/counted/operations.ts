import { share } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

export const answersAboutOperations: readonly AnalystAnswer[] = [
  ...asked('How punctual are the routes from Oslo?', ['flights by route'], {
    right: [
      [
        'London (OSL-LHR) is the least punctual route: 77 of 248 flights were late (31 %), by 27.9 minutes on average.',
        (t) => [
          [t.at('OSL-LHR', 'delayed'), 77],
          [t.at('OSL-LHR', 'flights'), 248],
          [share(t.at('OSL-LHR', 'delayed'), t.at('OSL-LHR', 'flights')), 31],
          [t.at('OSL-LHR', 'avg_delay_min'), 27.9],
          [t.highest('route', 'avg_delay_min'), 'OSL-LHR'],
        ],
      ],
      [
        'In total, 446 of 2,602 flights were delayed (17.1 %) and 41 were cancelled (1.6 %).',
        (t) => [
          [t.sum('delayed'), 446],
          [t.sum('flights'), 2602],
          [share(t.sum('delayed'), t.sum('flights')), 17.1],
          [t.sum('cancelled'), 41],
          [share(t.sum('cancelled'), t.sum('flights')), 1.6],
        ],
      ],
      [
        'OSL-TRD does best with 12.1 % of its flights delayed and an average delay of 9.8 minutes.',
        (t) => [
          [share(t.at('OSL-TRD', 'delayed'), t.at('OSL-TRD', 'flights')), 12.1],
          [t.at('OSL-TRD', 'avg_delay_min'), 9.8],
          [t.lowest('route', 'avg_delay_min'), 'OSL-TRD'],
        ],
      ],
      [
        'Tromsø (OSL-TOS) has the most cancellations, 14 out of 310, followed by London with 9 and Bergen with 8.',
        (t) => [
          [t.at('OSL-TOS', 'cancelled'), 14],
          [t.at('OSL-TOS', 'flights'), 310],
          [t.at('OSL-LHR', 'cancelled'), 9],
          [t.at('OSL-BGO', 'cancelled'), 8],
          [t.ranked('route', 'cancelled').slice(0, 3).join(), 'OSL-TOS,OSL-LHR,OSL-BGO'],
        ],
      ],
      [
        'The two biggest routes, OSL-BGO and OSL-TRD, carried 140,096 of 319,804 passengers, or 43.8 %.',
        (t) => [
          [t.ranked('route', 'passengers').slice(0, 2).join(), 'OSL-BGO,OSL-TRD'],
          [t.at('OSL-BGO', 'passengers') + t.at('OSL-TRD', 'passengers'), 140_096],
          [t.sum('passengers'), 319_804],
          [share(140_096, t.sum('passengers')), 43.8],
        ],
      ],
      [
        'A flight to London carries 148 passengers on average, one to Bergen 115.',
        (t) => [
          [t.at('OSL-LHR', 'passengers') / t.at('OSL-LHR', 'flights'), 148],
          [t.at('OSL-BGO', 'passengers') / t.at('OSL-BGO', 'flights'), 115],
        ],
      ],
    ],
    wrong: [
      [
        'OSL-CPH had 434 flights, of which 64 were delayed.',
        (t) => [
          [t.at('OSL-CPH', 'flights'), 434],
          [t.at('OSL-CPH', 'delayed'), 64],
        ],
      ],
      ['The average delay on OSL-TOS is 18.2 hours.', (t) => [[t.at('OSL-TOS', 'avg_delay_min') / 60, 18.2]]],
      [
        'Only 5 of 402 flights to Stockholm (OSL-ARN) were cancelled.',
        (t) => [
          [t.at('OSL-ARN', 'cancelled'), 5],
          [t.at('OSL-ARN', 'flights'), 402],
        ],
      ],
      [
        'On OSL-BGO, 93 of 620 flights were delayed, a rate of 17.1 %.',
        (t) => [
          [t.at('OSL-BGO', 'delayed'), 93],
          [t.at('OSL-BGO', 'flights'), 620],
          [share(t.at('OSL-BGO', 'delayed'), t.at('OSL-BGO', 'flights')), 17.1],
        ],
      ],
    ],
  }),
  ...asked('Which outages did we have this year?', ['outages of the platform'], {
    right: [
      [
        'There were eight outages with 691 minutes of downtime in sum, three of them of severity 1.',
        (t) => [
          [t.count(), 8],
          [t.sum('minutes'), 691],
          [t.count({ severity: '1' }), 3],
        ],
      ],
      [
        'The longest was INC-4437 (Exports): 310 minutes on 2 March, but just 112 customers were hit.',
        (t) => [
          [t.highest('incident', 'minutes'), 'INC-4437'],
          [t.text('INC-4437', 'service'), 'Exports'],
          [t.at('INC-4437', 'minutes'), 310],
          [t.text('INC-4437', 'started_on'), '2026-03-02'],
          [t.at('INC-4437', 'customers_hit'), 112],
        ],
      ],
      [
        'Payments failed most often, three times: on January 8, February 21 and March 27, for 126 minutes together.',
        (t) => [
          [t.count({ service: 'Payments' }), 3],
          [t.texts('started_on', { service: 'Payments' }).join(), '2026-01-08,2026-02-21,2026-03-27'],
          [t.sum('minutes', { service: 'Payments' }), 126],
        ],
      ],
      [
        'The login outage of 3 February was short (26 minutes) but hit 5,310 customers, 42 % of everyone affected.',
        (t) => [
          [t.text('INC-4425', 'started_on'), '2026-02-03'],
          [t.at('INC-4425', 'minutes'), 26],
          [t.at('INC-4425', 'customers_hit'), 5310],
          [share(t.at('INC-4425', 'customers_hit'), t.sum('customers_hit')), 42],
        ],
      ],
      [
        'An outage lasted 86 minutes on average; the median is 55.5 minutes.',
        (t) => [
          [t.mean('minutes'), 86],
          [t.median('minutes'), 55.5],
        ],
      ],
      [
        'Search was down on 19 January for 132 minutes and on 5 March for 78 minutes, so 3.5 hours in all.',
        (t) => [
          [t.at(['Search', '2026-01-19'], 'minutes'), 132],
          [t.at(['Search', '2026-03-05'], 'minutes'), 78],
          [t.sum('minutes', { service: 'Search' }) / 60, 3.5],
        ],
      ],
    ],
    wrong: [
      [
        'INC-4452 took Payments down for 64 minutes on 22 March and hit 2,407 customers.',
        (t) => [
          [t.text('INC-4452', 'service'), 'Payments'],
          [t.at('INC-4452', 'minutes'), 64],
          [t.text('INC-4452', 'started_on'), '2026-03-22'],
          [t.at('INC-4452', 'customers_hit'), 2407],
        ],
      ],
      ['Four incidents lasted longer than 70 minutes.', (t) => [[t.count({ minutes: (value) => value > 70 }), 4]]],
      [
        'The shortest outage (INC-4431, 15 minutes) was in Login.',
        (t) => [
          [t.lowest('incident', 'minutes'), 'INC-4431'],
          [t.at('INC-4431', 'minutes'), 15],
          [t.text('INC-4431', 'service'), 'Login'],
        ],
      ],
      [
        'The severity 1 incidents hit 9,537 customers, those of severity 2 another 2,780.',
        (t) => [
          [t.sum('customers_hit', { severity: '1' }), 9537],
          [t.sum('customers_hit', { severity: '2' }), 2780],
        ],
      ],
    ],
  }),
  ...asked('How did the schools do in the final exams?', ['final exams by school'], {
    right: [
      [
        '560 of 624 pupils passed (89.7 %). Cedar Hill did best: 168 of 176, or 95.5 %.',
        (t) => [
          [t.sum('passed'), 560],
          [t.sum('pupils'), 624],
          [share(t.sum('passed'), t.sum('pupils')), 89.7],
          [t.at('Cedar Hill', 'passed'), 168],
          [t.at('Cedar Hill', 'pupils'), 176],
          [share(t.at('Cedar Hill', 'passed'), t.at('Cedar Hill', 'pupils')), 95.5],
          [t.rows.every(([name = '']) => t.at(name, 'passed') / t.at(name, 'pupils') <= 168 / 176), true],
        ],
      ],
      [
        'At Dunmore one in five failed: 24 of 121 pupils. It also has the most absences (566).',
        (t) => [
          [t.at('Dunmore', 'pupils') - t.at('Dunmore', 'passed'), 24],
          [t.at('Dunmore', 'pupils'), 121],
          [share(24, t.at('Dunmore', 'pupils')), 20],
          [t.highest('school', 'absences'), 'Dunmore'],
          [t.at('Dunmore', 'absences'), 566],
        ],
      ],
      [
        'Mean grades range from 61.3 (Dunmore) to 76.2 (Cedar Hill), a gap of 14.9 points.',
        (t) => [
          [t.lowest('school', 'mean_grade'), 'Dunmore'],
          [t.at('Dunmore', 'mean_grade'), 61.3],
          [t.highest('school', 'mean_grade'), 'Cedar Hill'],
          [t.at('Cedar Hill', 'mean_grade'), 76.2],
          [t.at('Cedar Hill', 'mean_grade') - t.at('Dunmore', 'mean_grade'), 14.9],
        ],
      ],
      [
        'Cedar Hill and Ashgrove have 65 of the 96 distinctions, about two thirds.',
        (t) => [
          [t.at('Cedar Hill', 'distinctions') + t.at('Ashgrove', 'distinctions'), 65],
          [t.sum('distinctions'), 96],
          [share(65, t.sum('distinctions')), 68],
        ],
      ],
      [
        'Elmwood is the smallest school (87 pupils), but with 15 distinctions and a pass rate of 92 % it is third in both.',
        (t) => [
          [t.lowest('school', 'pupils'), 'Elmwood'],
          [t.at('Elmwood', 'pupils'), 87],
          [t.at('Elmwood', 'distinctions'), 15],
          [share(t.at('Elmwood', 'passed'), t.at('Elmwood', 'pupils')), 92],
          [t.ranked('school', 'distinctions')[2] ?? '', 'Elmwood'],
          [
            t
              .texts('school')
              .toSorted((a, b) => t.at(b, 'passed') / t.at(b, 'pupils') - t.at(a, 'passed') / t.at(a, 'pupils'))[2] ??
              '',
            'Elmwood',
          ],
        ],
      ],
      [
        'A pupil at Brookfield missed 4.1 days on average; at Cedar Hill it was 1.6.',
        (t) => [
          [t.at('Brookfield', 'absences') / t.at('Brookfield', 'pupils'), 4.1],
          [t.at('Cedar Hill', 'absences') / t.at('Cedar Hill', 'pupils'), 1.6],
        ],
      ],
    ],
    wrong: [
      [
        'Brookfield has 98 pupils, a mean grade of 64.9 and 7 distinctions.',
        (t) => [
          [t.at('Brookfield', 'pupils'), 98],
          [t.at('Brookfield', 'mean_grade'), 64.9],
          [t.at('Brookfield', 'distinctions'), 7],
        ],
      ],
      ['Three schools have a mean grade above 71.', (t) => [[t.count({ mean_grade: (value) => value > 71 }), 3]]],
      [
        'Ashgrove was second with a mean of 71.4 and Elmwood third with 71.0.',
        (t) => [
          [t.ranked('school', 'mean_grade')[1] ?? '', 'Ashgrove'],
          [t.at('Ashgrove', 'mean_grade'), 71.4],
          [t.ranked('school', 'mean_grade')[2] ?? '', 'Elmwood'],
          [t.at('Elmwood', 'mean_grade'), 71, 1],
        ],
      ],
      [
        'Of the 64 pupils who failed, 24 were at Dunmore, 14 at Brookfield and 13 at Ashgrove.',
        (t) => [
          [t.sum('pupils') - t.sum('passed'), 64],
          [t.at('Dunmore', 'pupils') - t.at('Dunmore', 'passed'), 24],
          [t.at('Brookfield', 'pupils') - t.at('Brookfield', 'passed'), 14],
          [t.at('Ashgrove', 'pupils') - t.at('Ashgrove', 'passed'), 13],
        ],
      ],
    ],
  }),
]
