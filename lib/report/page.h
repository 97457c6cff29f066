/* SPDX-License-Identifier: Apache-2.0 */
/* Text for a person: words that wrap at the edge of the page, with hanging lines; or the same as
 * Markdown, in which lines do not wrap and what the text says is escaped. */
#ifndef BM_REPORT_PAGE_H
#define BM_REPORT_PAGE_H

#include "base/text.h"

enum { BM_PAGE_WIDTH = 100 };

/* Columns are characters. One word waits until it is complete, because only then is it known on
 * which line it fits. */
typedef struct {
    bm_text *out;
    int column;  /* characters on the line */
    int hang;    /* column at which a wrapped line goes on */
    bool blank;  /* a blank goes before the next word */
    bool filled; /* the line has more than its indentation */
    bool markdown;
    bool wrapped; /* a line has been broken since the title began */
    bool below;  /* the line before this one is not empty */
    char word[4 * BM_PAGE_WIDTH];
    size_t length;
    int width; /* characters of the word */
} bm_page;

void bm_page_init(bm_page *page, bm_text *out);
/* Begins a line. What follows a bullet, such as "- ", is aligned behind it; NULL: no bullet. */
void bm_page_begin(bm_page *page, int indent, const char *bullet);
/* Goes on at that column, or on the next line when the text is there already; wrapped lines too. */
void bm_page_tab(bm_page *page, int column);
void bm_page_end(bm_page *page);
/* A title, with a rule of that character below it: '=' of the page, '-' of a section, ' ' of a part
 * of it, which has no rule. */
void bm_page_begin_title(bm_page *page, char rule);
void bm_page_end_title(bm_page *page, char rule);
/* An empty line. */
void bm_page_gap(bm_page *page);
/* Short for begin_title, put, end_title. */
void bm_page_title(bm_page *page, const char *title, char rule);

/* The cells of a table: a row begins, each further cell begins at its column, the row ends. Below the
 * row of titles stands a rule over that many columns. */
void bm_page_row(bm_page *page, bool first);
void bm_page_cell(bm_page *page, int column);
void bm_page_end_row(bm_page *page, int titles);

/* Text within a line: any blanks and line breaks in it are places to wrap. NULL puts nothing. */
void bm_page_put(bm_page *page, const char *text);
/* Several texts, up to NULL. */
void bm_page_puts(bm_page *page, const char *const *texts);
/* A name with blanks for its underscores. */
void bm_page_name(bm_page *page, const char *name);
/* The same in capitals. */
void bm_page_capitals(bm_page *page, const char *name);
/* At most three decimals, when it is not tiny. */
void bm_page_number(bm_page *page, double value);
/* The number as it is. */
void bm_page_exact(bm_page *page, double value);
/* A number and its unit, which no line break parts. The unit may be NULL. */
void bm_page_quantity(bm_page *page, double value, const char *unit);
/* Hours as people say them: `at once`, `4 h`, `7 days`. */
void bm_page_hours(bm_page *page, double hours);
/* Points in time, as base/instant.h counts them: one, or from one to another. */
void bm_page_instants(bm_page *page, double from, double to);
void bm_page_int(bm_page *page, long long value);
/* Short for begin, put, end. */
void bm_page_line(bm_page *page, int indent, const char *bullet, const char *text);

#endif
