/* SPDX-License-Identifier: Apache-2.0 */
/* The report for a person: what is urgent first, where it comes from last. */
#include "report/report.h"
#include "report/summary.h"

void bm_write_assessment_text(bm_text *out, const bonemets_assessment *result)
{
    bm_summary summary; /* for its head, which is the same on the page */
    bm_summary_init(&summary, out, result, false);
    bm_write_summary_head(&summary);
    bm_writer writer = summary.writer;
    bm_write_warnings(&writer);
    bm_write_disagreements(&writer);
    bm_write_first_questions(&writer);
    bm_write_choices(&writer);
    bm_write_actions(&writer);
    bm_write_notes(&writer);
    bm_write_possible(&writer);
    bm_write_results(&writer);
    bm_write_missing(&writer);
    bm_write_assumed(&writer);
    bm_write_tables(&writer);
}
