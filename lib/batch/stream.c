/* SPDX-License-Identifier: Apache-2.0 */
/* A stream of answers over a stream of rows. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "batch/batch.h"

typedef struct {
    bonemets_batch *batch;
    struct ArrowArrayStream in;
    bonemets_error *err; /* NULL: there was no memory for it */
    const char *message; /* static, or of err; NULL: no error */
    bonemets_status status;
    int64_t row, generation;
    bool broken; /* after an error nothing more is given */
} stream;

static int error_number(bonemets_status status)
{
    return status == BONEMETS_E_MEMORY ? ENOMEM : status == BONEMETS_E_IO ? EIO : EINVAL;
}

/* The first error; warnings do not count. */
static const char *first_message(const bonemets_error *err)
{
    for (int32_t i = 0; i < bonemets_error_count(err); i++)
        if (bonemets_error_int(err, i, BONEMETS_F_SEVERITY) == BONEMETS_SEVERITY_ERROR)
            return bonemets_error_str(err, i, BONEMETS_F_MESSAGE);
    return "the stream failed";
}

static int fail(stream *s, bonemets_status status)
{
    s->status = status;
    s->message = status == BONEMETS_E_MEMORY ? "out of memory" : first_message(s->err);
    s->broken = true;
    return error_number(status);
}

static const char *source_message(struct ArrowArrayStream *in)
{
    const char *message = in->get_last_error ? in->get_last_error(in) : NULL;
    return message ? message : "no reason was given";
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    if (!self || !self->release || !out)
        return EINVAL;
    stream *s = self->private_data;
    memset(out, 0, sizeof *out);
    bonemets_status status = bonemets_batch_schema(s->batch, out);
    if (status)
        s->message = "out of memory";
    return status ? error_number(status) : 0;
}

static int evaluate(stream *s, struct ArrowArray *rows, struct ArrowArray *out)
{
    struct ArrowArray made = {0};
    bonemets_status status = bm_batch_run_rows(s->batch, rows, s->row + 1, &made, s->err);
    s->row += rows->length;
    rows->release(rows);
    if (status)
        return fail(s, status);
    *out = made;
    return 0;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    if (!self || !self->release || !out)
        return EINVAL;
    stream *s = self->private_data;
    memset(out, 0, sizeof *out);
    if (s->broken)
        return error_number(s->status);
    bonemets_error_clear(s->err);
    s->message = NULL;
    if (s->batch->generation != s->generation) /* the columns are no longer those of this stream */
        return fail(s, bm_fail(s->err, BONEMETS_E_ARGUMENT, NULL, "the batch was bound again"));
    struct ArrowArray rows = {0};
    if (s->in.get_next(&s->in, &rows)) {
        if (rows.release)
            rows.release(&rows);
        return fail(s, bm_fail(s->err, BONEMETS_E_IO, NULL, "the rows cannot be read: %s",
                               source_message(&s->in)));
    }
    return rows.release ? evaluate(s, &rows, out) : 0;
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    return self && self->release ? ((stream *)self->private_data)->message : NULL;
}

static void release(struct ArrowArrayStream *self)
{
    if (!self || !self->release)
        return;
    stream *s = self->private_data;
    bonemets_batch *batch = s->batch;
    if (s->in.release)
        s->in.release(&s->in);
    bonemets_error_free(s->err);
    bm_give_back(&batch->memory, s, sizeof *s);
    bonemets_batch_free(batch);
    self->release = NULL;
}

static bonemets_status bind_source(bonemets_batch *batch, struct ArrowArrayStream *in,
                                   bonemets_error *err)
{
    struct ArrowSchema schema = {0};
    if (in->get_schema(in, &schema) || !schema.release)
        return bm_fail(err, BONEMETS_E_IO, NULL, "the schema cannot be read: %s",
                       source_message(in));
    bonemets_status status = bonemets_batch_bind(batch, &schema, err);
    schema.release(&schema);
    return status;
}

bonemets_status bonemets_batch_stream(bonemets_batch *batch, struct ArrowArrayStream *in,
                                      struct ArrowArrayStream *out, bonemets_error *err)
{
    if (!out)
        return BONEMETS_E_ARGUMENT;
    memset(out, 0, sizeof *out);
    if (!batch || !in || !in->release || !in->get_schema || !in->get_next)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no %s",
                       batch ? "stream" : "batch");
    bonemets_status status = bind_source(batch, in, err);
    if (status)
        return status;
    stream *s = bm_take(&batch->memory, sizeof *s);
    if (!s)
        return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    *s = (stream){.batch = bm_batch_ref(batch),
                  .in = *in,
                  .err = bonemets_error_new(),
                  .generation = batch->generation};
    in->release = NULL;
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release,
                                     .private_data = s};
    return BONEMETS_OK;
}
