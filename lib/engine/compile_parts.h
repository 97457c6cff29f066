/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the compiler only. */
#ifndef BM_ENGINE_COMPILE_PARTS_H
#define BM_ENGINE_COMPILE_PARTS_H

#include "base/text.h"
#include "engine/compile.h"

/* What a symbol is in the record that is being compiled. */
bm_compiled bm_read_symbol(const bm_scope *scope, const bm_ex *ex, const bm_symbol *symbol);
bm_compiled bm_refuse(const bm_scope *scope, const bm_ex *ex, const char *format, ...);
bm_compiled bm_value_of(int32_t slot, bm_type type, int32_t applies);
bm_compiled bm_truth_of(int32_t slot);
bm_compiled bm_number_of(int32_t slot, const char *unit, int32_t applies);
int32_t bm_emit(const bm_scope *scope, bm_do code, bm_base base, int32_t a, int32_t b, int32_t c);
int32_t bm_both_apply(const bm_scope *scope, int32_t a, int32_t b);
bm_compiled bm_absorb(const bm_scope *scope, int32_t slot, int32_t applies);
bool bm_same_unit(const char *a, const char *b);

bm_compiled bm_compile_compare(const bm_scope *scope, const bm_ex *ex);
bm_compiled bm_compile_in(const bm_scope *scope, const bm_ex *ex);
bm_compiled bm_compile_has(const bm_scope *scope, const bm_ex *ex);
bm_compiled bm_compile_number(const bm_scope *scope, const bm_ex *ex);
bm_compiled bm_compile_call(const bm_scope *scope, const bm_ex *ex);
bm_compiled bm_compile_over(const bm_scope *scope, const bm_ex *ex);

#endif
