/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded by `meson test --setup comma`: puts any test program into the locale that the
 * environment names before it begins, which the program itself would never do. */
#include <locale.h>

__attribute__((constructor)) static void enter_locale(void)
{
    setlocale(LC_ALL, "");
}
