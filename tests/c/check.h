/* check.h: assertions for the native tests. A failure is shown with its place, what was expected and what came,
 * and the run goes on, so that one run shows everything that is wrong. End main with `return check_report();`. */
#ifndef DC_CHECK_H
#define DC_CHECK_H

#include "devcaster.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned check_count, check_failures;

#define CHECK(condition)            check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_NUMBER(got, expected) check_number((double)(got), (double)(expected), #got, __FILE__, __LINE__)
#define CHECK_TEXT(got, expected)   check_text((got), (expected), #got, __FILE__, __LINE__)
#define CHECK_SPAN(got, expected)   check_span((got), (expected), #got, __FILE__, __LINE__)

static inline bool check_that(bool good, const char *what, const char *file, int line) {
    check_count++;
    if (!good) {
        check_failures++;
        fprintf(stderr, "%s:%d: expected to be true: %s\n", file, line, what);
    }
    return good;
}

static inline bool check_number(double got, double expected, const char *what, const char *file, int line) {
    check_count++;
    if (got == expected) return true;
    check_failures++;
    fprintf(stderr, "%s:%d: %s\n  expected %.17g\n  got      %.17g\n", file, line, what, expected, got);
    return false;
}

static inline bool check_bytes(const char *got, size_t size, const char *expected, const char *what, const char *file,
                               int line) {
    check_count++;
    if (got != NULL && size == strlen(expected) && memcmp(got, expected, size) == 0) return true;
    check_failures++;
    fprintf(stderr, "%s:%d: %s\n  expected %s\n  got      %.*s\n", file, line, what, expected,
            got != NULL ? (int)size : 6, got != NULL ? got : "(NULL)");
    return false;
}

static inline bool check_text(const char *got, const char *expected, const char *what, const char *file, int line) {
    return check_bytes(got, got != NULL ? strlen(got) : 0, expected, what, file, line);
}

static inline bool check_span(dc_span got, const char *expected, const char *what, const char *file, int line) {
    return check_bytes(got.at, got.size, expected, what, file, line);
}

static inline int check_report(void) {
    fprintf(stderr, "%u checks, %u failed\n", check_count, check_failures);
    return check_failures == 0 && check_count > 0 ? 0 : 1;
}

#endif
