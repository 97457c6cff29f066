/* SPDX-License-Identifier: Apache-2.0 */
/* Behind bonemets_error: one fixed block of entries and text, so that reporting never allocates. */
#ifndef BM_BASE_ERROR_H
#define BM_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "bonemets/bonemets.h"

/* Where something stands. Any part may be NULL or 0. */
typedef struct {
    const char *file;
    int line;         /* from 1 */
    int column;       /* from 1 */
    const char *path; /* key path, `scores.sins.items.pain` */
} bm_place;

/* Adds an entry; `format` as bm_put_format takes. err may be NULL. Returns `status`, so that a
 * caller can report and return in one line. Messages say where and what is wrong, never
 * the value that was entered; a name that is unknown is quoted, as nobody could find it otherwise. */
bonemets_status bm_report(bonemets_error *err, int severity, bonemets_status status,
                          const bm_place *place, const char *format, ...);
/* Is there room for another error? False for NULL: what costs time to say need not be worked out. */
bool bm_error_has_room(const bonemets_error *err);
/* Is there room for another warning, however long? False for NULL. */
bool bm_error_has_room_for_warning(const bonemets_error *err);
/* What was reported from entry `from` on is a warning, whatever it was. */
void bm_error_soften(bonemets_error *err, int32_t from);
/* The common case: severity error. */
bonemets_status bm_fail(bonemets_error *err, bonemets_status status, const bm_place *place,
                        const char *format, ...);

#endif
