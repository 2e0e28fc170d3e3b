/* lessons.c: what the accounts of an auth config learn from each other. One user's tokens may end early for reasons of
 * their own (revoked, another policy): what several users have seen is told to all, and of that the longest life, since
 * a token that ends before it is refreshed costs one repeated call, and one that is refreshed too often costs for ever. */
#include "lessons.h"

enum { SEVERAL = 3 };

typedef struct lesson {
    double who, life;
} lesson;

/* Flat in the record: who, life, who, life, the oldest first. */
static int read_lessons(const cJSON *json, lesson *lessons) {
    int count = 0;
    const cJSON *at = json ? json->child : NULL;
    for (; at && at->next && count < SEVERAL; at = at->next->next) {
        if (cJSON_IsNumber(at) && cJSON_IsNumber(at->next))
            lessons[count++] = (lesson){at->valuedouble, at->next->valuedouble};
    }
    return count;
}

static const cJSON *write_lessons(const lesson *lessons, int count) {
    dc_out out = {0};
    dc_json_open(&out, NULL, '[');
    for (int i = 0; i < count; i++) {
        dc_json_put_number(&out, NULL, lessons[i].who);
        dc_json_put_number(&out, NULL, lessons[i].life);
    }
    dc_json_close(&out, ']');
    return out.failed ? NULL : dc_json_read(dc_out_span(&out));
}

/* Without the one of this user, or where there is no room without the oldest. */
static int make_room(lesson *lessons, int count, double who) {
    int at = 0;
    while (at < count && lessons[at].who != who) at++;
    if (at == count && count < SEVERAL) return count;
    if (at == count) at = 0;
    for (; at + 1 < count; at++) lessons[at] = lessons[at + 1];
    return count - 1;
}

void dc_lesson(dc_config *config, double who, double life) {
    lesson lessons[SEVERAL];
    double longest = 0;
    if (life < DC_SHORTEST_LIFE) return;
    int count = make_room(lessons, read_lessons(config->lessons, lessons), who);
    lessons[count++] = (lesson){who, life};
    const cJSON *written = write_lessons(lessons, count);
    if (!written) return;
    config->lessons = written;
    for (int i = 0; i < count; i++) longest = lessons[i].life > longest ? lessons[i].life : longest;
    if (count == SEVERAL) config->learned = longest;
}
