/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

static const struct {
    const char *name;
    command command;
    const char *help;
} commands[] = {
    {"assess", ASSESS,
     "usage: bonemets assess [OPTION]... FILE...\n"
     "Assesses patient records, YAML or JSON; '-' is standard input. Several records give several\n"
     "reports, or one JSON array in the order of the files.\n\n"
     "  --guideline ID        only this guideline\n"
     "  --format text|json|markdown\n"
     "                        text for a person (the default), JSON for a program, or the text as\n"
     "                        Markdown\n"
     "  --full                text with everything: items of scores, facts of each row, all "
     "questions\n"
     "  --rules DIR           tables of this file or directory instead of the embedded ones\n"
     "  --add DIR             tables of this file or directory beside the embedded ones\n"
     "  --profile NAME        whose time limits apply, such as nice_2023\n"
     "  --now TIME            date and time of the assessment, such as 2026-11-22T07:15: what is "
     "left\n"
     "                        of limits is counted to it; nothing here reads a clock\n"
     "  --include-unverified  also guidelines whose status is `off`\n"
     "  --with-restricted     also guidelines whose form has an owner\n"
     "  --what-if ID          instead: which changes of single facts would alter this score,\n"
     "                        equation or choice, the smallest first; ID@RECORD of a lesion or\n"
     "                        other record, GUIDELINE.ID where several guidelines have the ID\n"
     "  --next N              instead: the N facts to find out next, and what each answer would\n"
     "                        decide\n"},
    {"check", CHECK,
     "usage: bonemets check [PATH]...\n"
     "       bonemets check --add DIR\n"
     "Verifies the tables of these files and directories together, or the embedded ones, and runs\n"
     "their worked examples. Guidelines need a vocabulary: give its files too, or load the "
     "embedded\n"
     "tables beside them with --add. Guidelines whose status is `off` or `restricted` are checked\n"
     "as well.\n\n"
     "  --add DIR             tables of this file or directory beside the embedded ones\n"},
    {"cohort", COHORT,
     "usage: bonemets cohort [OPTION]... --score ID[,ID]... FILE.csv\n"
     "Every line of a CSV file is a patient with at most one lesion. The first line names the\n"
     "facts: level, collapse_pct [%], neuro_features.falls. An empty cell is an unknown fact.\n"
     "Writes CSV; a summary comes on standard error. '-' is standard input.\n\n"
     "  --score ID,ID         scores, equations, choices (spine_selection.strategy), guidelines\n"
     "  -o FILE               write there instead of to standard output\n"
     "  --keep COLUMN,...     copy these columns to the output\n"
     "  --items               also the items of each score: ID.items.ITEM.low and .high\n"
     "  --missing             also the facts that could still change an answer: ID.missing, with\n"
     "                        semicolons between them\n"
     "  --map FILE            lines COLUMN = FACT [UNIT]; without FACT it is passed over; "
     "indented\n"
     "                        lines CODE = OPTION below it say what its codes or checkboxes\n"
     "                        (COLUMN___CODE) mean\n"
     "  --others WHAT         columns that name no fact: refuse (the default), or skip them\n"
     "  --on-error WHAT       refuse: a bad cell ends the run (the default); count: it is "
     "unknown,\n"
     "                        lines with a wrong number of fields are not scored, all is counted\n"
     "                        and named in a column 'problems' of the answer\n"
     "  --unknown TEXT        also this text means unknown, such as NA\n"
     "  --delimiter C         instead of the comma\n"
     "  --patient COLUMN      lines that follow each other with the same COLUMN are of one "
     "patient, each\n"
     "                        with a lesion of its own\n"
     "  --threads N           N blocks in work at a time; the answer is the same for any N\n"
     "  --resume              with -o: go on behind what a run that was stopped has written\n"
     "  --rules DIR           tables of this file or directory instead of the embedded ones\n"
     "  --add DIR             tables of this file or directory beside the embedded ones\n"
     "  --profile NAME        whose time limits apply, such as nice_2023\n"
     "  --include-unverified  also guidelines whose status is `off`\n"
     "  --with-restricted     also guidelines whose form has an owner\n"},
    {"explain", EXPLAIN,
     "usage: bonemets explain [OPTION]... [ID]\n"
     "Shows a guideline as a person reads it, with its sources and marks of verification, or a\n"
     "fact and who reads it, or a row or note, or what a source is and who uses it. Of what is no\n"
     "ID but a word: where it stands. Without ID: the list of guidelines.\n\n"
     "  --format text|json    text for a person (the default) or JSON for a program\n"
     "  --rules DIR           tables of this file or directory instead of the embedded ones\n"
     "  --add DIR             tables of this file or directory beside the embedded ones\n"},
    {"facts", FACTS,
     "usage: bonemets facts [OPTION]... [ID]\n"
     "Shows the vocabulary: the facts that a patient record may state, or one of them, or those\n"
     "that a word stands in.\n\n"
     "  --format text|json    text for a person (the default) or JSON for a program\n"
     "  --rules DIR           tables of this file or directory instead of the embedded ones\n"
     "  --add DIR             tables of this file or directory beside the embedded ones\n"
     "  --include-unverified  also guidelines whose status is `off`\n"
     "  --with-restricted     also guidelines whose form has an owner\n"},
};

