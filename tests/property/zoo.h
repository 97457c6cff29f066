/* SPDX-License-Identifier: Apache-2.0 */
/* Tables with every shape of the language that the embedded ones may leave out. */
#ifndef BM_TESTS_ZOO_H
#define BM_TESTS_ZOO_H

static const char zoo_facts[] =
    "vocabulary: zoo\n"
    "title: Facts about a zoo\n"
    "statement: A test.\n"
    "kinds:\n"
    "  cage: {label: cage, list: cages}\n"
    "scales:\n"
    "  urgency: {now: now, soon: soon, none: none}\n"
    "  strength: {strong: strong}\n"
    "  certainty: {high: high}\n"
    "  verified: {one_source: one}\n"
    "units:\n"
    "  time: {h: 1, d: 24}\n"
    "facts:\n"
    "  open: {label: open, type: flag}\n"
    "  rain: {label: rain, type: flag}\n"
    "  day: {label: day, type: code, options: [mon, tue, wed, thu, fri]}\n"
    "  meal: {label: meal, type: code, options: [mon, tue, wed, thu, fri]}\n"
    "  guests: {label: guests, type: count, range: 0..12}\n"
    "  staff: {label: staff, type: count, range: 0..12}\n"
    "  heat: {label: heat, type: quantity, unit: '%', range: -20..40}\n"
    "  wait: {label: wait, type: quantity, unit: h, accepts: [d], range: 0..48}\n"
    "  signs: {label: signs, type: set, options: [red, green, blue, white]}\n"
    "  mode: {label: mode, type: code, options: [a, b], setting: true, default: a}\n"
    "  wild: {label: wild, about: cage, type: flag}\n"
    "  beast: {label: beast, about: cage, type: code, options: [lion, owl, eel, ant]}\n"
    "  plant: {label: plant, about: cage, type: code, options: [fern, moss]}\n"
    "  size: {label: size, about: cage, type: quantity, unit: '%', range: -3..9}\n"
    "  legs: {label: legs, about: cage, type: count, range: 0..8}\n"
    "exclusive:\n"
    "  - [beast, plant]\n"
    "values:\n"
    "  risk:\n"
    "    label: risk\n"
    "    about: cage\n"
    "    type: count\n"
    "    range: 0..9\n"
    "    from: beast\n"
    "    table: {lion: 9, owl: 3, eel: ask, ant: 0}\n"
    "  temper:\n"
    "    label: temper\n"
    "    about: cage\n"
    "    type: code\n"
    "    options: [mild, sour, foul]\n"
    "    cases:\n"
    "      - {when: wild and legs > 4, is: foul}\n"
    "      - {when: stated(beast) and size > 2 %, is: sour}\n"
    "      - {when: size < 0 %, is: ask}\n"
    "      - {else: mild}\n"
    "  slow:\n"
    "    label: slow\n"
    "    type: flag\n"
    "    cases:\n"
    "      - {when: wait > 1 d, is: 'yes'}\n"
    "      - {when: guests < 11, is: 'no'}\n"
    "  zoo_total: {label: total, type: count, range: 0..7, given_by: zoo}\n"
    "picks:\n"
    "  main: {about: cage, highest: [risk, legs]}\n";

#define EVIDENCE                                                                                   \
    ", urgency: none, strength: strong, certainty: high, verified: one_source, "                   \
    "source: book, because: so}\n"

static const char zoo_table[] =
    "guideline: zoo\n"
    "title: Zoo\n"
    "edition: '1'\n"
    "status: on\n"
    "verified: one_source\n"
    "purpose: to test\n"
    "sources:\n"
    "  book: {cite: 'Book 1', year: 2000}\n"
    "assumes: {rain: 'no'}\n"
    "values:\n"
    "  warm: (heat in %) + 1.5\n"
    "  ratio: guests / (legs_all - 3)\n"
    "  legs_all: 'sum(cage: legs where wild)'\n"
    "  wilds: 'count(cage: wild)'\n"
    "  longest: 'max(cage: size where legs >= 2)'\n"
    "  least: 'min(cage: size)'\n"
    "  curve: exp(warm / 10) + sqrt(warm + 15) - log(guests)\n"
    "  power: abs(warm) ^ 1.3 + warm ^ 2 - 2 ^ guests\n"
    "  either: if open then warm else max(guests, warm, 3)\n"
    "  clash: day = fri and meal in {mon, tue}\n"
    "scores:\n"
    "  zoo:\n"
    "    label: zoo\n"
    "    direction: higher_is_worse\n"
    "    range: 0..7\n"
    "    items:\n"
    "      day: {label: d, of: day, points: {mon: 0, tue: 1, wed: 1, thu: 2, fri: 3}}\n"
    "      guests: {label: g, of: guests, points: {0..4: 0, 5..9: 1, 10..12: 2.5}}\n"
    "      heat: {label: h, of: heat, points: {<0: 2, 0..30: 0, '>30': 1}}\n"
    "      slow: {label: s, cases: [{when: slow, points: 1}, {else: 0}]}\n"
    "    cap: 7\n"
    "    bands:\n"
    "      good: {total: 0..3.5, label: good}\n"
    "      bad: {total: '>3.5', label: bad}\n"
    "equations:\n"
    "  each: {label: each, unit: h, value: wait / guests}\n"
    "  mean: {label: mean, value: (warm + either) / 2}\n"
    "choices:\n"
    "  tour:\n"
    "    label: tour\n"
    "    optional: true\n"
    "    options: {long: long, short: short, no: none}\n"
    "    rows:\n"
    "      - {id: Z-1, when: clash and not open, choose: long, with: {price: 5}" EVIDENCE
    "      - {id: Z-2, when: zoo.band = bad or ratio > 1, choose: short, with: {price: 3, "
    "hall: east}" EVIDENCE
    "      - {id: Z-3, when: 'curve > 2 or signs has all {red, blue}', choose: long, with: "
    "{hall: west}" EVIDENCE
    "      - {id: Z-4, when: rain and known(power > 3), choose: no, with: {hall: none}" EVIDENCE
    "  price: {label: price, unit: h}\n"
    "  hall: {label: hall, options: {east: east, west: west, none: none}}\n"
    "advice:\n"
    "  - {id: Z-10, when: tour = short and price = '3', do: [go]" EVIDENCE
    "  - {id: Z-11, when: 'hall in {east, west} and any(cage: temper = foul)', do: [run]" EVIDENCE
    "  - {id: Z-12, when: 'main.risk > 2 and all(cage: not wild or legs > 1)', do: [feed]" EVIDENCE
    "  - {id: Z-13, when: longest > least and wilds >= 1, do: [look]" EVIDENCE
    "  - {id: Z-14, when: count(signs) >= 3 or missing(heat) or stated(zoo_total), warn: "
    "[paint]" EVIDENCE
    "  - {id: Z-15, when: 'known(main.temper) and main.temper = mild', do: [pet]" EVIDENCE
    "  - {id: Z-17, when: shown(wait > 1 d) and not shown(rain), do: [hide]" EVIDENCE
    "  - {id: Z-16, when: legs_all <= 4 and mode = a, do: [count]" EVIDENCE;

#endif
