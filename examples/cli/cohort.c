/* SPDX-License-Identifier: Apache-2.0 */
/* `bonemets cohort`: every line of a CSV file is a patient. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cohort.h"

enum { EVERY = 50, MOST_NAMED = 20, MOST_DEFAULT_THREADS = 4 };

typedef struct {
    plan plan;
    input input;
    progress so_far;
    seen patients; /* so far, since the run began or went on */
    int64_t came_back;
    FILE *out;
    char *draft, *state; /* the file that is written until all is well, and how far it is */
    int started;         /* something was written */
    int saved;           /* the state of the run is on the disk */
    time_t saved_at;
} cohort_run;

static int complain_plainly(const char *message)
{
    fprintf(stderr, "bonemets: %s\n", message);
    return FAILED;
}

/* ---- problems ---- */

static void name_problem(const cohort_run *run, const problem *one)
{
    print_plain(stderr, file_name(run->plan.path));
    fprintf(stderr, ":%lld: %s", (long long)one->line, one->column < 0 ? "error: " : "column ");
    if (one->column >= 0) {
        print_plain(stderr, run->plan.columns[one->column].name);
        fputs(": ", stderr);
    }
    print_plain(stderr, one->message);
    putc('\n', stderr);
}

static void count_problems(cohort_run *run, const block *of)
{
    for (size_t i = 0; i < of->problem_count; i++) {
        const problem *one = &of->problems[i];
        const size_t at = (size_t)(one->column < 0 ? run->plan.count : one->column);
        const size_t reason = one->reason >= 0 && one->reason < REASONS ? (size_t)one->reason : 1;
        run->so_far.bad[at * REASONS + reason]++;
        if (run->so_far.named++ < MOST_NAMED || !run->plan.count_bad) {
            name_problem(run, one);
        }
    }
}

static void warn_of_end(const cohort_run *run, int64_t line)
{
    print_plain(stderr, file_name(run->plan.path));
    fprintf(stderr, ":%lld: warning: the last line has no end; is the file complete?\n",
            (long long)line);
}

/* Patients whose lines do not follow each other are taken for several. */
static void look_for_patients(cohort_run *run, const block *of)
{
    for (size_t i = 0; i < of->begun_count; i++) {
        if (was_seen(&run->patients, of->begun[i].key) && run->came_back++ < MOST_NAMED) {
            print_plain(stderr, file_name(run->plan.path));
            fprintf(stderr,
                    ":%lld: warning: this patient stands further above already, and is taken for "
                    "another one here; sort the file by column ",
                    (long long)of->begun[i].line);
            print_plain(stderr, run->plan.columns[run->plan.patient].name);
            putc('\n', stderr);
        }
    }
}

static void tell_patients(const cohort_run *run)
{
    if (run->came_back > 0) {
        fprintf(stderr, "taken for another patient: %lld time%s a patient came back later\n",
                (long long)run->came_back, run->came_back == 1 ? "" : "s");
    }
    if (run->patients.passed) {
        fprintf(stderr, "only the first %zu patients were looked for in later lines\n",
                run->patients.count);
    }
}

/* ---- telling ---- */

static int ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name), wanted = strlen(end);
    return length > wanted && strcmp(name + length - wanted, end) == 0;
}

static void tell_progress(const cohort_run *run, int64_t blocks, int end)
{
    if (isatty(STDERR_FILENO) && (end || blocks % EVERY == 0)) {
        fprintf(stderr, "\r%lld rows%s", (long long)run->so_far.rows, end ? "\n" : "");
    }
}

static void tell_states(const cohort_run *run, const char *const *names, int64_t i)
{
    const char *name = run->plan.answers.children[i]->name;
    const int64_t *states = &run->so_far.states[i * STATES];
    const char *sign = "";
    fprintf(stderr, "%.*s: ", (int)(strlen(name) - strlen(".state")), name);
    for (int s = 0; s < STATES; s++) {
        if (states[s] > 0) {
            fprintf(stderr, "%s%s %lld", sign, names[s], (long long)states[s]);
            sign = ", ";
        }
    }
    fputs(*sign ? "\n" : "no row\n", stderr);
}

static void tell_bad_cells(const cohort_run *run)
{
    for (int i = 0; i < run->plan.count; i++) {
        const column *one = &run->plan.columns[i];
        for (bonemets_status reason = 0; reason < REASONS; reason++) {
            const int64_t count = run->so_far.bad[i * REASONS + reason];
            if (count > 0) {
                fputs("taken as unknown: column ", stderr);
                print_plain(stderr, one->name);
                fprintf(stderr, ": %lld cell%s: %s\n", (long long)count, count == 1 ? "" : "s",
                        reason == CONTRADICTED ? "lines of one patient say different things"
                                               : bonemets_status_name(reason));
            }
        }
        if (one->use == NOT_READ) {
            fputs("not read: column ", stderr);
            print_plain(stderr, one->name);
            fputs(one->kept ? " (kept)\n" : "\n", stderr);
        }
    }
}