static const char general_help[] =
    "usage: bonemets COMMAND [OPTION]... [ARGUMENT]...\n"
    "Scores, triage and treatment considerations for bone and spinal metastases. It supports and\n"
    "does not replace the treating team.\n\n"
    "  assess FILE...   what the tables say about a patient\n"
    "  cohort FILE.csv  scores of many patients, one a line\n"
    "  check [PATH]...  verify guideline tables and run their worked examples\n"
    "  explain [ID]     a guideline or a fact as a person reads it\n"
    "  facts [ID]       the vocabulary of patient records\n\n"
    "  --help           this, or help on a command: bonemets COMMAND --help\n"
    "  --version        the version of the library\n\n"
    "Exit status: 0 done, 1 bad input or a failed check, 2 wrong usage.\n";

enum { ANY = ASSESS | CHECK | EXPLAIN | FACTS | COHORT };
#define PLACE(member) offsetof(arguments, member)

static const struct {
    const char *name;
    size_t place;
    int takes_value; /* then the member is a text, otherwise a switch */
    int commands;
} known[] = {
    {"--guideline", PLACE(guideline), 1, ASSESS},
    {"--format", PLACE(format_name), 1, ASSESS | EXPLAIN | FACTS},
    {"--full", PLACE(full), 0, ASSESS},
    {"--rules", PLACE(rules), 1, ASSESS | EXPLAIN | FACTS | COHORT},
    {"--add", PLACE(add), 1, ANY},
    {"--profile", PLACE(profile), 1, ASSESS | COHORT},
    {"--now", PLACE(now), 1, ASSESS},
    {"--score", PLACE(score), 1, COHORT},
    {"-o", PLACE(output), 1, COHORT},
    {"--map", PLACE(map), 1, COHORT},
    {"--others", PLACE(others), 1, COHORT},
    {"--on-error", PLACE(on_error), 1, COHORT},
    {"--keep", PLACE(keep), 1, COHORT},
    {"--items", PLACE(items), 0, COHORT},
    {"--missing", PLACE(missing), 0, COHORT},
    {"--unknown", PLACE(unknown), 1, COHORT},
    {"--delimiter", PLACE(delimiter), 1, COHORT},
    {"--patient", PLACE(patient), 1, COHORT},
    {"--threads", PLACE(threads_name), 1, COHORT},
    {"--resume", PLACE(resume), 0, COHORT},
    {"--what-if", PLACE(what_if), 1, ASSESS},
    {"--next", PLACE(next_name), 1, ASSESS},
    {"--include-unverified", PLACE(include_unverified), 0, ANY},
    {"--with-restricted", PLACE(with_restricted), 0, ANY},
    {"--help", PLACE(help), 0, ANY},
    {"--version", PLACE(version), 0, ANY},
};

