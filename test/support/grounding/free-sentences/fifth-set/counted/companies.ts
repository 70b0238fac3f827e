import { change, share } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

export const answersAboutCompanies: readonly AnalystAnswer[] = [
  ...asked('Do people agree with the new office policy?', ['opinions by department'], {
    right: [
      [
        'Support is most in favour: 78 % agree. Engineering is the most divided, with 42.6 % in agreement, 46.3 % neutral and 11.1 % against.',
        (t) => [
          [t.highest('department', 'agree'), 'Support'],
          [t.at('Support', 'agree'), 78],
          [t.at('Engineering', 'agree'), 42.6],
          [t.at('Engineering', 'neutral'), 46.3],
          [t.at('Engineering', 'disagree'), 11.1],
        ],
      ],
      [
        'In Sales only 2.4 % disagree, the lowest share of all four departments.',
        (t) => [
          [t.at('Sales', 'disagree'), 2.4],
          [t.lowest('department', 'disagree'), 'Sales'],
          [t.count(), 4],
        ],
      ],
      [
        '410 people responded, more than a third of them (142) from Engineering.',
        (t) => [
          [t.sum('responses'), 410],
          [t.at('Engineering', 'responses'), 142],
          [3 * t.at('Engineering', 'responses') > t.sum('responses'), true],
        ],
      ],
      [
        'Weighted by responses, overall agreement comes to 59.5 %.',
        (t) => [
          [
            t.texts('department').reduce((sum, name) => sum + t.at(name, 'agree') * t.at(name, 'responses'), 0) /
              t.sum('responses'),
            59.5,
          ],
        ],
      ],
      [
        'Agreement in Support is 35.4 percentage points higher than in Engineering.',
        (t) => [[t.at('Support', 'agree') - t.at('Engineering', 'agree'), 35.4]],
      ],
    ],
    wrong: [
      [
        'In Finance 47.0 % agree, 46.7 % are neutral and 5.4 % disagree.',
        (t) => [
          [t.at('Finance', 'agree'), 47, 1],
          [t.at('Finance', 'neutral'), 46.7],
          [t.at('Finance', 'disagree'), 5.4],
        ],
      ],
      [
        'Support had 93 responses and a disagreement of 2.4 %.',
        (t) => [
          [t.at('Support', 'responses'), 93],
          [t.at('Support', 'disagree'), 2.4],
        ],
      ],
      [
        'A majority agrees in every department except Engineering (42.6 %).',
        (t) => [
          [t.at('Engineering', 'agree'), 42.6],
          [t.count({ agree: (value) => value < 50 }), 1],
        ],
      ],
      [
        'Most of the 142 engineers, 46.3 %, disagree with the policy.',
        (t) => [
          [t.at('Engineering', 'responses'), 142],
          [t.at('Engineering', 'disagree'), 46.3],
        ],
      ],
      [
        'Agreement is higher in Finance (47.0 %) than in Sales (71.3 %).',
        (t) => [
          [t.at('Finance', 'agree'), 47, 1],
          [t.at('Sales', 'agree'), 71.3],
          [t.at('Finance', 'agree') > t.at('Sales', 'agree'), true],
        ],
      ],
    ],
  }),
  ...asked('How did 2025 end compared with 2024 and with the budget?', ['profit and loss in thousand EUR'], {
    right: [
      [
        'Revenue rose by 9.2 % to €20.1 million, but it stayed €685 thousand below budget.',
        (t) => [
          [change(t.at('Revenue', 'actual_2024'), t.at('Revenue', 'actual_2025')), 9.2],
          [t.at('Revenue', 'actual_2025') / 1000, 20.1],
          [t.at('Revenue', 'budget_2025') - t.at('Revenue', 'actual_2025'), 685],
        ],
      ],
      [
        'The gross margin slipped from 44.0 % to 43.0 %, since the cost of goods grew faster (+11.1 %) than revenue (+9.2 %).',
        (t) => [
          [share(t.at('Gross profit', 'actual_2024'), t.at('Revenue', 'actual_2024')), 44, 1],
          [share(t.at('Gross profit', 'actual_2025'), t.at('Revenue', 'actual_2025')), 43, 1],
          [change(t.at('Cost of goods', 'actual_2024'), t.at('Cost of goods', 'actual_2025')), 11.1],
          [change(t.at('Revenue', 'actual_2024'), t.at('Revenue', 'actual_2025')), 9.2],
        ],
      ],
      [
        'Operating profit came in at 2,165 (thousand EUR) against 1,910 the year before, which is 13.4 % more. The budget had foreseen 2,730.',
        (t) => [
          [t.at('Operating profit', 'actual_2025'), 2165],
          [t.at('Operating profit', 'actual_2024'), 1910],
          [change(t.at('Operating profit', 'actual_2024'), t.at('Operating profit', 'actual_2025')), 13.4],
          [t.at('Operating profit', 'budget_2025'), 2730],
        ],
      ],
      [
        'Marketing is the only cost that went down: from 1,120k to 985k, i.e. by 12 %.',
        (t) => [
          [t.at('Marketing', 'actual_2024'), 1120],
          [t.at('Marketing', 'actual_2025'), 985],
          [change(t.at('Marketing', 'actual_2024'), t.at('Marketing', 'actual_2025')), -12],
          [
            ['Cost of goods', 'Personnel', 'Rent and IT'].every(
              (item) => t.at(item, 'actual_2025') > t.at(item, 'actual_2024'),
            ),
            true,
          ],
        ],
      ],
      [
        'Personnel cost 4.59 million euros, 110 thousand more than planned, or 22.8 % of revenue.',
        (t) => [
          [t.at('Personnel', 'actual_2025') / 1000, 4.59],
          [t.at('Personnel', 'actual_2025') - t.at('Personnel', 'budget_2025'), 110],
          [share(t.at('Personnel', 'actual_2025'), t.at('Revenue', 'actual_2025')), 22.8],
        ],
      ],
      [
        '| Item | 2024 | 2025 | Change |\n|---|---|---|---|\n| Revenue | 18,420 | 20,115 | +1,695 |\n| Gross profit | 8,105 | 8,650 | +545 |\n| Operating profit | 1,910 | 2,165 | +255 |',
        (t) => [
          [t.at('Revenue', 'actual_2024'), 18_420],
          [t.at('Revenue', 'actual_2025'), 20_115],
          [t.at('Revenue', 'actual_2025') - t.at('Revenue', 'actual_2024'), 1695],
          [t.at('Gross profit', 'actual_2024'), 8105],
          [t.at('Gross profit', 'actual_2025'), 8650],
          [t.at('Gross profit', 'actual_2025') - t.at('Gross profit', 'actual_2024'), 545],
          [t.at('Operating profit', 'actual_2024'), 1910],
          [t.at('Operating profit', 'actual_2025'), 2165],
          [t.at('Operating profit', 'actual_2025') - t.at('Operating profit', 'actual_2024'), 255],
        ],
      ],
    ],
    wrong: [
      [
        'Rent and IT cost 910 thousand in 2025, 10 thousand less than budgeted.',
        (t) => [
          [t.at('Rent and IT', 'actual_2025'), 910],
          [t.at('Rent and IT', 'budget_2025') - t.at('Rent and IT', 'actual_2025'), 10],
        ],
      ],
      ['Gross profit reached €8.65 billion.', (t) => [[t.at('Gross profit', 'actual_2025') / 1e6, 8.65]]],
      [
        'Operating profit missed its budget by 20.7 %: 2,165 instead of 2,370.',
        (t) => [
          [change(t.at('Operating profit', 'budget_2025'), t.at('Operating profit', 'actual_2025')), -20.7],
          [t.at('Operating profit', 'actual_2025'), 2165],
          [t.at('Operating profit', 'budget_2025'), 2370],
        ],
      ],
      [
        'Cost of goods fell from 10,315 to 11,465.',
        (t) => [
          [t.at('Cost of goods', 'actual_2024'), 10_315],
          [t.at('Cost of goods', 'actual_2025'), 11_465],
          [t.at('Cost of goods', 'actual_2025') < t.at('Cost of goods', 'actual_2024'), true],
        ],
      ],
    ],
  }),
  ...asked('On which days of the week do people order?', ['orders by weekday'], {
    right: [
      [
        'Saturday is the strongest day by far: 975 of 5,200 orders (18.8 %) and 41,276.84 in sales.',
        (t) => [
          [t.highest('weekday', 'count'), 'Saturday'],
          [t.at('Saturday', 'count'), 975],
          [t.sum('count'), 5200],
          [share(t.at('Saturday', 'count'), t.sum('count')), 18.8],
          [t.at('Saturday', 'sum'), 41_276.84],
        ],
      ],
      [
        'The average order value hardly varies, between 41.08 on Wednesdays and 42.42 on Thursdays.',
        (t) => [
          [t.lowest('weekday', 'mean'), 'Wednesday'],
          [t.at('Wednesday', 'mean'), 41.08],
          [t.highest('weekday', 'mean'), 'Thursday'],
          [t.at('Thursday', 'mean'), 42.42],
        ],
      ],
      [
        'Friday to Sunday together bring 106,638.59, almost half (49.1 %) of the weekly total of 217,368.30.',
        (t) => [
          [t.at('Friday', 'sum') + t.at('Saturday', 'sum') + t.at('Sunday', 'sum'), 106_638.59],
          [share(t.at('Friday', 'sum') + t.at('Saturday', 'sum') + t.at('Sunday', 'sum'), t.sum('sum')), 49.1],
          [t.sum('sum'), 217_368.3, 2],
        ],
      ],
      [
        'The largest single order, 175.01, was placed on a Tuesday, which otherwise has the fewest orders (631).',
        (t) => [
          [t.max('max'), 175.01],
          [t.highest('weekday', 'max'), 'Tuesday'],
          [t.lowest('weekday', 'count'), 'Tuesday'],
          [t.at('Tuesday', 'count'), 631],
        ],
      ],
      [
        'Medians lie well below the means, e.g. 36.29 against 41.11 on Mondays: a few large orders pull the average up.',
        (t) => [
          [t.at('Monday', 'median'), 36.29],
          [t.at('Monday', 'mean'), 41.11],
          [t.rows.every(([day = '']) => t.at(day, 'median') < t.at(day, 'mean')), true],
        ],
      ],
      [
        'There are 55 % more orders on Saturdays (975) than on Tuesdays (631).',
        (t) => [
          [change(t.at('Tuesday', 'count'), t.at('Saturday', 'count')), 55],
          [t.at('Saturday', 'count'), 975],
          [t.at('Tuesday', 'count'), 631],
        ],
      ],
    ],
    wrong: [
      [
        'On Sundays 768 orders came in, with a median of 41.53.',
        (t) => [
          [t.at('Sunday', 'count'), 768],
          [t.at('Sunday', 'median'), 41.53],
        ],
      ],
      [
        'Friday ranks second with 797 orders, Thursday third with 699.',
        (t) => [
          [t.ranked('weekday', 'count')[1] ?? '', 'Friday'],
          [t.at('Friday', 'count'), 797],
          [t.at('Thursday', 'count'), 699],
          [t.ranked('weekday', 'count')[2] ?? '', 'Thursday'],
        ],
      ],
      [
        'Sales total €33,464.69 on Fridays and €27,936.55 on Mondays.',
        (t) => [
          [t.at('Friday', 'sum'), 33_464.69],
          [t.at('Monday', 'sum'), 27_936.55],
        ],
      ],
      [
        'The highest order on a Monday was 129.72, the lowest maximum of the week; on Wednesday it was 196.17.',
        (t) => [
          [t.at('Monday', 'max'), 129.72],
          [t.lowest('weekday', 'max'), 'Monday'],
          [t.at('Wednesday', 'max'), 196.17],
        ],
      ],
    ],
  }),
]