static void tell_all(const cohort_run *run)
{
    static const char *const of_results[] = {"unknown", "partly", "known", "not applicable", ""};
    static const char *const of_choices[] = {"unknown", "provisional", "known", "", "none"};
    const struct ArrowSchema *answers = &run->plan.answers;
    const progress *all = &run->so_far;
    fprintf(stderr, "%lld row%s", (long long)all->rows, all->rows == 1 ? "" : "s");
    if (run->plan.patient < 0) {
        fprintf(stderr, ", %lld of them evaluated by columns\n", (long long)all->by_columns);
    } else {
        fputs(", lines of one patient taken together\n", stderr);
    }
    for (int64_t i = 0; i < answers->n_children; i++) {
        const int choice =
            i + 1 < answers->n_children && ends_with(answers->children[i + 1]->name, ".code");
        if (ends_with(answers->children[i]->name, ".state")) {
            tell_states(run, choice ? of_choices : of_results, i);
        }
    }
    tell_bad_cells(run);
    tell_patients(run);
    if (all->left_out > 0) {
        fprintf(stderr,
                "not scored: %lld line%s with a wrong number of fields, the first is %lld\n",
                (long long)all->left_out, all->left_out == 1 ? "" : "s",
                (long long)all->first_left_out);
    }
    if (all->named > MOST_NAMED) {
        const long long more = (long long)(all->named - MOST_NAMED);
        fprintf(stderr, "%lld more problem%s named in the column 'problems' of the answer\n", more,
                more == 1 ? " is" : "s are");
    }
    fprintf(stderr, "tables %s\n", bonemets_guidelines_str(run->plan.set, BONEMETS_F_DIGEST));
}

/* ---- output ---- */

static int put(cohort_run *run, const char *bytes, size_t length)
{
    digest_add(&run->so_far.output, bytes, length);
    run->so_far.written += (int64_t)length;
    return fwrite(bytes, 1, length, run->out) == length
               ? DONE
               : complain_plainly("the answer could not be written");
}

static int put_names(cohort_run *run)
{
    text names = {0};
    write_names(&names, &run->plan);
    const int status =
        names.failed ? complain_plainly("out of memory") : put(run, names.bytes, names.used);
    free(names.bytes);
    return status;
}

/* Goes on behind what a run that was stopped has written. 1 when there was one, -1 after saying why
 * not. */
static int go_on(cohort_run *run)
{
    char expected[DIGEST_TEXT];
    int64_t offset = 0, line = 0;
    const int found = read_state(&run->plan, run->state, &run->so_far, &offset, &line, expected);
    if (found <= 0) {
        return found;
    }
    if (skip_input(&run->input, offset, line, expected)) {
        complain_plainly("the run cannot go on: what it has read was changed; start anew without "
                         "--resume");
        return -1;
    }
    run->out = fopen(run->draft, "r+b");
    if (!run->out || ftruncate(fileno(run->out), (off_t)run->so_far.written) != 0 ||
        fseek(run->out, 0, SEEK_END) != 0) {
        complain(strerror(errno), run->draft, NULL);
        return -1;
    }
    run->input.left_out = run->so_far.behind_left_out != 0;
    fprintf(stderr, "going on at line %lld%s\n", (long long)line,
            run->plan.patient < 0 ? "" : "; patients who stand above it are not looked for below");
    run->saved = 1;
    return 1;
}

static int name_files(cohort_run *run)
{
    const char *path = run->plan.options->output;
    run->draft = malloc(strlen(path) + sizeof ".part");
    run->state = malloc(strlen(path) + sizeof ".part.state");
    if (!run->draft || !run->state) {
        return complain_plainly("out of memory");
    }
    strcat(strcpy(run->draft, path), ".part");
    strcat(strcpy(run->state, path), ".part.state");
    return DONE;
}

static int open_output(cohort_run *run)
{
    run->out = stdout;
    if (!run->plan.options->output) {
        return put_names(run);
    }
    run->out = NULL;
    if (name_files(run)) {
        return FAILED;
    }
    const int found = run->plan.options->resume ? go_on(run) : 0;
    if (found != 0) {
        run->saved |= found < 0; /* nothing of it is removed */
        return found > 0 ? DONE : FAILED;
    }
    remove(run->state);
    run->out = fopen(run->draft, "wb");
    if (!run->out) {
        complain(strerror(errno), run->draft, NULL);
        return FAILED;
    }
    return put_names(run);
}

/* From time to time, behind a whole block. */
static int save(cohort_run *run, const block *behind)
{
    const time_t now = time(NULL);
    if (!run->state || behind->last || (run->saved && now == run->saved_at)) {
        return DONE;
    }
    if (fflush(run->out) != 0 || fsync(fileno(run->out)) != 0) {
        return complain_plainly("the answer could not be written");
    }
    run->saved_at = now;
    if (write_state(&run->plan, run->state, &run->so_far, behind)) {
        return FAILED;
    }
    run->saved = 1;
    return DONE;
}