enum { COMMANDS = sizeof commands / sizeof *commands, KNOWN = sizeof known / sizeof *known };

void print_help(const arguments *options)
{
    const char *help = general_help;
    for (int i = 0; i < COMMANDS; i++) {
        if (commands[i].command == options->command) {
            help = commands[i].help;
        }
    }
    fputs(help, stdout);
}

static int refuse(const char *message, const char *name, const char *nearest)
{
    complain(message, name, nearest);
    fputs("Try 'bonemets --help'.\n", stderr);
    return WRONG_USAGE;
}

static int unknown_option(const char *name)
{
    nearest_name search = search_for(name);
    for (int i = 0; i < KNOWN; i++) {
        offer(&search, known[i].name);
    }
    return refuse("there is no option", name, search.nearest);
}

/* Number of the option that an argument names, with `=` behind it or not; KNOWN when none. */
static int find_option(const char *argument)
{
    const size_t length = strcspn(argument, "=");
    int i = 0;
    while (i < KNOWN &&
           (strlen(known[i].name) != length || strncmp(known[i].name, argument, length) != 0)) {
        i++;
    }
    return i;
}

/* Takes the option at *at, and its value, which may be the next argument. */
static int take_option(char **argv, int argc, int *at, arguments *out)
{
    const char *argument = argv[*at];
    const int i = find_option(argument);
    if (i == KNOWN) {
        return unknown_option(argument);
    }
    const char *value = strchr(argument, '=');
    char *member = (char *)out + known[i].place;
    if (!known[i].takes_value) {
        *(int *)(void *)member = 1;
        return value ? refuse("there is no value for option", known[i].name, NULL) : DONE;
    }
    if (*(const char **)(void *)member) {
        return refuse("there is more than one option", known[i].name, NULL);
    }
    if (!value && *at + 1 == argc) {
        return refuse("a value is missing for option", known[i].name, NULL);
    }
    *(const char **)(void *)member = value ? value + 1 : argv[++*at];
    return DONE;
}

static int find_command(const char *name, arguments *out)
{
    nearest_name search = search_for(name);
    for (int i = 0; i < COMMANDS; i++) {
        offer(&search, commands[i].name);
        if (strcmp(commands[i].name, name) == 0) {
            out->command = commands[i].command;
            return DONE;
        }
    }
    return refuse("there is no command", name, search.nearest);
}

static int fits_command(const arguments *given)
{
    for (int i = 0; i < KNOWN; i++) {
        const char *member = (const char *)given + known[i].place;
        const int set = known[i].takes_value ? *(const char *const *)(const void *)member != NULL
                                             : *(const int *)(const void *)member;
        if (set && !(known[i].commands & (int)given->command)) {
            return refuse("this command does not take option", known[i].name, NULL);
        }
    }
    return DONE;
}

static int read_format(arguments *out)
{
    const char *name = out->format_name;
    out->format = BONEMETS_FORMAT_TEXT;
    if (name && strcmp(name, "json") == 0) {
        out->format = BONEMETS_FORMAT_JSON;
    } else if (name && strcmp(name, "markdown") == 0 && out->command == ASSESS) {
        out->format = BONEMETS_FORMAT_MARKDOWN;
    } else if (name && strcmp(name, "text") != 0) {
        return refuse(out->command == ASSESS ? "the format is text, json or markdown, not"
                                             : "the format is text or json, not",
                      name, NULL);
    }
    if (out->full && out->format != BONEMETS_FORMAT_TEXT) {
        return refuse("only text has the option --full, not", name, NULL);
    }
    out->format = out->full ? BONEMETS_FORMAT_FULL : out->format;
    return DONE;
}

