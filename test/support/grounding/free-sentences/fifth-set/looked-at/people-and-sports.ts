import { change, share } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

export const answersAboutPeopleAndSports: readonly AnalystAnswer[] = [
  ...asked('Who won the league, and how close was it?', ['league table'], {
    right: [
      [
        'Harbour FC won the league with 66 points, five ahead of Millbrook. They lost only 4 of their 30 games.',
        (t) => [
          [t.highest('team', 'points'), 'Harbour FC'],
          [t.at('Harbour FC', 'points'), 66],
          [t.at('Harbour FC', 'points') - t.at('Millbrook', 'points'), 5],
          [t.at('Harbour FC', 'lost'), 4],
          [t.at('Harbour FC', 'played'), 30],
        ],
      ],
      [
        'Their goal difference of +33 is the best too (61 scored, 28 conceded). Millbrook follow with +24.',
        (t) => [
          [t.at('Harbour FC', 'goals_for') - t.at('Harbour FC', 'goals_against'), 33],
          [t.at('Harbour FC', 'goals_for'), 61],
          [t.at('Harbour FC', 'goals_against'), 28],
          [t.at('Millbrook', 'goals_for') - t.at('Millbrook', 'goals_against'), 24],
        ],
      ],
      [
        'Penley Town finished bottom: 11 points, 2 wins and 19 goals in 30 matches, a full 12 points behind Lakeside.',
        (t) => [
          [t.lowest('team', 'points'), 'Penley Town'],
          [t.at('Penley Town', 'points'), 11],
          [t.at('Penley Town', 'won'), 2],
          [t.at('Penley Town', 'goals_for'), 19],
          [t.at('Lakeside', 'points') - t.at('Penley Town', 'points'), 12],
        ],
      ],
      [
        'Vale Rovers drew more often than anybody else (10 times), and Northfield 9 times.',
        (t) => [
          [t.highest('team', 'drawn'), 'Vale Rovers'],
          [t.at('Vale Rovers', 'drawn'), 10],
          [t.at('Northfield', 'drawn'), 9],
        ],
      ],
      [
        'The top three were:\n\n1. Harbour FC (66 pts, 20 wins)\n2. Millbrook (61 pts, 18 wins)\n3. Red Star Ashdon (56 pts, 17 wins)',
        (t) => [
          [t.ranked('team', 'points').slice(0, 3).join(), 'Harbour FC,Millbrook,Red Star Ashdon'],
          [t.at('Harbour FC', 'points'), 66],
          [t.at('Harbour FC', 'won'), 20],
          [t.at('Millbrook', 'points'), 61],
          [t.at('Millbrook', 'won'), 18],
          [t.at('Red Star Ashdon', 'points'), 56],
          [t.at('Red Star Ashdon', 'won'), 17],
        ],
      ],
      [
        'On average a team scored 41 goals over the season, 1.37 per match. Four of the ten let in fewer than 38.',
        (t) => [
          [t.mean('goals_for'), 41],
          [t.sum('goals_for') / t.sum('played'), 1.37],
          [t.count({ goals_against: (value) => value < 38 }), 4],
          [t.count(), 10],
        ],
      ],
    ],
    wrong: [
      [
        'Red Star Ashdon came third with 56 points, although they scored more goals (58) than the champions.',
        (t) => [
          [t.ranked('team', 'points')[2] ?? '', 'Red Star Ashdon'],
          [t.at('Red Star Ashdon', 'points'), 56],
          [t.at('Red Star Ashdon', 'goals_for'), 58],
          [t.at('Red Star Ashdon', 'goals_for') > t.at('Harbour FC', 'goals_for'), true],
        ],
      ],
      [
        'Saltmarsh were mid-table: 12 wins, 10 draws, 10 losses and 44 points.',
        (t) => [
          [t.at('Saltmarsh', 'won'), 12],
          [t.at('Saltmarsh', 'drawn'), 10],
          [t.at('Saltmarsh', 'lost'), 10],
          [t.at('Saltmarsh', 'points'), 44],
        ],
      ],
      [
        'Stanmoor let in 51 goals, the second most in the league, and Lakeside 54.',
        (t) => [
          [t.at('Stanmoor', 'goals_against'), 51],
          [t.ranked('team', 'goals_against')[1] ?? '', 'Stanmoor'],
          [t.at('Lakeside', 'goals_against'), 54],
        ],
      ],
      [
        'Harbour FC won two thirds of their games; Millbrook won 58 %.',
        (t) => [
          [Math.round((30 * 2) / 3) === t.at('Harbour FC', 'won'), true],
          [share(t.at('Millbrook', 'won'), t.at('Millbrook', 'played')), 58],
        ],
      ],
    ],
  }),
  ...asked('How has our headcount changed since 2021?', ['staff by department and year'], {
    right: [
      [
        'Headcount went from 561 in 2021 to a high of 617 in 2023 and is now at 586 (2025).',
        (t) => [
          [t.sum('2021'), 561],
          [t.sum('2023'), 617],
          [t.sum('2025'), 586],
          [['2021', '2022', '2024', '2025'].every((year) => t.sum(year) < t.sum('2023')), true],
        ],
      ],
      [
        'Research grew by half: from 84 people to 126, after a maximum of 131 in 2024.',
        (t) => [
          [change(t.at('Research', '2021'), t.at('Research', '2025')), 50],
          [t.at('Research', '2021'), 84],
          [t.at('Research', '2025'), 126],
          [t.at('Research', '2024'), 131],
          [['2021', '2022', '2023', '2025'].every((year) => t.at('Research', year) < 131), true],
        ],
      ],
      [
        'Production lost 46 positions over the four years (310 → 264), but with 45 % of the staff it remains the largest department.',
        (t) => [
          [t.at('Production', '2021') - t.at('Production', '2025'), 46],
          [t.at('Production', '2021'), 310],
          [t.at('Production', '2025'), 264],
          [share(t.at('Production', '2025'), t.sum('2025')), 45],
          [t.highest('department', '2025'), 'Production'],
        ],
      ],
      [
        'Logistics is the only department that has grown each year: 72, 75, 91, 96 and 103.',
        (t) => [
          ...([72, 75, 91, 96, 103] as const).map(
            (written, at) => [t.at('Logistics', `${2021 + at}`), written] as const,
          ),
          [
            t.rows
              .filter(([name]) => name !== 'Logistics')
              .every(([, ...years]) => years.some((value, at) => at > 0 && Number(value) <= Number(years[at - 1]))),
            true,
          ],
        ],
      ],
      [
        'Last year we shrank by 23 people or 3.8 %. The biggest cut was in Production, minus 23; Logistics added 7.',
        (t) => [
          [t.sum('2024') - t.sum('2025'), 23],
          [change(t.sum('2024'), t.sum('2025')), -3.8],
          [t.at('Production', '2025') - t.at('Production', '2024'), -23],
          [t.at('Logistics', '2025') - t.at('Logistics', '2024'), 7],
        ],
      ],
      [
        'Sales and Administration together had 95 employees in 2021 and have 93 today.',
        (t) => [
          [t.at('Sales', '2021') + t.at('Administration', '2021'), 95],
          [t.at('Sales', '2025') + t.at('Administration', '2025'), 93],
        ],
      ],
    ],
    wrong: [
      [
        'Administration fell from 40 people in 2021 to 33 in 2025, a drop of 21.2 %.',
        (t) => [
          [t.at('Administration', '2021'), 40],
          [t.at('Administration', '2025'), 33],
          [change(t.at('Administration', '2021'), t.at('Administration', '2025')), -21.2],
        ],
      ],
      [
        'In 2022, Research had 97 employees and Sales had 64.',
        (t) => [
          [t.at('Research', '2022'), 97],
          [t.at('Sales', '2022'), 64],
        ],
      ],
      [
        'Sales has gained staff every year since 2021, from 55 to 60.',
        (t) => [
          [t.at('Sales', '2021'), 55],
          [t.at('Sales', '2025'), 60],
          [t.at('Sales', '2024') > t.at('Sales', '2023'), true],
        ],
      ],
      [
        'Total headcount peaked in 2024 at 609.',
        (t) => [
          [t.sum('2024'), 609],
          [t.sum('2024') > t.sum('2023'), true],
        ],
      ],
    ],
  }),
]
