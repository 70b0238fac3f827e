import { share } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

export const answersAboutTrialsAndStations: readonly AnalystAnswer[] = [
  ...asked('Was the treatment better than placebo, and was it safe?', ['trial arms', 'trial test'], {
    right: [
      [
        '262 patients were randomised, 132 to treatment and 130 to placebo; 239 completed the study.',
        (arms) => [
          [arms.sum('randomised'), 262],
          [arms.at('Treatment', 'randomised'), 132],
          [arms.at('Placebo', 'randomised'), 130],
          [arms.sum('completed'), 239],
        ],
      ],
      [
        '71 of the 118 completers under treatment responded (60.2 %), against 44 of 121 under placebo (36.4 %).',
        (arms) => [
          [arms.at('Treatment', 'responders'), 71],
          [arms.at('Treatment', 'completed'), 118],
          [share(arms.at('Treatment', 'responders'), arms.at('Treatment', 'completed')), 60.2],
          [arms.at('Placebo', 'responders'), 44],
          [arms.at('Placebo', 'completed'), 121],
          [share(arms.at('Placebo', 'responders'), arms.at('Placebo', 'completed')), 36.4],
        ],
      ],
      [
        'The score fell by 8.4 points on treatment and by 4.61 points on placebo, a difference of −3.79 (t = −5.503).',
        (_, test) => [
          [test.at('treatment.mean_change', 'value'), -8.4],
          [test.at('placebo.mean_change', 'value'), -4.61],
          [test.at('difference', 'value'), -3.79],
          [test.at('t', 'value'), -5.503],
        ],
      ],
      [
        'Adverse events were more common on treatment: 46 (34.8 % of those randomised) vs. 29 (22.3 %). Serious ones were rare in both arms, 4 and 3.',
        (arms) => [
          [arms.at('Treatment', 'adverse_events'), 46],
          [share(arms.at('Treatment', 'adverse_events'), arms.at('Treatment', 'randomised')), 34.8],
          [arms.at('Placebo', 'adverse_events'), 29],
          [share(arms.at('Placebo', 'adverse_events'), arms.at('Placebo', 'randomised')), 22.3],
          [arms.at('Treatment', 'serious_events'), 4],
          [arms.at('Placebo', 'serious_events'), 3],
        ],
      ],
      [
        'Fourteen patients dropped out of the treatment arm and nine of the placebo arm.',
        (arms) => [
          [arms.at('Treatment', 'randomised') - arms.at('Treatment', 'completed'), 14],
          [arms.at('Placebo', 'randomised') - arms.at('Placebo', 'completed'), 9],
        ],
      ],
      [
        'Changes under placebo scatter a little more (SD 5.63) than those under treatment (SD 4.99).',
        (_, test) => [
          [test.at('placebo.sd', 'value'), 5.63],
          [test.at('treatment.sd', 'value'), 4.99],
        ],
      ],
    ],
    wrong: [
      [
        'Placebo had 44 responders and 46 adverse events.',
        (arms) => [
          [arms.at('Placebo', 'responders'), 44],
          [arms.at('Placebo', 'adverse_events'), 46],
        ],
      ],
      [
        'The response rate was 60.2 % with treatment and 33.8 % with placebo, both among completers.',
        (arms) => [
          [share(arms.at('Treatment', 'responders'), arms.at('Treatment', 'completed')), 60.2],
          [share(arms.at('Placebo', 'responders'), arms.at('Placebo', 'completed')), 33.8],
        ],
      ],
      [
        'The score rose by 8.4 points in the treatment group (n = 118).',
        (_, test) => [
          [test.at('treatment.n', 'value'), 118],
          [test.at('treatment.mean_change', 'value'), 8.4],
        ],
      ],
      [
        'More patients completed the study on treatment (118) than on placebo (121).',
        (arms) => [
          [arms.at('Treatment', 'completed'), 118],
          [arms.at('Placebo', 'completed'), 121],
          [arms.at('Treatment', 'completed') > arms.at('Placebo', 'completed'), true],
        ],
      ],
    ],
  }),
  ...asked('Which charging stations are used most, and by which operator?', ['charging stations'], {
    right: [
      [
        'Flughafen P3 is the busiest station: 4,205 sessions, 136,662 kWh and €68,331 in revenue, 38 % of what the network earns.',
        (t) => [
          [t.highest('station', 'sessions'), 'Flughafen P3'],
          [t.at('Flughafen P3', 'sessions'), 4205],
          [t.at('Flughafen P3', 'energy_kwh'), 136_662],
          [t.at('Flughafen P3', 'revenue_eur'), 68_331],
          [share(t.at('Flughafen P3', 'revenue_eur'), t.sum('revenue_eur')), 38],
        ],
      ],
      [
        'Voltara operates three of the seven stations and sold 256,609 kWh there, 64 % of all energy.',
        (t) => [
          [t.count({ operator: 'Voltara' }), 3],
          [t.count(), 7],
          [t.sum('energy_kwh', { operator: 'Voltara' }), 256_609],
          [share(t.sum('energy_kwh', { operator: 'Voltara' }), t.sum('energy_kwh')), 64],
        ],
      ],
      [
        'The price per kWh ranges from €0.35 at City Works (Rathaus, Stadion) to €0.50 at the airport.',
        (t) => [
          [t.at('Rathaus', 'revenue_eur') / t.at('Rathaus', 'energy_kwh'), 0.35],
          [t.at('Stadion', 'revenue_eur') / t.at('Stadion', 'energy_kwh'), 0.35],
          [t.at('Flughafen P3', 'revenue_eur') / t.at('Flughafen P3', 'energy_kwh'), 0.5, 2],
          [t.rows.every(([name = '']) => t.at(name, 'revenue_eur') / t.at(name, 'energy_kwh') >= 0.35), true],
          [t.rows.every(([name = '']) => t.at(name, 'revenue_eur') / t.at(name, 'energy_kwh') <= 0.5), true],
        ],
      ],
      [
        'Two stations are below 97 % uptime, Hafen (91.2 %) and Stadion (95.8 %).',
        (t) => [
          [t.count({ uptime_pct: (value) => value < 97 }), 2],
          [t.at('Hafen', 'uptime_pct'), 91.2],
          [t.at('Stadion', 'uptime_pct'), 95.8],
        ],
      ],
      [
        'Rathaus gets the most out of its points: 422 sessions for each of its 6, while Hafen manages 153.',
        (t) => [
          [t.at('Rathaus', 'sessions') / t.at('Rathaus', 'points'), 422],
          [t.at('Rathaus', 'points'), 6],
          [t.at('Hafen', 'sessions') / t.at('Hafen', 'points'), 153],
          [
            t.rows.every(([name = '']) => name === 'Rathaus' || t.at(name, 'sessions') / t.at(name, 'points') < 421),
            true,
          ],
        ],
      ],
      [
        'By operator:\n\n* Voltara – 9,326 sessions, €122,307.15\n* Gridwise – 2,589 sessions, €29,610.15\n* City Works – 3,872 sessions, €26,618.90',
        (t) => [
          [t.sum('sessions', { operator: 'Voltara' }), 9326],
          [t.sum('revenue_eur', { operator: 'Voltara' }), 122_307.15],
          [t.sum('sessions', { operator: 'Gridwise' }), 2589],
          [t.sum('revenue_eur', { operator: 'Gridwise' }), 29_610.15],
          [t.sum('sessions', { operator: 'City Works' }), 3872],
          [t.sum('revenue_eur', { operator: 'City Works' }), 26_618.9, 2],
        ],
      ],
    ],
    wrong: [
      [
        'Messe has 12 charging points and counted 2,207 sessions.',
        (t) => [
          [t.at('Messe', 'points'), 12],
          [t.at('Messe', 'sessions'), 2207],
        ],
      ],
      [
        'Bahnhof Ost sold 71,393 kWh for €32,126.85, which comes to €0.54 per kWh.',
        (t) => [
          [t.at('Bahnhof Ost', 'energy_kwh'), 71_393],
          [t.at('Bahnhof Ost', 'revenue_eur'), 32_126.85],
          [t.at('Bahnhof Ost', 'revenue_eur') / t.at('Bahnhof Ost', 'energy_kwh'), 0.54],
        ],
      ],
      [
        'Gridwise runs Hafen and Rathaus and has 3,141 sessions there.',
        (t) => [
          [t.text('Hafen', 'operator'), 'Gridwise'],
          [t.text('Rathaus', 'operator'), 'Gridwise'],
          [t.at('Hafen', 'sessions') + t.at('Rathaus', 'sessions'), 3141],
        ],
      ],
      [
        'Only at Flughafen P3 is uptime above 99 % (99.4 %).',
        (t) => [
          [t.at('Flughafen P3', 'uptime_pct'), 99.4],
          [t.count({ uptime_pct: (value) => value > 99 }), 1],
        ],
      ],
    ],
  }),
  ...asked('Who are the best scorers in the league?', ['basketball players'], {
    right: [
      [
        'Ferrand leads with 968 points in 40 games, an average of 24.2 per game; Castellano has 905 in 36 (25.1 per game).',
        (t) => [
          [t.ranked('player', 'points').slice(0, 2).join(), 'Ferrand,Castellano'],
          [t.at('Ferrand', 'points'), 968],
          [t.at('Ferrand', 'games'), 40],
          [t.at('Ferrand', 'points') / t.at('Ferrand', 'games'), 24.2],
          [t.at('Castellano', 'points'), 905],
          [t.at('Castellano', 'games'), 36],
          [t.at('Castellano', 'points') / t.at('Castellano', 'games'), 25.1],
        ],
      ],
      [
        'Castellano is also the best three-point shooter at 41.2 %. Hosseini follows with 39.5 %, and Aho with 38.4 %.',
        (t) => [
          [t.ranked('player', 'three_pct').slice(0, 3).join(), 'Castellano,Hosseini,Aho'],
          [t.at('Castellano', 'three_pct'), 41.2],
          [t.at('Hosseini', 'three_pct'), 39.5],
          [t.at('Aho', 'three_pct'), 38.4],
        ],
      ],
      [
        "Baptiste's 402 rebounds are the most of anyone, 36 more than Dvorak's.",
        (t) => [
          [t.highest('player', 'rebounds'), 'Baptiste'],
          [t.at('Baptiste', 'rebounds'), 402],
          [t.at('Baptiste', 'rebounds') - t.at('Dvorak', 'rebounds'), 36],
        ],
      ],
      [
        'The two Falcons scored 1,506 points between them, the two Pilots 1,519.',
        (t) => [
          [t.sum('points', { team: 'Falcons' }), 1506],
          [t.sum('points', { team: 'Pilots' }), 1519],
          [t.count({ team: 'Falcons' }), 2],
          [t.count({ team: 'Pilots' }), 2],
        ],
      ],
      [
        'Three players handed out more than 200 assists: Ferrand (310), Hosseini (268), Aho (231).',
        (t) => [
          [t.count({ assists: (value) => value > 200 }), 3],
          [t.at('Ferrand', 'assists'), 310],
          [t.at('Hosseini', 'assists'), 268],
          [t.at('Aho', 'assists'), 231],
        ],
      ],
      [
        'Grun plays the least (842 minutes) and scores the least, 340 points.',
        (t) => [
          [t.lowest('player', 'minutes'), 'Grun'],
          [t.at('Grun', 'minutes'), 842],
          [t.lowest('player', 'points'), 'Grun'],
          [t.at('Grun', 'points'), 340],
        ],
      ],
    ],
    wrong: [
      [
        'Eze missed eleven games; in the other 29 he collected 205 rebounds and 551 points.',
        (t) => [
          [t.at('Eze', 'games'), 29],
          [t.at('Eze', 'rebounds'), 205],
          [t.at('Eze', 'points'), 551],
        ],
      ],
      [
        'Aho is the third-best scorer with 812 points, and Hosseini the fourth with 774.',
        (t) => [
          [t.ranked('player', 'points').slice(2, 4).join(), 'Aho,Hosseini'],
          [t.at('Aho', 'points'), 812],
          [t.at('Hosseini', 'points'), 774],
        ],
      ],
      [
        'Dvorak averages 21.2 points per game (488 in 40).',
        (t) => [
          [t.at('Dvorak', 'points'), 488],
          [t.at('Dvorak', 'games'), 40],
          [t.at('Dvorak', 'points') / t.at('Dvorak', 'games'), 21.2],
        ],
      ],
      [
        'Ferrand, who is with the Wolves, played 1,415 minutes, more than everybody else.',
        (t) => [
          [t.text('Ferrand', 'team'), 'Wolves'],
          [t.at('Ferrand', 'minutes'), 1415],
          [t.highest('player', 'minutes'), 'Ferrand'],
        ],
      ],
    ],
  }),
]
