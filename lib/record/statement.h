/* SPDX-License-Identifier: Apache-2.0 */
/* From what a caller or a file says about a fact to what a cell holds. Everything is checked here,
 * so that both ways in accept and refuse the same with the same words. */
#ifndef BM_RECORD_STATEMENT_H
#define BM_RECORD_STATEMENT_H

#include "base/text.h"
#include "guideline/definitions.h"

/* A fact that is being entered, and where. */
typedef struct {
    const bm_fact *fact;
    const char *file;
    const bm_node *node; /* NULL: not from a file */
    const char *path;    /* what messages call it; NULL: by its place in the record */
    bonemets_error *err;
    uint8_t *unit; /* UINT8_MAX; receives the place of the unit of a number; may be NULL */
} bm_statement;

/* Refuses a value that is never entered, only derived. */
bonemets_status bm_statement_check(const bm_statement *statement);
/* A number in its unit (NULL: none was given) becomes one in the unit of the fact. */
bonemets_status bm_statement_number(const bm_statement *statement, double x, const char *unit,
                                    double *out);
/* An instant as text. From and to differ for a date alone, which is any moment of that day. */
bonemets_status bm_statement_instant(const bm_statement *statement, const char *text, size_t length,
                                     double *from, double *to);
/* A date as the seconds from 1970 to its midnight: any moment of that day, as of a date in a text. */
bonemets_status bm_statement_day(const bm_statement *statement, double midnight, bm_cell *out);
/* Both ends in the unit of the fact, already checked by themselves. */
bonemets_status bm_statement_interval(const bm_statement *statement, double low, double high,
                                      bm_cell *out);
/* Adds the bit of an option or member to the mask. */
bonemets_status bm_statement_option(const bm_statement *statement, const char *text,
                                    uint64_t *mask);
/* A setting takes one value: which of several is meant cannot be left open. */
bonemets_status bm_statement_settled(const bm_statement *statement, bm_cell cell);
/* The cell of a set. */
bonemets_status bm_statement_members(const bm_statement *statement, uint64_t present,
                                     uint64_t unknown, bm_cell *out);

/* Reports `format` (as bm_put_format takes it) and goes on to say what the fact takes. */
bonemets_status bm_statement_refuse(const bm_statement *statement, bonemets_status status,
                                    const char *format, ...);
/* What a fact takes: `a number in 0.2..15 mg/dL, also in umol/L`. Of a long list of options only
 * those are written that look like `like`, which may be NULL. */
void bm_put_expected(bm_text *text, const bm_fact *fact, const char *like);
/* The unit of that name or spelling, or NULL when the fact does not accept it. Without a unit
 * (NULL or "1") a count counts things. */
const bm_unit *bm_statement_unit(const bm_fact *fact, const char *unit);
/* The same but for capitals and the code point of micro. */
bool bm_unit_alike(const char *a, const char *b);

#endif
