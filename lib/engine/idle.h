/* SPDX-License-Identifier: Apache-2.0 */
/* What a program answers when nothing was entered is the same for every patient, so it is worked out
 * once; an assessment evaluates only what hangs on something that was entered. */
#ifndef BM_ENGINE_IDLE_H
#define BM_ENGINE_IDLE_H

#include "base/memory.h"
#include "engine/program.h"

/* Cuts a finished program into blocks and fills in what bm_bounds_wake needs. `settings`: cells of
 * the inputs of kind 0 when nothing was entered. False when there is no memory. */
bool bm_idle_prepare(bm_program *program, bm_arena *arena, const bm_cell *settings);

#endif