/* Whether all is on the disk. */
static int close_draft(FILE *file)
{
    int bad = ferror(file);
    bad |= fflush(file) != 0 || fsync(fileno(file)) != 0;
    bad |= fclose(file);
    return bad ? FAILED : DONE;
}

/* The file gets its name only when all rows are in it. */
static int close_output(cohort_run *run, int status)
{
    if (!run->draft) {
        return fflush(run->out) == 0 || status != DONE
                   ? status
                   : complain_plainly("the answer could not be written");
    }
    if (run->out && close_draft(run->out) && status == DONE) {
        status = complain_plainly("the answer could not be written in full");
    }
    if (status == DONE && rename(run->draft, run->plan.options->output) != 0) {
        complain(strerror(errno), run->plan.options->output, NULL);
        status = FAILED;
    }
    if (status == DONE) {
        remove(run->state);
    } else if (run->saved) {
        fputs("bonemets: what is done so far is kept; --resume goes on behind it\n", stderr);
    } else {
        remove(run->draft);
    }
    return status;
}

/* ---- the run ---- */

static int take_block(cohort_run *run, const block *of)
{
    progress *all = &run->so_far;
    if (of->no_end > 0 && !run->plan.count_bad) {
        warn_of_end(run, of->no_end);
    }
    count_problems(run, of);
    if (of->fatal) {
        return fail_at(run->plan.path, of->fatal_line, of->fatal);
    }
    if (of->failed) {
        return FAILED;
    }
    all->rows += of->rows;
    all->by_columns += of->by_columns;
    all->first_left_out = all->left_out ? all->first_left_out : of->first_left_out;
    all->left_out += of->left_out;
    look_for_patients(run, of);
    for (int64_t i = 0; i < run->plan.answers.n_children * STATES; i++) {
        all->states[i] += of->states[i];
    }
    const int status = put(run, of->out.bytes, of->out.used);
    return status == DONE ? save(run, of) : status;
}

static int thread_count(const arguments *options)
{
    const long there = sysconf(_SC_NPROCESSORS_ONLN);
    if (options->threads > 0) {
        return options->threads;
    }
    return there < 1 ? 1 : there < MOST_DEFAULT_THREADS ? (int)there : MOST_DEFAULT_THREADS;
}

static int run_rows(cohort_run *run)
{
    const block *one;
    int64_t blocks = 0;
    int status = DONE, ended = DONE;
    crew *workers = start_crew(&run->plan, thread_count(run->plan.options));
    if (!workers) {
        return FAILED;
    }
    run->started = 1;
    while (status == DONE && (one = next_scored(workers, &run->input, &ended)) != NULL) {
        status = take_block(run, one);
        tell_progress(run, blocks++, 0);
    }
    tell_progress(run, blocks, 1);
    end_crew(workers);
    return status == DONE ? ended : status;
}

static int prepare(cohort_run *run, const arguments *options)
{
    char **names = NULL;
    int count = 0;
    int status = open_input(&run->input, &run->plan, &names, &count);
    if (status == DONE) {
        status = make_plan(&run->plan, options, names, count);
    }
    for (int i = 0; names && i < count; i++) {
        free(names[i]);
    }
    free(names);
    if (status == DONE) {
        run->so_far.states =
            calloc((size_t)run->plan.answers.n_children * STATES + 1, sizeof(int64_t));
        run->so_far.bad = calloc(((size_t)run->plan.count + 1) * REASONS, sizeof(int64_t));
        status = run->so_far.states && run->so_far.bad ? DONE : complain_plainly("out of memory");
    }
    return status;
}

int cohort(const arguments *options)
{
    cohort_run run = {0};
    run.plan.path = options->words[0];
    run.plan.patient = -1;
    run.plan.delimiter = options->delimiter ? options->delimiter[0] : ',';
    run.plan.count_bad = options->on_error && strcmp(options->on_error, "count") == 0;
    run.plan.set = load_chosen_tables(options);
    int status = run.plan.set ? prepare(&run, options) : FAILED;
    if (status == DONE) {
        status = open_output(&run);
        if (status == DONE) {
            status = run_rows(&run);
        }
        status = close_output(&run, status);
    }
    if (status == DONE) {
        tell_all(&run);
    } else if (run.started && !options->output) {
        fputs("bonemets: the run was ended; do not use what was written\n", stderr);
    }
    close_input(&run.input);
    free_plan(&run.plan);
    bonemets_guidelines_unref(run.plan.set);
    free(run.so_far.states);
    free(run.so_far.bad);
    forget_seen(&run.patients);
    free(run.draft);
    free(run.state);
    return status;
}