static int check_cohort(const arguments *given)
{
    if (!given->score || given->word_count == 0) {
        fputs("bonemets: cohort needs --score and a CSV file; '-' is standard input\n"
              "Try 'bonemets cohort --help'.\n",
              stderr);
        return WRONG_USAGE;
    }
    if (given->word_count > 1) {
        return refuse("one file is enough, there is also", given->words[1], NULL);
    }
    if (given->others && strcmp(given->others, "refuse") != 0 &&
        strcmp(given->others, "skip") != 0) {
        return refuse("--others is refuse or skip, not", given->others, NULL);
    }
    if (given->on_error && strcmp(given->on_error, "refuse") != 0 &&
        strcmp(given->on_error, "count") != 0) {
        return refuse("--on-error is refuse or count, not", given->on_error, NULL);
    }
    if (given->resume && (!given->output || strcmp(given->words[0], "-") == 0)) {
        return refuse("--resume needs a file to read, and with -o a file to write, not",
                      given->words[0], NULL);
    }
    return given->delimiter &&
                   (strlen(given->delimiter) != 1 || strchr("\"\r\n", *given->delimiter))
               ? refuse("a delimiter is one character, not", given->delimiter, NULL)
               : DONE;
}

static int read_threads(arguments *out)
{
    char *rest = NULL;
    if (!out->threads_name) {
        return DONE;
    }
    const long number = strtol(out->threads_name, &rest, 10);
    if (*out->threads_name < '1' || *out->threads_name > '9' || *rest || number > 256) {
        return refuse("--threads takes a number from 1 to 256, not", out->threads_name, NULL);
    }
    out->threads = (int)number;
    return DONE;
}

static int read_next(arguments *out)
{
    const char *name = out->next_name;
    char *rest = NULL;
    if (!name) {
        return DONE;
    }
    const long number = strtol(name, &rest, 10);
    if (name[0] < '1' || name[0] > '9' || *rest != '\0' || number > 1000) {
        return refuse("--next takes a number of questions from 1 to 1000, not", name, NULL);
    }
    if (out->what_if) {
        return refuse("one of --next and --what-if is enough, there is also", out->what_if, NULL);
    }
    out->next = (int32_t)number;
    return DONE;
}

static int check_words(const arguments *given)
{
    if (given->rules && given->add) {
        return refuse("one of --rules and --add is enough, there is also", given->add, NULL);
    }
    if (given->command == CHECK && given->add && given->word_count > 0) {
        return refuse("--add takes one file or directory, there is also", given->words[0], NULL);
    }
    if (given->command == COHORT) {
        return check_cohort(given);
    }
    if (given->command == ASSESS && given->word_count == 0) {
        fputs("bonemets: assess needs a patient record; '-' is standard input\n"
              "Try 'bonemets assess --help'.\n",
              stderr);
        return WRONG_USAGE;
    }
    const int one = given->command == EXPLAIN || given->command == FACTS;
    return one && given->word_count > 1
               ? refuse("one ID is enough, there is also", given->words[1], NULL)
               : DONE;
}

/* Words are moved to the front of argv, so that no memory is needed. */
static int sort_arguments(int argc, char **argv, arguments *out)
{
    int only_words = 0, status = DONE;
    out->words = (const char **)(argv + 1);
    for (int i = 1; i < argc && status == DONE; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = 1;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
            status = take_option(argv, argc, &i, out);
        } else if (out->command == 0) {
            status = find_command(argv[i], out);
        } else {
            out->words[out->word_count++] = argv[i];
        }
    }
    return status;
}

int read_options(int argc, char **argv, arguments *out)
{
    memset(out, 0, sizeof *out);
    int status = sort_arguments(argc, argv, out);
    if (status != DONE || out->help || out->version) {
        return status;
    }
    if (out->command == 0) {
        fputs(general_help, stderr);
        return WRONG_USAGE;
    }
    status = fits_command(out);
    status = status == DONE ? read_format(out) : status;
    status = status == DONE ? read_next(out) : status;
    status = status == DONE ? read_threads(out) : status;
    return status == DONE ? check_words(out) : status;
}
